"""Which payments something out of the ordinary happens to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.accident import Happen
from accidental_transfers.model.arrays import Bool, Float, Int, Lanes
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import LANES_PER_WORD, Streams, unit

DETAIL_LANES = 6 * LANES_PER_WORD
QUARTERS = 4
PART_BITS = 30
LIKELIEST = 1 / QUARTERS
"""Highest probability per payment: what version 1's events, four in one stream, allow."""


@dataclass(frozen=True)
class Event:
    """Something that may happen to payments of some customers.

    Attributes
    ----------
    name
        Of its random stream, where it has one of its own.
    quarter
        Its quarter of the stream that version 1's events share, if it is one of them.
    probability
        (customers,): per payment, at most `LIKELIEST`.
    possible
        (entity types,): whether payments are chosen at all.
    readiness
        (entity types,): the part of the chosen payments that it happens to.
    happen
        See `Happen`.
    first_kind
        Position of its first kind in `accidents.KINDS`.
    """

    name: str
    quarter: int | None
    probability: Float
    possible: Bool
    readiness: Float
    happen: Happen
    first_kind: int


@dataclass(frozen=True)
class Struck:
    """Payments that something happens to.

    Attributes
    ----------
    rows
        Their positions, ascending.
    lanes
        (rows, `DETAIL_LANES`): random numbers for what happens.
    """

    rows: Int
    lanes: Lanes

    def where(self, chosen: Bool) -> Struck:
        """Keep some of them."""
        return Struck(self.rows[chosen], self.lanes[chosen])


def choose(streams: Streams, event: Event, payments: Payments, free: Bool) -> Struck:
    """Choose payments for an event, from a stream of its own.

    Parameters
    ----------
    streams
        Of all customers, for this event alone.
    payments
        Customer by customer.
    free
        (payments,): those to which nothing has happened yet; the chosen ones lose it.
    """
    number = _numbers(streams, payments.customer, len(event.probability))
    threshold = np.rint(event.probability * 2.0**32)
    # Hardly any payment passes the largest threshold, so that the own one is seldom looked up.
    rows = np.flatnonzero(number < threshold.max())
    rows = rows[number[rows] < threshold[payments.customer[rows]]]
    rows = rows[free[rows] & event.possible[payments.entity[rows]]]
    struck = _with_details(streams, payments.customer, rows, len(event.probability))
    return _ready(struck, event, payments, free)


def choose_together(
    streams: Streams, events: Sequence[Event], payments: Payments, free: Bool
) -> list[Struck]:
    """Choose payments for up to four events that share a stream, as version 1 does it.

    Each event owns a quarter of the 32-bit numbers, so that a payment has one event at most and
    one's probability never moves another's. The events are given in the order of their quarters;
    for the rest, see `choose`.
    """
    probability = np.stack([event.probability for event in events], axis=1)
    possible = np.stack([event.possible for event in events])
    number = _numbers(streams, payments.customer, len(probability))
    threshold = np.zeros((len(probability), QUARTERS), np.uint32)
    threshold[:, : len(events)] = np.rint(probability * 2.0 ** (PART_BITS + 2))
    part = number & ((1 << PART_BITS) - 1)
    rows = np.flatnonzero(part < threshold.max())
    quarter = (number[rows] >> PART_BITS).astype(np.int64)
    hit = part[rows] < threshold[payments.customer[rows], quarter]
    rows, quarter = rows[hit], quarter[hit]
    fine = free[rows] & possible[quarter, payments.entity[rows]]
    struck = _with_details(streams, payments.customer, rows[fine], len(probability))
    return [
        _ready(struck.where(quarter[fine] == position), event, payments, free)
        for position, event in enumerate(events)
    ]


def _numbers(streams: Streams, customer: Int, customers: int) -> npt.NDArray[np.uint32]:
    """Draw a 32-bit number for each payment."""
    counts = np.bincount(customer, minlength=customers)
    return streams.ragged_lanes(counts, LANES_PER_WORD).view("<u4")[:, 0]


def _with_details(streams: Streams, customer: Int, rows: Int, customers: int) -> Struck:
    counts = np.bincount(customer[rows], minlength=customers)
    return Struck(rows, streams.ragged_lanes(counts, DETAIL_LANES))


def _ready(struck: Struck, event: Event, payments: Payments, free: Bool) -> Struck:
    """Keep the payments that the event really happens to; they are free no longer."""
    readiness = event.readiness[payments.entity[struck.rows]]
    ready = struck.where(unit(struck.lanes[:, -1]) < readiness)
    free[ready.rows] = False
    return ready
