"""Whom did they mean? The nearest number, beside a ranker that sees more of the same payees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.baselines import BOOSTING, FEWEST_ACCIDENTS
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.kinds import of_kind
from accidental_transfers.evaluation.sights import sights
from accidental_transfers.evaluation.tasks.candidates import Candidates, candidates
from accidental_transfers.evaluation.tasks.intervals import Figure, figure, share
from accidental_transfers.model.arrays import Bool, Float, Int

TOP = (1, 3)
BLIND, NEAREST, OFTEN = "a blind guess", "rule: the nearest number", "rule: who is paid most often"
RANKER, ORACLE = "a learned ranker", "who knows the answer"


@dataclass(frozen=True)
class Answer:
    """How often somebody finds whom the customer meant.

    Attributes
    ----------
    kind
        Of the accident.
    by
        Who answers.
    payments
        How many are asked about.
    top
        Share of all payments in which the intended payee is the first answer, and among the
        first three; None if not computable.
    note
        Why it is not.
    """

    kind: str
    by: str
    payments: int
    top: tuple[Figure, Figure] | None
    note: str = ""


@lru_cache(maxsize=4)
def asked(data: Dataset, kind: str) -> Candidates:
    """Give the candidates of all payments of a kind.

    Raises
    ------
    NotComputableError
        If there are none, or the file lacks a column.
    """
    data.needs("recipient_entity", "original_recipient_entity")
    return candidates(data, np.flatnonzero(of_kind(data, kind)))


def places(found: Candidates, score: Float) -> Int:
    """Give the place of the intended payee in each payment's order: 1 is first, 0 is unknown."""
    order = np.lexsort((found.features["rank_of_last"], -score, found.payment))
    payment = found.payment[order]
    begin = np.flatnonzero(np.append(True, np.diff(payment) > 0))[: len(payment)]
    rank = np.arange(len(order)) - np.repeat(begin, np.diff(np.append(begin, len(order)))) + 1
    place = np.zeros(len(found.payments), np.int64)
    meant = found.meant[order]
    place[payment[meant]] = rank[meant]
    return place


def nearest(found: Candidates) -> Float:
    """Score by the distance of the numbers."""
    return -found.features["distance"].to_numpy().astype(np.float64)


@lru_cache(maxsize=4)
def ranked(data: Dataset, kind: str) -> Float:
    """Train a ranker on the training days and score all candidates.

    Raises
    ------
    NotComputableError
        If there are too few payments to learn from or to test with.
    """
    found = asked(data, kind)
    train = sights(data).split.train[found.payments]
    learn = train[found.payment]
    for name, part in (("training", train), ("test", ~train)):
        solvable = np.zeros(len(train), np.bool_)
        solvable[found.payment[found.meant]] = True
        if (count := np.count_nonzero(solvable & part)) < FEWEST_ACCIDENTS:
            raise NotComputableError(
                f"{count} payments ({kind}) that were meant for a known payee in the {name} days; "
                f"at least {FEWEST_ACCIDENTS} are needed"
            )
    model = HistGradientBoostingClassifier(**BOOSTING)
    columns = found.features.loc[:, found.features[learn].notna().any()]
    with threadpool_limits(limits=1):
        model.fit(columns[learn], found.meant[learn])
        return model.predict_proba(columns)[:, 1]


def whom(data: Dataset, kind: str) -> list[Answer]:
    """Judge every way to answer, on the payments of the test days.

    Raises
    ------
    NotComputableError
        As `asked`, or if there are none in the test days.
    """
    found = asked(data, kind)
    test = ~sights(data).split.train[found.payments]
    if not test.any():
        raise NotComputableError(f"no payment ({kind}) in the test days")
    customer = data.rows["customer"].to_numpy().astype(np.int64)[found.payments][test]
    customers = len(data.customer_ids)

    def answer(by: str, place: Int) -> Answer:
        hit = [(place[test] > 0) & (place[test] <= most) for most in TOP]
        top = tuple(share(each, customer, customers) for each in hit)
        return Answer(kind, by, int(test.sum()), (top[0], top[1]))

    known = places(found, found.meant.astype(np.float64))
    try:
        ranker = answer(RANKER, places(found, ranked(data, kind)))
    except NotComputableError as error:
        ranker = Answer(kind, RANKER, int(test.sum()), None, str(error))
    return [
        Answer(kind, BLIND, int(test.sum()), _blind(found, known > 0, test)),
        answer(NEAREST, places(found, nearest(found))),
        answer(OFTEN, places(found, found.features["before"].to_numpy().astype(np.float64))),
        ranker,
        answer(ORACLE, known),
    ]


def _blind(found: Candidates, known: Bool, test: Bool) -> tuple[Figure, Figure]:
    """Give how often a guess among the candidates is right: what is to be expected."""
    among = np.maximum(np.bincount(found.payment, minlength=len(found.payments)), 1)
    one, three = (float((known * np.minimum(most / among, 1))[test].mean()) for most in TOP)
    return figure(np.full(3, one)), figure(np.full(3, three))


def nearest_share(data: Dataset, kind: str) -> float:
    """Give the share of all payments of a kind in which the nearest number is the intended one.

    Raises
    ------
    NotComputableError
        As `asked`.
    """
    found = asked(data, kind)
    return float((places(found, nearest(found)) == 1).mean())


def gain_of_ranker(data: Dataset, kind: str) -> float:
    """Give how much more often the ranker's first answer is right than the nearest number's.

    Raises
    ------
    NotComputableError
        As `whom` and `ranked`.
    """
    found = {answer.by: answer for answer in whom(data, kind)}
    ranker, rule = found[RANKER], found[NEAREST]
    if ranker.top is None or rule.top is None:
        raise NotComputableError(ranker.note)
    return ranker.top[0].value - rule.top[0].value
