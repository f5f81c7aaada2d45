"""What customers' random numbers for the days, weeks and months of a period come from."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from accidental_transfers.model.arrays import Int, Keys
from accidental_transfers.model.calendar import Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.streams import child

PARTS = ("purchases", "weeks", "new payees")
"""Of customers' lives, which come by days, weeks and months."""
WEEKS_BEFORE = 3
"""Weeks before the period that still have an effect: see `occasions`."""


class TimeKeys(NamedTuple):
    """Keys of customers' times.

    Attributes
    ----------
    day
        Of the period's days: (customers, days).
    week
        Of the weeks, from `WEEKS_BEFORE` before the first: (customers, weeks).
    month
        Of all but the last of `Calendar.months`: (customers, months).
    """

    day: Keys
    week: Keys
    month: Keys


def time_keys(customers: Customers, when: Calendar) -> TimeKeys:
    """Hash all of them at once: few take as much time as many."""
    position, part = _positions(when)
    of_parts = np.array([customers.keys[name] for name in PARTS]).T
    key = child(of_parts.take(part, axis=1), position)
    days, months = when.days, len(when.months.number) - 1
    return TimeKeys(key[:, :days], key[:, days:-months], key[:, -months:])


def first_week(when: Calendar) -> int:
    """Give the number of the first week that may begin in a period, by its ordinal."""
    return int(when.ordinal[0]) // 7


@lru_cache(maxsize=8)
def _positions(when: Calendar) -> tuple[Int, Int]:
    """Give the position of each day, week and month among the children, and its part."""
    last = (int(when.ordinal[-1]) + 6) // 7
    weeks = np.arange(first_week(when) - WEEKS_BEFORE, last + 1)
    each = (when.ordinal, weeks, when.months.number[:-1])
    return np.concatenate(each), np.arange(len(PARTS)).repeat([*map(len, each)])
