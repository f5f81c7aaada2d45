"""Mistyped recipients: a number with one or two wrong digits, or two swapped."""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    where_numbers_are_typed,
)
from accidental_transfers.model.arrays import Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.happened import Happened, single
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import ENTERED, LATELY, PICKED, TYPED, Payments
from accidental_transfers.model.slips import mistype

WEIGHTS = {PICKED: 0.0, TYPED: 0.35, ENTERED: 1.0, LATELY: 0.0}
"""A number that is picked from a list cannot be mistyped; one that is typed each time is mistyped
less often than one that is new: own estimates."""
MISTYPED_PER_NEW_PAYEE = 2.1
"""Mistyped payments for each that strikes the first payment to a new payee: the others strike
customers who type every number."""


def mistyped(payments: Payments, _customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Send payments to numbers that were not meant."""
    typed, slip = mistype(payments.numbers_of(rows), lanes)
    cents, meant = payments.cents[rows], payments.recipient[rows]
    return single(rows, cents, meant, number=typed, intended_recipient=meant, slip=slip)


def weigh(payments: Payments, _customers: Customers, rows: Int) -> Float:
    """Give the factor on the probability by how a number comes about."""
    return np.array([WEIGHTS[typed] for typed in sorted(WEIGHTS)])[payments.typed[rows]]


PROBABILITY = Probability(
    field="mistyped_entity_accident_probability",
    default=Range(min=0.01, max=0.2),
    lowest=0,
    highest=0.25,
    meaning="chance that a number is mistyped when it is entered for the first time; who types "
    "every number mistypes a known one about a third as often",
    presets={"bank": Range(min=0.0002, max=0.002), "dense": Range(min=0.03, max=0.25)},
)

ACCIDENT = Accident(
    name="mistyped",
    called="recipients mistyped by a digit",
    column="is_mistyped_entity_accident",
    meaning="the recipient's number has one or two wrong digits, or two swapped",
    probability=PROBABILITY,
    kinds=(Kind("mistyped", "One or two digits of the recipient's number wrong, or two swapped."),),
    readiness=where_numbers_are_typed,
    weigh=weigh,
    happen=mistyped,
    lookalikes=(
        Lookalike(
            kind=Kind(
                "honest_neighbour",
                "A new payee whose number is close to another one: to a known one, or to another "
                "new one who gets the same amount.",
            ),
            resembles="mistyped",
            frequency=PROBABILITY.of_lookalike("honest_neighbour"),
            per_accident=1.0 * MISTYPED_PER_NEW_PAYEE,
        ),
    ),
    look=Look("square", light="#00795c", dark="#48cda4"),
    misdirects=True,
    quarter=2,
)
