"""What may stand in the files about places and about what households owe."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Condition = Literal[
    "owner", "renter", "mortgaged", "owner_free", "car", "two_cars", "children",
    "young_children", "pets", "student", "student_debt", "self_employed", "all",
]  # fmt: skip
Role = Literal[
    "landlord", "agency", "teacher", "sitter", "cleaner", "gardener", "housemate", "household",
    "family", "own account", "second account",
]  # fmt: skip
Cadence = Literal[
    "monthly", "bimonthly", "quarterly", "semiannual", "annual", "weekly", "biweekly", "payday"
]
Probability = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0)]
Month = Annotated[int, Field(ge=1, le=12)]
DUE_WORDS = {"last": 31, "any": 0, "payday": -1, "sunday": -2}
"""Days of the month that are said by a word, and the numbers that stand for them."""


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class PlacesFile(_Facts):
    """``places.json``: where merchants are, and who supplies each city."""

    about: dict[str, str] = Field(alias="_about", min_length=1)
    where: dict[str, list[str]]
    by_city: dict[str, dict[str, dict[str, Weight]]]
    gas_share: dict[str, Probability]
    transit_share: dict[str, Probability]


class Payee(_Facts):
    """Whom something is owed to: names, the city's own, a service's provider, or a person."""

    names: list[str] = []
    zipf: float = Field(0.7, ge=0, le=5)
    local: Probability = 0.0
    service: str | None = None
    person: Role | None = None


class Step(_Facts):
    """A rise of an amount, every so many months."""

    months: int = Field(ge=1, le=120)
    rise: float = Field(ge=0, le=1)


class Owed(_Facts):
    """How much is owed; the file's ``_about`` says what each field means."""

    median: Weight | None = None
    sigma: float = Field(0.0, ge=0, le=3)
    within: float = Field(0.0, ge=0, le=2)
    unit: Weight = 0.01
    season: str | None = None
    level: Literal["housing", "electricity"] | None = None
    prices: list[tuple[Weight, Weight]] = []
    tax: tuple[float, float] = (0.0, 0.0)
    step: Step | None = None
    per_month: bool = False
    weekly: bool = False
    two_cars: float = 1.0

    @field_validator("prices", "tax", mode="before")
    @classmethod
    def _pairs(cls, given: Any) -> Any:
        """Read JSON's lists as pairs."""
        return (
            [tuple(each) if isinstance(each, list) else each for each in given]
            if (given and isinstance(given[0], list))
            else tuple(given)
            if given and isinstance(given[0], int | float)
            else given
        )


class ObligationEntry(_Facts):
    """A kind of obligation."""

    name: str
    entity_type: str
    has: dict[Condition, float]
    times: Literal["gas_share", "transit_share"] | None = None
    payee: Payee
    cadence: dict[Cadence, Probability]
    months: list[Month] = []
    due: dict[str, Probability]
    moves: Literal["modified following", "following", "none"]
    amount: Owed
    by_hand: Probability = 0.0
    late: Probability = 0.0
    skip: Probability = 0.0
    extra: Probability = 0.0
    sources: dict[str, str] = Field(min_length=1)


class Plan(_Facts):
    """A published plan of a service, at its price of 1 January 2024."""

    price: Weight
    weight: Weight
    yearly: bool = False


class Service(_Facts):
    """A subscription: who has it, its plans, and their former and later prices."""

    entity_type: str
    share: Probability
    plans: list[Plan] = Field(min_length=1)
    history: list[tuple[date, list[float | None]]] = []
    source: str

    @field_validator("history", mode="before")
    @classmethod
    def _dated(cls, given: Any) -> Any:
        """Read JSON's texts as dates."""
        return [(date.fromisoformat(day), prices) for day, prices in given]


class ObligationsFile(_Facts):
    """``obligations.json``."""

    about: dict[str, str] = Field(alias="_about", min_length=1)
    sources: dict[str, str]
    household: dict[str, Any]
    seasons: dict[str, Annotated[list[Weight], Field(min_length=12, max_length=12)]]
    season_states: dict[str, list[str]]
    levels: dict[str, dict[str, Weight]]
    obligations: list[ObligationEntry] = Field(min_length=1)
    services: dict[str, Service]
