"""The hunt for two conditions, on any two columns, that give accidents away.

Two searches are made on the training days and judged on the test days: all pairs of conditions are
tried out, and trees of depth two are grown, which choose one condition after the other and may
put a different second one on either side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.hunt import FEWEST, RECALL, best_precision
from accidental_transfers.evaluation.kinds import kinds
from accidental_transfers.evaluation.readings import Measure, Reading
from accidental_transfers.evaluation.sights import DAY, sights
from accidental_transfers.model.arrays import Bool, Float, Int

MARGIN = 0.03
"""Conditions are chosen by a little more recall than they are judged by: days differ."""
HONEST_ROWS = 60_000
"""They are chosen by all accidents and at most so many other rows, which stand for all."""
ACCIDENTS_PER_HONEST = (0.01, 0.1, 1.0)
"""How much all accidents weigh, beside the honest rows, in each of the trees that are grown."""
EDGES = 16
"""Thresholds for each column: so many quantiles of the accidents' values and of the others'."""


@dataclass(frozen=True)
class Condition:
    """That a column is above an edge, or is not; what is unknown is below everything."""

    column: str
    edge: float
    above: bool

    def holds(self, columns: pd.DataFrame) -> Bool:
        """Tell for which rows it holds."""
        above = columns[self.column].fillna(-np.inf).to_numpy() > self.edge
        return above if self.above else ~above

    def __str__(self) -> str:
        return f"{self.column} {'>' if self.above else '≤'} {self.edge:.4g}"


@dataclass(frozen=True)
class Best:
    """Two conditions, and the precision that they have on the rows they were chosen by."""

    precision: float
    conditions: tuple[Condition, Condition]


def best_two_conditions(
    columns: pd.DataFrame, accident: Bool, weight: float, recall: float
) -> Best | None:
    """Find the two conditions of the highest precision that name enough of the accidents.

    Parameters
    ----------
    columns, accident
        The rows to choose by.
    weight
        How many rows each row that is no accident stands for.
    recall
        The share of accidents of which they must name more.
    """
    edges = [_edges(columns[name].to_numpy(np.float64), accident) for name in columns]
    codes = [
        np.searchsorted(edge, columns[name].fillna(-np.inf).to_numpy(np.float64))
        for edge, name in zip(edges, columns, strict=True)
    ]
    least = recall * np.count_nonzero(accident)
    best: Best | None = None
    for one, two in combinations_with_replacement(range(len(codes)), 2):
        sizes = len(edges[one]) + 1, len(edges[two]) + 1
        if 1 in sizes:
            continue
        cell = codes[one] * sizes[1] + codes[two]
        hits, others = (_cumulated(cell[rows], sizes) for rows in (accident, ~accident))
        pairs = zip(_quadrants(hits), _quadrants(others), strict=True)
        for quadrant, (named, wrong) in enumerate(pairs):
            precision = np.where(named > least, named / np.maximum(named + weight * wrong, 1), 0)
            place = int(precision.argmax())
            found = float(precision.flat[place])
            if found > (best.precision if best else 0):
                at = np.unravel_index(place, precision.shape)
                best = Best(
                    found,
                    (
                        Condition(str(columns.columns[one]), edges[one][at[0]], quadrant >= 2),
                        Condition(str(columns.columns[two]), edges[two][at[1]], quadrant % 2 == 1),
                    ),
                )
    return best


def _edges(column: Float, accident: Bool) -> Float:
    """Give the thresholds, in ascending order; minus infinity parts what is unknown."""
    at = np.linspace(0, 1, EDGES + 2)[1:-1]
    known = ~np.isnan(column)
    parts = [column[known & rows] for rows in (accident, ~accident)]
    found = [np.quantile(part, at, method="lower") for part in parts if len(part)]
    unknown = [] if known.all() else [np.array([-np.inf])]
    return np.unique(np.concatenate([*unknown, *found])) if found else np.empty(0)


def _cumulated(cell: Int, sizes: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Count the rows that are at most at each of two edges: the last ones are without limit."""
    counts = np.bincount(cell, minlength=sizes[0] * sizes[1]).reshape(sizes)
    return counts.cumsum(axis=0).cumsum(axis=1)


def _quadrants(within: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Give the rows of the four sides of each two edges: ≤ ≤, ≤ >, > ≤ and > >."""
    inner, right, below = within[:-1, :-1], within[:-1, -1:], within[-1:, :-1]
    yield inner
    yield right - inner
    yield below - inner
    yield within[-1, -1] - right - below + inner


def _two_conditions(data: Dataset, kind: str) -> Reading:
    """Judge the better of both searches, by its precision with enough recall.

    Raises
    ------
    NotComputableError
        If there are too few accidents of the kind.
    """
    truth, train = _enough(data, kind)
    chance = np.random.default_rng(0)
    honest = np.flatnonzero(~truth & train)
    sample = honest
    if len(honest) > HONEST_ROWS:
        sample = chance.choice(honest, HONEST_ROWS, replace=False)
    rows, weight = np.append(np.flatnonzero(truth & train), sample), len(honest) / len(sample)
    columns, later = sights(data).columns(DAY, rows), sights(data).columns(DAY, ~train)
    best = best_two_conditions(columns, truth[rows], weight, RECALL + MARGIN)
    pair, note = (0.0, 0.0), ""
    if best:
        one, two = best.conditions
        named = one.holds(later) & two.holds(later)
        pair, note = best_precision(truth[~train], np.where(named, 0.0, -np.inf)), f"{one}, {two}"
    tree = best_precision(truth[~train], _tree_score(columns, truth[rows], weight, later))
    precision, recall = max(pair, tree)
    return Reading(
        precision, {"recall": recall, "tree": tree[0], "pair of conditions": pair[0]}, note=note
    )


def _enough(data: Dataset, kind: str) -> tuple[Bool, Bool]:
    truth, train = kinds(data).get(kind), sights(data).split.train
    for name, part in (("training", train), ("test", ~train)):
        count = 0 if truth is None else np.count_nonzero(truth & part)
        if truth is None or count < FEWEST:
            raise NotComputableError(
                f"{count} rows of {kind} in the {name} days; at least {FEWEST} are needed"
            )
    assert truth is not None
    return truth, train


def _tree_score(columns: pd.DataFrame, accident: Bool, weight: float, later: pd.DataFrame) -> Float:
    """Score later rows by the tree that does best on those it was grown from."""
    # What is unknown is below everything: a tree then needs no third condition for it.
    known, honest = columns.fillna(-1e9), np.count_nonzero(~accident)
    grown = []
    for share in ACCIDENTS_PER_HONEST:
        heavier = np.where(accident, share * honest / (np.count_nonzero(accident) or 1), 1.0)
        tree = DecisionTreeClassifier(max_depth=2, min_samples_leaf=5, random_state=0)
        tree.fit(known, accident, sample_weight=heavier)
        score = tree.predict_proba(known)[:, 1]
        grown.append((_sampled_precision(accident, score, weight), tree))
    _, best = max(grown, key=lambda each: each[0])
    return best.predict_proba(later.fillna(-1e9))[:, 1]


def _sampled_precision(accident: Bool, score: Float, weight: float) -> float:
    """Give the best precision with enough recall, where honest rows stand for several."""
    best = 0.0
    for threshold in np.unique(score):
        named = score >= threshold
        hits = np.count_nonzero(accident & named)
        if hits > (RECALL + MARGIN) * np.count_nonzero(accident):
            best = max(best, hits / (hits + weight * np.count_nonzero(named & ~accident)))
    return best


MEASURES: dict[str, Measure] = {"two_conditions": _two_conditions}
