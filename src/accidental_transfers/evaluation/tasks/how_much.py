"""How much did they mean? One fixed rule, beside a choice among what one slip explains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.baselines import BOOSTING, FEWEST_ACCIDENTS
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.features import Groups
from accidental_transfers.evaluation.sights import sights
from accidental_transfers.evaluation.stakes import intended_cents
from accidental_transfers.evaluation.tasks.intervals import Figure, figure, share
from accidental_transfers.evaluation.tasks.slips import SLIPS, Slips, one_slip
from accidental_transfers.model.arrays import Bool, Float, Int

LABEL = "high_amount"
BLIND, BY_100, USUAL = "a blind guess", "rule: divide by 100", "rule: the nearest to what is usual"
CHOICE, ORACLE = "a learned choice", "who knows the answer"


@dataclass(frozen=True)
class Amount:
    """How often somebody finds the amount that was meant.

    Attributes
    ----------
    by
        Who answers.
    payments
        How many are asked about.
    right
        Share of all of them in which the answer is right to the cent; None if not computable.
    note
        Why it is not.
    """

    by: str
    payments: int
    right: Figure | None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Asked:
    """All high amounts with what one slip explains.

    Attributes
    ----------
    rows, paid, meant
        (payments,) their rows, and cents.
    slips
        The candidates.
    right
        (candidates,) whether it is what was meant.
    features
        What a model sees of each candidate.
    """

    rows: Int
    paid: Int
    meant: Int
    slips: Slips
    right: Bool
    features: pd.DataFrame


@lru_cache(maxsize=1)
def asked(data: Dataset) -> Asked:
    """Give the candidates of all high amounts.

    Raises
    ------
    NotComputableError
        If no companion tells what was meant, or there is no high amount.
    """
    rows, meant = intended_cents(data)
    high = data.rows[LABEL].to_numpy()[rows]
    rows, meant = rows[high], meant[high]
    if not len(rows):
        raise NotComputableError(f"no row labelled {LABEL}")
    paid = data.rows["cents"].to_numpy()[rows]
    slips = one_slip(paid)
    right = slips.cents == meant[slips.payment]
    return Asked(rows, paid, meant, slips, right, _features(data, rows[slips.payment], slips))


@lru_cache(maxsize=1)
def _usual(data: Dataset) -> dict[str, tuple[Float, Float]]:
    """Give mean and deviation of ln(amount) before each row: to the payee, of a kind, of a type."""
    rows = data.rows
    customer, second = rows["customer"].to_numpy(), rows["second"].to_numpy()
    keys = {
        name: rows[name].cat.codes.to_numpy().astype(np.int64)
        for name in ("recipient", "entity_type", "type")
    }
    log_amount = rows["log_amount"].to_numpy()
    return {
        name: Groups(second, customer, key).mean_and_sd(log_amount) for name, key in keys.items()
    }


def _features(data: Dataset, row: Int, slips: Slips) -> pd.DataFrame:
    """Compare what may have been meant with what the customer paid before."""
    log_cents = np.log(slips.cents / 100)
    columns: dict[str, Any] = {"slip": slips.slip, "log_amount": log_cents}
    for name, (mean, sd) in _usual(data).items():
        columns[f"over_mean_of_{name}"] = log_cents - mean[row]
        columns[f"z_of_{name}"] = (log_cents - mean[row]) / np.maximum(sd[row], 0.1)
    last = sights(data).column("amount_over_last_to_recipient")[row]
    columns["over_last_to_recipient"] = log_cents - (data.rows["log_amount"].to_numpy()[row] - last)
    columns["before"] = sights(data).column("before_same_recipient")[row]
    columns["cents"] = slips.cents % 100
    columns["type"] = data.rows["type"].cat.codes.to_numpy()[row]
    columns["entity_type"] = sights(data).column("entity_type")[row]
    columns["candidates"] = np.bincount(slips.payment)[slips.payment]
    return pd.DataFrame(columns, copy=False).astype(np.float32)


def chosen(found: Asked, score: Float) -> Bool:
    """Tell for which payments the candidate with the highest score is what was meant."""
    order = np.lexsort((-score, found.slips.payment))
    payment = found.slips.payment[order]
    first = order[np.append(True, np.diff(payment) > 0)[: len(payment)]]
    right = np.zeros(len(found.rows), np.bool_)
    right[found.slips.payment[first]] = found.right[first]
    return right


def nearest_to_usual(found: Asked) -> Float:
    """Score by how near a candidate is to the mean of the payee, or else of the entity type."""
    features = found.features
    apart = features["over_mean_of_recipient"].fillna(features["over_mean_of_entity_type"])
    return -np.abs(apart.fillna(features["over_mean_of_type"]).fillna(0).to_numpy(np.float64))


def learned(data: Dataset) -> Float:
    """Train a choice among the candidates on the training days and score all of them.

    Raises
    ------
    NotComputableError
        If there are too few high amounts that one slip explains.
    """
    found = asked(data)
    learn = sights(data).split.train[found.rows][found.slips.payment]
    for name, part in (("training", learn), ("test", ~learn)):
        if (count := np.count_nonzero(found.right & part)) < FEWEST_ACCIDENTS:
            raise NotComputableError(
                f"{count} high amounts that one slip explains in the {name} days; "
                f"at least {FEWEST_ACCIDENTS} are needed"
            )
    columns = found.features.loc[:, found.features[learn].notna().any()]
    model = HistGradientBoostingClassifier(**BOOSTING)
    with threadpool_limits(limits=1):
        model.fit(columns[learn], found.right[learn])
        return model.predict_proba(columns)[:, 1]


def how_much(data: Dataset) -> list[Amount]:
    """Judge every way to answer, on the high amounts of the test days.

    Raises
    ------
    NotComputableError
        As `asked`, or if there is no high amount in the test days.
    """
    found = asked(data)
    test = ~sights(data).split.train[found.rows]
    if not test.any():
        raise NotComputableError("no high amount in the test days")
    customer = data.rows["customer"].to_numpy().astype(np.int64)[found.rows][test]

    def answer(by: str, right: Bool) -> Amount:
        return Amount(by, int(test.sum()), share(right[test], customer, len(data.customer_ids)))

    among = np.bincount(found.slips.payment, minlength=len(found.rows))
    guess = float((explained(found) / np.maximum(among, 1))[test].mean())
    answers = [
        Amount(BLIND, int(test.sum()), figure(np.full(3, guess))),
        answer(BY_100, divided_by_100(found)),
        answer(USUAL, chosen(found, nearest_to_usual(found))),
    ]
    try:
        answers.append(answer(CHOICE, chosen(found, learned(data))))
    except NotComputableError as error:
        answers.append(Amount(CHOICE, int(test.sum()), None, str(error)))
    return [*answers, answer(ORACLE, explained(found))]


def explained(found: Asked) -> Bool:
    """Tell which payments one slip explains: (payments,)."""
    return np.bincount(found.slips.payment, found.right, len(found.rows)) > 0


def divided_by_100(found: Asked) -> Bool:
    """Tell for which payments a hundredth is what was meant."""
    return found.paid == 100 * found.meant


def shares_of_slips(found: Asked) -> dict[str, float]:
    """Give the share of all high amounts that each slip explains."""
    of_slip = np.bincount(found.slips.slip[found.right], minlength=len(SLIPS))
    return dict(zip(SLIPS, (of_slip / len(found.rows)).tolist(), strict=True))
