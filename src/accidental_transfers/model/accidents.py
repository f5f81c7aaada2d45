"""What goes wrong: payments confirmed twice, amounts far too high, recipients mistyped.

Accidents strike honest payments and draw from streams of their own: without them the same
payments stand, untouched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.amounts import amount_tables
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.reference import reference
from accidental_transfers.model.streams import LANES_PER_WORD, Purpose, Streams, unit
from accidental_transfers.model.tables import SLOTS, choice_table, normal_table
from accidental_transfers.model.typing_errors import TypingError, mistype

DETAIL_LANES = 6 * LANES_PER_WORD
KIND_BITS = 30
KIND_SHARE = 1 << KIND_BITS
"""Each kind of accident owns a quarter of the 32-bit numbers, so that a payment has one at
most and one kind's probability never moves another's accidents."""

MULTIPLIER_JITTER = 0.02
"""A high amount is the customer's multiple of the usual maximum, give or take."""
TEST_CENTS = (50, 500)
"""Who tests a stolen card tries small amounts."""


class Label(IntEnum):
    """What a row is labelled as; the order is that of the dataset's columns."""

    NONE = 0
    BURST = 1
    HIGH_AMOUNT = 2
    MISTYPED = 3


class AccidentKind(IntEnum):
    """The accidents' kinds in all detail, as `accidents.csv` names them."""

    DUPLICATE = 0
    SPLIT = 1
    CARD_TEST = 2
    HIGH_AMOUNT = 3
    MISTYPED = 4


ACCIDENT_LABEL = np.array(
    [Label.BURST, Label.BURST, Label.BURST, Label.HIGH_AMOUNT, Label.MISTYPED], np.uint8
)
"""The label of each `AccidentKind`."""


@dataclass(frozen=True)
class BurstKind:
    """How a kind of burst goes: shares of 1, 2 and 3 extra rows and the seconds between."""

    extra_weights: tuple[float, float, float]
    median_gap: float
    gap_sigma: float = 0.7


BURST_KINDS = {
    AccidentKind.DUPLICATE: BurstKind((0.74, 0.19, 0.07), 9.0),
    AccidentKind.SPLIT: BurstKind((0.55, 0.35, 0.10), 6.0),
    AccidentKind.CARD_TEST: BurstKind((0.25, 0.40, 0.35), 14.0),
}
BURST_SHARES = {"card": (0.66, 0.20, 0.14), "transfer": (1.0, 0.0, 0.0)}
"""Only cards are split by a reader or tested by a thief: own estimates."""
CARD_TYPES = ("Credit Card", "Online Purchase")
SHORTEST_GAP, LONGEST_GAP = 1, 50
"""Seconds from one member of a burst to the next."""

Int = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Accidents:
    """The truth about accident rows; every array has one element per labelled row.

    Attributes
    ----------
    row
        Position among the payments.
    kind
        `AccidentKind`.
    group
        Row of the first transaction of the accident.
    position
        1 for the first transaction, 2 and up for the extra ones.
    intended_cents
        What the customer meant to pay, once.
    intended_recipient
        Whom the customer meant to pay.
    typing_error
        `TypingError`.
    """

    row: Int
    kind: Int
    group: Int
    position: Int
    intended_cents: Int
    intended_recipient: Int
    typing_error: Int

    def __len__(self) -> int:
        return len(self.row)

    def moved(self, place: Int) -> Accidents:
        """Follow the rows to new places, and stand in their order."""
        order = np.argsort(place[self.row])
        columns = {name: getattr(self, name)[order] for name in self.__dataclass_fields__}
        columns["row"] = place[columns["row"]]
        columns["group"] = place[columns["group"]]
        return Accidents(**columns)


def strike(payments: Payments, customers: Customers, key: int) -> tuple[Payments, Accidents]:
    """Let accidents happen to honest payments; extra transactions are appended to them."""
    streams = Streams(key, [int(number) for number in customers.number], Purpose.ACCIDENTS)
    struck, label = _select(payments, customers, streams)
    per_customer = np.bincount(payments.customer[struck], minlength=len(customers))
    lanes = streams.ragged_lanes(per_customer, DETAIL_LANES)
    is_burst, is_high, is_mistyped = (label == each for each in list(Label)[1:])
    payments, high = _raise_amounts(payments, customers, struck[is_high], lanes[is_high])
    payments, mistyped = _mistype(payments, struck[is_mistyped], lanes[is_mistyped])
    payments, bursts = _repeat(payments, struck[is_burst], lanes[is_burst])
    return payments, _join([high, mistyped, bursts])


def _join(parts: list[Accidents]) -> Accidents:
    names = list(Accidents.__dataclass_fields__)
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Accidents(**columns)


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


def _repeat(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Payments, Accidents]:
    """Add the extra transactions of bursts; a split or a test changes the first one too."""
    kind, members = _burst_sizes(payments, rows, lanes)
    burst = np.repeat(np.arange(len(rows)), members)
    position = np.arange(len(burst)) - (np.cumsum(members) - members).take(burst)
    base = rows.take(burst)
    second = payments.second[base] + _elapsed(kind.take(burst), position, lanes[:, 4:8][burst])
    cents = _burst_cents(
        payments.cents[base], kind.take(burst), members.take(burst), position, lanes[:, 8:12][burst]
    )
    recipient = _burst_recipients(
        payments, base, kind.take(burst), position, lanes[:, 12:16][burst]
    )
    extra = position > 0
    row = base.copy()
    row[extra] = len(payments) + np.arange(np.count_nonzero(extra))
    truth = Accidents(
        row=row,
        kind=kind.take(burst),
        group=base,
        position=position + 1,
        intended_cents=payments.cents[base].astype(np.int64),
        intended_recipient=recipient,
        typing_error=np.full(len(row), TypingError.NONE, np.int64),
    )
    first_cents = payments.cents.copy()
    first_cents[rows] = cents[~extra]
    source = base[extra]
    return (
        Payments(
            customer=np.append(payments.customer, payments.customer[source]),
            second=np.append(payments.second, second[extra]),
            entity=np.append(payments.entity, payments.entity[source]),
            city=np.append(payments.city, payments.city[source]),
            cents=np.append(first_cents, cents[extra]),
            recipient=np.append(payments.recipient, recipient[extra]),
            number=payments.number,
        ),
        truth,
    )


def _burst_sizes(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Int, Int]:
    by_entity, extras = _burst_tables()
    kind = by_entity[payments.entity[rows], lanes[:, 0]].astype(np.int64)
    return kind, extras[kind, lanes[:, 1]] + 2


@cache
def _burst_tables() -> tuple[npt.NDArray[np.integer], Int]:
    """Choose bursts: their kind by entity type, and one fewer than the extra rows by kind."""
    facts = reference()
    kinds = [
        choice_table(BURST_SHARES["card" if type_.name in CARD_TYPES else "transfer"])
        for type_ in (facts.transaction_types[e.transaction_type] for e in facts.entity_types)
    ]
    extras = [choice_table(burst.extra_weights) for burst in BURST_KINDS.values()]
    return np.array(kinds), np.array(extras).astype(np.int64)


def _elapsed(kind: Int, position: Int, gap_lanes: Lanes) -> Int:
    """Give the seconds from a burst's first transaction to each member."""
    bursts = list(BURST_KINDS.values())
    median = np.array([burst.median_gap for burst in bursts])[kind]
    sigma = np.array([burst.gap_sigma for burst in bursts])[kind]
    gaps = np.rint(median[:, None] * np.exp(sigma[:, None] * normal_table()[gap_lanes]))
    gaps = np.clip(gaps, SHORTEST_GAP, LONGEST_GAP).astype(np.int64)
    return (gaps * (np.arange(gap_lanes.shape[1]) < position[:, None])).sum(axis=1)


def _burst_cents(
    intended: npt.NDArray[np.int32], kind: Int, members: Int, position: Int, lanes: Lanes
) -> npt.NDArray[np.int32]:
    """Give each member's amount: the same again, a part of the whole, or a small test."""
    is_member = np.arange(lanes.shape[1]) < members[:, None]
    weight = (0.5 + unit(lanes)) * is_member
    share = intended[:, None] * weight / weight.sum(axis=1, keepdims=True)
    parts = np.where(is_member, np.maximum(share, 1), 0).astype(np.int64)
    parts[:, 0] = intended - parts[:, 1:].sum(axis=1)
    own = np.take_along_axis(parts, position[:, None], axis=1)[:, 0]
    low, high = TEST_CENTS
    small = low + np.take_along_axis(unit(lanes), position[:, None], axis=1)[:, 0] * (high - low)
    cents = np.select(
        [kind == AccidentKind.SPLIT, kind == AccidentKind.CARD_TEST],
        [own, small.astype(np.int64)],
        intended,
    )
    return cents.astype(np.int32)


def _burst_recipients(payments: Payments, base: Int, kind: Int, position: Int, lanes: Lanes) -> Int:
    """Repeat the recipient; a thief tries another merchant of the same kind each time."""
    entity = payments.entity[base].astype(np.int64)
    lane = np.take_along_axis(lanes, position[:, None], axis=1)[:, 0]
    merchant = recipients().popularity.ravel().take(entity * SLOTS + lane)
    elsewhere = recipients().in_city(merchant, payments.city[base])
    is_elsewhere = (kind == AccidentKind.CARD_TEST) & (position > 0)
    return np.where(is_elsewhere, elsewhere, payments.recipient[base])
