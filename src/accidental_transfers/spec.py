"""The dataset's specification: what a run may be asked for, validated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

FIRST_DAY = date(2007, 1, 1)
"""Earliest allowed day: the US daylight-saving rule that the model follows holds since 2007."""
LAST_DAY = date(2099, 12, 31)
LONGEST_PERIOD_DAYS = 3660
RUNS_PREFIX = "runs/"
"""Where a run keeps its working files; no dataset may be published there."""
COMPANION_SUFFIXES = (".accidents.csv", ".customers.csv")
SEED_LIMIT = 2**63
LONGEST_SEED = 256
MOST_EXTRA_TRANSACTIONS = 3
"""A burst is one transaction and at most this many more."""


class SpecError(ValueError):
    """The specification of a dataset is not acceptable.

    The message names every offending field, the value that was given and what is allowed.
    """

    @classmethod
    def from_validation(cls, error: ValidationError) -> Self:
        """Put all problems that Pydantic found into one readable message."""
        return cls("; ".join(_describe(problem) for problem in error.errors()))


def _describe(problem: Any) -> str:
    path = [str(part) for part in problem["loc"]]
    if problem["type"] == "extra_forbidden":
        siblings = Range.model_fields if len(path) > 1 else DatasetSpec.model_fields
        return f"{'.'.join(path)}: unknown field; allowed are {', '.join(siblings)}"
    if not path:
        return _reason(problem)
    allowed = DatasetSpec.model_fields[path[0]].description
    return f"{'.'.join(path)}: got {problem['input']!r}; {_reason(problem)} (allowed: {allowed})"


def _reason(problem: Any) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


class Range(BaseModel):
    """A closed interval from which every customer draws a value of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    min: float
    max: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self

    @property
    def mean(self) -> float:
        """The middle of the interval: the mean of a uniform draw."""
        return (self.min + self.max) / 2


def _between(low: float, high: float) -> AfterValidator:
    def check(value: Range) -> Range:
        if not (low <= value.min and value.max <= high):
            raise ValueError(f"{value.min:g} to {value.max:g} is not within {low:g} to {high:g}")
        return value

    return AfterValidator(check)


def _drawn_log_uniformly(value: Range) -> Range:
    if value.min == 0 < value.max:
        raise ValueError("min must be above 0, or both min and max 0 to have none")
    return value


Probability = Annotated[Range, _between(0, 0.25), AfterValidator(_drawn_log_uniformly)]


def _iso_date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return date.fromisoformat(value)
    return value


def _in_calendar(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"{value} is outside {FIRST_DAY} to {LAST_DAY}")
    return value


Day = Annotated[date, BeforeValidator(_iso_date), AfterValidator(_in_calendar)]


def _publishable(key: str) -> str:
    if key.startswith(RUNS_PREFIX):
        raise ValueError(f"{RUNS_PREFIX} belongs to the runs' working files")
    if key.endswith(COMPANION_SUFFIXES):
        raise ValueError("the name is one of a dataset's companions")
    if any(part in {"", ".", ".."} for part in key.split("/")):
        raise ValueError("the key has an empty or dotted part")
    return key


OutputKey = Annotated[
    str,
    Field(max_length=512, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.=/-]*\.csv$"),
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


Seed = Annotated[int | str, BeforeValidator(_usable_seed)]


PRESETS: dict[str, dict[str, Any]] = {
    "default": {},
    # Labels under 0.1 % of rows, as a bank sees them.
    "bank": {
        "accident_probability": {"min": 0.00005, "max": 0.0005},
        "high_amount_accident_probability": {"min": 0.00003, "max": 0.0004},
        "mistyped_entity_accident_probability": {"min": 0.0002, "max": 0.002},
        "lookalikes": 0.06,
    },
    # Labels on a tenth of the rows: enough to learn from in a small dataset.
    "dense": {
        "accident_probability": {"min": 0.01, "max": 0.06},
        "high_amount_accident_probability": {"min": 0.005, "max": 0.06},
        "mistyped_entity_accident_probability": {"min": 0.03, "max": 0.25},
        "lookalikes": 8.0,
    },
}
"""What fields are that are not given. The dial keeps about one look-alike for each accident."""


class DatasetSpec(BaseModel):
    """What a dataset is to be: every field is optional, `DatasetSpec()` is the default job.

    A range such as ``daily_transactions`` may be given in part: ``{"max": 20}`` keeps the
    default's ``min``. Two specs that are equal give the same bytes.

    Examples
    --------
    >>> DatasetSpec(customers=50, seed=7).days
    91
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )

    preset: Literal["default", "bank", "dense"] = Field(
        "default",
        description="'default', 'bank' (labels under 0.1 % of rows) or 'dense' (a tenth): "
        "what the probabilities and lookalikes are that are not given",
    )
    seed: Seed = Field(
        2024,
        description="a whole number from 0 to 2^63 - 1, or any text of 1 to 256 characters; "
        "7 and '7' are the same seed",
    )
    customers: int = Field(900, ge=1, le=1_000_000, description="a whole number, 1 to 1000000")
    start_date: Day = Field(
        date(2024, 1, 1), description="YYYY-MM-DD, 2007-01-01 to 2099-12-31, the first day"
    )
    end_date: Day = Field(
        date(2024, 3, 31),
        description="YYYY-MM-DD, the last day, on or after start_date, 3660 days at most",
    )
    daily_transactions: Annotated[Range, _between(0.1, 200)] = Field(
        Range(min=8, max=15), description="min and max within 0.1 to 200, each customer's mean"
    )
    home_city_bias: Annotated[Range, _between(0.5, 1)] = Field(
        Range(min=0.75, max=0.95), description="min and max within 0.5 to 1"
    )
    accident_probability: Probability = Field(
        Range(min=0.001, max=0.008),
        description="min and max within 0 to 0.25, per transaction; both 0 for no bursts",
    )
    high_amount_accident_probability: Probability = Field(
        Range(min=0.0005, max=0.008),
        description="min and max within 0 to 0.25, per transaction; both 0 for none",
    )
    mistyped_entity_accident_probability: Probability = Field(
        Range(min=0.003, max=0.04),
        description="min and max within 0 to 0.25, per payment whose recipient is typed in; "
        "both 0 for none",
    )
    high_amount_multiplier: Annotated[Range, _between(1, 100)] = Field(
        Range(min=2.5, max=4.0), description="min and max within 1 to 100"
    )
    lookalikes: float = Field(
        1.0,
        ge=0,
        le=20,
        description="a number, 0 to 20: honest look-alikes, times as many as the default job "
        "has accidents",
    )
    output_key: OutputKey = Field(
        "data/synthetic_transactions_labeled.csv",
        description="a key of letters, digits and _ . = / - that ends in .csv, not under runs/",
    )
    if_exists: Literal["replace", "fail"] = Field("replace", description="'replace' or 'fail'")
    customers_per_slice: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="a whole number, 1 to 1000000, or null to have it chosen"
    )
    dry_run: bool = Field(False, description="true or false: only the plan and its estimates")

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        """Fill what is not given, fields and parts of ranges, with the preset's values."""
        if not isinstance(given, Mapping):
            return given
        preset = given.get("preset")
        usual = PRESETS.get(preset, {}) if isinstance(preset, str) else {}
        completed = {**usual, **given}
        for name, value in given.items():
            default = cls.model_fields[name].default if name in cls.model_fields else None
            if isinstance(default, Range) and isinstance(value, Mapping):
                completed[name] = {**usual.get(name, default.model_dump()), **value}
        return completed

    @model_validator(mode="after")
    def _period(self) -> Self:
        if self.end_date < self.start_date:
            raise ValueError(
                f"end_date: {self.end_date} is before start_date {self.start_date}; "
                "allowed: on or after start_date"
            )
        if self.days > LONGEST_PERIOD_DAYS:
            raise ValueError(
                f"end_date: {self.end_date} is {self.days} days from start_date "
                f"{self.start_date}; allowed: at most {LONGEST_PERIOD_DAYS}"
            )
        return self

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """Validate a mapping such as an execution's input.

        Raises
        ------
        SpecError
            Naming every field that is unknown, of the wrong type or out of its range.
        """
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SpecError.from_validation(error) from error

    @property
    def days(self) -> int:
        """Days from the first to the last, both included."""
        return (self.end_date - self.start_date).days + 1

    @property
    def expected_rows_per_customer(self) -> float:
        """Rows that an average customer has, before the accidents' extra rows (about 1 %)."""
        return self.days * self.daily_transactions.mean

    @property
    def expected_rows(self) -> int:
        """Rows that the whole dataset has, before the accidents' extra rows (about 1 %)."""
        return round(self.customers * self.expected_rows_per_customer)

    @property
    def most_rows_per_customer(self) -> int:
        """Rows that even the busiest customer does not exceed: for planning memory.

        A single day may bring three times a customer's mean, as when a month begins; over
        longer periods busy and quiet days even out.
        """
        most_per_payment = 1 + MOST_EXTRA_TRANSACTIONS * self.accident_probability.max
        busy = 1.15 + 1.85 / math.sqrt(self.days)
        return math.ceil(busy * self.days * self.daily_transactions.max * most_per_payment) + 100
