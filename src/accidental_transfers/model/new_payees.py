"""New payees: people met lately, whose number is entered once, and who may be paid again.

A payee is met in a month, on a day and at a time that follow from a key of its own. What belongs to
it ends within `LONGEST_DAYS`, so that what is paid on a day follows from the payees of its month
and of the month before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from accidental_transfers.model.amounts import plausible_cents
from accidental_transfers.model.arrays import Bool, Cents, Codes, Float, Int, Keys, Numbers
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.hours import draw_second
from accidental_transfers.model.neighbours import BOTH_NEW, PAIRS, draw_neighbours
from accidental_transfers.model.payments import ENTERED, LATELY, TYPED, Payments
from accidental_transfers.model.people import ROLES, numbers_of
from accidental_transfers.model.prices import levels
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.streams import among, child, children, lane, lanes, named, unit
from accidental_transfers.model.tables import LookupTable, choice_table, normal_table
from accidental_transfers.model.travel import Itinerary, on_the_way
from accidental_transfers.model.truth import Truth

MOST_A_MONTH = 6
RATE_OF_MOST = 21.0
"""Payments a day at which so many are met; who pays less often meets fewer: own estimates."""
AGAIN = 0.55
"""Chance that a payee is paid a second time, and a third after that: own estimate."""
AGAIN_DAYS, AGAIN_SIGMA = 2.0, 1.6
"""From one payment to the next: median, sd of ln(days)."""
PAIR_HOURS, PAIR_SIGMA = 2.0, 1.8
"""Between two equal payments to near numbers: median, sd of ln(hours)."""
LONGEST_DAYS = 27
"""From the first payment on: no month is shorter than 28 days."""
TIME_LANES = 6
DAYS_A_MONTH = 365.2425 / 12
BANK = "Bank Transfer"
FIRST, SECOND, THIRD, PARTNER = range(4)
"""Positions of a payee's payments; the last goes to somebody else whose number is near."""


@dataclass(frozen=True)
class NewPayees:
    """Payments to people who were met lately; every array is (payments,).

    But ``before``: whose first payments fall into the `LONGEST_DAYS` before the period, and their
    keys.

    Attributes
    ----------
    customer, entity
        Positions in `Customers`, codes of entity types.
    payee, key
        What random numbers of the payee come from, and of the payment.
    position
        `FIRST`, for which the number is entered, `SECOND`, `THIRD` or `PARTNER`.
    second
        Since the period's start, before anything is put off for a journey.
    cents, number
        Amounts, ten-digit numbers.
    is_entered
        Whether the number is entered for the first time.
    is_near
        Whether the payee's number is near another one by chance, and it is the first payment or
        the partner's.
    """

    customer: Int
    entity: Int
    payee: Keys
    key: Keys
    position: Int
    second: Int
    cents: Cents
    number: Numbers
    is_entered: Bool
    is_near: Bool
    before: tuple[Int, Keys]

    def __len__(self) -> int:
        return len(self.second)

    def look_alike(self, payments: Payments) -> Truth:
        """Tell the truth about payments to payees whose number is near another one by chance.

        ``payments`` begins with these.
        """
        (row,) = self.is_near.nonzero()
        if not len(row):
            return Truth.none()
        row = row[np.lexsort((payments.second[row], self.payee[row]))]
        again = np.zeros(len(row), bool)
        again[1:] = self.payee[row[1:]] == self.payee[row[:-1]]
        group = row[np.arange(len(row)) - again]
        truth = Truth.of_single_rows(row, self.cents[row], payments.recipient[row])
        return replace(truth, group=group, position=1 + again.astype(np.int64))


def new_payee_rate(customers: Customers, frequency: Float) -> Float:
    """Give the payments a day to new payees: (customers, transaction types).

    ``frequency`` is that of `draw_new_payees`.
    """
    payments = 1 + AGAIN + AGAIN**2 + PAIRS * frequency
    a_day = _chance(customers) * MOST_A_MONTH / DAYS_A_MONTH * payments
    return a_day[:, None] * _shares_of_types()


def draw_new_payees(customers: Customers, frequency: Float, when: Calendar) -> NewPayees:
    """Draw what is paid in a period to payees who were met in it or in the month before.

    Parameters
    ----------
    frequency
        (customers,): the part of a customer's new payees whose number is near another one.
    """
    customer, month, payee = _met(customers, when)
    paid_by = lane(named(payee, "paid by"))
    entity = _entities().draw(np.zeros(len(payee), np.int64), paid_by).astype(np.int64)
    role, nothing = np.full(len(payee), ROLES.index("new")), np.zeros(len(payee), np.int64)
    number = numbers_of(customers, customer, role, nothing, payee)
    near = draw_neighbours(customers, customer, payee, number, frequency)
    key = payment_key(payee, np.arange(PARTNER + 1)[:, None])
    second, exists = _times(customers, customer, entity, month, key, when)
    (before,) = ((second[FIRST] < 0) & (second[FIRST] >= -LONGEST_DAYS * SECONDS_PER_DAY)).nonzero()
    firsts = customer[before], key[FIRST, before]
    exists[PARTNER] &= near.has_partner
    exists &= (second >= 0) & (second < when.days * SECONDS_PER_DAY)
    position, which = np.nonzero(exists)
    customer, entity, payee = customer[which], entity[which], payee[which]
    return NewPayees(
        customer=customer,
        entity=entity,
        payee=payee,
        key=key[exists],
        position=position,
        second=second[exists],
        cents=_cents(customers, customer, entity, month[which], payee, position, when),
        number=np.where(position == PARTNER, near.partner[which], near.number[which]),
        is_entered=(position == FIRST) | ((position == PARTNER) & (near.way[which] == BOTH_NEW)),
        is_near=(near.way[which] > 0) & ((position == FIRST) | (position == PARTNER)),
        before=firsts,
    )


def as_payments(
    met: NewPayees, customers: Customers, places: Itinerary, when: Calendar
) -> Payments:
    """Turn what is paid to new payees into payments, row by row."""
    day, of_day = np.divmod(met.second, SECONDS_PER_DAY)
    second, city = on_the_way(of_day, met.customer, day, places, when)
    each_time = np.where(customers.saves_payees[met.customer], LATELY, TYPED)
    return Payments(
        customer=met.customer,
        second=day * SECONDS_PER_DAY + second,
        entity=met.entity.astype(np.uint8),
        city=city,
        cents=met.cents,
        recipient=recipients().first_person + np.arange(len(met)),
        key=met.key,
        typed=np.where(met.is_entered, ENTERED, each_time).astype(np.uint8),
        number=met.number,
    )


def payment_key(payee: Keys, position: Codes | int) -> Keys:
    """Give the keys of payments to payees, by their positions."""
    return child(named(payee, "payments"), position)


def _met(customers: Customers, when: Calendar) -> tuple[Int, Int, Keys]:
    """Tell who met whom in all but the last of ``when.months``, by position; and payees' keys."""
    of_customer = customers.keys["new payees"][:, None]
    of_month = child(of_customer, when.months.number[:-1])
    key = children(of_month, MOST_A_MONTH)
    customer, month, place = np.nonzero(unit(lane(key)) < _chance(customers)[:, None, None])
    return customer, month, key[customer, month, place]


def _chance(customers: Customers) -> Float:
    return np.minimum(customers.daily_rate / RATE_OF_MOST, 1)


def _times(
    customers: Customers, customer: Int, entity: Int, month: Int, key: Keys, when: Calendar
) -> tuple[Int, Bool]:
    """Give the seconds of payments, (positions, payees), and which of them there are."""
    gap, again, hour, within, fine, day = lanes(key, TIME_LANES)
    row = len(reference().transaction_types) + entity
    of_day = draw_second(row, hour, within, fine)
    of_day += customers.hour_shift[customer, reference().type_of_entity[entity]]
    of_day %= SECONDS_PER_DAY
    second = np.empty(of_day.shape, np.int64)
    second[FIRST] = _day_met(day[FIRST], month, when) * SECONDS_PER_DAY + of_day[FIRST]
    gaps = AGAIN_DAYS * SECONDS_PER_DAY * np.exp(AGAIN_SIGMA * normal_table()[gap])
    beyond = (LONGEST_DAYS + 1) * SECONDS_PER_DAY
    for position in (SECOND, THIRD):
        later = _later(second[position - 1], gaps[position], of_day[position])
        second[position] = np.minimum(later, second[FIRST] + beyond)
    _wait_for_banks(second, entity, when)
    second[PARTNER] = _beside(second[FIRST], gap[PARTNER])
    exists = unit(again) < AGAIN
    exists[THIRD] &= exists[SECOND]
    exists[FIRST] = exists[PARTNER] = True
    return second, exists & (second - second[FIRST] <= LONGEST_DAYS * SECONDS_PER_DAY)


def _day_met(lane: Codes, month: Int, when: Calendar) -> Int:
    """Give the days, from the period's start, on which payees are met."""
    return when.months.first[month] - when.ordinal[0] + among(lane, when.months.length[month])


def _wait_for_banks(second: Int, entity: Int, when: Calendar) -> None:
    """Move what banks settle to days on which they do, and keep its order there."""
    column = np.flatnonzero(_settled_by_banks()[entity])
    day, of_day = np.divmod(second[FIRST:PARTNER, column], SECONDS_PER_DAY)
    moved = when.months.business_day(day + when.ordinal[0]) - when.ordinal[0]
    second[FIRST:PARTNER, column] = np.sort(moved * SECONDS_PER_DAY + of_day, axis=0)


def _later(second: Int, gap: Float, of_day: Int) -> Int:
    """Give the time of the next payment: later on the day, or on another day at its own time."""
    later = second + np.ceil(gap).astype(np.int64)
    day = later // SECONDS_PER_DAY
    return np.where(day == second // SECONDS_PER_DAY, later, day * SECONDS_PER_DAY + of_day)


def _beside(second: Int, lane: Codes) -> Int:
    """Give the time of an equal payment on the same day: after, or before where the day ends."""
    gap = PAIR_HOURS * 3_600 * np.exp(PAIR_SIGMA * normal_table()[lane])
    of_day = second % SECONDS_PER_DAY
    gap = np.ceil(gap % (SECONDS_PER_DAY / 2)).astype(np.int64)
    return np.where(of_day + gap < SECONDS_PER_DAY, second + gap, second - gap)


def _cents(
    customers: Customers,
    customer: Int,
    entity: Int,
    month: Int,
    payee: Keys,
    position: Int,
    when: Calendar,
) -> Cents:
    """Give the amounts; a partner gets what the payee gets first, which may become a habit."""
    repeats = unit(lane(named(payment_key(payee, position), "standing"))) < _standing()[entity]
    as_first = np.where(repeats | (position == PARTNER), FIRST, position)
    amount, ending = lanes(named(payment_key(payee, as_first), "amount"), 2)
    months = when.months.number
    level = levels(int(months[0]), int(months[-1]))[month]
    people = np.full(len(payee), recipients().first_person)
    return plausible_cents(
        entity, people, customers.spending_level[customer], level, amount, ending
    )


@cache
def _weights() -> Float:
    """Weigh entity types by what is paid with them to people who were not paid before."""
    facts = reference()
    return np.array([
        facts.transaction_types[each.transaction_type].share * each.share * each.explore
        if each.typed else 0
        for each in facts.entity_types
    ])  # fmt: skip


@cache
def _standing() -> Float:
    return np.array([each.standing for each in reference().entity_types])


@cache
def _settled_by_banks() -> Bool:
    facts = reference()
    return np.array([name == BANK for name in facts.type_names])[facts.type_of_entity]


@cache
def _entities() -> LookupTable[np.integer]:
    return LookupTable([choice_table(_weights())])


@cache
def _shares_of_types() -> Float:
    types = len(reference().transaction_types)
    sums = np.bincount(reference().type_of_entity, _weights(), minlength=types)
    return sums / sums.sum()
