"""What the card's sections on the rows show: when, how much, what and to whom, where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from accidental_transfers.card import amount_charts, recipient_charts, time_charts
from accidental_transfers.card.city_map import city_map
from accidental_transfers.card.network import People, people
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.statistics.statistics import Counts, Statistics

MERCHANTS, CITIES, UNKNOWN_CITIES = 15, 10, 10
"""How many of the most popular are named."""


@dataclass(frozen=True)
class When:
    """The rhythm of the week, the day and the month; all but the last field are pictures."""

    week: Markup
    hours: Markup
    days: Markup
    month: Markup
    a_bar_is_a_day: bool


def when(facts: Statistics) -> When:
    """Draw the rhythm of the week, the day and the month."""
    types = _types(facts)
    hours = {name: facts.by_weekday_hour[name] for name in types}
    together = [
        [sum(of_type[weekday][hour] for of_type in hours.values()) for hour in range(24)]
        for weekday in range(7)
    ]
    return When(
        week=time_charts.heat_map(together),
        hours=time_charts.hours_by_type(hours),
        days=time_charts.days(facts.by_date, types),
        month=time_charts.month_days(facts.by_date, types),
        a_bar_is_a_day=len(facts.by_date) <= time_charts.MOST_BARS,
    )


@dataclass(frozen=True)
class TypeAmounts:
    """One transaction type's amounts, in cents; quantiles are the names of their bins."""

    name: str
    picture: Markup
    unpaid: int
    """Rows of less than a cent, which the picture leaves out."""
    rows: int
    sum: int
    mean: float
    median: str
    percentile_99: str
    largest: int


def how_much(facts: Statistics) -> list[TypeAmounts]:
    """Draw and sum up each type's amounts."""
    usual = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}
    axis = _axis(facts, [usual[name] for name in _types(facts) if name in usual])
    return [_type_amounts(facts, name, axis, usual.get(name)) for name in _types(facts)]


def _type_amounts(facts: Statistics, name: str, axis: range, usual: float | None) -> TypeAmounts:
    rows, cents, bins = facts.by_type[name], facts.cents[name], facts.amounts[name]["all"]
    return TypeAmounts(
        name=name,
        picture=amount_charts.amounts(name, facts.amounts[name], axis, usual),
        unpaid=bins.get(-1, 0),
        rows=rows,
        sum=cents["sum"],
        mean=cents["sum"] / rows,
        median=amount_charts.bin_name(amount_charts.quantile_bin(bins, 0.5)),
        percentile_99=amount_charts.bin_name(amount_charts.quantile_bin(bins, 0.99)),
        largest=cents["largest"],
    )


def _axis(facts: Statistics, usual: Sequence[float]) -> range:
    """Choose the bins of all types' axes, so that every amount and usual maximum is on them."""
    bins = [number for name in _types(facts) for number in facts.amounts[name]["all"]]
    bins += [math.floor(10 * math.log10(100 * dollars)) for dollars in usual]
    paid = [number for number in bins if number >= 0] or [0]
    return range(min(paid) // 10 * 10, max(max(paid) + 1, min(paid) // 10 * 10 + 20))


@dataclass(frozen=True)
class Popularity:
    """How payments spread over merchants: a picture, and the exponent where one can be fitted."""

    picture: Markup
    exponent: float | None
    fitted: int


@dataclass(frozen=True)
class Recipients:
    """Types, entity types and recipients; pairs are a name and a picture, or a name and rows."""

    merchants: int
    to_people: int
    types: Markup
    entity_types: list[tuple[str, Markup]]
    popularity: Popularity | None
    most_popular: list[tuple[str, int]]
    people: People | None


def what_and_to_whom(facts: Statistics) -> Recipients:
    """Draw types, entity types and the popularity of merchants."""
    types = [(name, facts.by_type[name]) for name in _types(facts)]
    ranked = sorted(facts.merchants.items(), key=lambda item: (-item[1], item[0]))
    return Recipients(
        merchants=len(ranked),
        to_people=facts.people.get("payments", 0),
        types=recipient_charts.bars(types, facts.rows, "Types", "transactions"),
        entity_types=[(name, _entity_types(facts, name)) for name, _ in types],
        popularity=_popularity([rows for _, rows in ranked]) if ranked else None,
        most_popular=ranked[:MERCHANTS],
        people=people(facts),
    )


def _entity_types(facts: Statistics, name: str) -> Markup:
    counts = facts.by_entity_type[name].items()
    found = sorted((item for item in counts if item[1]), key=lambda item: (-item[1], item[0]))
    return recipient_charts.bars(found, facts.by_type[name], name, "transactions")


def _popularity(counts: Sequence[int]) -> Popularity:
    return Popularity(
        picture=recipient_charts.popularity(counts),
        exponent=recipient_charts.zipf_exponent(counts),
        fitted=min(len(counts), recipient_charts.FITTED),
    )


@dataclass(frozen=True)
class Where:
    """The cities: on a map, those that are not on it, and the largest with their counts."""

    map: Markup
    unknown: list[str]
    largest: list[tuple[str, Counts]]


def where(facts: Statistics) -> Where:
    """Draw the cities on a map, and choose the largest."""
    drawn, unknown = city_map(facts.by_city)
    cities = sorted(
        facts.by_city.items(), key=lambda item: (-item[1]["home_customers"], -item[1]["rows"])
    )
    return Where(drawn, unknown[:UNKNOWN_CITIES], cities[:CITIES])


def _types(facts: Statistics) -> list[str]:
    """Give the transaction types that occur, in the order of the reference where it has them."""
    return [name for name, rows in facts.by_type.items() if rows]
