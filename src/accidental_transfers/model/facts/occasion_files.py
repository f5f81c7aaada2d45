"""What may stand in the files about time: occasions of the year, and prices over the years."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from accidental_transfers.model.facts.obligation_files import Day

FIRST_YEAR, LAST_YEAR = 2007, 2099
TAX_DAY = "Tax Day"
"""The occasion on whose day taxes are due."""


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Rule(_Facts):
    """How a date follows from the year; ``holidays.json`` says what each field means."""

    month: int | None = Field(None, ge=1, le=12)
    day: int | None = Field(None, ge=1, le=31)
    weekday: int | None = Field(None, ge=0, le=6)
    nth: int = Field(1, ge=-1, le=5)
    easter: int | None = None
    after: str | None = None


class FormerRule(_Facts):
    """A rule that held until a year."""

    until: int
    rule: Rule


def _year(value: Any) -> Any:
    """Read JSON's keys, which are texts, as years."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


Year = Annotated[int, BeforeValidator(_year), Field(ge=FIRST_YEAR - 1, le=LAST_YEAR + 1)]
Factor = Annotated[float, Field(gt=0, le=10)]
Span = Annotated[list[int], Field(min_length=2, max_length=2)]


class OccasionEntry(_Facts):
    """A holiday, or a time of the year at which people buy more or less."""

    name: str
    rule: Rule
    before: list[FormerRule] = []
    since: int = FIRST_YEAR - 1
    until: int = LAST_YEAR + 1
    exceptions: dict[Year, Day] = {}
    days_from: dict[Year, Span] = {}
    moved: Literal["", "tax filing"] = ""
    federal: bool
    days: Span
    up: dict[str, Factor]
    rests: dict[str, Factor]
    source: str

    def rule_of(self, year: int) -> Rule:
        """Give the rule that holds in a year."""
        return next((each.rule for each in self.before if year <= each.until), self.rule)

    def span(self, year: int) -> list[int]:
        """Give the first and the last day of a year's occasion, from the date of its rule."""
        later = [begin for begin in self.days_from if begin <= year]
        return self.days_from[max(later)] if later else self.days


class HolidaysFile(_Facts):
    """``holidays.json``."""

    about: dict[str, str] = Field(alias="_about", min_length=1)
    holidays: list[OccasionEntry] = Field(min_length=1)


class PricesFile(_Facts):
    """``prices.json``: consumer prices by year, and taxes on subscriptions by state."""

    about: dict[str, str] = Field(alias="_about", min_length=1)
    base: float = Field(gt=0)
    after_2025_yearly: float = Field(ge=0, le=0.2)
    cpi_u: dict[str, Annotated[float, Field(gt=0)]]
    digital_tax: dict[str, Annotated[float, Field(ge=0, le=0.3)]]

    def level(self, year: float) -> float:
        """Give the price level of a point in time, as a multiple of early 2024's.

        Between the middles of two years, whose averages are known, prices rise evenly.
        """
        known = {int(each): value for each, value in self.cpi_u.items()}
        first, last = min(known), max(known)
        middle = min(max(year - 0.5, first), last)
        before = int(middle)
        after = min(before + 1, last)
        index = known[before] + (known[after] - known[before]) * (middle - before)
        beyond = max(year - 0.5 - last, 0.0)
        return index * (1 + self.after_2025_yearly) ** beyond / self.base
