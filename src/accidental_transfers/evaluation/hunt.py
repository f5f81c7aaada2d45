"""The hunt for what gives accidents away without a model: rules that have a name.

A rule is out of its band where it is right in more than six of ten rows that it names, and names
more than a quarter of the accidents.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.features import Groups
from accidental_transfers.evaluation.kinds import kinds
from accidental_transfers.evaluation.multiples import multiples
from accidental_transfers.evaluation.payees import near_payees
from accidental_transfers.evaluation.readings import Measure, Reading
from accidental_transfers.model.arrays import Bool, Float, Int

RECALL = 0.25
"""Of the accidents that a rule must find more than, to be judged by its precision."""
FEWEST = 50
"""So many accidents make chance alone move a precision of .6 by .07 (one standard deviation)."""
MULTIPLE_FROM = 2.0
SECONDS = 30
SMALL_CENTS = 500


def best_precision(truth: Bool, score: Float) -> tuple[float, float]:
    """Give the best precision that some threshold has with enough recall, and that recall.

    Both are 0 where no threshold finds enough of the accidents. A score of minus infinity is
    below every threshold.
    """
    order = np.argsort(-score, kind="stable")
    order = order[: np.count_nonzero(score > -np.inf)]
    if not len(order):
        return 0.0, 0.0
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    hits = np.cumsum(truth[order])[ends]
    precision, recall = hits / (ends + 1), hits / (np.count_nonzero(truth) or 1)
    precision = np.where(recall > RECALL, precision, 0)
    best = int(precision.argmax())
    return (float(precision[best]), float(recall[best])) if precision[best] else (0.0, 0.0)


def _found(truth: Bool, wanted: Bool, score: Float) -> Reading:
    """Judge a rule: right where it names any of ``truth``, complete by those of ``wanted``."""
    precision, recall = best_precision(wanted, score)
    named = score > -np.inf
    also = {
        "recall": recall,
        "precision of all that it names": float(truth[named].mean()) if named.any() else 0.0,
        "recall of all that it names": float(named[wanted].mean()),
    }
    if named.any() and also["recall of all that it names"] > RECALL:
        precision = max(precision, also["precision of all that it names"])
    note = "" if precision else f"no threshold finds more than {RECALL:.0%} of them"
    return Reading(precision, also, note=note)


def _rows(data: Dataset, kind: str, label: str) -> Bool:
    """Tell which rows are of a kind, or have the label where there is no companion.

    Raises
    ------
    NotComputableError
        If there are too few.
    """
    found = kinds(data).get(kind if data.accidents is not None else label)
    count = 0 if found is None else np.count_nonzero(found)
    if found is None or count < FEWEST:
        raise NotComputableError(f"{count} rows of {kind}; at least {FEWEST} are needed")
    return found


def _clusters_of_multiples(data: Dataset) -> Reading:
    """Name payments of a customer that are nearly the same multiple of the usual maximum."""
    truth = _rows(data, "high_amount", "high_amount")
    multiple, customer = multiples(data), data.rows["customer"].to_numpy()
    large = np.flatnonzero(multiple >= MULTIPLE_FROM)
    order = large[np.lexsort((multiple[large], customer[large]))]
    apart = np.diff(np.log(multiple[order]))
    apart[np.diff(customer[order]) != 0] = np.inf
    score = np.full(len(multiple), -np.inf)
    score[order] = -np.fmin(np.append(np.inf, apart), np.append(apart, np.inf))
    return _found(truth, truth, score)


def _within_seconds(data: Dataset, pattern: str) -> Reading:
    """Name payments that have another one of a pattern within `SECONDS`."""
    kind, named = PATTERNS[pattern]
    wanted = _rows(data, kind, "burst")
    return _found(data.rows["burst"].to_numpy(), wanted, np.where(named(data), 0.0, -np.inf))


def _different_amounts(data: Dataset) -> Bool:
    rows = data.rows
    second, cents = rows["second"].to_numpy(), rows["cents"].to_numpy()
    group = Groups(
        second, rows["customer"].to_numpy(), rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    )
    after = (group.since_last() <= SECONDS) & (group.last(cents.astype(np.float64)) != cents)
    following = _next(rows, ["customer", "recipient"], cents)
    before = (group.until_next() <= SECONDS) & (following != cents)
    return after | before


def _next(rows: pd.DataFrame, keys: list[str], values: Int) -> Float:
    codes = [rows[key].cat.codes if key != "customer" else rows[key] for key in keys]
    return pd.Series(values).groupby([code.to_numpy() for code in codes]).shift(-1).to_numpy()


def _small_charges(data: Dataset) -> Bool:
    rows = data.rows
    small = np.flatnonzero(rows["cents"].to_numpy() <= SMALL_CENTS)
    near = np.zeros(len(rows), np.bool_)
    if len(small):
        group = Groups(rows["second"].to_numpy()[small], rows["customer"].to_numpy()[small])
        near[small] = np.fmin(group.since_last(), group.until_next()) <= SECONDS
    return near


PATTERNS = {
    "different amounts to one recipient": ("split", _different_amounts),
    "charges of up to 5 dollars": ("card_test", _small_charges),
}


def _paid_once_near(data: Dataset) -> Reading:
    """Name payments to payees who are paid once and have a number near another payee's."""
    truth = _rows(data, "mistyped", "mistyped")
    rows = data.rows
    customer = rows["customer"].to_numpy().astype(np.int64)
    near = near_payees(customer, rows["recipient"])
    distance = np.full(len(rows), np.inf)
    for side in (near.later, near.earlier):
        np.minimum.at(distance, side, near.distance)
    keys = [customer, rows["recipient"].cat.codes.to_numpy()]
    paid = pd.Series(1, index=range(len(rows))).groupby(keys).transform("size").to_numpy()
    return _found(truth, truth, np.where(paid == 1, -distance, -np.inf))


MEASURES: dict[str, Measure] = {
    "clusters_of_multiples": _clusters_of_multiples,
    "within_seconds": _within_seconds,
    "paid_once_near": _paid_once_near,
}
