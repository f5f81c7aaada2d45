"""What goes wrong: payments confirmed twice, amounts far too high, recipients mistyped.

Accidents strike honest payments and draw from streams of their own: without them the same
payments stand, untouched.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.amounts import amount_tables, usual_maximum_cents
from accidental_transfers.model.bursts import repeat
from accidental_transfers.model.chance import choose, detail_lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.labels import Kind, Label, Truth
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import typed_in
from accidental_transfers.model.streams import Purpose, Streams, unit
from accidental_transfers.model.typing_errors import mistype

MULTIPLIER_JITTER = 0.02
"""A high amount is the customer's multiple of the usual maximum, give or take."""

Int = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.uint16]


def strike(
    payments: Payments, customers: Customers, key: int, spared: Int, drawn: int
) -> tuple[Payments, Truth]:
    """Let accidents happen to honest payments; extra transactions are appended to them.

    Parameters
    ----------
    spared
        Rows to which nothing happens.
    drawn
        The first rows, customer by customer, of which accidents choose.
    """
    streams = Streams(key, customers.number, Purpose.ACCIDENTS)
    struck, label = _select(payments, customers, streams, spared, drawn)
    lanes = detail_lanes(streams, payments.customer[struck], len(customers))
    is_burst, is_high, is_mistyped = (label == each for each in list(Label)[1:])
    payments, high = _raise_amounts(payments, customers, struck[is_high], lanes[is_high])
    payments, mistyped = _mistype(payments, struck[is_mistyped], lanes[is_mistyped])
    payments, bursts = repeat(payments, struck[is_burst], lanes[is_burst])
    return payments, Truth.joined([high, mistyped, bursts])


def _select(
    payments: Payments, customers: Customers, streams: Streams, spared: Int, drawn: int
) -> tuple[Int, Int]:
    """Choose the payments that accidents strike, and each one's label."""
    struck, kind = choose(streams, payments.customer[:drawn], customers.accident_probability)
    is_spared = np.zeros(len(payments), bool)
    is_spared[spared] = True
    label = kind + 1
    typed = typed_in().take(payments.entity[struck])
    possible = ((label != Label.MISTYPED) | typed) & ~is_spared[struck]
    return struck[possible], label[possible]


def _raise_amounts(
    payments: Payments, customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    entity = payments.entity[rows].astype(np.int64)
    multiplier = customers.multiplier[payments.customer[rows]]
    jitter = 1 + MULTIPLIER_JITTER * (2 * unit(lanes[:, 0]) - 1)
    high = np.rint(usual_maximum_cents()[entity] * multiplier * jitter).astype(np.int32)
    truth = Truth.of_single_rows(
        rows, Kind.HIGH_AMOUNT, payments.cents[rows], payments.recipient[rows]
    )
    return payments.with_amounts(rows, amount_tables().end(entity, high, lanes[:, 1])), truth


def _mistype(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Payments, Truth]:
    typed, error = mistype(payments.numbers_of(rows), lanes)
    truth = Truth.of_single_rows(
        rows, Kind.MISTYPED, payments.cents[rows], payments.recipient[rows], error
    )
    return payments.with_people(rows, typed), truth
