"""What may stand in the files of ``data/``, value by value.

``entity_types.json`` says what each kind of recipient is like, ``merchants.json`` who they are,
``payment_facts.json`` what was measured of payments, ``us_cities.csv`` where people are. Each
JSON file names its sources and its units in its ``_about``. How the values have to agree with
each other is in `facts_rules`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

HOURS = 24
WEEKDAYS = 7
MONTH_DAYS = 31
MOST_FAVOURITES = 255
"""One more choice, somebody else, and a look-up table's 8 bits are full."""
MOST_NAMES = 100
"""A table of 4,096 shares has hardly one for the least popular of more. It also keeps the codes
of all merchants, for as many entity types as have codes, within 16 bits."""
LOCALS_PER_CITY = 16
"""Merchants of its own that a city has of each kind that has any."""
WORD_STRIDE = 11
"""First words from one local name to the next, so that neighbours are unlike."""
NARROWEST_RANGE = 4
"""Times the lowest amount: in a narrower range, reflected amounts would pile up."""
ROUNDING = 0.01
"""Measured shares are rounded to four digits, and may miss their sum by as much."""

US_ZONES = frozenset(
    f"America/{name}"
    for name in (
        "Adak", "Anchorage", "Boise", "Chicago", "Denver", "Detroit", "Indiana/Indianapolis",
        "Indiana/Knox", "Indiana/Marengo", "Indiana/Petersburg", "Indiana/Tell_City",
        "Indiana/Vevay", "Indiana/Vincennes", "Juneau", "Kentucky/Louisville",
        "Kentucky/Monticello", "Los_Angeles", "Menominee", "New_York", "Nome",
        "North_Dakota/Beulah", "North_Dakota/Center", "North_Dakota/New_Salem", "Phoenix", "Sitka",
        "Yakutat",
    )
) | {"Pacific/Honolulu"}  # fmt: skip
"""The zones of the United States whose clocks have followed one rule since 2007."""

WORDS = r"^[A-Za-z0-9][A-Za-z0-9&'.+/-]*( [A-Za-z0-9&'.+/-]+)*$"
"""Without what CSV would quote. The first character keeps a spreadsheet from seeing a formula."""
ONE_WORD = r"^[A-Z][A-Za-z']*$"
TWO_CAPITALS = r"^[A-Z]{2}$"
PATTERNS = {
    WORDS: "ASCII letters, digits and & ' . + / - in words with one space between them, "
    "beginning with a letter or digit",
    ONE_WORD: "one word of ASCII letters and ', beginning with a capital",
    TWO_CAPITALS: "two capital letters",
}
"""What a text may be, said in words."""


def _zone(value: str) -> str:
    if value not in US_ZONES:
        raise ValueError(
            "allowed is a time zone of the United States, such as America/New_York, "
            "whose clocks have followed one rule since 2007"
        )
    return value


def _adds_up_to_one(shares: list[float]) -> list[float]:
    if abs(sum(shares) - 1) > ROUNDING:
        raise ValueError(f"they add up to {sum(shares):.4g}; allowed is 1, within {ROUNDING}")
    return shares


def _a_range(amounts: list[float]) -> list[float]:
    least, most = amounts
    if most < NARROWEST_RANGE * least:
        raise ValueError(
            f"allowed is a highest amount that is {NARROWEST_RANGE} times the lowest at least: "
            "what lies beyond one is reflected at it"
        )
    return amounts


def _around_one(rates: list[float]) -> list[float]:
    mean = sum(rates) / len(rates)
    if abs(mean - 1) > ROUNDING:
        raise ValueError(f"their mean is {mean:.4g}; allowed is 1, within {ROUNDING}")
    return rates


# At most 18 characters: the CSV writer pads every name to the longest. A city's own merchant is
# called "<first word> <kind>", 9 and 8 of them.
Name = Annotated[str, StringConstraints(pattern=WORDS, min_length=3, max_length=18)]
FirstWord = Annotated[str, StringConstraints(pattern=ONE_WORD, min_length=3, max_length=9)]
Kind = Annotated[str, StringConstraints(pattern=WORDS, min_length=2, max_length=8)]
State = Annotated[str, StringConstraints(pattern=TWO_CAPITALS)]
Zone = Annotated[str, AfterValidator(_zone)]

Share = Annotated[float, Field(gt=0, le=1)]
Probability = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Factor = Annotated[float, Field(gt=0, le=100)]
Rate = Annotated[float, Field(ge=0, le=10)]
HourCurve = Annotated[
    list[Probability], Field(min_length=HOURS, max_length=HOURS), AfterValidator(_adds_up_to_one)
]
AmountRange = Annotated[list[Positive], Field(min_length=2, max_length=2), AfterValidator(_a_range)]
"""The lowest and the highest plausible amount, in dollars."""
OpeningHours = Annotated[
    list[Annotated[int, Field(ge=0, le=HOURS)]], Field(min_length=2, max_length=2)
]
Trait = Literal[
    "owner", "mortgaged", "car", "two_cars", "children", "young_children", "pets", "student",
    "student_debt", "self_employed",
]  # fmt: skip
"""What is known of a household."""
Weekdays = Annotated[
    list[Rate], Field(min_length=WEEKDAYS, max_length=WEEKDAYS), AfterValidator(_around_one)
]
MonthDays = Annotated[
    list[Rate], Field(min_length=MONTH_DAYS, max_length=MONTH_DAYS), AfterValidator(_around_one)
]


class _Facts(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True
    )


class _File(_Facts):
    """A JSON file, with what it says about itself."""

    about: dict[str, str] = Field(alias="_about", min_length=1)


class Endings(_Facts):
    """Shares of the ways prices end; the rest keeps its cents."""

    whole: Probability
    five: Probability
    ninety_nine: Probability
    ninety_five: Probability
    half: Probability


class EntityTypeEntry(_Facts):
    """A kind of recipient; the file's ``_about`` says what each field means."""

    name: Name
    share: Probability
    hours: str | None
    open: OpeningHours = [0, HOURS]
    shape: Literal["lognormal", "normal"] = "lognormal"
    median: Positive
    sigma: Positive
    amounts: AmountRange | None = None
    endings: Endings
    favourites: int = Field(ge=1, le=MOST_FAVOURITES)
    zipf: float = Field(ge=0, le=10)
    explore: Probability
    popularity: float = Field(1.15, ge=0, le=10)
    local: float = Field(0.0, ge=0, lt=1)
    standing: Probability = 0.0
    at_home: float = Field(1.0, ge=0, le=100)
    away: float = Field(1.0, ge=0, le=100)
    last_day: float | None = Field(None, ge=0, le=100)
    typed: bool = False
    large: Probability = 0.0
    second: Name | None = None
    only_for: list[Trait] = []
    others: Name | None = None

    def is_open(self, hour: int) -> bool:
        """Tell whether something is paid in an hour of the day."""
        begin, end = self.open
        return begin <= hour < end if begin < end else hour >= begin or hour < end


class TransactionTypeEntry(_Facts):
    """A way to pay and what is paid that way; the maximum is in dollars."""

    share: Share
    usual_maximum: float = Field(gt=0, le=100_000)
    night_factor: Factor
    in_person: bool = False
    entity_types: list[EntityTypeEntry] = Field(min_length=1)


class EntityTypesFile(_File):
    """``entity_types.json``; the order gives transaction types and entity types their codes."""

    transaction_types: dict[str, TransactionTypeEntry]


class LocalNames(_Facts):
    """What the names of a city's own merchants are made of."""

    first_words: list[FirstWord] = Field(min_length=1)
    kinds: dict[str, Annotated[list[Kind], Field(min_length=1)]]


class MerchantsFile(_File):
    """``merchants.json``: names by entity type, most popular first."""

    national: dict[str, Annotated[list[Name], Field(min_length=1, max_length=MOST_NAMES)]]
    amounts: dict[str, dict[str, AmountRange]] = {}
    billed: list[Name] = []
    local: LocalNames


class Quantiles(_Facts):
    """Quantiles of an amount, in dollars."""

    p50: Positive
    p90: Positive
    p95: Positive
    p99: Positive


def _ascending(quantiles: Quantiles) -> Quantiles:
    values = [value for _, value in quantiles]
    if any(upper < lower for lower, upper in pairwise(values)):
        raise ValueError(f"they are {values}; allowed are values none below the one before")
    return quantiles


class Amount(_Facts):
    """Amounts as they were measured; the file's ``_about`` says what each field means."""

    n: int = Field(ge=1)
    ln_mu: float
    ln_sigma: Positive
    p99_over_p50: float = Field(ge=1)
    benford_mad: Probability
    end_00: Probability
    end_99: Probability
    mult_5: Probability
    quantiles: Annotated[Quantiles, AfterValidator(_ascending)]


class PaymentTypeEntry(_Facts):
    """When people pay one way."""

    hour: HourCurve
    day_of_week: Weekdays
    day_of_month: MonthDays
    amount: Amount


class MerchantClassEntry(_Facts):
    """When people pay merchants of one class; no hours where too few payments were seen."""

    share_of_payments: Share
    amount: Amount
    hour: HourCurve | None = None


class PaymentFactsFile(_File):
    """``payment_facts.json``: what was measured of payments, by way to pay and by merchant."""

    payment_type: dict[str, PaymentTypeEntry]
    merchant_class: dict[str, MerchantClassEntry]


class CityRow(_Facts):
    """A line of ``us_cities.csv``: degrees north and east; within the United States."""

    model_config = ConfigDict(strict=False)  # everything is text in a CSV file

    city: Name
    state: State
    population: int = Field(ge=1)
    latitude: float = Field(ge=18, le=72)
    longitude: float = Field(ge=-180, le=-65)
    timezone: Zone


class CitiesFile(_Facts):
    """``us_cities.csv``; the order gives cities their codes."""

    cities: list[CityRow]
