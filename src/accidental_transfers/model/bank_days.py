"""Days on which banks work: neither weekends nor the Federal Reserve's holidays.

What is counted in banking days may end long after a period: these days know no period.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Int
from accidental_transfers.model.holidays import bank_holidays

EPOCH = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=8)
def modified_following(first: int, end: int) -> Int:
    """Give the banking day of each ordinal from first to before end.

    The next one, or the one before where that is in another month.
    """
    banks = _banks(date.fromordinal(first).year - 1, date.fromordinal(end).year + 1)
    moved = np.busday_offset(
        _dates(np.arange(first, end)), 0, roll="modifiedfollowing", busdaycal=banks
    )
    return _ordinals(moved)


def banking_days_after(ordinal: Int, count: Int) -> Int:
    """Give the days that are so many banking days, at most 100, after some days: (days,)."""
    if not len(ordinal):
        return ordinal
    first = date.fromordinal(int(ordinal.min())).year - 1
    banks = _banks(first, date.fromordinal(int(ordinal.max())).year + 1)
    # A day on which banks are closed counts as the banking day before it.
    return _ordinals(np.busday_offset(_dates(ordinal), count, roll="preceding", busdaycal=banks))


@lru_cache(maxsize=32)
def _banks(first_year: int, last_year: int) -> np.busdaycalendar:
    years = range(first_year, last_year + 1)
    closed = np.array([str(day) for year in years for day in bank_holidays(year)], "datetime64[D]")
    return np.busdaycalendar(holidays=closed)


def _dates(ordinal: Int) -> npt.NDArray[np.datetime64]:
    return (ordinal - EPOCH).astype("datetime64[D]")


def _ordinals(days: npt.NDArray[np.datetime64]) -> Int:
    return days.astype(np.int64) + EPOCH
