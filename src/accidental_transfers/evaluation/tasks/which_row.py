"""Which row is an accident? Models, one-line rules, a blind guess, and who knows the answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from sklearn.metrics import average_precision_score

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.sights import DAY, MINUTES, PAST, SIGHTS, sights
from accidental_transfers.evaluation.tasks.alerts import (
    COST_OF_AN_ALERT,
    Judged,
    Rows,
    dollars_stopped,
    judged,
    saved,
)
from accidental_transfers.evaluation.tasks.intervals import Figure, ratio
from accidental_transfers.evaluation.tasks.models import (
    judged_rows,
    scores,
    targets,
    widest_sight,
)
from accidental_transfers.evaluation.tasks.rules import (
    IN_RANGE,
    LARGEST,
    MULTIPLE,
    NEWEST,
    RULES,
    rule_scores,
)
from accidental_transfers.model.arrays import Float

HIGH_AMOUNT = "high_amount"
LATE = "labels known late"
BLIND, ORACLE = "a blind guess", "who knows the answer"


@dataclass(frozen=True)
class Finder:
    """A line of the table: what looks for accidents, and how well.

    Attributes
    ----------
    target
        The kind of accident.
    by
        What orders the rows: a sight of the model, a rule, or one of `BLIND` and `ORACLE`.
    alerts_a_day
        As many as there are accidents a day.
    found
        How it does; None if that is not computable.
    note
        Why it is not.
    """

    target: str
    by: str
    alerts_a_day: int
    found: Judged | None
    note: str = ""


def which_row(data: Dataset) -> Iterator[Finder]:
    """Judge for every kind of accident what orders the rows of the test days."""
    for target in targets(data):
        try:
            rows = judged_rows(data, target)
        except NotComputableError as error:
            yield Finder(target, "", 0, None, str(error))
            continue
        alerts = rows.alerts_a_day
        yield Finder(target, BLIND, alerts, blind(rows))
        name = best_rule(data, target, widest_sight(target))
        score = rule_scores(data, sights(data), name)[~sights(data).split.train]
        yield Finder(target, f"rule: {name}", alerts, judged(rows, score))
        for by, sight, late in _models(target):
            try:
                found = judged_model(data, target, sight, late)
                yield Finder(target, by, alerts, found)
            except NotComputableError as error:
                yield Finder(target, by, alerts, None, str(error))
        yield Finder(target, ORACLE, alerts, knowing(rows))


def _models(target: str) -> Iterator[tuple[str, str, bool]]:
    yield PAST, PAST, False
    yield MINUTES, MINUTES, False
    widest = widest_sight(target)
    if widest == DAY:
        yield DAY, DAY, False
    yield f"{widest}, {LATE}", widest, True


def judged_model(data: Dataset, target: str, sight: str, late: bool = False) -> Judged:
    """Judge a model; its alerts save the most by probability times amount.

    Raises
    ------
    NotComputableError
        As `scores`.
    """
    score = scores(data, target, sight, late)
    return judged(judged_rows(data, target), score, _at_risk(data, score))


def _at_risk(data: Dataset, score: Float) -> Float:
    return score * data.rows["amount"].to_numpy()[~sights(data).split.train]


def blind(rows: Rows) -> Judged:
    """Judge somebody who picks rows at random: what is to be expected."""
    share = float(rows.truth.mean())
    dollars = None
    if rows.stake is not None:
        mean = float(rows.stake.mean()) / 100
        dollars = _exactly((mean - COST_OF_AN_ALERT) * rows.alerts_a_day)
    return Judged(_exactly(share), _exactly(share), dollars)


def _exactly(value: float) -> Figure:
    return Figure(value, value, value)


def knowing(rows: Rows) -> Judged:
    """Judge somebody who knows the answer, and leaves out alerts that cost more than they save."""
    found = judged(rows, rows.truth.astype(np.float64))
    if rows.stake is None:
        return found
    dollars = saved(rows, rows.stake / 100, least=COST_OF_AN_ALERT)
    return replace(found, saved=dollars)


def rule_precisions(data: Dataset) -> dict[str, dict[str, float]]:
    """Give the average precision of every rule on the test days, for every kind that allows it."""
    seen = sights(data)
    test = ~seen.split.train
    computable = {}
    for target in targets(data):
        with suppress(NotComputableError):  # the table of rows says why
            computable[target] = judged_rows(data, target).truth
    found = {}
    for name in RULES:
        score = rule_scores(data, seen, name)[test]
        found[name] = {
            target: float(average_precision_score(truth, score))
            for target, truth in computable.items()
        }
    return found


def best_rule(data: Dataset, target: str, sight: str) -> str:
    """Name the rule with the best average precision on the training days."""
    seen = sights(data)
    train = seen.split.train
    truth = targets(data)[target][train]
    found = {
        name: float(average_precision_score(truth, rule_scores(data, seen, name)[train]))
        for name, rule in RULES.items()
        if SIGHTS.index(rule.sight) <= SIGHTS.index(sight)
    }
    return max(found, key=found.__getitem__)


@lru_cache(maxsize=1)
def share_of_best_dollars(data: Dataset) -> dict[str, Figure]:
    """Give the dollars that rules for high amounts save, as share of what the best model saves.

    With as many alerts a day as there are high amounts. The best model is the one that saves
    most of those with the past only and with five minutes more, by probability or by
    probability times amount.

    Raises
    ------
    NotComputableError
        If there are too few high amounts, or no companion tells what was meant.
    """
    rows = judged_rows(data, HIGH_AMOUNT)
    if rows.stake is None:
        raise NotComputableError("needs the companion .accidents.csv with intended amounts")
    orders = []
    for sight in (PAST, MINUTES):
        score = scores(data, HIGH_AMOUNT, sight)
        orders += [score, _at_risk(data, score)]
    best = max((dollars_stopped(rows, order) for order in orders), key=lambda each: each[0])
    test = ~sights(data).split.train
    return {
        name: ratio(dollars_stopped(rows, rule_scores(data, sights(data), name)[test]), best)
        for name in (LARGEST, MULTIPLE, NEWEST, IN_RANGE)
    }
