"""At which times accidents are noticed, reported and answered, on days that know no period.

Days are proleptic ordinals, times seconds from the start of such a day on; a time may be beyond
its day, or before it.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from accidental_transfers.model.arrays import Codes, Int, Lanes
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
    changed = second.copy()
    day, of_day = np.divmod(second, SECONDS_PER_DAY)
    for row in np.flatnonzero(
        (of_day // SECONDS_PER_HOUR == SKIPPED_HOUR) & saves_daylight()[city]
    ):
        if is_clock_change(date.fromordinal(first_day + int(day[row]))):
            changed[row] += SECONDS_PER_HOUR - of_day[row] % SECONDS_PER_HOUR
    return changed


def month_end(ordinal: Int) -> Int:
    """Give the last days of the months of some days, on which statements are made."""
    if not len(ordinal):
        return ordinal
    days = ordinal - EPOCH
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return (months + 1).astype("datetime64[D]").astype(np.int64) - 1 + EPOCH
