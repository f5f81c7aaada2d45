"""Models that say which row is an accident: trained on earlier days, for the later ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.baselines import (
    ANY,
    BOOSTING,
    FEWEST_ACCIDENTS,
    training_days,
    training_rows,
)
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.kinds import MISDIRECTING, kinds, of_kind, starts
from accidental_transfers.evaluation.sights import DAY, MINUTES, sights
from accidental_transfers.evaluation.stakes import cents_at_stake
from accidental_transfers.evaluation.tasks.alerts import Rows
from accidental_transfers.model.arrays import Bool, Float


def targets(data: Dataset) -> dict[str, Bool]:
    """Tell which rows are accidents, of any kind and of each: (rows,) each."""
    return {ANY: data.rows["labelled"].to_numpy(), **kinds(data)}


def widest_sight(target: str) -> str:
    """Give how far ahead must be seen: whom it was meant for shows within a day, not before."""
    return DAY if target in MISDIRECTING else MINUTES


@lru_cache(maxsize=64)
def scores(data: Dataset, target: str, sight: str, late: bool = False) -> Float:
    """Train gradient boosting on the training days and give its scores for the test rows.

    It takes one thread, and gives the same for any number of them.

    Parameters
    ----------
    data
        The dataset.
    target
        A key of `targets`.
    sight
        One of `SIGHTS`.
    late
        Learn from the labels alone that were known when the training days ended.

    Raises
    ------
    NotComputableError
        If there are too few accidents to learn from or to test with, or no companion that tells
        when labels are known.
    """
    labelled = accidents_of(data, target)
    seen = sights(data)
    train = seen.split.train
    known = labelled & known_in_time(data) if late else labelled
    _enough(known & train, target, "known accidents" if late else "accidents", "training")
    rows, weight = training_rows(known, train)
    columns = seen.columns(sight, rows)
    # A column without a value cannot be put into bins.
    columns = columns.loc[:, columns.notna().any()]
    model = HistGradientBoostingClassifier(**BOOSTING)
    with threadpool_limits(limits=1):
        model.fit(columns, known[rows], sample_weight=weight)
        return model.predict_proba(seen.columns(sight, ~train)[columns.columns])[:, 1]


def accidents_of(data: Dataset, target: str) -> Bool:
    """Tell which rows are accidents of a kind.

    Raises
    ------
    NotComputableError
        If there are too few in the training or in the test days.
    """
    labelled = targets(data)[ANY] if target == ANY else of_kind(data, target)
    train = sights(data).split.train
    _enough(labelled & train, target, "accidents", "training")
    _enough(labelled & ~train, target, "accidents", "test")
    return labelled


def _enough(rows: Bool, target: str, what: str, part: str) -> None:
    if (count := np.count_nonzero(rows)) < FEWEST_ACCIDENTS:
        raise NotComputableError(
            f"{count} {what} ({target}) in the {part} days; at least {FEWEST_ACCIDENTS} are needed"
        )


def known_in_time(data: Dataset) -> Bool:
    """Tell which labels were known when the training days ended: (rows,).

    Raises
    ------
    NotComputableError
        If there is no companion that tells it.
    """
    outcomes = data.aftermath
    end = data.first_day + pd.Timedelta(days=training_days(data))
    known = np.zeros(len(data.rows), np.bool_)
    known[outcomes["row"][(outcomes["label_known_at"] < end).to_numpy()]] = True
    return known


@lru_cache(maxsize=16)
def judged_rows(data: Dataset, target: str) -> Rows:
    """Give the rows that are judged: those of the last third of the days.

    Raises
    ------
    NotComputableError
        As `accidents_of`.
    """
    labelled, test = accidents_of(data, target), ~sights(data).split.train
    rows = data.rows[["day", "customer"]][test]
    first = np.count_nonzero(labelled & test & starts(data))
    try:
        stake = np.where(labelled, cents_at_stake(data), 0)[test]
    except NotComputableError:
        stake = None
    return Rows(
        truth=labelled[test],
        stake=stake,
        day=rows["day"].to_numpy(),
        customer=rows["customer"].to_numpy().astype(np.int64),
        customers=len(data.customer_ids),
        alerts_a_day=max(1, round(first / rows["day"].nunique())),
    )
