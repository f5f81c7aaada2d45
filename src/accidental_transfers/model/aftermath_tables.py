"""What follows accidents as arrays: the facts of ``aftermath.json``, by kind and way.

A way is how it goes with payments of some kind and some transaction types.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any, get_args

import numpy as np

from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.arrays import Bool, Codes, Float, Int
from accidental_transfers.model.facts.aftermath_files import (
    AftermathFile,
    Answer,
    ByItself,
    KindEntry,
    Outcome,
    Stake,
    Way,
)
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.noticing import SECONDS_PER_HOUR, Delays
from accidental_transfers.model.tables import COARSE_SLOTS, LookupTable, choice_table

AT_STAKE: dict[Stake, tuple[int, int]] = {
    "nothing": (0, 0),
    "extra": (0, 1),
    "excess": (1, 1),
    "all": (1, 1),
}
"""Whether something of the first transaction can be lost, and of each extra one."""
OUTCOMES: tuple[str, ...] = (*get_args(Outcome), "not_reported", "never_noticed")
"""What may come of a payment, as the companion about outcomes names it."""
OUTCOME_MEANINGS = {
    "stands": "nothing was lost: the first transaction of a duplicate, the parts of a split "
    "payment",
    "refunded": "the card's issuer or the merchant paid back what was reported",
    "reversed": "the merchant or the bank undid it before anybody asked",
    "bounced": "nobody has the number: the payment came back by itself",
    "returned": "whoever received it sent it back",
    "recovered_in_part": "the bank got back a part of it",
    "refused": "nothing came back: the receiver kept it, or the bank found no error",
    "not_reported": "the customer noticed it, and let it be",
    "never_noticed": "the customer never noticed it",
}
"""What each of `OUTCOMES` means, for people."""
NOT_REPORTED, NEVER_NOTICED = len(OUTCOMES) - 2, len(OUTCOMES) - 1
BOUNCED, STANDS = OUTCOMES.index("bounced"), OUTCOMES.index("stands")


@dataclass(frozen=True)
class Rules:
    """The facts, by codes.

    Attributes
    ----------
    reasons
        The names of the reason codes.
    is_known
        (kinds,): whether the facts tell of it; of others nothing comes that is told.
    reason, honest
        (kinds,): position in ``reasons``; whether it is no accident.
    is_excess, at_stake
        (kinds,): whether only what is beyond what was meant can be lost; (kinds, 2): whether
        something of the first transaction can be lost, and of each extra one. All 0 or 1.
    way
        (kinds, entity types): positions among the ways.
    alone_share, alone_outcome, alone_days
        (ways,): how often something happens without a report, and what; draws one banking day
        less than it takes.
    reported
        Of ways: from noticing on.
    report_days, from_statement
        (ways,): days within which it is reported, from the statement or from the payment.
    answer
        Draws answers by ways.
    answer_outcome, least, most, answer_days
        (answers,): what it is; the limits of the part that comes back; as ``alone_days``.
    """

    reasons: tuple[str, ...]
    reason: Int
    is_excess: Int
    at_stake: Int
    is_known: Bool
    honest: Bool
    way: Int
    alone_share: Float
    alone_outcome: Int
    alone_days: LookupTable[np.integer]
    reported: Delays
    report_days: Int
    from_statement: Bool
    answer: LookupTable[np.integer]
    answer_outcome: Int
    least: Float
    most: Float
    answer_days: LookupTable[np.integer]


@cache
def rules() -> Rules:
    """Lay out the facts for the kinds that there are."""
    facts = reference().aftermath
    anything = next(iter(facts.kinds.values()))
    kinds = [facts.kinds.get(name, anything) for name in KIND_NAMES]
    ways = [way for kind in kinds for way in kind.ways]
    answers = [(way, answer) for way in ways for answer in way.answers]
    deadlines = [facts.deadlines[way.reported.deadline] for way in ways]
    reasons = tuple(facts.reasons)
    return Rules(
        reasons=reasons,
        reason=_ints(reasons.index(kind.reason) for kind in kinds),
        is_excess=_ints(kind.at_stake == "excess" for kind in kinds),
        at_stake=np.array([AT_STAKE[kind.at_stake] for kind in kinds]),
        is_known=np.array([name in facts.kinds for name in KIND_NAMES]),
        honest=np.array([kind.honest for kind in kinds]),
        way=_ways(kinds),
        alone_share=_floats(way.by_itself.share if way.by_itself else 0.0 for way in ways),
        alone_outcome=_ints(_alone_outcome(way.by_itself) for way in ways),
        alone_days=LookupTable(_alone_days(facts, way.by_itself) for way in ways),
        reported=Delays(
            share=_floats(way.reported.share for way in ways),
            median=_floats(way.reported.hours * SECONDS_PER_HOUR for way in ways),
            sigma=_floats(way.reported.sigma for way in ways),
        ),
        report_days=_ints(deadline.days for deadline in deadlines),
        from_statement=np.array([deadline.since == "statement" for deadline in deadlines]),
        answer=_answers(ways),
        answer_outcome=_ints(OUTCOMES.index(answer.outcome) for _, answer in answers),
        least=_floats(_part(answer, answer.least) for _, answer in answers),
        most=_floats(_part(answer, answer.most) for _, answer in answers),
        answer_days=LookupTable(_answer_days(facts, *each) for each in answers),
    )


def _ints(values: Iterable[int]) -> Int:
    return np.array(list(values), np.int64)


def _floats(values: Iterable[float]) -> Float:
    return np.array(list(values), np.float64)


def _ways(kinds: list[KindEntry]) -> Int:
    """Number the ways through all kinds, by entity type."""
    names, first = reference().type_names, 0
    table = np.empty((len(kinds), len(names)), np.int64)
    for row, kind in zip(table, kinds, strict=True):
        for position, way in enumerate(kind.ways, first):
            row[[names.index(name) for name in way.types]] = position
        first += len(kind.ways)
    return table[:, reference().type_of_entity]


def _alone_outcome(fact: ByItself | None) -> int:
    return OUTCOMES.index(fact.outcome) if fact else STANDS


def _alone_days(facts: AftermathFile, fact: ByItself | None) -> Codes:
    if fact is None:
        return choice_table([1.0], COARSE_SLOTS)
    return _days(fact.days, fact.sigma, facts.deadlines[fact.deadline].banking_days)


def _answer_days(facts: AftermathFile, way: Way, answer: Answer) -> Codes:
    return _days(answer.days, answer.sigma, facts.deadlines[way.deadline].banking_days)


def _days(median: float, sigma: float, most: int) -> Codes:
    """Spread 1 to ``most`` days, counted from 0, by a lognormal law without what comes later."""
    below: Callable[[float], float] = NormalDist(math.log(median), sigma).cdf
    edges = [0.0, *(below(math.log(day + 0.5)) for day in range(1, most + 1))]
    return choice_table(np.diff(edges), COARSE_SLOTS)


def _answers(ways: list[Way]) -> LookupTable[np.integer]:
    """Draw answers, numbered through all ways: a row of weights for each way."""
    every = sum(len(way.answers) for way in ways)
    rows: list[Any] = []
    first = 0
    for way in ways:
        weights = np.zeros(every)
        weights[first : first + len(way.answers)] = [answer.share for answer in way.answers]
        rows.append(choice_table(weights, COARSE_SLOTS))
        first += len(way.answers)
    return LookupTable(rows)


def _part(answer: Answer, given: float | None) -> float:
    """Give the part of what was at stake that comes back."""
    if given is not None:
        return given
    return 0.0 if answer.outcome in ("refused", "stands") else 1.0
