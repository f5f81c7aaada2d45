"""Wrong payees: a known payee, chosen from the list in place of the one who was meant."""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    where_numbers_are_typed,
)
from accidental_transfers.model.arrays import Int, Lanes, Numbers
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.people import ROLES, numbers_of, tie
from accidental_transfers.model.streams import among
from accidental_transfers.model.truth import Truth

FRIENDS = 6
"""As many are in the list."""


def wrong_payee(
    payments: Payments, customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Send payments to another payee of the customer's own list."""
    truth = Truth.of_single_rows(rows, payments.cents[rows], payments.recipient[rows])
    return payments.with_people(rows, _another(payments, customers, rows, lanes[:, 0])), truth


def honest_other_payee(
    payments: Payments, customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Have somebody pay another known payee than usual, and mean it."""
    payments = payments.with_people(rows, _another(payments, customers, rows, lanes[:, 0]))
    return payments, Truth.of_single_rows(rows, payments.cents[rows], payments.recipient[rows])


def _another(payments: Payments, customers: Customers, rows: Int, lane: Lanes) -> Numbers:
    """Choose one of the customer's friends, but for the one who is paid."""
    customer = payments.customer[rows]
    friend = np.full(len(rows), ROLES.index("friend"))
    place = among(lane, FRIENDS)
    one, other = (
        numbers_of(customers, customer, friend, each, tie(customers, customer, friend, each))
        for each in (place, place + 1)
    )
    return np.where(one != payments.numbers_of(rows), one, other)


PROBABILITY = Probability(
    field="wrong_payee_accident_probability",
    default=Range(min=0.001, max=0.01),
    lowest=0,
    highest=0.25,
    meaning="chance that a payment to a person goes to another known payee",
    presets={"bank": Range(min=0.0001, max=0.001), "dense": Range(min=0.02, max=0.2)},
)

ACCIDENT = Accident(
    name="wrong_payee",
    called="payees picked wrongly from a list",
    column="is_wrong_payee_accident",
    meaning="the recipient is another of the customer's payees than the one who was meant",
    probability=PROBABILITY,
    kinds=(Kind("wrong_payee", "A known payee, picked from the list in place of another one."),),
    readiness=where_numbers_are_typed,
    happen=wrong_payee,
    lookalike=Lookalike(
        kind=Kind("honest_other_payee", "A payment to a known payee who is seldom paid that way."),
        frequency=PROBABILITY.of_lookalike("honest_other_payee"),
        readiness=where_numbers_are_typed,
        happen=honest_other_payee,
    ),
    look=Look("diamond", light="#2a5db0", dark="#8fb4ff"),
    misdirects=True,
)
