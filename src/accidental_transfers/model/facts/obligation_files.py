"""What may stand in the files about places and about what households owe."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from accidental_transfers.model.facts.files import Name, State, Trait

Condition = Literal[Trait, "renter", "owner_free", "all"]
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
DUE_WORDS = {"last": 31, "any": 0, "payday": -1, "sunday": -2, "tax day": -3}
"""Days of the month that are said by a word, and the numbers that stand for them."""


def _tuple(value: Any) -> Any:
    """Read JSON's lists as pairs."""
    return tuple(value) if isinstance(value, list) else value


def _day(value: Any) -> Any:
    """Read JSON's texts as days."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError("allowed is a day such as 2024-01-31") from error


Day = Annotated[date, BeforeValidator(_day)]
PlanPrice = Annotated[tuple[Weight, Weight], BeforeValidator(_tuple)]
Span = Annotated[tuple[Probability, Probability], BeforeValidator(_tuple)]
Change = Annotated[tuple[Day, list[Weight | None]], BeforeValidator(_tuple)]
"""From a day on, the prices of a service's plans; null for one that is not yet there."""


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class PlacesFile(_Facts):
    """``places.json``: where merchants are, and who supplies each city."""

    about: dict[str, str] = Field(alias="_about", min_length=1)
    where: dict[Name, list[str]]
    by_city: dict[str, dict[str, dict[Name, Weight]]]
    gas_share: dict[State, Probability]
    transit_share: dict[str, Probability]


class Payee(_Facts):
    """Whom something is owed to: names, the city's own, a service's provider, or a person."""

    names: list[Name] = []
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
    level: str | None = None
    prices: list[PlanPrice] = []
    tax: Span = (0.0, 0.0)
    step: Step | None = None
    per_month: bool = False
    weekly: bool = False
    two_cars: Weight = 1.0


class ObligationEntry(_Facts):
    """A kind of obligation."""

    name: str
    entity_type: str
    has: dict[Condition, Annotated[float, Field(ge=0, le=2)]] = Field(min_length=1)
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
    history: list[Change] = []
    source: str


class ObligationsFile(_Facts):
    """``obligations.json``."""

    about: dict[str, str] = Field(alias="_about", min_length=1)
    sources: dict[str, str]
    household: dict[str, Any]
    seasons: dict[str, Annotated[list[Weight], Field(min_length=12, max_length=12)]]
    season_states: dict[str, list[State]]
    levels: dict[str, dict[State, Weight]]
    obligations: list[ObligationEntry] = Field(min_length=1)
    services: dict[Name, Service]
