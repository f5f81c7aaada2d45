"""Bank days by the PyPI package `holidays` and plain loops, for tests to compare with."""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter
from holidays import country_holidays

DAY = timedelta(1)


@cache
def federal(year: int) -> dict[date, str]:
    """The federal holidays on their own days, as the package knows them; and by the name."""
    return dict(country_holidays("US", years=year, observed=False).items())


def easter_sunday(year: int) -> date:
    """As dateutil computes it."""
    found: date = easter(year)
    return found


@cache
def settled(year: int) -> frozenset[date]:
    """The days on which the Federal Reserve settles nothing, by its own rule."""
    moved = (day + DAY if day.weekday() == 6 else day for day in federal(year))
    return frozenset(day for day in moved if day.weekday() < 5)


def is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in settled(day.year) | settled(day.year + 1)


def modified_following(day: date) -> date:
    """The plain loop: forward to an open day; back where that is in another month."""
    after = day
    while not is_open(after):
        after += DAY
    if after.month == day.month:
        return after
    while not is_open(day):
        day -= DAY
    return day
