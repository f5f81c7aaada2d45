"""Who owes what to whom: every customer's own obligations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Keys, Lanes, constant
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.obligations import (
    CADENCES,
    EVERY,
    LOCAL,
    MOST_SUBSCRIPTIONS,
    PER_MONTH,
    WEEKLY,
    WEEKS_A_MONTH,
    Obligations,
)
from accidental_transfers.model.people import Ties, ties_of
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.streams import lane, lanes, named, named_each, unit
from accidental_transfers.model.tables import normal_table

ANNUAL = constant(CADENCES.index("annual"))
SPENDING_POWER = constant(0.5)
"""Who spends twice as much owes the square root of two as much: own estimate."""
PARTS = ("day", "months", "weeks", "paydays", "plans")
ANY_DAYS = constant(28, np.uint64)
BASE_MONTH = constant(2024 * 12)
"""Amounts are those of early 2024."""
ONE, CENTS = constant(1), constant(100.0)
USUALLY_OWED, MOST_OWED = 0.75, 1.6
"""Payments a day that a customer owes, fuel included: the mean, and what hardly any passes."""


@dataclass
class Contracts:
    """Obligations of some customers, one after the other.

    Attributes
    ----------
    customer
        Positions in `Customers`.
    obligation
        Positions in `Obligations`.
    keys
        (contracts, `PARTS`): what the random numbers of each part come from.
    cadence
        Positions in `CADENCES`.
    due
        Day of the month, or a word's number: see `DUE_WORDS`.
    phase
        Which months, weeks or weekdays it is paid in: any whole number, for the cadence to use.
    recipient
        Codes of `Recipients`; a person's is ``first_person`` plus a position in ``people``.
    cents
        Amount in early 2024, before season and noise.
    plan
        Position in `price_history` of a service's plan; -1 for what has no published prices.
    tax
        Part of the price that comes on top.
    people
        The people among the payees.
    """

    customer: Int
    obligation: Int
    keys: Keys
    cadence: Int
    due: Int
    phase: Int
    recipient: Int
    cents: Float
    plan: Int
    tax: Float
    people: Ties

    def __len__(self) -> int:
        return len(self.obligation)

    def key(self, part: str) -> Keys:
        """Give what the random numbers of one of `PARTS` come from."""
        return self.keys[:, PARTS.index(part)]

    def rate(self, customers: int) -> Float:
        """Give the payments a day that are owed: (customers, transaction types)."""
        of = obligations()
        types = len(reference().transaction_types)
        a_day = PER_MONTH[self.cadence] * of.a_day[self.obligation]
        cell = self.customer * types + of.type_[self.obligation]
        sums = np.bincount(cell, a_day, minlength=customers * types).astype(np.float64)
        return sums.reshape(customers, -1)


def draw_contracts(customers: Customers) -> Contracts:
    """Draw what customers owe."""
    of = obligations()
    key = named_each(customers.keys["owes"], of.names)
    customer, obligation = np.nonzero(_has(customers, of, key))
    key = key[customer, obligation]
    home = customers.home[customer]
    keys = named_each(key, PARTS)
    cadence, due, plan, payee, phase, own, extra = lanes(key, 7)
    code = of.payee.draw(of.payee_row[obligation, home], payee).astype(np.int64)
    recipient, people = _recipients(customers, customer, of.entity[obligation], code, key)
    plans = of.plan.draw(obligation, plan).astype(np.int64)
    often = of.cadence.draw(obligation, cadence).astype(np.int64)
    often = np.where(of.yearly[obligation, plans], ANNUAL, often)
    found = Contracts(
        customer=customer,
        obligation=obligation,
        keys=keys,
        cadence=often,
        due=_due(of.due.draw(obligation, due).astype(np.int64), keys[:, PARTS.index("day")]),
        phase=_phase(of, obligation, often, phase.astype(np.int64)),
        recipient=recipient,
        cents=_cents(customers, of, customer, obligation, often, plans, own),
        plan=np.where(of.is_service[obligation], of.first_plan[obligation] + plans, -1),
        tax=_tax(of, obligation, home, extra),
        people=people,
    )
    return _without_second_bills(found, of)


def _has(customers: Customers, of: Obligations, key: Keys) -> Bool:
    """Draw which obligations customers have: (customers, obligations)."""
    chance = of.chance[customers.profile] * of.times[customers.home]
    has = unit(lane(key)) < chance
    subscriptions = has & of.is_service
    return has & ~(subscriptions & (subscriptions.cumsum(axis=1) > MOST_SUBSCRIPTIONS))


def _due(day: Int, key: Keys) -> Int:
    """Choose a day for those who may be due on any."""
    chosen = (key % ANY_DAYS).astype(np.int64) + 1
    return np.where(day == 0, chosen, day)


def _phase(of: Obligations, obligation: Int, cadence: Int, phase: Int) -> Int:
    """Have what is paid once a year be paid in one of its months."""
    (annual,) = (cadence == ANNUAL).nonzero()
    of_own, drawn = obligation[annual], phase[annual]
    month = of.months_in_order[of_own, drawn % of.months[of_own].sum(axis=1)]
    phase[annual] = drawn - drawn % 12 + 12 - month
    return phase


def _recipients(
    customers: Customers, customer: Int, entity: Int, code: Int, key: Keys
) -> tuple[Int, Ties]:
    """Turn payees of the table into recipients, and give the people among them."""
    home = customers.home[customer]
    recipient = code.copy()
    (own,) = (code == LOCAL).nonzero()
    if len(own):
        place = lane(named(key[own], "local"))
        recipient[own] = recipients().local(entity[own], home[own], place)
    (people,) = (code < LOCAL).nonzero()
    recipient[people] = recipients().people(len(people))
    role = LOCAL - 1 - code[people]
    return recipient, ties_of(customers, customer[people], role, entity[people])


def _cents(
    customers: Customers,
    of: Obligations,
    customer: Int,
    obligation: Int,
    cadence: Int,
    plan: Int,
    own: Lanes,
) -> Float:
    """Give the amounts of early 2024, before season and noise."""
    noise = of.sigma[obligation] * normal_table().take(own)
    drawn = np.exp(of.ln_median[obligation] + noise) * CENTS
    drawn *= of.level[obligation, customers.home[customer]]
    drawn *= customers.spending_level[customer] ** SPENDING_POWER
    monthly = cadence < WEEKLY
    months = np.where(monthly, EVERY[cadence], ONE)
    drawn *= np.where(of.per_month[obligation], months, ONE)
    drawn *= np.where(of.weekly[obligation] & monthly, WEEKS_A_MONTH, ONE)
    two_cars = customers.household["two_cars"][customer]
    drawn *= np.where(two_cars, of.two_cars[obligation], ONE)
    return np.where(of.is_priced[obligation], of.price[obligation, plan], drawn)


def _tax(of: Obligations, obligation: Int, home: Codes, lanes: Lanes) -> Float:
    low, high = of.tax[obligation].T
    return np.where(
        of.is_service[obligation], of.digital_tax[home], low + unit(lanes) * (high - low)
    )


def _without_second_bills(contracts: Contracts, of: Obligations) -> Contracts:
    """Have a provider of several services send one bill for all of them."""
    (rows,) = of.is_utility[contracts.obligation].nonzero()
    provider = contracts.customer[rows] * recipients().first_person + contracts.recipient[rows]
    order = provider.argsort(kind="stable")
    rows, provider = rows[order], provider[order]
    is_first = np.ones(len(rows), bool)
    is_first[1:] = provider[1:] != provider[:-1]
    a_month = PER_MONTH[contracts.cadence]
    whole = contracts.cents * a_month
    whole[rows[is_first]] = np.bincount(is_first.cumsum() - 1, whole[rows])
    is_kept = np.ones(len(contracts), bool)
    is_kept[rows[~is_first]] = False
    (kept,) = is_kept.nonzero()
    fields = {
        name: getattr(contracts, name)[kept]
        for name in contracts.__dataclass_fields__
        if name not in ("people", "cents")
    }
    return Contracts(**fields, cents=(whole / a_month)[kept], people=contracts.people)
