"""Wrong payees: the right form, and the wrong contact picked from one's own list."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.model.accident import Accident, Kind, Look, Lookalike
from accidental_transfers.model.arrays import Float, Int, Lanes, Numbers
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.happened import Happened, single
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import PICKED, Payments
from accidental_transfers.model.people import contact_weights, contacts, own_account_types
from accidental_transfers.model.streams import among

# Of 1,117 Koreans who had paid somebody they took for family or a friend, 24 % had picked wrongly
# from the list of recent payees (KDIC, mistaken remittances). So the list is the customer's own,
# and who is paid often stands high in it. How often it happens is not known: whoever wants it asks.
OFF = Range(min=0, max=0)
SWITCHES = Range(min=0.002, max=0.03)
"""How often somebody who is seldom paid gets what is usual for another: own estimate, which makes
about two look-alikes for each accident of a probability between 0.001 and 0.015."""


def wrong_payee(payments: Payments, customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Send payments to another contact, most likely to one who is often paid."""
    rows, number = _another(payments, customers, rows, lanes[:, 0], contact_weights())
    cents, meant = payments.cents[rows], payments.recipient[rows]
    return single(rows, cents, meant, number=number, intended_recipient=meant)


def honest_switch(payments: Payments, customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Have a contact who is seldom paid get what is usual for another, and mean it."""
    picked = (payments.typed[rows] == PICKED).nonzero()
    rows, number = _another(payments, customers, rows[picked], lanes[picked][:, 0], _seldom_paid())
    return single(rows, payments.cents[rows], payments.recipient[rows], number=number)


def weigh(payments: Payments, _customers: Customers, rows: Int) -> Float:
    """Give the factor on the probability: only who is picked from a list can be picked wrongly."""
    return (payments.typed[rows] == PICKED).astype(np.float64)


def _another(
    payments: Payments, customers: Customers, rows: Int, lane: Lanes, weights: Int
) -> tuple[Int, Numbers]:
    """Choose contacts other than who is paid; gives the rows of those who have another one."""
    customer, entity = payments.customer[rows], payments.entity[rows]
    number = contacts(customers, customer, entity)
    own = customers.population.number(customers.home.astype(np.int64), customers.rank)[customer]
    is_other = (number != payments.numbers_of(rows)[:, None]) & (number != own[:, None])
    below = np.cumsum(weights[entity] * is_other, axis=1)
    chosen = (below <= among(lane, below[:, -1])[:, None]).sum(axis=1)
    has_another = np.flatnonzero(below[:, -1])
    return rows[has_another], number[has_another, chosen[has_another]]


@cache
def _seldom_paid() -> Int:
    """Weigh contacts the other way round: who is paid least often first."""
    often = contact_weights()
    return np.array([np.append(each[each > 0][::-1], each[each == 0]) for each in often])


def where_contacts_are_picked() -> Float:
    """Give the readiness: where there are several contacts, none an account of one's own."""
    several = (contact_weights() > 0).sum(axis=1) > 1
    own = [entity.name in own_account_types() for entity in reference().entity_types]
    return (several & ~np.array(own)).astype(np.float64)


PROBABILITY = Probability(
    field="wrong_payee_accident_probability",
    default=OFF,
    lowest=0,
    highest=0.25,
    meaning="chance that a payment to a contact goes to another one; above 0, the dataset has the "
    "column is_wrong_payee_accident",
)

ACCIDENT = Accident(
    name="wrong_payee",
    called="contacts picked wrongly from a list",
    column="is_wrong_payee_accident",
    meaning="the recipient is another of the customer's contacts than the one who was meant",
    probability=PROBABILITY,
    kinds=(Kind("wrong_payee", "A contact, picked from the customer's list in place of another."),),
    readiness=where_contacts_are_picked,
    weigh=weigh,
    happen=wrong_payee,
    lookalikes=(
        Lookalike(
            kind=Kind(
                "honest_switch", "A contact who is seldom paid gets what is usual for another one."
            ),
            resembles="wrong_payee",
            frequency=Probability(
                field="honest_switch", default=SWITCHES, lowest=0, highest=1, meaning="per payment"
            ),
            per_accident=1.0,
            readiness=where_contacts_are_picked,
            kind_share=where_contacts_are_picked,
            happen=honest_switch,
        ),
    ),
    look=Look("diamond", light="#2a5db0", dark="#8fb4ff"),
    misdirects=True,
    is_optional=True,
)
