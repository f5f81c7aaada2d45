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
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.multiples import multiples
from accidental_transfers.evaluation.readings import Measure, Reading
from accidental_transfers.model.accidents import LABELS
from accidental_transfers.model.arrays import Bool, Float, Int

Anything = npt.NDArray[np.generic]

LIMIT, LIMIT_OF_ONE_TYPE, LIMIT_AMONG_LARGE = 0.55, 0.65, 0.60
LARGE_LABEL, LARGE_FROM = "high_amount", 2.0
"""Whole amounts are likelier among large ones, and after a slip of a hundred times: so high amounts
are compared with honest ones from so many times the usual maximum."""
FEWEST = 200
"""So many accidents make chance alone move an AUC by 0.02 (one standard deviation)."""
ONE_TYPE = 0.99
PRIOR_ROWS = 100
FIFTIETHS = 50


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
    needs
        Columns that a file must have.
    among_large
        High amounts are compared with large honest ones alone.
    """

    values: Callable[[pd.DataFrame], Anything]
    patterned: bool = False
    needs: tuple[str, ...] = ()
    among_large: bool = False

    def scores(self, data: Dataset, accident: Bool, honest: Bool) -> Float:
        """Give numbers that are the higher (or the lower), the likelier an accident is.

        They are 0 for rows that are neither an accident nor compared with one.
        """
        values = _values(self, data)
        if not self.patterned:
            return values.astype(np.float64)
        half = data.rows["customer"].to_numpy() % 2 == 0  # no customer is in both
        category = pd.factorize(values, use_na_sentinel=False)[0]
        compared, scores = accident | honest, np.zeros(len(values))
        scores[compared] = accident_lift(category[compared], accident[compared], half[compared])
        return scores


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
    "rank of the id": Feature(_id_rank, needs=("transaction_id",)),
    "pattern of the id": Feature(_id_pattern, patterned=True, needs=("transaction_id",)),
    "length of the id": Feature(_id_length, needs=("transaction_id",)),
    "cents": Feature(_cents, patterned=True, among_large=True),
    "seconds": Feature(_seconds, patterned=True),
    "fractions of a second": Feature(_subseconds),
    "empty fields": Feature(_empty_fields, patterned=True),
    "length of the recipient's name": Feature(_recipient_length, needs=("recipient_entity",)),
}
ANY_OTHER_COLUMN = "any other column"


def _searched_in_every_way(column: pd.Series) -> dict[str, Feature]:
    """Give everything about a column of text, whatever it means, that may tell of accidents.

    The value, empty or not; its pattern, in which all numbers are alike; its length; and where
    it is a number, its size and the fiftieth of all numbers that it is in.
    """
    codes = column.cat.codes.to_numpy().astype(np.int64)
    texts = pd.Series([*map(str, column.cat.categories), ""], dtype="str")  # an empty field's last
    numbers = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64)
    size = np.where(np.isfinite(numbers), numbers, -np.inf)[codes]
    parts = pd.Series(size).rank(pct=True).mul(FIFTIETHS).to_numpy().astype(np.int64)
    patterns = pd.factorize(texts.str.replace(r"\d+", "9", regex=True))[0][codes]
    lengths = texts.str.len().to_numpy()[codes]
    return {
        "value": Feature(lambda _: codes, patterned=True),
        "pattern": Feature(lambda _: patterns, patterned=True),
        "length": Feature(lambda _: lengths),
        "number": Feature(lambda _: size),
        "range of numbers": Feature(lambda _: parts, patterned=True),
    }


@dataclass(frozen=True)
class Found:
    """How much a feature gives a label away, within strata and against all rows."""

    label: str
    area: float
    limit: float
    against_all: float

    @property
    def excess(self) -> float:
        """How far it is above its limit."""
        return self.area - self.limit


def _search(data: Dataset, feature: Feature) -> list[Found]:
    """Search a feature for every label that has enough rows.

    Raises
    ------
    NotComputableError
        If none has.
    """
    data.needs(*feature.needs)
    unlabelled, found = ~data.rows["labelled"].to_numpy(), []
    for label in LABELS:
        accident, honest = data.rows[label].to_numpy(), unlabelled
        if np.count_nonzero(accident) < FEWEST:
            continue
        limit = _limit(data.rows["type"][accident])
        if feature.among_large and label == LARGE_LABEL:
            large = honest & (multiples(data) >= LARGE_FROM)
            if np.count_nonzero(large) >= FEWEST:
                honest, limit = large, max(limit, LIMIT_AMONG_LARGE)
        values = feature.scores(data, accident, honest)
        within = _either_way(area_within(values, accident, honest, _strata(data)))
        against_all = _either_way(area(values[accident], values[honest]))
        found.append(Found(label, within, limit, against_all))
    if not found:
        raise NotComputableError(f"no label has {FEWEST} rows")
    return found


def _leak(data: Dataset, feature: str) -> Reading:
    """Judge the label whose AUC is closest to, or farthest above, its limit."""
    if feature == ANY_OTHER_COLUMN:
        return _worst_column(data)
    found = _search(data, FEATURES[feature])
    worst = max(found, key=lambda each: each.excess)
    also = {f"{each.label}, against all rows": each.against_all for each in found}
    also |= {each.label: each.area for each in found}
    return Reading(worst.area, also, worst.limit, worst.label)


def _worst_column(data: Dataset) -> Reading:
    """Judge the column, of those without a line of their own, that gives most away."""
    if not len(data.others.columns):
        raise NotComputableError("there is no other column")
    worst = {
        str(name): max(
            (
                (each, way)
                for way, feature in _searched_in_every_way(column).items()
                for each in _search(data, feature)
            ),
            key=lambda found: found[0].excess,
        )
        for name, column in data.others.items()
    }
    name = max(worst, key=lambda each: worst[each][0].excess)
    found, way = worst[name]
    also = {column: each.area for column, (each, _) in worst.items()}
    return Reading(found.area, also, found.limit, f"{name}, by its {way}: {found.label}")


def _either_way(auc: float) -> float:
    return max(auc, 1 - auc)


def _limit(types: pd.Series) -> float:
    return LIMIT_OF_ONE_TYPE if types.value_counts(normalize=True).iloc[0] >= ONE_TYPE else LIMIT


MEASURES: dict[str, Measure] = {"leak": _leak}
