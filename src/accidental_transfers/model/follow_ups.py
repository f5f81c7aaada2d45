"""What customers pay because a payment went to somebody who was not meant.

Who notices sends the same again, to who was meant. Who saved a wrong number picks it again until
then. What follows the first payment to a new payee may come days later: it depends on that payment
alone. What follows any other payment stays on its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from accidental_transfers.model.accidents import (
    ACCIDENTS,
    SENT_AGAIN,
    accidents_among,
    first_kind,
    kind_code,
    misdirecting,
)
from accidental_transfers.model.aftermath_times import awake
from accidental_transfers.model.arrays import Bool, Int, Keys, Numbers, divided
from accidental_transfers.model.calendar import SECONDS_PER_DAY, SECONDS_PER_HOUR, Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.happened import Happened, single
from accidental_transfers.model.happenings import may_strike
from accidental_transfers.model.life import Life
from accidental_transfers.model.meetings import LONGEST_DAYS, SECOND, THIRD
from accidental_transfers.model.new_payees import FirstPayments
from accidental_transfers.model.noticing import NEVER, noticed_and_sent_again
from accidental_transfers.model.payments import ENTERED, PICKED, Payments
from accidental_transfers.model.travel import Moments, on_the_way

BED = 1 * SECONDS_PER_HOUR
"""Who has noticed late at night still pays before going to sleep: own estimate."""
AT_NO_TIME = 1 << 40
"""Instead of a second: after everything else."""


@dataclass
class Astray:
    """Payments that went to somebody who was not meant; every array is (payments,).

    Attributes
    ----------
    row, kind
        Positions among a life's payments and in `accidents.KINDS`.
    is_entered
        Whether a number was entered for the first time; those are payments to new payees.
    noticed, sent_again
        When that was noticed, and when the right payee was paid; `AT_NO_TIME` if never.
    wrong
        The numbers that were paid.
    """

    row: Int
    kind: Int
    is_entered: Bool
    noticed: Int
    sent_again: Int
    wrong: Numbers


def follow_up(
    events: Sequence[Happened], free: Bool, life: Life, customers: Customers, when: Calendar
) -> tuple[list[Happened], list[Payments]]:
    """Say what customers pay because of accidents, and which wrong numbers they pick again.

    Parameters
    ----------
    events
        What happens to the payments of a life.
    free
        (payments,): those to which nothing happens.

    Returns
    -------
    All that happens now, and what is sent again: see `done`.
    """
    said: list[Happened] = []
    payments: list[Payments] = []
    next_row = len(life.payments) + sum(event.extras for event in events)
    for event in events:
        if event.first_kind not in _misdirecting():
            said.append(event)
            continue
        lost = _astray(event, life)
        sent, which = _sent_again(lost, life, when)
        row = next_row + np.arange(len(which))
        follow_up = np.full(len(event), NEVER)
        follow_up[which] = row
        again = single(row, sent.cents, sent.recipient)
        said += [
            replace(event, follow_up=follow_up),
            _picked_again(lost, life, free, customers),
            replace(again, first_kind=kind_code(SENT_AGAIN.name)),
        ]
        payments.append(sent)
        next_row += len(sent)
    return said, payments


def may_matter(first: FirstPayments, customers: Customers, when: Calendar) -> Bool:
    """Tell which payments before a period may have something follow in it: (payments,).

    Those that go astray and are put right in it, or whose wrong number is picked again. None but
    these, and not all of them.
    """
    kinds = misdirecting(accidents_among(customers.own))
    may = np.zeros(len(first.key), bool)
    (rows,) = may_strike(kinds, first.key, first.customer, customers).nonzero()
    if not len(rows):
        return may
    first = first.some(rows)
    end_of_day = (first.second // SECONDS_PER_DAY + 1) * SECONDS_PER_DAY
    for kind in kinds:
        after, again = noticed_and_sent_again(np.full(len(rows), kind_code(kind)), first.key)
        earliest, latest = first.second + after + again, _awake(end_of_day + after + again)
        is_sent = (after != NEVER) & (again != NEVER)
        may[rows] |= is_sent & (latest >= 0) & (earliest < when.days * SECONDS_PER_DAY)
        may[rows] |= first.is_paid_again & ((after == NEVER) | (end_of_day + after > 0))
    return may


@cache
def _misdirecting() -> frozenset[int]:
    """Give the first kinds of the accidents that pay somebody who was not meant."""
    return frozenset(first_kind(each) for each in ACCIDENTS if each.misdirects)


def _astray(event: Happened, life: Life) -> Astray:
    """Say of payments that go astray when that is noticed and put right."""
    assert event.number is not None
    row, kind, payments = event.base, event.kinds, life.payments
    is_entered = payments.typed[row] == ENTERED
    noticed, sent_again = _noticed(kind, payments.key[row], payments.second[row], is_entered)
    return Astray(row, kind, is_entered, noticed, sent_again, event.number)


def _noticed(kind: Int, key: Keys, second: Int, is_entered: Bool) -> tuple[Int, Int]:
    """Give when payments are noticed to have gone astray, and when they are sent again."""
    after, again = noticed_and_sent_again(kind, key)
    noticed = np.where(after == NEVER, AT_NO_TIME, second + after)
    sent = _awake(noticed + again)
    days = sent // SECONDS_PER_DAY - second // SECONDS_PER_DAY
    in_time = days <= np.where(is_entered, LONGEST_DAYS, 0)
    return noticed, np.where((again != NEVER) & in_time, sent, AT_NO_TIME)


def _awake(second: Int) -> Int:
    """Put off what would happen while people sleep by as long as they do."""
    return awake(second, BED, 1)


def _picked_again(lost: Astray, life: Life, free: Bool, customers: Customers) -> Happened:
    """Have those who saved a wrong number pick it again, until they notice."""
    payments, met = life.payments, life.met
    saved = np.flatnonzero(lost.is_entered & customers.saves_payees[payments.customer[lost.row]])
    if not len(saved):
        return single(saved, saved, saved)
    payee = met.payee[lost.row[saved]]
    is_again = (met.position == SECOND) | (met.position == THIRD)
    (row,) = (is_again & free[: len(met)]).nonzero()
    in_order = payee.argsort()
    place = payee.searchsorted(met.payee[row], sorter=in_order)
    place = in_order.take(place, mode="clip")
    first = saved[place]
    picks = (payee[place] == met.payee[row]) & (payments.second[row] < lost.noticed[first])
    row, first = row[picks], first[picks]
    meant = payments.recipient[row]
    picked = single(
        row, payments.cents[row], meant, number=lost.wrong[first], intended_recipient=meant
    )
    return replace(picked, kind=lost.kind[first])


def _sent_again(lost: Astray, life: Life, when: Calendar) -> tuple[Payments, Int]:
    """Give what is sent in the period to those who were meant, and what each of it puts right."""
    end = when.days * SECONDS_PER_DAY
    which = np.flatnonzero((lost.sent_again >= 0) & (lost.sent_again < end))
    sent = life.payments.some(lost.row[which])
    day, of_day = divided(lost.sent_again[which], SECONDS_PER_DAY)
    second, city, _ = on_the_way(Moments(of_day, sent.customer, day), life.places, when)
    typed = np.full(len(which), PICKED, np.uint8)
    return replace(sent, second=day * SECONDS_PER_DAY + second, city=city, typed=typed), which
