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
    years = range(date.fromordinal(first).year - 1, date.fromordinal(end).year + 2)
    days = _dates(np.arange(first, end))
    moved = np.busday_offset(days, 0, roll="modifiedfollowing", holidays=_closed(years))
    return moved.astype(np.int64) + EPOCH


def banking_days_after(ordinal: Int, count: Int) -> Int:
    """Give the days that are so many banking days, 1 to 200, after some days: (days,)."""
    if not len(ordinal):
        return ordinal
    years = (date.fromordinal(int(day)).year for day in (ordinal.min(), ordinal.max()))
    begin, passed, days = _banking_days(*years)
    return days[passed[ordinal - begin] + count - 1]


@lru_cache(maxsize=32)
def _banking_days(first_year: int, last_year: int) -> tuple[int, Int, Int]:
    """Lay out the banking days of some years and the next.

    Returns
    -------
    The ordinal of the first day, the number of banking days up to each day, and these.
    """
    begin, end = (date(year, 1, 1).toordinal() for year in (first_year, last_year + 2))
    every = np.arange(begin, end)
    closed = _closed(range(first_year, last_year + 2))
    is_open = np.is_busday(_dates(every), holidays=closed)
    return begin, np.cumsum(is_open), every[is_open]


def _closed(years: range) -> npt.NDArray[np.datetime64]:
    return np.array([str(day) for year in years for day in bank_holidays(year)], "datetime64[D]")


def _dates(ordinal: Int) -> npt.NDArray[np.datetime64]:
    return (ordinal - EPOCH).astype("datetime64[D]")
