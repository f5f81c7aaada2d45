"""New payees: people met lately, whose number is entered once, and who may be paid again.

A payee is met in a month, on a day and at a time that follow from a key of its own. What belongs to
it ends within `LONGEST_DAYS`, so that what is paid on a day follows from the payees of its month
and of the month before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from accidental_transfers.model.amounts import plausible_cents
from accidental_transfers.model.arrays import (
    Bool,
    Cents,
    Float,
    Int,
    Keys,
    Numbers,
    constant,
    divided,
)
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.meetings import (
    AGAIN,
    BANKS_MOVE,
    FIRST,
    LONGEST,
    LONGEST_DAYS,
    PARTNER,
    SECOND,
    THIRD,
    TIME_LANES,
    day_met,
    times_of,
)
from accidental_transfers.model.neighbours import (
    BOTH_NEW,
    NEIGHBOURS,
    PAIRS,
    draw_ways,
    has_partner,
    near_numbers,
)
from accidental_transfers.model.payments import ENTERED, LATELY, TYPED, Drawn, Payments
from accidental_transfers.model.people import ROLES, Ties
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.streams import child, children, lane, lanes, named, named_each, unit
from accidental_transfers.model.tables import choice_table
from accidental_transfers.model.travel import Moments, Placed, on_the_way_before
from accidental_transfers.model.truth import Truth

MOST_A_MONTH = 6
_MOST_A_MONTH = constant(MOST_A_MONTH)
RATE_OF_MOST = constant(21.0)
"""Payments a day at which so many are met; who pays less often meets fewer: own estimates."""
DAYS_A_MONTH = constant(365.2425 / 12)
USUAL_PAYMENTS = constant(1 + float(AGAIN) + float(AGAIN) ** 2)
"""To a payee whose number is near nobody's."""
ALWAYS = constant(1.0)


@dataclass
class FirstPayments:
    """First payments to new payees before a period; every array is (payments,).

    Attributes
    ----------
    customer, key, second
        As in `NewPayees`.
    is_paid_again
        Whether the payee is paid again in the period.
    """

    customer: Int
    key: Keys
    second: Int
    is_paid_again: Bool

    def some(self, rows: Int) -> FirstPayments:
        """Give some of them."""
        return FirstPayments(
            self.customer[rows], self.key[rows], self.second[rows], self.is_paid_again[rows]
        )


NOW = constant(0)
"""The second at which a period begins."""

Matter = Callable[[FirstPayments], Bool]
"""Tells which payments before a period are asked for, because something may follow in it."""


@dataclass
class NewPayees:
    """Payments to people who were met lately; every array is (payments,).

    Attributes
    ----------
    customer, entity
        Positions in `Customers`, codes of entity types.
    payee, key
        What random numbers of the payee come from, and of the payment.
    position
        `FIRST`, for which the number is entered, `SECOND`, `THIRD` or `PARTNER`.
    second
        Since the period's start, before anything is put off for a journey; negative for first
        payments of the `LONGEST_DAYS` before it that were asked for.
    cents
        Amounts.
    way
        Whether the payee's number is near another one by chance, and how: see `neighbours`.
    """

    customer: Int
    entity: Int
    payee: Keys
    key: Keys
    position: Int
    second: Int
    cents: Cents
    way: Int

    def __len__(self) -> int:
        return len(self.second)

    @property
    def ties(self) -> Ties:
        """The ties to the payees: (payments,)."""
        role, none = np.full(len(self), ROLES.index("new")), np.zeros(len(self), np.int64)
        return Ties(self.customer, role, none, self.payee)

    @property
    def moments(self) -> Moments:
        """When they are made; what lies before the period, as if it were on its first day."""
        day, of_day = divided(self.second, SECONDS_PER_DAY)
        return Moments(of_day, self.customer, np.maximum(day, 0))

    @property
    def is_entered(self) -> Bool:
        """Tell for which payments the number is entered for the first time."""
        is_partner = self.position == PARTNER
        return (self.position == FIRST) | (is_partner & (self.way == BOTH_NEW))

    @property
    def is_near(self) -> Bool:
        """Tell which first payments, and which to partners, go to a number near another one."""
        return (self.way > 0) & ((self.position == FIRST) | (self.position == PARTNER))

    def with_neighbours(self, customers: Customers, number: Numbers) -> Numbers:
        """Have payees whose number is near another one have such, and their partners.

        ``number`` begins with what the payees' numbers were without it, payment by payment.
        """
        (row,) = self.way.nonzero()
        if not len(row):
            return number
        own, partner = near_numbers(
            customers, self.customer[row], self.payee[row], self.way[row], number[row]
        )
        number[row] = np.where(self.position[row] == PARTNER, partner, own)
        return number

    def look_alike(self, payments: Payments, kind: int) -> Truth:
        """Tell the truth about payments to payees whose number is near another one by chance.

        ``payments`` begins with these; ``kind`` is what they are of.
        """
        if not self.way.any():
            return Truth.none()
        (row,) = self.is_near.nonzero()
        row = row[np.lexsort((payments.second[row], self.payee[row]))]
        again = np.zeros(len(row), bool)
        again[1:] = self.payee[row[1:]] == self.payee[row[:-1]]
        group = row[np.arange(len(row)) - again]
        truth = Truth.of_single_rows(row, self.cents[row], payments.recipient[row], kind=kind)
        return replace(truth, group=group, position=1 + again.astype(np.int64))


def new_payee_rate(customers: Customers, frequency: Float) -> Float:
    """Give the payments a day to new payees: (customers, transaction types).

    ``frequency`` is that of `draw_new_payees`.
    """
    payments = USUAL_PAYMENTS + PAIRS * frequency
    a_day = _chance(customers) * _MOST_A_MONTH / DAYS_A_MONTH * payments
    return a_day[:, None] * _shares_of_types()


def draw_new_payees(
    customers: Customers, frequency: Float, when: Calendar, matter: Matter
) -> NewPayees:
    """Draw what is paid in a period to payees who were met in it or in the month before.

    Parameters
    ----------
    frequency
        (customers,): the part of a customer's new payees whose number is near another one.
    matter
        Chooses the first payments before the period that are given, too.
    """
    customer, month, payee, payments = _met(customers, when)
    paid_by, neighbours = named_each(payee, ("paid by", NEIGHBOURS)).T
    entity = _entities().take(lane(paid_by))
    key = child(payments, np.arange(PARTNER + 1)[:, None])
    second, exists = times_of(customers, customer, entity, month, key, when)
    exists &= (second >= NOW) & (second < when.length * SECONDS_PER_DAY)
    exists[FIRST] |= _before(customer, key[FIRST], second[FIRST], exists, matter)
    # In a short period hardly any payee is paid: the others need no numbers.
    (paid,) = np.nonzero(exists.any(axis=0))
    customer, entity, month, payee = customer[paid], entity[paid], month[paid], payee[paid]
    key, second, exists = key[:, paid], second[:, paid], exists[:, paid]
    way = draw_ways(neighbours[paid], frequency[customer])
    exists[PARTNER] &= has_partner(way)
    position, which = exists.nonzero()
    customer, entity, payee = customer[which], entity[which], payee[which]
    prices = when.months.price_levels[month[which]]
    return NewPayees(
        customer=customer,
        entity=entity,
        payee=payee,
        key=key[exists],
        position=position,
        second=second[exists],
        cents=_cents(customers, customer, entity, prices, key[exists], key[FIRST, which], position),
        way=way[which],
    )


def _before(customer: Int, key: Keys, second: Int, exists: Bool, matter: Matter) -> Bool:
    """Tell which first payments lie before the period, and are asked for: (payees,)."""
    asked = np.zeros(len(key), bool)
    (lately,) = ((second < NOW) & (second >= -LONGEST)).nonzero()
    is_paid_again = exists[SECOND, lately] | exists[THIRD, lately]
    asked[lately] = matter(
        FirstPayments(customer[lately], key[lately], second[lately], is_paid_again)
    )
    return asked


def as_payments(met: NewPayees, placed: Placed, customers: Customers, when: Calendar) -> Drawn:
    """Turn what is paid to new payees into payments, row by row."""
    second, city, _ = placed
    day, of_day = divided(met.second, SECONDS_PER_DAY)
    (before,) = (day < 0).nonzero()
    if len(before):
        earlier = Moments(of_day[before], met.customer[before], day[before])
        second[before], city[before], _ = on_the_way_before(earlier, customers, when, LONGEST_DAYS)
    each_time = np.where(customers.saves_payees[met.customer], LATELY, TYPED)
    return Drawn(
        customer=met.customer,
        second=day * SECONDS_PER_DAY + second,
        entity=met.entity.astype(np.uint8),
        city=city,
        cents=met.cents,
        recipient=recipients().people(len(met)),
        key=met.key,
        typed=np.where(met.is_entered, ENTERED, each_time).astype(np.uint8),
        people=met.ties,
    )


def _met(customers: Customers, when: Calendar) -> tuple[Int, Int, Keys, Keys]:
    """Tell who met whom in all but the last of ``when.months``, by position.

    And give the keys of the payees, and of what is paid to them. Those are left out of whom nothing
    can belong to the period.
    """
    of_customer = customers.keys["new payees"][:, None]
    of_month = child(of_customer, when.months.number[:-1])
    key = children(of_month, MOST_A_MONTH)
    customer, month, place = np.nonzero(unit(lane(key)) < _chance(customers)[:, None, None])
    payee = key[customer, month, place]
    payments = named(payee, "payments")
    if when.days > LONGEST_DAYS:
        # Hardly any payee is left out, and then for want of payments.
        return customer, month, payee, payments
    day = day_met(lanes(child(payments, FIRST), TIME_LANES)[-1], month, when)
    (near,) = ((day >= -LONGEST_DAYS - BANKS_MOVE) & (day < when.days + BANKS_MOVE)).nonzero()
    return customer[near], month[near], payee[near], payments[near]


def _chance(customers: Customers) -> Float:
    return np.minimum(customers.daily_rate / RATE_OF_MOST, ALWAYS)


def _cents(
    customers: Customers,
    customer: Int,
    entity: Int,
    prices: Float,
    key: Keys,
    first: Keys,
    position: Int,
) -> Cents:
    """Give the amounts; a partner gets what the payee gets first, which may become a habit.

    ``first`` are the keys of the first payments to the same payees.
    """
    repeats = unit(lane(named(key, "standing"))) < _standing()[entity]
    as_first = repeats | (position == PARTNER)
    amount, ending = lanes(named(np.where(as_first, first, key), "amount"), 2)
    people = np.full(len(key), recipients().first_person)
    level = customers.spending_level[customer]
    return plausible_cents(entity, people, level, prices, amount, ending)


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
def _entities() -> Int:
    return choice_table(_weights()).astype(np.int64)


@cache
def _shares_of_types() -> Float:
    types = len(reference().transaction_types)
    sums = np.bincount(reference().type_of_entity, _weights(), minlength=types)
    return sums / sums.sum()
