"""What the card's section on a customer's month shows: a calendar, and what was owed to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from accidental_transfers.card.time_charts import WEEKDAYS, day_name
from accidental_transfers.statistics.month import Bill, Month
from accidental_transfers.statistics.network import PERSON
from accidental_transfers.statistics.statistics import Counts, Statistics

WEEK = 7


@dataclass(frozen=True)
class DayBill:
    """A bill as a day of the calendar names it; a person's number does not tell what is owed."""

    what: str | None
    payee: str
    cents: int
    label: str


@dataclass(frozen=True)
class Others:
    """All other payments of a day in one city, which is named where it is not the home."""

    rows: int
    cents: int
    away: str | None


@dataclass(frozen=True)
class Day:
    """A day of the calendar."""

    iso: str
    weekday: str
    number: int
    bills: list[DayBill]
    others: list[Others]


@dataclass(frozen=True)
class Owed:
    """What was owed to one payee for one thing: the days of the payments, and their sum."""

    what: str
    payee: str
    days: list[str]
    cents: int


@dataclass(frozen=True)
class CustomerMonth:
    """A calendar of weeks, Monday first, and its sums; a day outside of the month is None."""

    customer: str
    home: str
    name: str
    days: str | None
    """The days that there are, where they are not the whole month."""
    weekdays: Sequence[str]
    weeks: list[list[Day | None]]
    travels: bool
    labels: list[str]
    """Of bills."""
    owed: list[Owed]
    bills: int
    bills_cents: int
    others: int
    others_cents: int


def customer_month(facts: Statistics) -> CustomerMonth | None:
    """Lay a customer's month out; None where nothing in it is known to be owed."""
    month = facts.month
    if month is None or not month.owed:
        return None
    first, last = date.fromisoformat(month.first), date.fromisoformat(month.last)
    others = [sums for cities in month.others.values() for sums in cities.values()]
    weeks = _weeks(month, first, last)
    return CustomerMonth(
        customer=month.customer,
        home=month.home,
        name=f"{first:%B %Y}",
        days=None if month.is_whole else f"{day_name(first)} to {day_name(last)}",
        weekdays=WEEKDAYS,
        weeks=weeks,
        travels=any(sums.away for week in weeks for day in week if day for sums in day.others),
        labels=sorted({bill.label for bill in month.owed if bill.label}),
        owed=_owed(month.owed),
        bills=len(month.owed),
        bills_cents=sum(bill.cents for bill in month.owed),
        others=sum(sums["rows"] for sums in others),
        others_cents=sum(sums["cents"] for sums in others),
    )


def _weeks(month: Month, first: date, last: date) -> list[list[Day | None]]:
    monday = first - timedelta(first.weekday())
    weeks = (last - monday).days // WEEK + 1
    dates = [monday + timedelta(days) for days in range(weeks * WEEK)]
    days = [_day(month, each) if first <= each <= last else None for each in dates]
    return [days[start : start + WEEK] for start in range(0, len(days), WEEK)]


def _day(month: Month, day: date) -> Day:
    iso = day.isoformat()
    return Day(
        iso=iso,
        weekday=WEEKDAYS[day.weekday()][:3],
        number=day.day,
        bills=[_bill(bill) for bill in month.owed if bill.date == iso],
        others=list(_others(month.others.get(iso, {}), month.home)),
    )


def _bill(bill: Bill) -> DayBill:
    tells = bool(bill.payee) and not bill.payee.startswith(PERSON)
    return DayBill(None if tells else bill.entity_type, bill.payee, bill.cents, bill.label)


def _others(cities: dict[str, Counts], home: str) -> Iterator[Others]:
    """Give the sums of each city, home first."""
    for city in sorted(cities, key=lambda city: (city != home, city)):
        sums = cities[city]
        yield Others(sums["rows"], sums["cents"], None if city in {home, ""} else city)


def _owed(bills: Sequence[Bill]) -> list[Owed]:
    """Sum the bills up by what is owed to whom, the largest sum first."""

    def whose(bill: Bill) -> tuple[str, str]:
        return bill.entity_type, bill.payee

    found = []
    for (what, payee), each in groupby(sorted(bills, key=whose), whose):
        own = list(each)
        found.append(Owed(what, payee, _days(own), sum(bill.cents for bill in own)))
    return sorted(found, key=lambda owed: -owed.cents)


def _days(bills: Sequence[Bill]) -> list[str]:
    dates = (date.fromisoformat(bill.date) for bill in bills)
    return [f"{day.day} {day:%b}" for day in dates]
