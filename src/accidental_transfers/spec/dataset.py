"""The specification of a dataset: what its transactions are to be like, validated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Unpack

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from accidental_transfers.errors import SpecError, shown
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import (
    ACCIDENTS,
    PARAMETERS,
    frequencies_of,
    parameters_of,
)
from accidental_transfers.model.aftermath import Aftermath
from accidental_transfers.model.contracts import MOST_OWED, USUALLY_OWED
from accidental_transfers.model.customers import Wanted
from accidental_transfers.model.parameters import Range
from accidental_transfers.spec.plain import plain
from accidental_transfers.spec.values import (
    LAST_DAY,
    Day,
    Seed,
    Within,
    field_of,
    read_day,
    refusal,
)

if TYPE_CHECKING:
    from accidental_transfers.spec.keywords import DatasetKeywords

LONGEST_PERIOD_DAYS = 3660
USUAL_DAYS = 91
"""The days of a period of which only the first is given: as many as the default has."""


def _preset(name: str, lookalikes: float) -> dict[str, Any]:
    ranges = {each.field: each.presets[name] for each in PARAMETERS if name in each.presets}
    return {**ranges, "lookalikes": lookalikes}


PRESETS: dict[str, dict[str, Any]] = {
    "default": {},
    "bank": _preset("bank", lookalikes=0.06),
    "dense": _preset("dense", lookalikes=8.0),
}
"""The values that each preset gives to fields. The dial keeps about one look-alike per accident."""


def _end_of(given: Mapping[str, Any]) -> dict[str, date]:
    """Give the last day where only the first is given, as `USUAL_DAYS` have it."""
    try:
        first = read_day(given.get("start_date"))
    except ValueError:
        first = None  # It is refused by its own name.
    if not isinstance(first, date) or first > LAST_DAY:
        return {}
    return {"end_date": min(first + timedelta(days=USUAL_DAYS - 1), LAST_DAY)}


class _People(BaseModel):
    """The fields that come before those of the accidents."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )

    preset: Literal["default", "bank", "dense"] = Field(
        default="default",
        description="'default', 'bank' (under 0.1 % of rows labelled) or 'dense' (a tenth): sets "
        "the probabilities and lookalikes, unless they are given",
    )
    seed: Seed = Field(
        default=2024,
        description="a whole number from 0 to 2^63 - 1, or any text of 1 to 256 characters; "
        "7 and '7' are the same seed",
    )
    customers: int = Field(
        default=900, ge=1, le=1_000_000, description="a whole number, 1 to 1,000,000"
    )
    start_date: Day = Field(
        default=date(2024, 1, 1), description="YYYY-MM-DD, 2007-01-01 to 2099-12-31, the first day"
    )
    end_date: Day = Field(
        default=date(2024, 3, 31),
        description="YYYY-MM-DD, the last day, on or after start_date, 3,660 days at most; "
        "without it, 91 days are made",
    )
    daily_transactions: Annotated[Range, Within(0.1, 200)] = Field(
        default=Range(min=8, max=15),
        description="min and max within 0.1 to 200, a customer's mean number of transactions a day",
    )
    home_city_bias: Annotated[Range, Within(0.5, 1)] = Field(
        default=Range(min=0.75, max=0.95),
        description="min and max within 0.5 to 1, share of transactions in the home city",
    )


if TYPE_CHECKING:

    class _PeopleAndAccidents(_People):
        def __getattr__(self, name: str) -> Range: ...  # each parameter of each accident
else:
    _PeopleAndAccidents = create_model(
        "_PeopleAndAccidents",
        __base__=_People,
        **{parameter.field: field_of(parameter) for parameter in PARAMETERS},
    )


class DatasetSpec(_PeopleAndAccidents):
    """What a dataset is to be: every field is optional, `DatasetSpec()` is the default job's.

    A range such as ``daily_transactions`` may be given in part: ``{"max": 20}`` keeps the
    default's ``min``. A pair is a range, too: ``(8, 15)``. Days may be dates, text, or times at
    midnight of pandas or numpy, and numbers may be numpy's. Two specs that are equal give the same
    bytes.

    Raises
    ------
    SpecError
        Naming every field that is unknown, of the wrong type or out of its range.

    Examples
    --------
    >>> DatasetSpec(customers=50, seed=7).days
    91
    >>> DatasetSpec(start_date="2024-06-01", daily_transactions=(3, 5)).end_date.isoformat()
    '2024-08-30'
    """

    lookalikes: float = Field(
        default=1.0,
        ge=0,
        le=20,
        description="a number, 0 to 20: honest look-alikes; 1 makes some three for every two "
        "accidents of the default job",
    )
    aftermath: Aftermath = Field(
        default="full",
        description="'full', or 'none' for a dataset without what follows accidents: no payment "
        "is sent again, no wrong number picked again, and the companion about outcomes has only "
        "its header",
    )

    def __init__(self, /, **given: Unpack[DatasetKeywords]) -> None:
        try:
            super().__init__(**{name: plain(value) for name, value in given.items()})
        except ValidationError as error:
            raise refusal(error, type(self)) from error

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        """Fill what is not given, fields and parts of ranges, with the preset's values."""
        if not isinstance(given, Mapping):
            return given
        preset = given.get("preset")
        usual = PRESETS.get(preset, {}) if isinstance(preset, str) else {}
        completed = {**usual, **_end_of(given), **given}
        for name, value in given.items():
            default = cls.model_fields[name].default if name in cls.model_fields else None
            if isinstance(default, Range) and isinstance(value, Mapping):
                completed[name] = {**usual.get(name, default).model_dump(), **value}
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

    def __hash__(self) -> int:
        # Hardly any two differ in the rest alone, and to hash all ranges takes far longer.
        return hash((self.seed, self.customers, self.start_date, self.end_date))

    @classmethod
    def parse(cls, given: Any) -> Self:
        """Validate what was read from JSON, such as an execution's input.

        Raises
        ------
        SpecError
            As the class itself, or if it is no mapping.

        Examples
        --------
        >>> DatasetSpec.parse({"daily_transactions": {"max": 20}}).daily_transactions
        Range(min=8.0, max=20.0)
        """
        if not isinstance(given, Mapping):
            raise SpecError(f"the input is {shown(given)}; allowed: a JSON object such as {{}}")
        return cls(**{str(name): value for name, value in given.items()})

    @classmethod
    def of(cls, spec: DatasetSpec | Mapping[str, Any] | None, fields: Mapping[str, Any]) -> Self:
        """Take a specification, a mapping of fields or fields for a specification.

        Raises
        ------
        SpecError
            As the class itself, or if there are both.
        """
        if spec is None:
            return cls.parse(fields)
        if fields:
            raise SpecError(
                f"got a specification and {', '.join(fields)} beside it; allowed: a specification, "
                "or its fields"
            )
        return spec if isinstance(spec, cls) else cls.parse(spec)

    @property
    def days(self) -> int:
        """Days from the first to the last, both included.

        Examples
        --------
        >>> DatasetSpec(start_date="2024-02-01", end_date="2024-02-29").days
        29
        """
        return (self.end_date - self.start_date).days + 1

    @property
    def months(self) -> int:
        """Calendar months of which there is a day."""
        first, last = self.start_date, self.end_date
        return (last.year - first.year) * 12 + last.month - first.month + 1

    @property
    def accidents(self) -> tuple[Accident, ...]:
        """The accidents that are part of it: optional ones only where they can happen."""
        return tuple(
            accident
            for accident in ACCIDENTS
            if not accident.is_optional or getattr(self, accident.probability.field).max > 0
        )

    @property
    def wanted(self) -> Wanted:
        """What the model needs to know of it."""
        parameters = parameters_of(self.accidents)
        return Wanted(
            self.daily_transactions,
            self.home_city_bias,
            {parameter: getattr(self, parameter.field) for parameter in parameters},
            frequencies_of(self.accidents),
            self.lookalikes,
        )

    @property
    def expected_rows_per_customer(self) -> float:
        """Rows that an average customer has, before the accidents' extra rows (about 1 %)."""
        return self.days * max(self.daily_transactions.mean, USUALLY_OWED)

    @property
    def expected_rows(self) -> int:
        """Rows that the whole dataset has, before the accidents' extra rows (about 1 %).

        Examples
        --------
        >>> DatasetSpec(customers=100).expected_rows
        104650
        """
        return round(self.customers * self.expected_rows_per_customer)

    @property
    def most_rows_per_customer(self) -> int:
        """Rows that even the busiest customer does not exceed: for planning memory.

        A single day may bring three times a customer's mean, as when a month begins; over
        longer periods busy and quiet weeks even out. What is owed is paid whatever the rate.
        """
        extra: float = sum(
            accident.most_extra_rows * getattr(self, accident.probability.field).max
            for accident in ACCIDENTS
        )
        busy = min(3.0, 1.1 + 4 / math.sqrt(self.days))
        most = max(self.daily_transactions.max, MOST_OWED)
        return math.ceil(busy * self.days * most * (1 + extra)) + 100
