"""Bursts: extra transactions within seconds of one that was meant to be a single one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.facts import reference
from accidental_transfers.model.labels import Kind, Truth
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.repeats import count_off, elapsed, rows_of
from accidental_transfers.model.streams import unit
from accidental_transfers.model.tables import choice_table
from accidental_transfers.model.typing_errors import TypingError

TEST_CENTS = (50, 500)
"""Who tests a stolen card tries small amounts."""


@dataclass(frozen=True)
class BurstKind:
    """How a kind of burst goes: shares of 1, 2 and 3 extra rows and the seconds between."""

    extra_weights: tuple[float, float, float]
    median_gap: float
    gap_sigma: float = 0.7


BURST_KINDS = {
    Kind.DUPLICATE: BurstKind((0.74, 0.19, 0.07), 9.0),
    Kind.SPLIT: BurstKind((0.55, 0.35, 0.10), 6.0),
    Kind.CARD_TEST: BurstKind((0.25, 0.40, 0.35), 14.0),
}
BURST_SHARES = {"card": (0.66, 0.20, 0.14), "transfer": (1.0, 0.0, 0.0)}
"""Only cards are split by a reader or tested by a thief: own estimates."""
CARD_TYPES = ("Credit Card", "Online Purchase")
LONGEST_GAP = 50
"""Seconds from one member of a burst to the next."""

Int = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.uint16]


def repeat(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Payments, Truth]:
    """Add the extra transactions of bursts; a split or a test changes the first one too."""
    kind, members = _burst_sizes(payments, rows, lanes)
    burst, position = count_off(members)
    base, kind, lanes = rows.take(burst), kind.take(burst), lanes[burst]
    second = payments.second[base] + _elapsed(kind, position, lanes[:, 4:8])
    cents = _burst_cents(payments.cents[base], kind, members.take(burst), position, lanes[:, 8:12])
    recipient = _burst_recipients(payments, base, kind, position, lanes[:, 12:16])
    extra = position > 0
    truth = Truth(
        row=rows_of(base, position, len(payments)),
        kind=kind,
        group=base,
        position=position + 1,
        intended_cents=payments.cents[base].astype(np.int64),
        intended_recipient=recipient,
        typing_error=np.full(len(base), TypingError.NONE, np.int64),
    )
    payments = payments.with_amounts(rows, cents[~extra])
    return payments.followed_by(base[extra], second[extra], cents[extra], recipient[extra]), truth


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
    return elapsed(gap_lanes, position, median, sigma, LONGEST_GAP)


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
        [kind == Kind.SPLIT, kind == Kind.CARD_TEST],
        [own, small.astype(np.int64)],
        intended,
    )
    return cents.astype(np.int32)


def _burst_recipients(payments: Payments, base: Int, kind: Int, position: Int, lanes: Lanes) -> Int:
    """Repeat the recipient; a thief tries another merchant of the same kind each time."""
    entity = payments.entity[base].astype(np.int64)
    lane = np.take_along_axis(lanes, position[:, None], axis=1)[:, 0]
    elsewhere = recipients().draw(entity, payments.city[base], lane)
    is_elsewhere = (kind == Kind.CARD_TEST) & (position > 0)
    return np.where(is_elsewhere, elsewhere, payments.recipient[base])
