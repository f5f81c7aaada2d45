"""What follows an accident: who notices it, who reports it, what comes of it, and when.

An event, which is an accident or a look-alike with all its transactions, is noticed, reported
and answered once. Everything about it is drawn from the key of its first payment and the name of
its kind, and counted in days that know no period, so that it is the same whatever the period;
times may lie after its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from accidental_transfers.model.aftermath_tables import (
    BOUNCED,
    NEVER_NOTICED,
    NOT_REPORTED,
    STAKES,
    STANDS,
    Rules,
    rules,
)
from accidental_transfers.model.aftermath_times import (
    at_work,
    awake,
    month_end,
    on_the_clock,
)
from accidental_transfers.model.arrays import Cents, Codes, Float, Int, Keys, Lanes
from accidental_transfers.model.bank_days import banking_days_after
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.noticing import NAMES, NEVER, noticing
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import lane, lanes, named_by, unit
from accidental_transfers.model.truth import Truth

NOTHING, EXTRA, EXCESS = (STAKES.index(name) for name in ("nothing", "extra", "excess"))
LANES = 10

Aftermath = Literal["full", "none"]
"""Whether something follows accidents."""


@dataclass(frozen=True)
class Outcomes:
    """What came of payments; every array has one element per row that something came of.

    These are the rows of accidents, and of look-alikes those that were disputed.

    Attributes
    ----------
    row
        Position among the dataset's rows.
    reason
        Position in ``rules().reasons``.
    noticed, reported, known, resolved
        Seconds since the period's start, by the local clock, or `NEVER`: when the customer
        noticed it; told the bank, the app or the merchant; when these knew what it was; when it
        was over.
    outcome
        Position in `OUTCOMES`.
    recovered
        Cents that came back.
    follow_up
        Row of the payment to the payee who was meant, or `NEVER`.
    """

    row: Int
    reason: Int
    noticed: Int
    reported: Int
    known: Int
    outcome: Int
    resolved: Int
    recovered: Int
    follow_up: Int

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def none(cls) -> Outcomes:
        """Say that nothing came of anything."""
        return cls(*(np.empty(0, np.int64) for _ in cls.__dataclass_fields__))


@dataclass(frozen=True)
class _Cases:
    """The rows that something may have come of; every array is (rows,), ``drawn`` a row for each.

    Attributes
    ----------
    row, kind, way
        Positions among the dataset's rows, in `KIND_NAMES` and among the ways.
    second, begun
        When it was paid; when the first payment of its event was.
    noticed
        When the event was noticed, or `NEVER`.
    stake
        Cents that can be lost.
    follow_up
        Row of the payment to whom was meant, or `NEVER`.
    drawn
        (9, rows): random numbers.
    """

    row: Int
    kind: Int
    way: Int
    second: Int
    begun: Int
    noticed: Int
    stake: Int
    follow_up: Int
    drawn: Lanes


@dataclass(frozen=True)
class _Answers:
    """What came of reports: (rows,); where there was none, ``resolved`` is `NEVER`."""

    resolved: Int
    outcome: Int
    part: Float


def outcomes(payments: Payments, truth: Truth, customers: Customers, first_day: int) -> Outcomes:
    """Tell what came of the payments that the truth is about.

    Parameters
    ----------
    payments, truth
        Row by row, in ascending order of the truth's rows; of an event all of them.
    first_day
        Ordinal of the day that seconds count from.
    """
    first = truth.row.searchsorted(truth.group)
    key = named_by(payments.key[first], NAMES, truth.kind)
    ends = _ends(payments.second, first)
    told = _wondered_at(truth.kind, key)
    payments, begun = payments.some(told), payments.second[first[told]]
    cases = _cases(payments, truth.some(told), key[told], begun, ends[told], first_day)
    alone = _alone(cases, payments, customers, first_day)
    reported = _reported(cases, alone, first_day)
    answers = _answers(cases, reported, first_day)
    return _told(cases, alone, reported, answers)


def _ends(second: Int, first: Int) -> Int:
    """Give the time of the last payment of each row's event."""
    last = second.copy()
    np.maximum.at(last, first, second)
    return last[first]


def _wondered_at(kind: Int, key: Keys) -> Int:
    """Find the rows of which something is told: not the look-alikes that nobody wonders at."""
    facts = rules()
    wonders = unit(lane(key)) < noticing().share[kind]
    (rows,) = (facts.is_known[kind] & (wonders | ~facts.honest[kind])).nonzero()
    return rows


def _cases(
    payments: Payments, truth: Truth, key: Keys, begun: Int, ends: Int, first_day: int
) -> _Cases:
    """Say of payments what can be lost, and when that was noticed."""
    facts, kind = rules(), truth.kind
    drawn = np.ascontiguousarray(lanes(key, LANES))
    after = noticing().draw(kind, lane(key), drawn[0])
    noticed = np.maximum(begun + after, ends)
    noticed = on_the_clock(noticed, payments.city, first_day)
    return _Cases(
        row=truth.row,
        kind=kind,
        way=facts.way[kind, reference().type_of_entity[payments.entity]],
        second=payments.second,
        begun=begun,
        noticed=np.where(after == NEVER, NEVER, noticed),
        stake=_stake(payments.cents, truth, facts),
        follow_up=truth.follow_up,
        drawn=drawn[1:],
    )


def _stake(cents: Cents, truth: Truth, facts: Rules) -> Int:
    """Give the cents that can be lost."""
    stake = cents.astype(np.int64)
    at_stake = facts.stake[truth.kind]
    excess = np.flatnonzero(at_stake == EXCESS)
    stake[excess] = np.maximum(stake[excess] - truth.intended_cents[excess], 0)
    stake[(at_stake == NOTHING) | ((at_stake == EXTRA) & (truth.position == 1))] = 0
    return stake


def _alone(cases: _Cases, payments: Payments, customers: Customers, first_day: int) -> Int:
    """Say when money comes back though nobody asks for it, or `NEVER`: (rows,)."""
    facts, second = rules(), np.full(len(cases.row), NEVER)
    happens = unit(cases.drawn[0]) < facts.alone_share[cases.way]
    bouncing = np.flatnonzero(happens & (facts.alone_outcome[cases.way] == BOUNCED))
    if len(bouncing):
        number = payments.numbers_of(bouncing)
        happens[bouncing] = ~customers.population.exists(number)
    (rows,) = happens.nonzero()
    if not len(rows):
        return second
    days = facts.alone_days.draw(cases.way[rows], cases.drawn[1, rows])
    second[rows] = _at_the_bank(cases.second[rows], days, cases.drawn[2, rows], first_day)
    return second


def _at_the_bank(second: Int, days: Codes, within: Lanes, first_day: int) -> Int:
    """Give times so many and one more banking days after others."""
    later = banking_days_after(first_day + second // SECONDS_PER_DAY, days.astype(np.int64) + 1)
    return at_work(later - first_day, within)


def _reported(cases: _Cases, alone: Int, first_day: int) -> Int:
    """Say when it is reported, or `NEVER`: in time, and unless the money came back before."""
    facts, way = rules(), cases.way
    after = facts.reported.draw(way, cases.drawn[3], cases.drawn[4])
    second = awake(cases.noticed + after)
    paid = first_day + cases.begun // SECONDS_PER_DAY
    last_day = np.where(facts.from_statement[way], month_end(paid), paid) + facts.report_days[way]
    in_time = first_day + second // SECONDS_PER_DAY <= last_day
    wanting = (alone == NEVER) | (second < alone)
    told = (cases.noticed != NEVER) & (after != NEVER) & in_time & wanting
    return np.where(told, second, NEVER)


def _answers(cases: _Cases, reported: Int, first_day: int) -> _Answers:
    """Say what comes of reports, and when."""
    facts = rules()
    answer = facts.answer.draw(cases.way, cases.drawn[5])
    part = facts.least[answer] + (facts.most - facts.least)[answer] * unit(cases.drawn[8])
    resolved = np.full(len(reported), NEVER)
    rows = np.flatnonzero(reported != NEVER)
    days = facts.answer_days.draw(answer[rows], cases.drawn[6, rows])
    resolved[rows] = _at_the_bank(reported[rows], days, cases.drawn[7, rows], first_day)
    return _Answers(resolved, facts.answer_outcome[answer], part)


def _told(cases: _Cases, alone: Int, reported: Int, answers: _Answers) -> Outcomes:
    """Put everything together, without the look-alikes that nobody reported."""
    facts, is_reported = rules(), reported != NEVER
    alone_outcome = facts.alone_outcome[cases.way]
    bounced = (alone != NEVER) & (alone_outcome == BOUNCED)
    # Whoever asks for the money back is answered, but for what bounces whether one asks or not.
    is_alone = (alone != NEVER) & (bounced | ~is_reported)
    outcome = np.where(cases.noticed == NEVER, NEVER_NOTICED, NOT_REPORTED)
    outcome = np.where(is_reported, answers.outcome, outcome)
    outcome = np.where(is_alone, alone_outcome, outcome)
    outcome[cases.stake == 0] = STANDS
    resolved = np.where(is_alone, alone, answers.resolved)
    part = np.where(is_alone, 1.0, np.where(is_reported, answers.part, 0.0))
    told_by_it = bounced & ((cases.noticed == NEVER) | (cases.noticed > alone))
    honest = facts.honest[cases.kind]
    known = np.where(is_reported, reported, resolved)
    columns = {
        "row": cases.row,
        "reason": facts.reason[cases.kind],
        "noticed": np.where(told_by_it, alone, cases.noticed),
        "reported": reported,
        "known": np.where(honest, resolved, known),
        "outcome": outcome,
        "resolved": resolved,
        "recovered": (cases.stake * part).astype(np.int64),
        "follow_up": cases.follow_up,
    }
    kept = np.flatnonzero(~honest | (is_reported & (cases.stake > 0)))
    return Outcomes(**{name: values[kept] for name, values in columns.items()})
