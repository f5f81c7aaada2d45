"""Leaks: what must not give a label away, and how much it does.

The measure is the area under the ROC curve (AUC, 0.5 is none), in the direction that gives
more away. It compares an accident's rows with unlabelled ones of the same transaction type and
entity type, weighted as the accidents are: that a payment in person cannot be mistyped is known,
and no leak.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import KINDS, Dataset
from accidental_transfers.evaluation.readings import Measure, Reading

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Anything = npt.NDArray[np.generic]

LIMIT, LIMIT_OF_ONE_TYPE = 0.55, 0.65
FEWEST = 200
"""So many accidents make chance alone move an AUC by 0.02 (one standard deviation)."""
ONE_TYPE = 0.99
PRIOR_ROWS = 100


def area(accident: Float, honest: Float) -> float:
    """Give the chance that an accident's value is above an honest row's; ties count half.

    The Mann–Whitney statistic over both counts, which is the AUC.
    """
    honest = np.sort(honest)
    below = np.searchsorted(honest, accident, "left") + np.searchsorted(honest, accident, "right")
    return float(below.mean() / 2 / len(honest))


def area_within(values: Float, accident: Bool, honest: Bool, stratum: Int) -> float:
    """Give the mean AUC of the strata, weighted by their accidents."""
    areas, weights = [], []
    order = np.argsort(stratum, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        struck, others = values[rows[accident[rows]]], values[rows[honest[rows]]]
        if len(struck) and len(others):
            areas.append(area(struck, others))
            weights.append(len(struck))
    if not areas:
        return float("nan")
    return float(np.average(areas, weights=weights))


def accident_lift(category: Int, accident: Bool, half: Bool) -> Float:
    """Replace categories by how much likelier accidents are in them, in the other half of rows.

    So a pattern of any form can be found, and chance cannot pass for one.
    """
    size = int(category.max()) + 1
    lift = np.ones(len(category))
    for part in (half, ~half):
        mean = accident[~part].mean()
        if not mean:
            continue
        count = np.bincount(category[~part], minlength=size)
        hits = np.bincount(category[~part], accident[~part], size)
        lift[part] = ((hits / mean + PRIOR_ROWS) / (count + PRIOR_ROWS))[category[part]]
    return lift.round(9)  # what is equal but for its last bits is a tie


@lru_cache(maxsize=1)
def _strata(data: Dataset) -> Int:
    rows = data.rows
    entity = rows["entity_type"].cat.codes.to_numpy().astype(np.int64)
    return rows["type"].cat.codes.to_numpy() * (int(entity.max()) + 2) + entity + 1


@dataclass(frozen=True)
class Feature:
    """Something about a row that must not tell whether it is an accident.

    Attributes
    ----------
    values
        Its values for all rows: (rows,).
    patterned
        Judged by each value's own share of accidents, and not only by whether accidents have
        larger or smaller ones.
    """

    values: Callable[[pd.DataFrame], Anything]
    patterned: bool = False

    def scores(self, data: Dataset, accident: Bool) -> Float:
        """Give numbers that are the higher (or the lower), the likelier an accident is."""
        values = _values(self, data)
        if not self.patterned:
            return values.astype(np.float64)
        half = data.rows["customer"].to_numpy() % 2 == 0  # no customer is in both
        return accident_lift(pd.factorize(values, use_na_sentinel=False)[0], accident, half)


@lru_cache(maxsize=1)
def _values(feature: Feature, data: Dataset) -> Anything:
    return feature.values(data.rows)


def _position(rows: pd.DataFrame) -> Anything:
    return rows["file_row"].to_numpy()


def _id_rank(rows: pd.DataFrame) -> Int:
    ids = rows["id"].to_numpy().astype(np.str_)
    rank = np.empty(len(ids), np.int64)
    rank[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    return rank


def _id_pattern(rows: pd.DataFrame) -> Anything:
    """Give the prefix, the suffix and what else of an id is not a number."""
    return rows["id"].astype("object").str.replace(r"\d+", "9", regex=True).to_numpy()


def _id_length(rows: pd.DataFrame) -> Anything:
    return rows["id"].astype("object").str.len().fillna(0).to_numpy()


def _cents(rows: pd.DataFrame) -> Anything:
    return rows["cents"].to_numpy() % 100


def _seconds(rows: pd.DataFrame) -> Anything:
    return rows["second"].to_numpy() % 60


def _subseconds(rows: pd.DataFrame) -> Anything:
    return rows["subsecond"].to_numpy()


def _empty_fields(rows: pd.DataFrame) -> Anything:
    return rows["empty_fields"].to_numpy()


def _recipient_length(rows: pd.DataFrame) -> Anything:
    lengths = np.append(rows["recipient"].cat.categories.str.len().to_numpy(), 0)
    return lengths[rows["recipient"].cat.codes.to_numpy()]


FEATURES = {
    "position in the file": Feature(_position),
    "rank of the id": Feature(_id_rank),
    "pattern of the id": Feature(_id_pattern, patterned=True),
    "length of the id": Feature(_id_length),
    "cents": Feature(_cents, patterned=True),
    "seconds": Feature(_seconds, patterned=True),
    "fractions of a second": Feature(_subseconds),
    "empty fields": Feature(_empty_fields, patterned=True),
    "length of the recipient's name": Feature(_recipient_length),
}


def _leak(data: Dataset, feature: str) -> Reading:
    """Judge the kind of accident whose AUC is closest to, or farthest above, its limit."""
    honest = ~data.rows["labelled"].to_numpy()
    found: dict[str, tuple[float, float]] = {}
    also: dict[str, float] = {}
    for kind in KINDS:
        accident = data.rows[kind].to_numpy()
        if np.count_nonzero(accident) < FEWEST:
            continue
        values = FEATURES[feature].scores(data, accident)
        auc = _either_way(area_within(values, accident, honest, _strata(data)))
        found[kind] = auc, _limit(data.rows["type"][accident])
        also[f"{kind}, against all rows"] = _either_way(area(values[accident], values[honest]))
    if not found:
        raise NotComputableError(f"no kind of accident has {FEWEST} rows")
    worst = max(found, key=lambda kind: found[kind][0] - found[kind][1])
    also |= {kind: auc for kind, (auc, _) in found.items()}
    auc, limit = found[worst]
    return Reading(auc, also, limit, worst)


def _either_way(auc: float) -> float:
    return max(auc, 1 - auc)


def _limit(types: pd.Series) -> float:
    return LIMIT_OF_ONE_TYPE if types.value_counts(normalize=True).iloc[0] >= ONE_TYPE else LIMIT


MEASURES: dict[str, Measure] = {"leak": _leak}
