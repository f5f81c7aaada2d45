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
    STANDS,
    rules,
)
from accidental_transfers.model.aftermath_times import (
    at_work,
    awake,
    month_end,
    on_the_clock,
)
from accidental_transfers.model.arrays import Codes, Int, Keys, Lanes
from accidental_transfers.model.bank_days import banking_days_after
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.noticing import NAMES, NEVER, noticing
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import lane, lanes, named_by, unit
from accidental_transfers.model.truth import Truth

LANES = 10

Aftermath = Literal["full", "none"]
"""Whether something follows accidents."""


@dataclass
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


@dataclass
class _Cases:
    """The rows that something may have come of; every array is (rows,), ``drawn`` a row for each.

    Attributes
    ----------
    place
        Position among the payments that the truth is about.
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

    place: Int
    row: Int
    kind: Int
    way: Int
    second: Int
    begun: Int
    noticed: Int
    stake: Int
    follow_up: Int
    drawn: Lanes


@dataclass
class _Ends:
    """How it ended for some of the cases; every array is (those cases,).

    ``row`` is their positions among the cases; for the rest see `Outcomes`.
    """

    row: Int
    outcome: Int
    resolved: Int
    recovered: Int


def outcomes(payments: Payments, truth: Truth, customers: Customers, first_day: int) -> Outcomes:
    """Tell what came of the payments that the truth is about.

    Parameters
    ----------
    payments, truth
        Row by row, in ascending order of the truth's rows; of an event all of them.
    first_day
        Ordinal of the day that seconds count from.
    """
    first, ends = _events(payments.second, truth)
    key = named_by(payments.key[first], NAMES, truth.kind)
    told = _wondered_at(truth.kind, key)
    begun = payments.second[first[told]]
    cases = _cases(payments, truth, told, key[told], begun, ends[told], first_day)
    alone = _alone(cases, payments, customers, first_day)
    reported = _reported(cases, alone, first_day)
    answers = _answers(cases, reported, first_day)
    return _told(cases, reported, answers, _by_itself(cases, alone, reported))


def _events(second: Int, truth: Truth) -> tuple[Int, Int]:
    """Give the place of the first payment of each row's event, and the time of the last."""
    first, last = np.arange(len(truth)), second.copy()
    (later,) = (truth.position > 1).nonzero()
    first[later] = truth.row.searchsorted(truth.group[later])
    np.maximum.at(last, first[later], second[later])
    return first, last[first]


def _wondered_at(kind: Int, key: Keys) -> Int:
    """Find the rows of which something is told: not the look-alikes that nobody wonders at."""
    facts = rules()
    wonders = unit(lane(key)) < noticing().share[kind]
    (rows,) = (facts.is_known[kind] & (wonders | ~facts.honest[kind])).nonzero()
    return rows


def _cases(
    payments: Payments, truth: Truth, told: Int, key: Keys, begun: Int, ends: Int, first_day: int
) -> _Cases:
    """Say of the payments that are told of what can be lost, and when that was noticed."""
    kind = truth.kind[told]
    drawn = np.ascontiguousarray(lanes(key, LANES))
    after = noticing().draw(kind, lane(key), drawn[0])
    noticed = on_the_clock(np.maximum(begun + after, ends), payments.city[told], first_day)
    return _Cases(
        place=told,
        row=truth.row[told],
        kind=kind,
        way=rules().way[kind, payments.entity[told]],
        second=payments.second[told],
        begun=begun,
        noticed=np.where(after == NEVER, NEVER, noticed),
        stake=_stake(payments, truth, told),
        follow_up=truth.follow_up[told],
        drawn=drawn[1:],
    )


def _stake(payments: Payments, truth: Truth, told: Int) -> Int:
    """Give the cents that can be lost."""
    facts, kind = rules(), truth.kind[told]
    beyond = payments.cents[told] - truth.intended_cents[told] * facts.is_excess[kind]
    is_extra = (truth.position[told] > 1).astype(np.int64)
    return np.maximum(beyond, 0) * facts.at_stake[kind, is_extra]


def _alone(cases: _Cases, payments: Payments, customers: Customers, first_day: int) -> Int:
    """Say when money comes back though nobody asks for it, or `NEVER`: (rows,)."""
    facts, second = rules(), np.full(len(cases.row), NEVER)
    happens = unit(cases.drawn[0]) < facts.alone_share[cases.way]
    bouncing = np.flatnonzero(happens & (facts.alone_outcome[cases.way] == BOUNCED))
    if len(bouncing):
        number = payments.numbers_of(cases.place[bouncing])
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


def _answers(cases: _Cases, reported: Int, first_day: int) -> _Ends:
    """Say what comes of reports."""
    facts, (rows,) = rules(), (reported != NEVER).nonzero()
    drawn = cases.drawn[:, rows]
    answer = facts.answer.draw(cases.way[rows], drawn[5])
    days = facts.answer_days.draw(answer, drawn[6])
    part = facts.least[answer] + (facts.most - facts.least)[answer] * unit(drawn[8])
    return _Ends(
        row=rows,
        outcome=facts.answer_outcome[answer],
        resolved=_at_the_bank(reported[rows], days, drawn[7], first_day),
        recovered=(cases.stake[rows] * part).astype(np.int64),
    )


def _by_itself(cases: _Cases, alone: Int, reported: Int) -> _Ends:
    """Say what comes back though nobody asked for it, or before anybody was answered."""
    (rows,) = (alone != NEVER).nonzero()
    outcome = rules().alone_outcome[cases.way[rows]]
    # Whoever asks for the money back is answered, but for what bounces whether one asks or not.
    counts = (outcome == BOUNCED) | (reported[rows] == NEVER)
    rows, outcome = rows[counts], outcome[counts]
    return _Ends(rows, outcome, resolved=alone[rows], recovered=cases.stake[rows])


def _told(cases: _Cases, reported: Int, answers: _Ends, by_itself: _Ends) -> Outcomes:
    """Put everything together, without the look-alikes that nobody reported."""
    facts, noticed = rules(), cases.noticed.copy()
    honest, is_reported = facts.honest[cases.kind], reported != NEVER
    outcome = np.where(noticed == NEVER, NEVER_NOTICED, NOT_REPORTED)
    resolved, recovered = np.full(len(noticed), NEVER), np.zeros(len(noticed), np.int64)
    for ends in (answers, by_itself):
        outcome[ends.row] = ends.outcome
        resolved[ends.row] = ends.resolved
        recovered[ends.row] = ends.recovered
    outcome[cases.stake == 0] = STANDS
    (bounced,) = (by_itself.outcome == BOUNCED).nonzero()
    row, at = by_itself.row[bounced], by_itself.resolved[bounced]
    # Who had not noticed is told by it.
    noticed[row] = np.where(noticed[row] == NEVER, at, np.minimum(noticed[row], at))
    known = np.where(is_reported & ~honest, reported, resolved)
    columns = (
        cases.row,
        facts.reason[cases.kind],
        noticed,
        reported,
        known,
        outcome,
        resolved,
        recovered,
        cases.follow_up,
    )
    kept = np.flatnonzero(~honest | (is_reported & (cases.stake > 0)))
    return Outcomes(*np.array(columns)[:, kept])
