"""Counting what a customer pays to one payee, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.model.arrays import Bool, Int

MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class Pairs:
    """Customers with the payees that they pay.

    Attributes
    ----------
    rows
        The payments whose payee is known, in order of customer and time.
    pair
        (rows,) number of the row's customer and payee, from 0.
    """

    rows: pd.DataFrame
    pair: Int

    @property
    def count(self) -> int:
        """Number of pairs."""
        return int(self.pair.max(initial=-1)) + 1

    def sizes(self) -> Int:
        """Count each pair's payments: (pairs,)."""
        return np.bincount(self.pair, minlength=self.count)

    def only(self, wanted: Bool) -> Pairs:
        """Keep the pairs that are wanted: (pairs,)."""
        kept = wanted[self.pair]
        number = np.cumsum(wanted) - 1
        return Pairs(self.rows[kept], number[self.pair[kept]])

    def gaps(self) -> Int:
        """Give the days from each payment to the pair's next one."""
        order = np.argsort(self.pair, kind="stable")
        pair, day = self.pair[order], self.rows["day"].to_numpy()[order]
        return np.diff(day)[pair[1:] == pair[:-1]]


def pairs_of(rows: pd.DataFrame) -> Pairs:
    """Number the pairs of a customer and a payee; rows without a payee are left out."""
    rows = rows[rows["recipient"].notna().to_numpy()]
    width = len(rows["recipient"].cat.categories)
    key = rows["customer"].to_numpy() * width + rows["recipient"].cat.codes.to_numpy()
    return Pairs(rows, pd.factorize(key)[0].astype(np.int64))


def whole_months(data: Dataset, least: int = 1) -> Int:
    """Number the whole months of the period from 0, by day: (days,); -1 outside of them.

    Raises
    ------
    NotComputableError
        If they are fewer than ``least``.
    """
    ordinal = np.asarray(data.dates.year * MONTHS_PER_YEAR + data.dates.month, np.int64)
    months, place, count = np.unique(ordinal, return_inverse=True, return_counts=True)
    whole = count == data.dates.days_in_month[np.searchsorted(ordinal, months)]
    if whole.sum() < least:
        raise NotComputableError(f"{whole.sum()} whole months; at least {least} are needed")
    return np.where(whole, np.cumsum(whole) - 1, -1)[place]


def by_month(group: Int, day: Int, months: Int) -> Int:
    """Count each group's rows in each whole month: (groups, months)."""
    month = months[day]
    inside = month >= 0
    size = int(months.max()) + 1
    groups = int(group.max(initial=-1)) + 1
    cell = group[inside] * size + month[inside]
    return np.bincount(cell, minlength=groups * size).reshape(groups, size)


def paid_monthly(counts: Int) -> Bool:
    """Tell which pairs are paid in more than half of the whole months: (pairs,)."""
    return np.asarray((counts > 0).mean(axis=1) > 0.5)
