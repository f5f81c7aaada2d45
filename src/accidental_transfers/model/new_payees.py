"""New payees: people met lately, whose number is entered once, and who may be paid again.

A payee is met in a month, on a day and at a time that follow from a key of its own. What belongs to
it ends within `LONGEST_DAYS`, so that what is paid on a day follows from the payees of its month
and of the month before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.amounts import plausible_cents
from accidental_transfers.model.arrays import (
    Bool,
    Cents,
    Float,
    Int,
    Keys,
    constant,
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
from accidental_transfers.model.met import NewPayees
from accidental_transfers.model.neighbours import NEIGHBOURS, PAIRS, draw_ways, has_partner
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.streams import child, children, lane, lanes, named, named_each, unit
from accidental_transfers.model.tables import choice_table

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


PAYMENTS = "payments"
NAMES = (PAYMENTS, "paid by", NEIGHBOURS)
"""By which the random numbers about a payee are drawn."""
NOW = constant(0)
"""The second at which a period begins."""

Matter = Callable[[FirstPayments], Bool]
"""Tells which payments before a period are asked for, because something may follow in it."""


def new_payee_rate(customers: Customers, frequency: Float) -> Float:
    """Give the payments a day to new payees: (customers, transaction types).

    ``frequency`` is that of `draw_new_payees`.
    """
    payments = USUAL_PAYMENTS + PAIRS * frequency
    a_day = _chance(customers) * _MOST_A_MONTH / DAYS_A_MONTH * payments
    return a_day[:, None] * _shares_of_types()


def draw_new_payees(
    customers: Customers, frequency: Float, when: Calendar, month_key: Keys, matter: Matter
) -> NewPayees:
    """Draw what is paid in a period to payees who were met in it or in the month before.

    Parameters
    ----------
    frequency
        (customers,): the part of a customer's new payees whose number is near another one.
    month_key
        (customers, months): see `TimeKeys`.
    matter
        Chooses the first payments before the period that are given, too.
    """
    customer, month, payee, keys = _met(customers, when, month_key)
    payments, paid_by, neighbours = keys.T
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


def _met(customers: Customers, when: Calendar, month_key: Keys) -> tuple[Int, Int, Keys, Keys]:
    """Tell who met whom in all but the last of ``when.months``, by position.

    And give the keys of the payees and of what is called `NAMES` about each: (payees, names).
    Those are left out of whom nothing can belong to the period.
    """
    key = children(month_key, MOST_A_MONTH)
    customer, month, place = np.nonzero(unit(lane(key)) < _chance(customers)[:, None, None])
    payee = key[customer, month, place]
    keys = named_each(payee, NAMES)
    if when.days > LONGEST_DAYS:
        # Hardly any payee is left out, and then for want of payments.
        return customer, month, payee, keys
    day = day_met(lanes(child(keys[:, 0], FIRST), TIME_LANES)[-1], month, when)
    (near,) = ((day >= -LONGEST_DAYS - BANKS_MOVE) & (day < when.days + BANKS_MOVE)).nonzero()
    return customer[near], month[near], payee[near], keys[near]


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
