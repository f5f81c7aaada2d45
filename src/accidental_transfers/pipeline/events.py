"""The events that the functions are invoked with."""

from datetime import date
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.utilities.parser import ValidationError, parse
from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import ErrorDetails

from accidental_transfers.errors import LONGEST_VALUE, EventError, bounded, shown, some
from accidental_transfers.pipeline.run_plan import PlanDigest, RunId, SliceTask
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
    """A run whose parts are to be joined, and the plan that they belong to."""

    model_config = _EVENT

    run: RunId
    plan: PlanDigest = None


Event = TypeVar("Event", PlanRequest, SliceTask, ConcatenateRequest)


def parse_event(event: Any, model: type[Event]) -> Event:
    """Validate an event; a file of one may name its JSON Schema.

    Raises
    ------
    EventError
        Naming every field, its value and what is allowed.
    """
    # Lambda hands over whatever JSON it is sent.
    if not isinstance(event, dict):
        raise EventError(f"the event: got {shown(event)}; allowed: an object of fields")
    given = {name: value for name, value in event.items() if name != SCHEMA_KEY}
    try:
        return parse(event=given, model=model)
    except ValidationError as error:
        raise EventError(some([_describe(each) for each in error.errors()], "; ")) from error


def _describe(problem: ErrorDetails) -> str:
    field = bounded(".".join(map(str, problem["loc"])), LONGEST_VALUE)
    return f"{field}: got {shown(problem['input'])}; {problem['msg']}"
