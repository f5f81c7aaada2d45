"""Bursts: extra transactions within seconds of one that was meant to be a single one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    with_every_entity_type,
)
from accidental_transfers.model.arrays import Cents, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.repeats import count_off, elapsed, rows_of
from accidental_transfers.model.streams import unit
from accidental_transfers.model.tables import COARSE_SLOTS, LookupTable, choice_table
from accidental_transfers.model.truth import Truth

DUPLICATE, SPLIT, CARD_TEST = range(3)

Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True)
class BurstKind:
    """How a kind of burst goes: shares of 1, 2 and 3 extra rows and the seconds between."""

    extra_weights: tuple[float, float, float]
    median_gap: float
    gap_sigma: float = 0.7


BURST_KINDS = {
    DUPLICATE: BurstKind((0.74, 0.19, 0.07), 9.0),
    SPLIT: BurstKind((0.55, 0.35, 0.10), 6.0),
    CARD_TEST: BurstKind((0.25, 0.40, 0.35), 14.0),
}
BURST_SHARES = {"card": (0.66, 0.20, 0.14), "transfer": (1.0, 0.0, 0.0)}
"""Only cards are split by a reader or tested by a thief: own estimates."""
CARD_TYPES = ("Credit Card", "Online Purchase")
LONGEST_GAP = 50
"""Seconds from one member of a burst to the next."""
TEST_CENTS = (50, 500)
"""Who tests a stolen card tries small amounts."""

REPEAT_EXTRAS = (0.78, 0.17, 0.05)
REPEAT_MEDIAN_GAP, REPEAT_GAP_SIGMA = 14.0, 0.9
REPEAT_LONGEST_GAP = 39
"""Seconds; three of the longest stay within the two minutes of a merchant's duplicate filter."""


def burst(
    payments: Payments, _customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Add the extra transactions of bursts; a split or a test changes the first one too."""
    kind, members = _sizes(payments, rows, lanes)
    event, position = count_off(members)
    base, kind, lanes = rows.take(event), kind.take(event), lanes[event]
    second = payments.second[base] + _elapsed(kind, position, lanes[:, 4:8])
    cents = _cents(payments.cents[base], kind, members.take(event), position, lanes[:, 8:12])
    recipient = _recipients(payments, base, kind, position, lanes[:, 12:16])
    extra = position > 0
    truth = Truth(
        row=rows_of(base, position, len(payments)),
        kind=kind,
        group=base,
        position=position + 1,
        intended_cents=payments.cents[base].astype(np.int64),
        intended_recipient=recipient,
        slip=np.zeros(len(base), np.int64),
    )
    payments = payments.with_amounts(rows, cents[~extra])
    return payments.followed_by(base[extra], second[extra], cents[extra], recipient[extra]), truth


def _sizes(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Int, Int]:
    """Draw each burst's kind and the number of its transactions."""
    kind = _kinds_by_entity().draw(payments.entity[rows], lanes[:, 0]).astype(np.int64)
    return kind, _extras_by_kind().draw(kind, lanes[:, 1]).astype(np.int64) + 2


@cache
def _kinds_by_entity() -> LookupTable[np.integer]:
    facts = reference()
    types = (facts.transaction_types[entity.transaction_type] for entity in facts.entity_types)
    shares = (BURST_SHARES["card" if type_.name in CARD_TYPES else "transfer"] for type_ in types)
    return LookupTable(choice_table(each, COARSE_SLOTS) for each in shares)


@cache
def _extras_by_kind() -> LookupTable[np.integer]:
    """Choose one fewer than the extra rows."""
    return LookupTable(
        choice_table(kind.extra_weights, COARSE_SLOTS) for kind in BURST_KINDS.values()
    )


def _elapsed(kind: Int, position: Int, gap_lanes: Lanes) -> Int:
    """Give the seconds from a burst's first transaction to each member."""
    kinds = list(BURST_KINDS.values())
    median = np.array([each.median_gap for each in kinds])[kind]
    sigma = np.array([each.gap_sigma for each in kinds])[kind]
    return elapsed(gap_lanes, position, median, sigma, LONGEST_GAP)


def _cents(intended: Cents, kind: Int, members: Int, position: Int, lanes: Lanes) -> Cents:
    """Give each member's amount: the same again, a part of the whole, or a small test."""
    own = _own(_parts(intended, members, lanes), position)
    low, high = TEST_CENTS
    small = low + _own(unit(lanes), position) * (high - low)
    cents = np.select([kind == SPLIT, kind == CARD_TEST], [own, small.astype(np.int64)], intended)
    return cents.astype(np.int32)


def _parts(whole: Cents, members: Int, lanes: Lanes) -> Int:
    """Split amounts into as many random parts as there are members: (members, most members)."""
    is_member = np.arange(lanes.shape[1]) < members[:, None]
    weight = (0.5 + unit(lanes)) * is_member
    share = whole[:, None] * weight / weight.sum(axis=1, keepdims=True)
    parts = np.where(is_member, np.maximum(share, 1), 0).astype(np.int64)
    parts[:, 0] = whole - parts[:, 1:].sum(axis=1)
    return parts


def _own(of_all: npt.NDArray[Value], position: Int) -> npt.NDArray[Value]:
    """Give each member what stands at its position: (members,)."""
    return np.take_along_axis(of_all, position[:, None], axis=1)[:, 0]


def _recipients(payments: Payments, base: Int, kind: Int, position: Int, lanes: Lanes) -> Int:
    """Repeat the recipient; a thief tries another merchant of the same kind each time."""
    elsewhere = recipients().draw(payments.entity[base], payments.city[base], _own(lanes, position))
    is_elsewhere = (kind == CARD_TEST) & (position > 0)
    return np.where(is_elsewhere, elsewhere, payments.recipient[base])


def honest_repeat(
    payments: Payments, _customers: Customers, rows: Int, lanes: Lanes
) -> tuple[Payments, Truth]:
    """Have somebody pay the same again within moments, and mean it."""
    event, position = count_off(_repeat_extras().take(lanes[:, 0]) + 2)
    base = rows.take(event)
    after = elapsed(
        lanes[event, 4:8], position, REPEAT_MEDIAN_GAP, REPEAT_GAP_SIGMA, REPEAT_LONGEST_GAP
    )
    row = rows_of(base, position, len(payments))
    source, later = base[position > 0], after[position > 0]
    payments = payments.followed_by(
        source, payments.second[source] + later, payments.cents[source], payments.recipient[source]
    )
    return payments, Truth(
        row=row,
        kind=np.zeros(len(row), np.int64),
        group=base,
        position=position + 1,
        intended_cents=payments.cents[row].astype(np.int64),
        intended_recipient=payments.recipient[row],
        slip=np.zeros(len(row), np.int64),
    )


@cache
def _repeat_extras() -> Int:
    return choice_table(REPEAT_EXTRAS).astype(np.int64)


PROBABILITY = Probability(
    field="accident_probability",
    default=Range(min=0.001, max=0.008),
    lowest=0,
    highest=0.25,
    meaning="chance that a transaction becomes a burst",
    presets={"bank": Range(min=0.00005, max=0.0005), "dense": Range(min=0.01, max=0.06)},
)

ACCIDENT = Accident(
    name="burst",
    called="payments confirmed twice",
    column="is_accident_burst",
    meaning="one of several transactions within seconds: a payment confirmed twice, one that a "
    "card reader split, a stolen card being tested; the first is labelled too",
    probability=PROBABILITY,
    kinds=(
        Kind("duplicate", "The same payment confirmed twice or more, within seconds."),
        Kind(
            "split",
            "One purchase, split by a faulty reader; the parts add up to what was meant.",
        ),
        Kind(
            "card_test",
            "Small amounts in quick succession: somebody tests a stolen card.",
        ),
    ),
    readiness=with_every_entity_type,
    happen=burst,
    lookalike=Lookalike(
        kind=Kind(
            "honest_repeat", "The same again within moments, and meant so: two equal coffees."
        ),
        frequency=PROBABILITY.of_lookalike("honest_repeat"),
        readiness=with_every_entity_type,
        happen=honest_repeat,
    ),
    look=Look("circle", light="#c14d00", dark="#ff9a52"),
    most_extra_rows=3,
    quarter=0,
)
