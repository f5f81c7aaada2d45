"""Models that a user can compare with: trained on earlier days, tested on later ones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.features import (
    history_columns,
    lookahead_columns,
    raw_columns,
)
from accidental_transfers.evaluation.readings import Reading
from accidental_transfers.model.accidents import LABELS
from accidental_transfers.model.arrays import Bool, Float, Int

ALERTS_A_DAY = 100
MOST_HONEST_ROWS = 200_000
"""A model learns from all accidents and at most so many other rows, weighted to stand for all:
with all of a default dataset the average precision is less than 0.005 higher."""
FEWEST_ACCIDENTS = 20
"""Needed in the training days and again in the test days."""
ANY = "any"
BOOSTING: dict[str, Any] = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 15,
    "l2_regularization": 10.0,  # without it a few accidents are learnt by heart
    "early_stopping": False,
    "random_state": 0,
}
BINS = 1024


@dataclass(frozen=True)
class Split:
    """A dataset's columns for models, and which rows are for training."""

    raw: pd.DataFrame
    history: pd.DataFrame
    lookahead: pd.DataFrame
    train: Bool
    day: Int
    labels: dict[str, Bool]

    def columns(self, which: str) -> pd.DataFrame:
        """Give the columns of ``raw``, ``history`` (of the past) or ``lookahead`` (of both)."""
        parts = {
            "raw": [self.raw],
            "history": [self.raw, self.history],
            "lookahead": [self.raw, self.history, self.lookahead],
        }
        return pd.concat(parts[which], axis=1)

    def rows_of(self, label: str) -> Bool:
        """Tell which rows have a label, or ``any``.

        Raises
        ------
        NotComputableError
            If there are too few in the training or in the test days.
        """
        labelled = self.labels[label]
        for name, part in (("training", self.train), ("test", ~self.train)):
            if (count := np.count_nonzero(labelled & part)) < FEWEST_ACCIDENTS:
                raise NotComputableError(
                    f"{count} accidents ({label}) in the {name} days; "
                    f"at least {FEWEST_ACCIDENTS} are needed"
                )
        return labelled


def training_days(data: Dataset) -> int:
    """Give the number of days to learn from, two thirds: January and February of a default job."""
    return data.days * 2 // 3


@lru_cache(maxsize=1)
def split(data: Dataset) -> Split:
    """Make the columns, once for a dataset; the first two thirds of the days are for training."""
    day = data.rows["day"].to_numpy()
    train = day < training_days(data)
    labels = {label: data.rows[label].to_numpy() for label in LABELS}
    return Split(
        raw_columns(data, train),
        history_columns(data),
        lookahead_columns(data),
        train,
        day,
        {ANY: data.rows["labelled"].to_numpy(), **labels},
    )


@dataclass(frozen=True)
class Performance:
    """How a model ranks the test days' rows.

    Attributes
    ----------
    average_precision
        Area under precision over recall; a model that knows nothing has the labels' share.
    precision_of_alerts
        Labelled share of the 100 rows of a day that the model finds most suspicious.
    best_precision_of_alerts
        The same for a model that knows the labels: a day may have fewer than 100.
    share
        Labelled share of the test rows, which is a blind model's average precision.
    """

    average_precision: float
    precision_of_alerts: float
    best_precision_of_alerts: float
    share: float


@lru_cache(maxsize=32)
def boosting(data: Dataset, which: str, label: str) -> Performance:
    """Train gradient boosting on the first two thirds of the days and test it on the last.

    It takes one thread, and gives the same for any number of them.

    Raises
    ------
    NotComputableError
        If there are too few accidents to learn from or to test with.
    """
    parts = split(data)
    labelled = parts.rows_of(label)
    columns, test = parts.columns(which), ~parts.train
    rows, weight = training_rows(labelled, parts.train)
    # A column without a value cannot be put into bins.
    columns = columns.loc[:, columns.iloc[rows].notna().any()]
    model = HistGradientBoostingClassifier(**BOOSTING)
    # Processes that share a machine lose more by waiting for each other's threads than they win.
    with threadpool_limits(limits=1):
        model.fit(columns.iloc[rows], labelled[rows], sample_weight=weight)
        score = model.predict_proba(columns[test])[:, 1]
    truth, day = labelled[test], parts.day[test]
    return Performance(
        float(average_precision_score(truth, score)),
        precision_of_alerts(truth, score, day),
        precision_of_alerts(truth, truth.astype(np.float64), day),
        float(truth.mean()),
    )


def training_rows(label: Bool, train: Bool) -> tuple[Int, Float]:
    """Choose the rows to learn from, and how many each stands for."""
    accidents, others = np.flatnonzero(label & train), np.flatnonzero(~label & train)
    kept = others
    if len(others) > MOST_HONEST_ROWS:
        kept = np.random.default_rng(0).choice(others, MOST_HONEST_ROWS, replace=False)
    weight = np.repeat([1.0, len(others) / len(kept)], [len(accidents), len(kept)])
    return np.append(accidents, kept), weight


def precision_of_alerts(truth: Bool, score: Float, day: Int) -> float:
    """Give the labelled share of each day's `ALERTS_A_DAY` highest scores, mean over days."""
    order = np.lexsort((-score, day))
    starts = np.flatnonzero(np.append(True, np.diff(day[order]) > 0))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    alert = order[rank < ALERTS_A_DAY]
    alerts, hits = np.bincount(day[alert]), np.bincount(day[alert], truth[alert])
    return float(np.mean(hits[alerts > 0] / alerts[alerts > 0]))


def best_single_column(data: Dataset, which: str, label: str) -> Reading:
    """Give the best average precision that a depth-2 tree has with one column, and which.

    ``which`` is ``raw``, or ``lookahead`` for all columns that are not raw. Trained and
    tested as `boosting` is.

    Raises
    ------
    NotComputableError
        If there are too few accidents to learn from or to test with.
    """
    parts = split(data)
    parts.rows_of(label)
    columns = [parts.raw] if which == "raw" else [parts.history, parts.lookahead]
    scores = {name: _trees(data, name)[label] for part in columns for name in part}
    best = max(scores, key=scores.__getitem__)
    return Reading(scores[best], note=f"by {best}")


@lru_cache(maxsize=128)
def _trees(data: Dataset, name: str) -> dict[str, float]:
    """Give the average precision that a column has, for every label there is."""
    parts = split(data)
    part = next(part for part in (parts.raw, parts.history, parts.lookahead) if name in part)
    bins = binned(part[name].to_numpy(), parts.labels[ANY] & parts.train)
    return {
        label: tree_precision(bins, rows, parts.train)
        for label, rows in parts.labels.items()
        if (rows & parts.train).any() and (rows & ~parts.train).any()
    }


def tree_precision(bins: Int, label: Bool, train: Bool) -> float:
    """Fit a depth-2 tree to rows' bins and give its average precision on the other rows.

    Rows of a bin are one weighted row, which makes no difference but to the time it takes.
    """
    size = int(bins.max()) + 1
    cells = np.tile(np.arange(size), 2)[:, None]
    truth = np.repeat([False, True], size)

    def weights(part: Bool) -> Int:
        return np.bincount(bins[part] + size * label[part], minlength=2 * size)

    tree = DecisionTreeClassifier(max_depth=2, random_state=0)
    tree.fit(cells, truth, sample_weight=weights(train))
    score = tree.predict_proba(cells)[:, 1]
    return float(average_precision_score(truth, score, sample_weight=weights(~train)))


def binned(column: Float, accident: Bool) -> Int:
    """Number a column's values in ascending order, NaN first; neighbours share a bin if many.

    The edges are quantiles of all values and of the accidents' values.
    """
    known = ~np.isnan(column)
    edges = np.unique(column[known])
    if len(edges) > 4 * BINS:
        at = np.linspace(0, 1, BINS)
        few = (column[known], column[known & accident])
        edges = np.unique(np.concatenate([_quantiles(values, at) for values in few]))
    return np.where(known, np.searchsorted(edges, column, side="right"), 0)


def _quantiles(values: Float, at: Float) -> Float:
    return np.quantile(values, at, method="lower") if len(values) else values


LABELS_AND_COLUMNS = [(label, which) for label in (ANY, *LABELS) for which in ("raw", "lookahead")]


Baselines = dict[tuple[str, str], Performance]
"""What was reached, by the label and the set of columns."""


def baselines(data: Dataset) -> Baselines:
    """Give the performance for each label and set of columns that allows it."""
    found = {}
    for label, which in [*LABELS_AND_COLUMNS, (ANY, "history")]:
        # What has too few accidents is said in the scorecard.
        with suppress(NotComputableError):
            found[label, which] = boosting(data, which, label)
    return found
