"""Holidays and seasons of buying: rules turned into dates, and into how much is paid on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Float
from accidental_transfers.model.facts.occasion_files import TAX_DAY, OccasionEntry, Rule
from accidental_transfers.model.facts.reference import reference

SUNDAY = 6
LAST = -1
BANKS = "Bank Transfer"


def occasion_days(year: int, occasion: OccasionEntry) -> Iterator[date]:
    """Give the days of an occasion that is held in a year, in order."""
    if not occasion.since <= year <= occasion.until:
        return
    first, last = occasion.span(year)
    day = date_of(year, occasion.rule_of(year))
    if occasion.moved:
        day = _filing_day(day)
    day = occasion.exceptions.get(year, day)
    yield from (day + timedelta(shift) for shift in range(first, last + 1))


@cache
def tax_day(year: int) -> date:
    """Give the day on which a year's taxes are due."""
    (occasion,) = (each for each in reference().occasions if each.name == TAX_DAY)
    return next(occasion_days(year, occasion))


def _filing_day(day: date) -> date:
    """Move a tax day off weekends and Emancipation Day, a holiday of the capital."""
    emancipation = date(day.year, 4, 16)
    observed = {5: emancipation - timedelta(1), 6: emancipation + timedelta(1)}
    while day.weekday() >= 5 or day in (emancipation, observed.get(emancipation.weekday())):
        day += timedelta(1)
    return day


def date_of(year: int, rule: Rule) -> date:
    """Give the date that a rule means in a year."""
    if rule.easter is not None:
        return easter(year) + timedelta(rule.easter)
    if rule.after is not None:
        (named,) = (each for each in reference().occasions if each.name == rule.after)
        begin = date_of(year, named.rule) + timedelta(1)
        return begin + timedelta(((rule.weekday or 0) - begin.weekday()) % 7)
    assert rule.month is not None
    if rule.day is not None:
        return date(year, rule.month, rule.day)
    assert rule.weekday is not None
    return _nth_weekday(year, rule.month, rule.weekday, rule.nth)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth == LAST:
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
        return end - timedelta((end.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar.

    The anonymous algorithm of 1876 in Meeus, Astronomical Algorithms, 1991, chapter 8.
    """
    century, rest = divmod(year, 100)
    leap, skipped = divmod(century, 4)
    corrected = (century - (century + 8) // 25 + 1) // 3
    golden = year % 19
    epact = (19 * golden + century - leap - corrected + 15) % 30
    quarter, remainder = divmod(rest, 4)
    weekday = (32 + 2 * skipped + 2 * quarter - epact - remainder) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def bank_holidays(year: int) -> tuple[date, ...]:
    """Give the weekdays of a year on which the Federal Reserve settles nothing.

    A holiday on a Sunday is observed on Monday; one on a Saturday is not moved.
    """
    federal = (each for each in reference().occasions if each.federal)
    days = (day for each in federal for day in occasion_days(year, each))
    moved = (day + timedelta(1) if day.weekday() == SUNDAY else day for day in days)
    return tuple(sorted(day for day in moved if day.weekday() < 5))


def factors(first: date, days: int) -> tuple[Float, Float]:
    """Give how much more, or less, is paid on each day than on one without an occasion.

    Returns
    -------
    (days, transaction types) and (days, entity types); an entity type's is on top of its type's.
    """
    facts = reference()
    types = {type_.name: code for code, type_ in enumerate(facts.transaction_types)}
    entities = facts.entity_codes
    of_type, of_entity = np.ones((days, len(types))), np.ones((days, len(entities)))
    last = first + timedelta(days - 1)
    for year in range(first.year - 1, last.year + 2):
        for occasion in facts.occasions:
            for name, factor in (*occasion.up.items(), *occasion.rests.items()):
                felt = _days_felt(year, occasion, name)
                rows = [(day - first).days for day in felt if first <= day <= last]
                if name in types:
                    of_type[rows, types[name]] *= factor
                else:
                    of_entity[rows, entities[name]] *= factor
    return of_type, of_entity


def _days_felt(year: int, occasion: OccasionEntry, name: str) -> Iterator[date]:
    """Give the days on which an occasion changes what is paid one way, or to an entity type.

    Where banks observe a Sunday's holiday on Monday, bank transfers rest on both.
    """
    for day in occasion_days(year, occasion):
        yield day
        if name == BANKS and occasion.federal and day.weekday() == SUNDAY:
            yield day + timedelta(1)
