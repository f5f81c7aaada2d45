"""The calendar: both ends of the month, New Year's Day, weeks that resemble the week before."""

from __future__ import annotations

import numpy as np

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import BANK, Dataset
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.model.arrays import Bool, Float, Int

ENDS = {"days 28 to 31": (28, 31), "days 1 to 5": (1, 5)}
MIDDLE = (9, 26)
WEEK = 7
FEWEST_WEEKS = 8
FEWEST_CUSTOMERS = 20
FEWEST_MONDAYS = 4


def autocorrelation(counts: Float) -> Float:
    """Give the correlation of each row with itself one step later (lag 1).

    Sum of (x[t] - mean)(x[t+1] - mean) over the sum of (x[t] - mean)² (Box and Jenkins); NaN
    where nothing varies. Independent values give -1/n and not 0, for the mean is theirs.
    """
    deviation = counts - counts.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        both = (deviation[:, 1:] * deviation[:, :-1]).sum(axis=1)
        return np.asarray(both / (deviation**2).sum(axis=1))


def _days_of_month(data: Dataset, first: int, last: int) -> Bool:
    found = np.asarray((data.dates.day >= first) & (data.dates.day <= last))
    if not found.any():
        raise NotComputableError(f"no day from the {first}. to the {last}. of a month")
    return found


def _per_day(data: Dataset) -> Int:
    return np.bincount(data.honest["day"], minlength=data.days)


def _month_end(data: Dataset) -> float:
    if data.days < 28:
        raise NotComputableError(f"{data.days} days; at least 28 are needed")
    rows = _per_day(data)
    return float(rows[_days_of_month(data, *ENDS["days 28 to 31"])].mean() / rows.mean())


def _end_over_middle(data: Dataset, end: str) -> float:
    """Compare with what the same weekdays of the month's middle give."""
    rows, weekday = _per_day(data), np.asarray(data.dates.day_of_week)
    middle, wanted = _days_of_month(data, *MIDDLE), _days_of_month(data, *ENDS[end])
    days = np.bincount(weekday[middle], minlength=WEEK)
    if not days.all():
        raise NotComputableError("not every weekday is in the middle of a month")
    usual = np.bincount(weekday[middle], rows[middle], WEEK) / days
    return float(rows[wanted].sum() / usual[weekday[wanted]].sum())


def _new_year(data: Dataset) -> float:
    rows = data.of_types(BANK)
    per_day = np.bincount(rows["day"], minlength=data.days)
    new_year = np.asarray((data.dates.month == 1) & (data.dates.day == 1))
    if not new_year.any():
        raise NotComputableError("no 1 January in the period")
    mondays = per_day[np.asarray(data.dates.day_of_week == 0) & ~new_year]
    usual = enough(mondays, FEWEST_MONDAYS, "other Mondays").mean()
    return float(per_day[new_year].mean() / usual)


def _persistence(data: Dataset) -> Reading:
    found = autocorrelation(_weekly(data))
    known = enough(found[~np.isnan(found)], FEWEST_CUSTOMERS, "customers")
    weeks = data.days // WEEK
    return Reading(
        float(known.mean()),
        {
            "median customer": float(np.median(known)),
            "beyond what independent weeks give": float(known.mean()) + 1 / weeks,
        },
    )


def _weekly(data: Dataset) -> Float:
    """Count each customer's rows in each complete week from the first day: (customers, weeks)."""
    weeks = data.days // WEEK
    if weeks < FEWEST_WEEKS:
        raise NotComputableError(f"{weeks} complete weeks; at least {FEWEST_WEEKS} are needed")
    week = data.honest["day"].to_numpy() // WEEK
    cell = (data.honest["customer"].to_numpy() * weeks + week)[week < weeks]
    customers = int(data.rows["customer"].max()) + 1
    counts = np.bincount(cell, minlength=customers * weeks).reshape(customers, weeks)
    return counts.astype(np.float64)


MEASURES: dict[str, Measure] = {
    "month_end": _month_end,
    "month_ends": _end_over_middle,
    "new_year": _new_year,
    "persistence": _persistence,
}
