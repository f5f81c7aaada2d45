"""High amounts: a payment far above the usual maximum of its type, by mistake."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    with_every_entity_type,
)
from accidental_transfers.model.amounts import amount_tables, usual_maximum_cents
from accidental_transfers.model.arrays import Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.parameters import Parameter, Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients, typed_in
from accidental_transfers.model.streams import unit
from accidental_transfers.model.truth import Truth

MULTIPLIER_JITTER = 0.02
"""A high amount is the customer's multiple of the usual maximum, give or take."""

LARGE_FROM, LARGE_TO = 2.3, 8.0
LARGE_EXPONENT = 2.5
"""Large purchases over their type's usual maximum follow a Pareto law, within limits."""
UNFAMILIAR = 0.7
"""Part of the large purchases that go by a merchant's popularity, not by habit: own estimate."""


def high_amount(
    payments: Payments, customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Raise amounts to the customer's multiple of their type's usual maximum."""
    entity = payments.entity[rows]
    multiplier = customers.own[MULTIPLIER.field][payments.customer[rows]]
    jitter = 1 + MULTIPLIER_JITTER * (2 * unit(lanes[:, 0]) - 1)
    high = np.rint(usual_maximum_cents()[entity] * multiplier * jitter).astype(np.int32)
    truth = Truth.of_single_rows(rows, payments.cents[rows], payments.recipient[rows])
    return payments.with_amounts(rows, amount_tables().end(entity, high, lanes[:, 1])), truth


def honest_large(
    payments: Payments, _customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Have somebody buy what costs far more than is usual."""
    entity = payments.entity[rows]
    cents = np.rint(usual_maximum_cents()[entity] * _multiple(lanes[:, 0])).astype(np.int32)
    ended = amount_tables().end(entity, cents, lanes[:, 1])
    payments = payments.with_amounts(rows, ended)
    unfamiliar = (unit(lanes[:, 2]) < UNFAMILIAR) & ~typed_in()[entity]
    payments = _elsewhere(payments, rows[unfamiliar], lanes[unfamiliar, 3])
    return payments, Truth.of_single_rows(rows, ended, payments.recipient[rows])


def _multiple(lanes: Lanes) -> Float:
    """Draw from the Pareto law within `LARGE_FROM` and `LARGE_TO`."""
    bounded = 1 - unit(lanes) * (1 - (LARGE_FROM / LARGE_TO) ** LARGE_EXPONENT)
    return LARGE_FROM * bounded ** (-1 / LARGE_EXPONENT)


def _elsewhere(payments: Payments, rows: Int, lanes: Lanes) -> Payments:
    """Have large purchases go to merchants by their popularity, not by habit."""
    recipient = payments.recipient.copy()
    recipient[rows] = recipients().draw(payments.entity[rows], payments.city[rows], lanes)
    return replace(payments, recipient=recipient)


@cache
def _where_large_things_are_sold() -> Float:
    return np.array([entity.large for entity in reference().entity_types])


@cache
def _ready_share() -> float:
    facts = reference()
    weights = np.zeros((2, len(facts.transaction_types)))
    for entity in facts.entity_types:
        weights[:, entity.transaction_type] += entity.share, entity.share * entity.large
    shares = np.array([type_.share for type_ in facts.transaction_types])
    return float((weights[1] / weights[0]) @ shares)


PROBABILITY = Probability(
    field="high_amount_accident_probability",
    default=Range(min=0.0005, max=0.008),
    lowest=0,
    highest=0.25,
    meaning="chance that a transaction's amount is far too high",
    presets={"bank": Range(min=0.00003, max=0.0004), "dense": Range(min=0.005, max=0.06)},
)
MULTIPLIER = Parameter(
    field="high_amount_multiplier",
    default=Range(min=2.5, max=4.0),
    lowest=1,
    highest=100,
    meaning="how many times the usual maximum a high amount is",
)

ACCIDENT = Accident(
    name="high_amount",
    called="amounts far too high",
    column="is_high_amount_accident",
    meaning="the amount is the usual maximum of its transaction type times the customer's "
    "multiplier",
    probability=PROBABILITY,
    kinds=(Kind("high_amount", "An amount far above the usual maximum of its type."),),
    readiness=with_every_entity_type,
    happen=high_amount,
    lookalike=Lookalike(
        kind=Kind("honest_large", "A real purchase far above the usual maximum."),
        frequency=PROBABILITY.of_lookalike("honest_large"),
        readiness=_where_large_things_are_sold,
        happen=honest_large,
        ready_share=_ready_share,
    ),
    look=Look("triangle", light="#a3318a", dark="#ef8fd6"),
    parameters=(MULTIPLIER,),
    quarter=1,
)
