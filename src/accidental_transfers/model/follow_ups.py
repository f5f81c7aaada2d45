"""What customers pay because a payment went to somebody who was not meant.

Who notices sends the same again, to who was meant. Who saved a wrong number picks it again until
then. What follows the first payment to a new payee may come days later: it depends on that payment
alone. What follows any other payment stays on its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.accidents import (
    ACCIDENTS,
    KIND_NAMES,
    SENT_AGAIN,
    accidents_among,
    misdirecting,
)
from accidental_transfers.model.arrays import Bool, Cents, Int, Keys, Numbers, divided
from accidental_transfers.model.calendar import (
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    Calendar,
)
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.happenings import may_strike
from accidental_transfers.model.life import Life
from accidental_transfers.model.meetings import LONGEST_DAYS, SECOND, THIRD
from accidental_transfers.model.met import NewPayees
from accidental_transfers.model.new_payees import FirstPayments, payment_key
from accidental_transfers.model.noticing import NEVER, noticed_after, sent_again_after
from accidental_transfers.model.payments import ENTERED, PICKED, Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.travel import Itinerary, Moments, on_the_way
from accidental_transfers.model.truth import Truth

ASLEEP_FROM, AWAKE_FROM = 1 * SECONDS_PER_HOUR, 7 * SECONDS_PER_HOUR
AT_NO_TIME = 1 << 40
"""Instead of a second: after everything else."""


@dataclass(frozen=True)
class Astray:
    """Payments that went to somebody who was not meant; every array is (payments,).

    Attributes
    ----------
    kind
        Positions in `accidents.KINDS`.
    customer, entity, key, cents
        As in `Payments`.
    payee
        Keys of the new payees who were meant; 0 where the payment is none to a new payee.
    is_entered
        Whether a number was entered for the first time.
    second
        Since the period's start.
    noticed, sent_again
        When that was noticed, and when the right payee was paid; `AT_NO_TIME` if never.
    wrong, intended
        The numbers.
    """

    kind: Int
    customer: Int
    entity: Int
    key: Keys
    cents: Cents
    payee: Keys
    is_entered: Bool
    second: Int
    noticed: Int
    sent_again: Int
    wrong: Numbers
    intended: Numbers


def follow_up(
    payments: Payments, truth: Truth, free: Bool, life: Life, customers: Customers, when: Calendar
) -> tuple[Payments, Truth]:
    """Append what customers pay because of accidents, and have them pick wrong numbers again.

    Parameters
    ----------
    payments, truth
        Of ``life``, after accidents have happened.
    free
        (payments of ``life``,): those to which nothing has happened.
    """
    place = _misdirected(truth)
    if not len(place):
        return payments, truth
    lost = _astray(payments, truth, place, life.met)
    payments, picked = _picked_again(lost, payments, life.met, free, customers)
    payments, sent, which = _sent_again(lost, payments, life.places, when)
    truth = truth.followed_by(place[which], sent.row)
    return payments, Truth.joined([truth, picked, sent])


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
        after, again = noticed_after(kind, first.key), sent_again_after(kind, first.key)
        earliest, latest = first.second + after + again, _awake(end_of_day + after + again)
        is_sent = (after != NEVER) & (again != NEVER)
        may[rows] |= is_sent & (latest >= 0) & (earliest < when.days * SECONDS_PER_DAY)
        may[rows] |= first.is_paid_again & ((after == NEVER) | (end_of_day + after > 0))
    return may


def _misdirected(truth: Truth) -> Int:
    """Find the payments that went astray: their places in the truth."""
    (place,) = _is_misdirected()[truth.kind].nonzero()
    return place


def _astray(payments: Payments, truth: Truth, place: Int, met: NewPayees) -> Astray:
    """Say of payments that went astray when that is noticed and put right."""
    row, kind = truth.row[place], truth.kind[place]
    is_new = row < len(met)
    is_entered = is_new & (payments.typed[row] == ENTERED)
    payee = np.zeros(len(row), np.uint64)
    payee[is_new] = met.payee[row[is_new]]
    second, key = payments.second[row], payments.key[row]
    noticed, sent = _noticed(kind, key, second, is_entered)
    number = payments.number
    return Astray(
        kind=kind,
        customer=payments.customer[row],
        entity=payments.entity[row].astype(np.int64),
        key=key,
        cents=payments.cents[row],
        payee=payee,
        is_entered=is_entered,
        second=second,
        noticed=noticed,
        sent_again=sent,
        wrong=number[payments.recipient[row] - recipients().first_person],
        intended=number[truth.intended_recipient[place] - recipients().first_person],
    )


@cache
def _is_misdirected() -> Bool:
    """Tell of each kind whether it pays somebody who was not meant: (kinds,)."""
    return np.isin(KIND_NAMES, misdirecting(ACCIDENTS))


def _noticed(kind: Int, key: Keys, second: Int, is_entered: Bool) -> tuple[Int, Int]:
    """Give when payments are noticed to have gone astray, and when they are sent again."""
    after, again = np.full(len(kind), NEVER), np.full(len(kind), NEVER)
    for code in np.unique(kind).tolist():
        rows = np.flatnonzero(kind == code)
        after[rows] = noticed_after(KIND_NAMES[code], key[rows])
        again[rows] = sent_again_after(KIND_NAMES[code], key[rows])
    noticed = np.where(after == NEVER, AT_NO_TIME, second + after)
    sent = np.where((after == NEVER) | (again == NEVER), AT_NO_TIME, _awake(noticed + again))
    days = sent // SECONDS_PER_DAY - second // SECONDS_PER_DAY
    in_time = days <= np.where(is_entered, LONGEST_DAYS, 0)
    return noticed, np.where(in_time, sent, AT_NO_TIME)


def _awake(second: Int) -> Int:
    """Put off what would happen while people sleep."""
    of_day = second % SECONDS_PER_DAY
    asleep = (of_day >= ASLEEP_FROM) & (of_day < AWAKE_FROM)
    return second + asleep * (AWAKE_FROM - ASLEEP_FROM)


def _picked_again(
    lost: Astray, payments: Payments, met: NewPayees, free: Bool, customers: Customers
) -> tuple[Payments, Truth]:
    """Have those who saved a wrong number pick it again, until they notice."""
    saved = np.flatnonzero(lost.is_entered & customers.saves_payees[lost.customer])
    if not len(saved):
        return payments, Truth.none()
    again = np.array([[SECOND], [THIRD]])
    keys = payment_key(lost.payee[saved], again).ravel()
    which = np.tile(saved, len(again))
    order = np.argsort(keys)
    place = np.searchsorted(keys, met.key, sorter=order)
    place = order[np.minimum(place, len(keys) - 1)]
    row = np.flatnonzero(keys[place] == met.key)
    which = which[place[row]]
    unnoticed = free[row] & (payments.second[row] < lost.noticed[which])
    row, which = row[unnoticed], which[unnoticed]
    truth = Truth.of_single_rows(
        row, payments.cents[row], payments.recipient[row], kind=lost.kind[which]
    )
    return payments.with_people(row, lost.wrong[which]), truth


def _sent_again(
    lost: Astray, payments: Payments, places: Itinerary, when: Calendar
) -> tuple[Payments, Truth, Int]:
    """Append what is sent in the period to those who were meant; and say which is put right."""
    end = when.days * SECONDS_PER_DAY
    which = np.flatnonzero((lost.sent_again >= 0) & (lost.sent_again < end))
    customer, entity = lost.customer[which], lost.entity[which]
    day, of_day = divided(lost.sent_again[which], SECONDS_PER_DAY)
    second, city, _ = on_the_way(Moments(of_day, customer, day), places, when)
    people = recipients().first_person + np.arange(len(which))
    row = len(payments) + np.arange(len(which))
    payments = payments.and_also(
        Payments(
            customer=customer,
            second=day * SECONDS_PER_DAY + second,
            entity=entity.astype(np.uint8),
            city=city,
            cents=lost.cents[which],
            recipient=people,
            key=lost.key[which],
            typed=np.full(len(which), PICKED, np.uint8),
            number=lost.intended[which],
        )
    )
    kind = KIND_NAMES.index(SENT_AGAIN.name)
    truth = Truth.of_single_rows(row, payments.cents[row], payments.recipient[row], kind=kind)
    return payments, truth, which
