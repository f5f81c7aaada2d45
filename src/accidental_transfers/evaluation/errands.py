"""Purchases that a person would laugh at: a tank filled twice, a coffee of 500 dollars."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.evaluation.rhythm import gaps_of
from accidental_transfers.evaluation.vocabulary import of_purpose

HOUR, DAY_AND_A_HALF = 3600, 36 * 3600
"""Seconds."""
FEWEST_FILLS = 2
"""In thirty days: whoever refuels more seldom has no car of their own."""
ONE_CAR = 0.25
"""Share of the customers with a car who are taken for those with one: who refuel least."""
LARGE = 500
"""Dollars."""
FEWEST = 100


def _refuelled_within_the_hour(data: Dataset) -> float:
    return _within(HOUR, of_purpose(data, "fuel"))


def _refuelled_within_a_day_and_a_half(data: Dataset) -> Reading:
    rows = of_purpose(data, "fuel")
    everybody = _within(DAY_AND_A_HALF, rows)
    fills = np.bincount(rows["customer"]) * 30 / data.days
    drivers = enough(fills[fills >= FEWEST_FILLS], 1, "customers who refuel twice in thirty days")
    one_car = (fills >= FEWEST_FILLS) & (fills <= np.quantile(drivers, ONE_CAR))
    value = _within(DAY_AND_A_HALF, rows[one_car[rows["customer"]]])
    return Reading(value, {"however many cars": everybody})


def _within(seconds: int, rows: pd.DataFrame) -> float:
    _, gap = gaps_of(rows["customer"].to_numpy(), rows["second"].to_numpy())
    return float((enough(gap, FEWEST, "gaps between refuelling") <= seconds).mean())


def _large_snacks(data: Dataset) -> Reading:
    rows = of_purpose(data, "coffee or fast food")
    large = rows[(rows["amount"] > LARGE).to_numpy()]
    return Reading(float(len(large)), {"highest, dollars": _highest(rows["amount"])})


def _highest(amounts: Iterable[float]) -> float:
    return float(np.nanmax(np.append(np.asarray(amounts, np.float64), 0)))


MEASURES: dict[str, Measure] = {
    "refuelled_hour": _refuelled_within_the_hour,
    "refuelled_soon": _refuelled_within_a_day_and_a_half,
    "large_snacks": _large_snacks,
}
