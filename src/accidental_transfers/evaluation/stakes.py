"""What is at stake in an accident: the dollars that go where nobody wanted them to go."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.model.arrays import Int

NEVER_MEANT = ("card_test",)
"""Kinds in which no payment was the customer's own: a thief tries a card."""


@lru_cache(maxsize=1)
def cents_at_stake(data: Dataset) -> Int:
    """Give the cents that would be saved by stopping each row: (rows,), 0 for honest ones.

    What goes to somebody who was not meant, or is a thief's, is at stake as a whole. Of all
    else it is what an accident takes beyond what was meant: of a payment confirmed twice
    the second payment, of an amount far too high the difference, and of a payment that a reader
    split nothing, as long as its parts add up to what was meant.

    Raises
    ------
    NotComputableError
        If no companion tells what was meant.
    """
    rows, truth = data.rows, _of_accidents(data)
    row, meant = intended_cents(data)
    paid = rows["cents"].to_numpy()[row]
    position = pd.to_numeric(truth["position"], errors="coerce").fillna(1).to_numpy()
    group = pd.factorize(truth["group"])[0]
    order = np.lexsort((position, group))
    total = pd.Series(paid[order]).groupby(group[order]).cumsum().to_numpy()
    beyond = np.empty(len(row), np.int64)
    beyond[order] = total - meant[order]
    recipients = rows["recipient"].cat.codes.to_numpy(), rows["original"].cat.codes.to_numpy()
    elsewhere = (recipients[0] != recipients[1])[row]
    whole = elsewhere | truth["kind"].isin(NEVER_MEANT).to_numpy()
    stake = np.zeros(len(rows), np.int64)
    stake[row] = np.where(whole, paid, np.clip(beyond, 0, paid))
    return stake


def intended_cents(data: Dataset) -> tuple[Int, Int]:
    """Give the labelled rows that the companion tells of, and the cents that were meant there.

    Raises
    ------
    NotComputableError
        If no companion tells what was meant.
    """
    truth = _of_accidents(data)
    if "intended_amount" not in truth:
        raise NotComputableError("needs the column intended_amount in the companion .accidents.csv")
    return truth["row"].to_numpy(), _cents(truth["intended_amount"])


def _of_accidents(data: Dataset) -> pd.DataFrame:
    return data.truth[data.rows["labelled"].to_numpy()[data.truth["row"]]]


def _cents(dollars: pd.Series) -> Int:
    """Read dollars; what is no number was meant to be nothing."""
    number = pd.to_numeric(dollars, errors="coerce").fillna(0)
    return (number * 100).round().to_numpy().astype(np.int64)
