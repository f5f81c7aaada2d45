"""Wrong currencies: the number that was meant, in another currency."""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    with_every_entity_type,
)
from accidental_transfers.model.arrays import Cents, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.happened import Happened, single
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import among

DOLLARS_FOR = np.array([1.09, 1.27, 0.74])
"""For a euro, a pound and a Canadian dollar at the beginning of 2024, about."""


def wrong_currency(payments: Payments, _customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Pay as many euros, pounds or Canadian dollars as dollars were meant."""
    meant = payments.cents[rows]
    paid = _converted(meant, lanes[:, 0])
    return single(rows, paid, payments.recipient[rows], intended_cents=meant)


def honest_conversion(
    payments: Payments, _customers: Customers, rows: Int, lanes: Lanes
) -> Happened:
    """Have somebody pay a price that is in another currency."""
    return single(rows, _converted(payments.cents[rows], lanes[:, 0]), payments.recipient[rows])


def _converted(cents: Cents, lane: Lanes) -> Cents:
    rate = DOLLARS_FOR[among(lane, len(DOLLARS_FOR))]
    converted: Cents = np.maximum(np.rint(cents * rate), 1).astype(np.int32)
    return converted


PROBABILITY = Probability(
    field="wrong_currency_accident_probability",
    default=Range(min=0.001, max=0.01),
    lowest=0,
    highest=0.25,
    meaning="chance that a payment is made in another currency",
    presets={"bank": Range(min=0.0001, max=0.001), "dense": Range(min=0.01, max=0.06)},
)

ACCIDENT = Accident(
    name="wrong_currency",
    called="payments in the wrong currency",
    column="is_wrong_currency_accident",
    meaning="the amount is the number that was meant, in another currency",
    probability=PROBABILITY,
    kinds=(Kind("wrong_currency", "As many euros, pounds or Canadian dollars as dollars meant."),),
    readiness=with_every_entity_type,
    happen=wrong_currency,
    lookalikes=(
        Lookalike(
            kind=Kind("honest_conversion", "A price that is in another currency."),
            resembles="wrong_currency",
            frequency=PROBABILITY.of_lookalike("honest_conversion"),
            per_accident=1.0,
            happen=honest_conversion,
        ),
    ),
    look=Look("cross", light="#5b6b00", dark="#c4d64a"),
)
