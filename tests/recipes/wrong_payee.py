"""Wrong payees: a known payee, chosen from the list in place of the one who was meant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from accidental_transfers.model.accident import Accident, Kind, Look, Lookalike
from accidental_transfers.model.arrays import Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients, typed_in
from accidental_transfers.model.streams import LANE_VALUES
from accidental_transfers.model.truth import Truth


def wrong_payee(
    payments: Payments, customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Send payments to another payee of the customer's own list."""
    truth = Truth.of_single_rows(rows, payments.cents[rows], payments.recipient[rows])
    return _paid_to(payments, rows, _another(payments, customers, rows, lanes[:, 0])), truth


def honest_other_payee(
    payments: Payments, customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Have somebody pay another known payee than usual, and mean it."""
    payee = _another(payments, customers, rows, lanes[:, 0])
    return _paid_to(payments, rows, payee), Truth.of_single_rows(rows, payments.cents[rows], payee)


def _another(payments: Payments, customers: Customers, rows: Int, lane: Lanes) -> Int:
    """Choose evenly among the customer's known payees, but for the one who is paid."""
    known = customers.favourite[:, recipients().person_slots][payments.customer[rows]]
    other = known != payments.recipient[rows][:, None]
    chosen = lane.astype(np.int64) * other.sum(axis=1) // LANE_VALUES
    place = (np.cumsum(other, axis=1) > chosen[:, None]).argmax(axis=1)
    return np.take_along_axis(known, place[:, None], axis=1)[:, 0].astype(np.int64)


def _paid_to(payments: Payments, rows: Int, payee: Int) -> Payments:
    recipient = payments.recipient.copy()
    recipient[rows] = payee
    return replace(payments, recipient=recipient)


def _where_payees_are_listed() -> Float:
    return typed_in().astype(np.float64)


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
    readiness=_where_payees_are_listed,
    happen=wrong_payee,
    lookalike=Lookalike(
        kind=Kind("honest_other_payee", "A payment to a known payee who is seldom paid that way."),
        frequency=PROBABILITY.of_lookalike("honest_other_payee"),
        readiness=_where_payees_are_listed,
        happen=honest_other_payee,
    ),
    look=Look("diamond", light="#2a5db0", dark="#8fb4ff"),
    misdirects=True,
)
