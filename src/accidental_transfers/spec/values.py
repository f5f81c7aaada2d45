"""The kinds of values that a specification has, and how what is not acceptable is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from accidental_transfers.errors import LONGEST_VALUE, SpecError, bounded, shown, some
from accidental_transfers.model.parameters import Parameter, Probability, Range
from accidental_transfers.spec.files import COMPANION_ENDINGS, FORMATS, Format

FIRST_DAY = date(2007, 1, 1)
"""Earliest allowed day: the US daylight-saving rule that the model follows holds since 2007."""
LAST_DAY = date(2099, 12, 31)
RUNS_PREFIX = "runs/"
"""Where a run keeps its working files; no dataset may be published there."""
SCHEMA_KEY = "$schema"
"""By which a JSON file names its JSON Schema, so that an editor completes it; never a field."""
SEED_LIMIT = 2**63
LONGEST_SEED = 256


def refusal(error: ValidationError, spec: type[BaseModel]) -> SpecError:
    """Put all problems that Pydantic found in a specification into one readable message."""
    problems = error.errors()
    told = [_describe(each, spec) for each in problems if each["type"] != _UNKNOWN]
    unknown = [_path(each) for each in problems if each["type"] == _UNKNOWN]
    # Whoever misspells one field needs the list of all, and needs it once.
    for fields, depth in ((spec.model_fields, 0), (Range.model_fields, 1)):
        paths = [".".join(path) for path in unknown if bool(path[1:]) == depth]
        if paths:
            told.append(f"{some(paths)}: unknown field; allowed are {', '.join(fields)}")
    return SpecError(some(told, "; "))


_UNKNOWN = "extra_forbidden"
"""As Pydantic calls a field that there is not."""


def _path(problem: Any) -> list[str]:
    return [bounded(str(part), LONGEST_VALUE) for part in problem["loc"]]


def _describe(problem: Any, spec: type[BaseModel]) -> str:
    path = _path(problem)
    if not path:
        return _reason(problem)
    allowed = spec.model_fields[path[0]].description
    return (
        f"{'.'.join(path)}: got {shown(problem['input'])}; {_reason(problem)} (allowed: {allowed})"
    )


def _reason(problem: Any) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


@dataclass(frozen=True)
class Within:
    """Annotates a range whose ends must be within limits, both allowed."""

    low: float
    high: float

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        end = {"type": "number", "minimum": self.low, "maximum": self.high}
        ends = {"min": end, "max": end}
        # A user may give one end of a range; what is written has both.
        required = list(ends) if handler.mode == "serialization" else []
        return {
            "type": "object",
            "properties": ends,
            "required": required,
            "additionalProperties": False,
        }

    def _check(self, value: Range) -> Range:
        if not (self.low <= value.min and value.max <= self.high):
            raise ValueError(
                f"{value.min:g} to {value.max:g} is not within {self.low:g} to {self.high:g}"
            )
        return value


def _drawn_log_uniformly(value: Range) -> Range:
    if value.min == 0 < value.max:
        raise ValueError("min must be above 0, or both min and max 0 to have none")
    return value


def field_of(parameter: Parameter) -> tuple[Any, Any]:
    """Give the type and the field of a specification that a parameter of an accident needs."""
    limits = Within(parameter.lowest, parameter.highest)
    text = f"min and max within {limits.low:g} to {limits.high:g}, {parameter.meaning}"
    if isinstance(parameter, Probability):
        field = Field(default=parameter.default, description=f"{text}; both 0 for none")
        return Annotated[Range, limits, AfterValidator(_drawn_log_uniformly)], field
    return Annotated[Range, limits], Field(default=parameter.default, description=text)


def read_day(value: object) -> object:
    """Read a day: text such as ``2024-05-01``, or a time at midnight, as pandas writes days.

    What is neither stays as it is, for the specification to refuse by name.

    Raises
    ------
    ValueError
        If it looks like a day and is none, or is a time of another hour.
    """
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    if isinstance(value, datetime):
        if value.time() != time():
            raise ValueError("input should be a day, without a time of day")
        return value.date()
    return value


def _in_calendar(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"{value} is outside {FIRST_DAY} to {LAST_DAY}")
    return value


Day = Annotated[
    date,
    BeforeValidator(read_day),
    AfterValidator(_in_calendar),
    WithJsonSchema({"type": "string", "format": "date"}),
]


def read_instant(value: object) -> datetime:
    """Read an instant: text such as ``2024-05-01T06:00:00Z``, or what already is one.

    Raises
    ------
    ValueError
        If it is neither, has no time zone, or is outside the calendar.
    """
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        # Python's own message would repeat all of the text.
        instant = None
    if not isinstance(instant, datetime) or instant.tzinfo is None:
        raise ValueError("input should be a time with its zone")
    _in_calendar(instant.date())
    return instant


Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


_DATE_IN_KEY = {"{month}": len("YYYY-MM"), "{start_date}": len("YYYY-MM-DD")}
"""What may stand for a date in a key, and how much of the first day takes its place."""


def dated(key: str, first_day: str) -> str:
    """Put the first day, YYYY-MM-DD, into a key.

    Examples
    --------
    >>> dated("data/{month}.csv", "2024-04-01")
    'data/2024-04.csv'
    """
    for placeholder, length in _DATE_IN_KEY.items():
        key = key.replace(placeholder, first_day[:length])
    return key


DAY_IN_KEY, RUN_IN_KEY = "{date}", "{run}"
"""What may stand in a key for the day from which a period is counted, and for the run's name.

Which they are is known where something is executed, and not from the specification alone.
"""


def _publishable(key: str) -> str:
    if key.startswith(RUNS_PREFIX):
        raise ValueError(f"{RUNS_PREFIX} belongs to the runs' working files")
    if key.endswith(COMPANION_ENDINGS):
        raise ValueError("the name is one of a dataset's companions")
    if any(part in {"", ".", ".."} for part in key.split("/")):
        raise ValueError("the key has an empty or dotted part")
    return key


OutputKey = Annotated[
    str,
    Field(
        max_length=512,
        pattern=r"^([A-Za-z0-9]|\{(month|start_date|date|run)\})"
        r"([A-Za-z0-9_.=/-]|\{(month|start_date|date|run)\})*\.csv$",
    ),
    AfterValidator(_publishable),
]


def _usable_seed(value: object) -> object:
    if isinstance(value, str) and 1 <= len(value) <= LONGEST_SEED and _is_text(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < SEED_LIMIT:
        return value
    raise ValueError("input should be a seed")


def _is_text(value: str) -> bool:
    """Tell text from what JSON can hold besides: halves of surrogate pairs."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


Seed = Annotated[
    int | str,
    BeforeValidator(_usable_seed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": SEED_LIMIT - 1},
                {"type": "string", "minLength": 1, "maxLength": LONGEST_SEED},
            ]
        }
    ),
]


def _as_formats(value: object) -> object:
    """Take the name of one format for a list of it, and JSON's list for what is kept."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _each_once(value: tuple[Format, ...]) -> tuple[Format, ...]:
    if len(value) != len(set(value)) or not value:
        raise ValueError("input should name a format, or each of several once")
    return tuple(each for each in FORMATS if each in value)


def _as_given(value: tuple[Format, ...]) -> str | list[str]:
    return value[0] if len(value) == 1 else list(value)


Formats = Annotated[
    tuple[Format, ...],
    BeforeValidator(_as_formats),
    AfterValidator(_each_once),
    PlainSerializer(_as_given),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(FORMATS)},
                {
                    "type": "array",
                    "items": {"type": "string", "enum": list(FORMATS)},
                    "minItems": 1,
                    "uniqueItems": True,
                },
            ]
        }
    ),
]
"""One or several formats, in the order of `FORMATS`."""
