"""Few customers: which lines are out of their bands by no more than chance explains.

The bands are for as many customers as the default has. Of fewer, every value has a sampling error,
and a jackknife tells how large it is: the line is measured again without a fifth of the customers,
for each fifth (Wolter, Introduction to Variance Estimation, 2007, chapter 4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.scorecard import Line, Verdict, measured, too_few
from accidental_transfers.model.arrays import Bool
from accidental_transfers.spec import JobSpec

BANDS_ARE_FOR = JobSpec().customers
FEWEST = 20
"""Customers. Of fewer, parts tell nothing of the error."""
GROUPS = 5
STANDARD_ERRORS = 4.6
"""Within so many, 99 % of such estimates lie: Student's t, with a degree less than groups.

And what none of n customers has, 4.6 / n of all may have, at the same level (the rule of three). So
no error counts for less than 1 / n.
"""

Key = tuple[str, str]
"""Of a line: its item, and the part of the data that it is about."""


def allowing_for_chance(
    data: Dataset, lines: Sequence[Line], told: Callable[[str], None] = lambda _: None
) -> list[Line]:
    """Judge lines of few customers: too few where chance alone may take the value out of its band.

    A band of one value is a promise, which holds for any number of customers.

    Parameters
    ----------
    told
        Is told how far the work is.
    """
    customers = len(data.customer_ids)
    doubtful = [line for line in lines if line.verdict == Verdict.OUTSIDE and line.low != line.high]
    if customers >= BANDS_ARE_FOR or not doubtful:
        return list(lines)
    errors = _standard_errors(data, doubtful, told)
    return [
        _judged(line, errors[_key(line)], customers) if line in doubtful else line for line in lines
    ]


def _standard_errors(
    data: Dataset, lines: Sequence[Line], told: Callable[[str], None]
) -> dict[Key, float]:
    """Estimate the sampling error of lines; NaN where the customers, or a part, are too few."""
    values: dict[Key, list[float]] = {_key(line): [] for line in lines}
    if len(data.customer_ids) < FEWEST:
        return dict.fromkeys(values, math.nan)
    for group in range(GROUPS):
        told(f"Measuring again without a fifth of the customers, {group + 1} of {GROUPS} …")
        rest = without(data, group)
        for key, found in values.items():
            if not np.isnan(found).any():
                found.append(measured(rest, *key).value)
    surest = 1 / len(data.customer_ids)
    return {key: float(np.maximum(jackknifed(found), surest)) for key, found in values.items()}


def jackknifed(found: Sequence[float]) -> float:
    """Give the standard error of a value, from the values that each lack one group.

    Examples
    --------
    >>> round(jackknifed([0.4, 0.5, 0.5, 0.5, 0.6]), 4)
    0.1265
    """
    away = np.array(found) - np.mean(found)
    return math.sqrt((GROUPS - 1) / GROUPS * float(away @ away))


def _key(line: Line) -> Key:
    return line.item, line.part


def _judged(line: Line, error: float, customers: int) -> Line:
    """Judge a line that is out of its band by its distance from it."""
    assert line.value is not None
    below = line.low is not None and line.value < line.low
    end = line.low if below else line.high
    assert end is not None
    distance = abs(line.value - end)
    if distance > STANDARD_ERRORS * error:
        return line
    needed = BANDS_ARE_FOR
    if not math.isnan(error):
        # The error falls with the root of the number.
        needed = min(needed, int(customers * (STANDARD_ERRORS * error / distance) ** 2) + 1)
    return too_few(line, f"{customers} customers; at least {needed} are needed")


def without(data: Dataset, group: int) -> Dataset:
    """Leave every fifth customer out, beginning with number ``group``."""
    kept = data.rows["customer"].to_numpy() % GROUPS != group
    rows = data.rows[kept].reset_index(drop=True)
    codes, customers = pd.factorize(rows["customer"])
    ids = data.customer_ids[customers]
    people = data.customers
    return replace(
        data,
        rows=rows.assign(customer=codes),
        others=data.others[kept].reset_index(drop=True),
        customer_ids=ids,
        accidents=_of_rows(data.accidents, kept),
        customers=None if people is None else people[people["customer_id"].isin(ids.astype("str"))],
        outcomes=_of_rows(data.outcomes, kept),
    )


def _of_rows(companion: pd.DataFrame | None, kept: Bool) -> pd.DataFrame | None:
    """Leave out of a companion what is about other rows, and count the rows anew."""
    if companion is None:
        return None
    row = companion["row"].to_numpy()
    place = np.cumsum(kept) - 1
    return companion.assign(row=place[row])[kept[row]].reset_index(drop=True)
