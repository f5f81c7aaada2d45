"""The events that the functions are invoked with."""

from datetime import date
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.utilities.parser import ValidationError, parse
from pydantic import AfterValidator, BaseModel, ConfigDict

from accidental_transfers.errors import EventError
from accidental_transfers.pipeline.run_plan import RunId, SliceTask
from accidental_transfers.pipeline.schedule import input_of_schedule
from accidental_transfers.spec.period import day_in_utc
from accidental_transfers.spec.values import SCHEMA_KEY, Instant

__all__ = ["ConcatenateRequest", "PlanRequest", "SliceTask", "parse_event"]

_EVENT = ConfigDict(frozen=True, extra="forbid", strict=True)


class PlanRequest(BaseModel):
    """A run to plan: its name, the user's JSON input, not validated yet, and when it started."""

    model_config = _EVENT

    run: RunId
    spec: Annotated[Any, AfterValidator(input_of_schedule)]
    started: Instant | None = None

    @property
    def day(self) -> date | None:
        """The day on which the run started, in UTC."""
        return None if self.started is None else day_in_utc(self.started)


class ConcatenateRequest(BaseModel):
    """A run whose parts are to be joined."""

    model_config = _EVENT

    run: RunId


Event = TypeVar("Event", PlanRequest, SliceTask, ConcatenateRequest)


def parse_event(event: dict[str, Any], model: type[Event]) -> Event:
    """Validate an event; a file of one may name its JSON Schema.

    Raises
    ------
    EventError
        Naming every field, its value and what is allowed.
    """
    given = {name: value for name, value in event.items() if name != SCHEMA_KEY}
    try:
        return parse(event=given, model=model)
    except ValidationError as error:
        problems = (
            f"{'.'.join(map(str, problem['loc']))}: got {problem['input']!r}; {problem['msg']}"
            for problem in error.errors()
        )
        raise EventError("; ".join(problems)) from error
