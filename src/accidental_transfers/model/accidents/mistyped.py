"""Mistyped recipients: a number with one or two wrong digits, or two swapped."""

from __future__ import annotations

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    where_numbers_are_typed,
)
from accidental_transfers.model.arrays import Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.slips import mistype
from accidental_transfers.model.truth import Truth


def mistyped(
    payments: Payments, _customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Send payments to numbers that were not meant."""
    typed, slip = mistype(payments.numbers_of(rows), lanes)
    truth = Truth.of_single_rows(rows, payments.cents[rows], payments.recipient[rows], slip)
    return payments.with_people(rows, typed), truth


def honest_neighbour(
    payments: Payments, _customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Have somebody pay a new payee whose number is close to a known one."""
    number, _ = mistype(payments.numbers_of(rows), lanes)
    payments = payments.with_people(rows, number)
    return payments, Truth.of_single_rows(rows, payments.cents[rows], payments.recipient[rows])


PROBABILITY = Probability(
    field="mistyped_entity_accident_probability",
    default=Range(min=0.003, max=0.04),
    lowest=0,
    highest=0.25,
    meaning="chance that a recipient whose number is typed in is mistyped",
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
    happen=mistyped,
    lookalike=Lookalike(
        kind=Kind(
            "honest_neighbour", "A payment to somebody whose number is close to a known one."
        ),
        frequency=PROBABILITY.of_lookalike("honest_neighbour"),
        readiness=where_numbers_are_typed,
        happen=honest_neighbour,
    ),
    look=Look("square", light="#00795c", dark="#48cda4"),
    misdirects=True,
    quarter=2,
)
