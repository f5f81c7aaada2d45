"""Labels: how many, of whom, when, how well they can be told from honest payments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.baselines import ANY, best_single_column, boosting
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.features import Groups
from accidental_transfers.evaluation.people import seen_before
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.evaluation.rhythm import fano
from accidental_transfers.model.accidents import ACCIDENTS, LABELS
from accidental_transfers.model.arrays import Bool, Int

FEWEST_CUSTOMERS = 20
FEWEST_WEEKS = 4
SAME_ACCIDENT = 300
"""Seconds within which a customer's rows of a label are one accident, if it may have several."""
REPEAT = 120
"""Seconds that a duplicate filter looks back."""


def accident_starts(data: Dataset) -> pd.DataFrame:
    """Give the first row of each accident: it counts once, however many its rows."""
    rows = data.rows[data.rows["labelled"].to_numpy()]
    for accident in ACCIDENTS:
        own = rows[rows[accident.name].to_numpy()]
        if accident.most_extra_rows and len(own):
            gap = Groups(own["second"].to_numpy(), own["customer"].to_numpy()).since_last()
            rows = rows.drop(index=own.index[gap <= SAME_ACCIDENT])
    return rows


def repeats(data: Dataset, seconds: int) -> Bool:
    """Tell which rows repeat customer, recipient and amount of one shortly before."""
    rows = data.rows
    gap = Groups(
        rows["second"].to_numpy(),
        rows["customer"].to_numpy(),
        rows["recipient"].cat.codes.to_numpy().astype(np.int64),
        rows["cents"].to_numpy(),
    ).since_last()
    return gap <= seconds


def _share(data: Dataset) -> float:
    return float(data.rows["labelled"].mean())


def _share_of_label(data: Dataset, label: str) -> float:
    return len(data.of_label(label, least=0)) / len(data.rows)


def _prone(data: Dataset) -> Reading:
    customers = int(data.rows["customer"].max()) + 1
    starts = accident_starts(data)
    counts = np.bincount(starts["customer"], minlength=customers)
    enough(counts, FEWEST_CUSTOMERS, "customers")
    enough(starts, 100, "accidents")
    rows = np.bincount(data.rows["customer"], data.rows["labelled"], customers)
    also = {label: _fano_of(starts[starts[label].to_numpy()], customers) for label in data.labels}
    return Reading(float(fano(counts)), {"counting rows": float(fano(rows)), **also})


def _fano_of(starts: pd.DataFrame, customers: int) -> float:
    return float(fano(np.bincount(starts["customer"], minlength=customers)))


def _weeks(data: Dataset) -> float:
    """Give the coefficient of variation of complete weeks' labelled shares."""
    weeks = data.days // 7
    if weeks < FEWEST_WEEKS:
        raise NotComputableError(f"{weeks} complete weeks; at least {FEWEST_WEEKS} are needed")
    week = data.rows["day"].to_numpy() // 7
    rows = np.maximum(np.bincount(week, minlength=weeks), 1)
    shares = (np.bincount(week, data.rows["labelled"], weeks) / rows)[:weeks]
    if not shares.any():
        raise NotComputableError("no labelled rows")
    return float(shares.std(ddof=1) / shares.mean())


def _honest_repeats(data: Dataset) -> float:
    burst = enough(data.of_label("burst"), 20, "rows labelled burst")
    repeat = repeats(data, REPEAT)
    labelled = np.count_nonzero(repeat[burst.index])
    if not labelled:
        raise NotComputableError("no labelled repeat of customer, recipient and amount")
    return np.count_nonzero(repeat[data.honest.index]) / labelled


def _honest_large(data: Dataset) -> Reading:
    high = data.of_label("high_amount")
    found = {}
    for type_ in high["type"].cat.categories:
        amounts = high["amount"][(high["type"] == type_).to_numpy()]
        if len(amounts):
            honest = data.honest["amount"][(data.honest["type"] == type_).to_numpy()]
            found[type_] = int((honest > amounts.quantile(0.1)).sum()), len(amounts)
    ratios = {type_: many / few for type_, (many, few) in found.items()}
    return Reading(sum(many for many, _ in found.values()) / len(high), ratios)


def _first_payments(data: Dataset) -> Reading:
    """Count first payments where payees are typed in: in entity types with mistyped rows."""
    mistyped = data.of_label("mistyped")
    new = data.honest[~seen_before(data.rows, "recipient")[data.honest.index]]
    typed = new["entity_type"].isin(mistyped["entity_type"].unique()).to_numpy()
    same_type = new["type"].isin(mistyped["type"].unique()).to_numpy()
    return Reading(
        float((typed & same_type).sum() / len(mistyped)),
        {"all entity types of these transaction types": float(same_type.sum() / len(mistyped))},
    )


def _best_raw(data: Dataset, label: str) -> Reading:
    return best_single_column(data, "raw", label)


def _best_history(data: Dataset, label: str) -> Reading:
    return best_single_column(data, "lookahead", label)


def _boosting_raw(data: Dataset) -> float:
    return boosting(data, "raw", ANY).average_precision


def _boosting_past(data: Dataset) -> float:
    return boosting(data, "history", ANY).average_precision


def _boosting_history(data: Dataset) -> float:
    return boosting(data, "lookahead", ANY).average_precision


def _gain(data: Dataset) -> Reading:
    return Reading(
        _boosting_history(data) - _boosting_raw(data),
        {"without the minutes after": _boosting_past(data) - _boosting_raw(data)},
    )


def _bursts_complete(data: Dataset) -> float:
    """Find for each row of a burst another one, or its original, within five minutes."""
    rows, burst = data.rows, data.of_label("burst")
    others = Groups(rows["second"].to_numpy(), rows["customer"].to_numpy(), *_keys(rows))
    twin = np.fmin(others.since_last(), others.until_next())[burst.index] <= SAME_ACCIDENT
    members = Groups(burst["second"].to_numpy(), burst["customer"].to_numpy())
    companion = np.fmin(members.since_last(), members.until_next()) <= SAME_ACCIDENT
    return float((twin | companion).mean())


def _keys(rows: pd.DataFrame) -> tuple[Int, Int]:
    recipient = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    return recipient, rows["cents"].to_numpy()


def _misdirected(data: Dataset) -> Bool:
    """Tell which rows are labelled as paid to somebody who was not meant."""
    labels = [accident.name for accident in ACCIDENTS if accident.misdirects]
    return data.rows[labels].any(axis=1).to_numpy()


def _intended_known(data: Dataset) -> float:
    rows = enough(data.rows[_misdirected(data)], 1, "rows labelled as paid to somebody else")
    different = rows["recipient"].cat.codes != rows["original"].cat.codes
    return float((different & rows["original"].notna()).mean())


def _others_as_intended(data: Dataset) -> float:
    rows = data.rows[~_misdirected(data)]
    return float((rows["recipient"].cat.codes == rows["original"].cat.codes).mean())


def _one_label(data: Dataset) -> float:
    return float((data.rows[list(LABELS)].sum(axis=1) <= 1).mean())


def _lookalikes(data: Dataset) -> Reading:
    """Count the companion's unlabelled rows; their kinds are the companion's own."""
    truth = data.truth
    honest = truth[~data.rows["labelled"].to_numpy()[truth["row"]]]
    accidents = len(enough(accident_starts(data), 1, "accidents"))
    kinds = honest["kind"].value_counts()
    also = {str(kind): float(count / accidents) for kind, count in kinds.items() if count}
    return Reading(len(honest) / accidents, also)


MEASURES: dict[str, Measure] = {
    "labelled_share": _share,
    "share_of_label": _share_of_label,
    "prone": _prone,
    "weekly": _weeks,
    "best_raw": _best_raw,
    "best_history": _best_history,
    "boosting_raw": _boosting_raw,
    "boosting_history": _boosting_history,
    "boosting_past": _boosting_past,
    "gain": _gain,
    "honest_repeats": _honest_repeats,
    "honest_large": _honest_large,
    "first_payments": _first_payments,
    "lookalikes": _lookalikes,
    "bursts_complete": _bursts_complete,
    "intended_known": _intended_known,
    "others_as_intended": _others_as_intended,
    "one_label": _one_label,
}
