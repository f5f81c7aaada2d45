"""What goes wrong: payments confirmed twice, amounts far too high, recipients mistyped.

Accidents strike honest payments and draw from streams of their own: without them the same
payments stand, untouched.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.amounts import amount_tables
from accidental_transfers.model.bursts import repeat
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.labels import AccidentKind, Accidents, Label
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.reference import reference
from accidental_transfers.model.streams import LANES_PER_WORD, Purpose, Streams, unit
from accidental_transfers.model.typing_errors import TypingError, mistype

DETAIL_LANES = 6 * LANES_PER_WORD
KIND_BITS = 30
KIND_SHARE = 1 << KIND_BITS
"""Each kind of accident owns a quarter of the 32-bit numbers, so that a payment has one at
most and one kind's probability never moves another's accidents."""

MULTIPLIER_JITTER = 0.02
"""A high amount is the customer's multiple of the usual maximum, give or take."""


Int = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.uint16]


def strike(payments: Payments, customers: Customers, key: int) -> tuple[Payments, Accidents]:
    """Let accidents happen to honest payments; extra transactions are appended to them."""
    streams = Streams(key, customers.number, Purpose.ACCIDENTS)
    struck, label = _select(payments, customers, streams)
    per_customer = np.bincount(payments.customer[struck], minlength=len(customers))
    lanes = streams.ragged_lanes(per_customer, DETAIL_LANES)
    is_burst, is_high, is_mistyped = (label == each for each in list(Label)[1:])
    payments, high = _raise_amounts(payments, customers, struck[is_high], lanes[is_high])
    payments, mistyped = _mistype(payments, struck[is_mistyped], lanes[is_mistyped])
    payments, bursts = repeat(payments, struck[is_burst], lanes[is_burst])
    return payments, Accidents.joined([high, mistyped, bursts])


def _select(
    payments: Payments, customers: Customers, streams: Streams
) -> tuple[Int, npt.NDArray[np.uint32]]:
    """Choose the payments that accidents strike, and each one's label."""
    counts = np.bincount(payments.customer, minlength=len(customers))
    number = streams.ragged_lanes(counts, LANES_PER_WORD).view("<u4")[:, 0]
    threshold = np.zeros((len(customers), 4), np.uint32)
    threshold[:, :3] = np.rint(customers.accident_probability * 4 * KIND_SHARE)
    kind = number >> KIND_BITS
    hit = (number & (KIND_SHARE - 1)) < threshold.ravel().take(payments.customer * 4 + kind)
    struck = np.flatnonzero(hit)
    label = kind[struck] + 1
    typed = _typed().take(payments.entity[struck])
    possible = (label != Label.MISTYPED) | typed
    return struck[possible], label[possible]


@cache
def _typed() -> npt.NDArray[np.bool_]:
    return np.array([entity.typed for entity in reference().entity_types])


@cache
def _usual_maximum_cents() -> npt.NDArray[np.float64]:
    """Give the usual maximum of each entity type's transaction type, in cents."""
    facts = reference()
    maxima = [
        facts.transaction_types[entity.transaction_type].usual_maximum
        for entity in facts.entity_types
    ]
    return np.array(maxima) * 100


def _single(payments: Payments, rows: Int, kind: AccidentKind, typing_error: Int) -> Accidents:
    return Accidents(
        row=rows,
        kind=np.full(len(rows), kind, np.int64),
        group=rows,
        position=np.ones(len(rows), np.int64),
        intended_cents=payments.cents[rows].astype(np.int64),
        intended_recipient=payments.recipient[rows],
        typing_error=typing_error,
    )


def _raise_amounts(
    payments: Payments, customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Accidents]:
    entity = payments.entity[rows].astype(np.int64)
    multiplier = customers.multiplier[payments.customer[rows]]
    jitter = 1 + MULTIPLIER_JITTER * (2 * unit(lanes[:, 0]) - 1)
    high = np.rint(_usual_maximum_cents()[entity] * multiplier * jitter).astype(np.int32)
    cents = payments.cents.copy()
    cents[rows] = amount_tables().end(entity, high, lanes[:, 1])
    truth = _single(
        payments, rows, AccidentKind.HIGH_AMOUNT, np.full(len(rows), TypingError.NONE, np.int64)
    )
    return replace(payments, cents=cents), truth


def _mistype(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Payments, Accidents]:
    first_person = recipients().first_person
    intended = payments.number[payments.recipient[rows] - first_person]
    typed, error = mistype(intended, lanes)
    recipient = payments.recipient.copy()
    recipient[rows] = first_person + len(payments.number) + np.arange(len(rows))
    truth = _single(payments, rows, AccidentKind.MISTYPED, error)
    number = np.concatenate([payments.number, typed])
    return replace(payments, recipient=recipient, number=number), truth
