"""At which times accidents are noticed, reported and answered, on days that know no period.

Days are proleptic ordinals, times seconds from the start of such a day on; a time may be beyond
its day, or before it.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from accidental_transfers.model.arrays import Codes, Int, Lanes, divided
from accidental_transfers.model.bank_days import EPOCH
from accidental_transfers.model.calendar import (
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    SKIPPED_HOUR,
    is_clock_change,
    saves_daylight,
)
from accidental_transfers.model.streams import among

BED, UP = 23 * SECONDS_PER_HOUR, 7 * SECONDS_PER_HOUR
NIGHT_INTO_MORNING = 4
"""What comes to mind during eight hours of the night is done within two of the morning."""
SKIPPED_FROM, SKIPPED_TO = SKIPPED_HOUR * SECONDS_PER_HOUR, (SKIPPED_HOUR + 1) * SECONDS_PER_HOUR
DAYS_AT_A_TIME = 128
BANKS_OPEN, BANKS_CLOSE = 9 * SECONDS_PER_HOUR, 17 * SECONDS_PER_HOUR


def awake(second: Int, bed: Int = BED, made_up: int = NIGHT_INTO_MORNING) -> Int:
    """Move times out of the night, in order, into the morning after it: own estimate.

    Parameters
    ----------
    bed
        Second of the day from which people sleep, until `UP`.
    made_up
        Seconds of the night for each one of the morning.
    """
    night = (UP - bed) % SECONDS_PER_DAY
    into_night = (second - bed) % SECONDS_PER_DAY
    morning = second - into_night + night + into_night // made_up
    return np.where(into_night < night, morning, second)


def at_work(day: Int, lane: Lanes) -> Int:
    """Give times within the hours of banks, as seconds from the days from which they count."""
    return day * SECONDS_PER_DAY + BANKS_OPEN + among(lane, BANKS_CLOSE - BANKS_OPEN)


def on_the_clock(second: Int, city: Codes, first_day: int) -> Int:
    """Have what daylight saving skips be at its end.

    Parameters
    ----------
    second
        From the start of ``first_day``, an ordinal.
    """
    day, of_day = divided(second, SECONDS_PER_DAY)
    skipped = (of_day >= SKIPPED_FROM) & (of_day < SKIPPED_TO) & saves_daylight()[city]
    changed = second.copy()
    for row in skipped.nonzero()[0].tolist():
        if _is_clock_change(first_day + int(day[row])):
            changed[row] += SKIPPED_TO - of_day[row]
    return changed


@lru_cache(maxsize=1_024)
def _is_clock_change(ordinal: int) -> bool:
    return is_clock_change(date.fromordinal(ordinal))


def month_end(ordinal: Int) -> Int:
    """Give the last days of the months of some days, on which statements are made."""
    if not len(ordinal):
        return ordinal
    first, last = int(ordinal.min()), int(ordinal.max())
    begin, ends = _month_ends(first // DAYS_AT_A_TIME, last // DAYS_AT_A_TIME)
    return ends[ordinal - begin]


@lru_cache(maxsize=32)
def _month_ends(first: int, last: int) -> tuple[int, Int]:
    """Give the ordinal of the first of some days, and the ends of the months of all of them.

    Days are counted in ranges, so that blocks share what is made.
    """
    begin, end = first * DAYS_AT_A_TIME, (last + 1) * DAYS_AT_A_TIME
    months = (np.arange(begin, end) - EPOCH).astype("datetime64[D]").astype("datetime64[M]")
    return begin, (months + 1).astype("datetime64[D]").astype(np.int64) - 1 + EPOCH
