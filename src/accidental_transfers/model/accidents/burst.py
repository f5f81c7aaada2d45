"""Bursts: extra transactions within seconds of one that was meant to be a single one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    with_every_entity_type,
)
from accidental_transfers.model.arrays import Cents, Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.happened import Happened
from accidental_transfers.model.honest_bursts import (
    often_repeated,
    repeat,
    small_charges,
    split,
    where_small_charges_are_normal,
)
from accidental_transfers.model.parameters import Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.repeats import count_off, elapsed, own_of, parts_of
from accidental_transfers.model.streams import unit
from accidental_transfers.model.tables import COARSE_SLOTS, LookupTable, choice_table

DUPLICATE, SPLIT, CARD_TEST = range(3)


@dataclass(frozen=True)
class BurstKind:
    """How a kind of burst goes: shares of 1, 2 and 3 extra rows and the seconds between."""

    extra_weights: tuple[float, float, float]
    median_gap: float
    gap_sigma: float = 0.8


BURST_KINDS = {
    DUPLICATE: BurstKind((0.74, 0.19, 0.07), 9.0),
    SPLIT: BurstKind((0.55, 0.35, 0.10), 7.0),
    CARD_TEST: BurstKind((0.25, 0.40, 0.35), 12.0),
}
"""A duplicate is an impatient thumb, or a second try while a screen hangs: the sd of ln(seconds)
covers both, and no gap is cut off."""
MEDIAN_GAPS = np.array([each.median_gap for each in BURST_KINDS.values()])
GAP_SIGMAS = np.array([each.gap_sigma for each in BURST_KINDS.values()])
SPLIT_SHARE, TEST_SHARE = 0.20, 0.20
"""Of bursts of cards; only cards are split by a reader or tested by a thief: own estimates."""
CARD_TYPES = ("Credit Card", "Online Purchase")
TEST_CENTS = (50, 500)
"""Who tests a stolen card tries small amounts."""


def burst(payments: Payments, _customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Add the extra transactions of bursts; a split or a test changes the first one too."""
    kind, members = _sizes(payments, rows, lanes)
    event, position = count_off(members)
    base, kind, lanes = rows.take(event), kind.take(event), lanes[event]
    intended = payments.cents[base]
    recipient = _recipients(payments, base, kind, position, lanes[:, 12:16])
    return Happened(
        base=base,
        position=position,
        after=_elapsed(kind, position, lanes[:, 4:8]),
        cents=_cents(intended, kind, members.take(event), position, lanes[:, 8:12]),
        recipient=recipient,
        kind=kind,
        intended_cents=intended,
    )


def _sizes(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Int, Int]:
    """Draw each burst's kind and the number of its transactions."""
    kind = _kinds_by_entity().draw(payments.entity[rows], lanes[:, 0]).astype(np.int64)
    return kind, _extras_by_kind().draw(kind, lanes[:, 1]).astype(np.int64) + 2


@cache
def _shares() -> Float:
    """Give the share of each kind of burst with each entity type: (kinds, entity types)."""
    is_card = reference().are_of(*CARD_TYPES)
    tests = TEST_SHARE * is_card * where_small_charges_are_normal()
    splits = SPLIT_SHARE * is_card
    return np.array([1 - splits - tests, splits, tests])


def _share_of_duplicates() -> Float:
    return _shares()[DUPLICATE]


def _share_of_splits() -> Float:
    return _shares()[SPLIT]


def _share_of_card_tests() -> Float:
    return _shares()[CARD_TEST]


@cache
def _kinds_by_entity() -> LookupTable[np.integer]:
    return LookupTable(choice_table(each, COARSE_SLOTS) for each in _shares().T)


@cache
def _extras_by_kind() -> LookupTable[np.integer]:
    """Choose one fewer than the extra rows."""
    return LookupTable(
        choice_table(kind.extra_weights, COARSE_SLOTS) for kind in BURST_KINDS.values()
    )


def _elapsed(kind: Int, position: Int, gap_lanes: Lanes) -> Int:
    """Give the seconds from a burst's first transaction to each member."""
    return elapsed(gap_lanes, position, MEDIAN_GAPS[kind], GAP_SIGMAS[kind])


def _cents(intended: Cents, kind: Int, members: Int, position: Int, lanes: Lanes) -> Cents:
    """Give each member's amount: the same again, a part of the whole, or a small test."""
    own = own_of(parts_of(intended, members, lanes), position)
    low, high = TEST_CENTS
    small = low + own_of(unit(lanes), position) * (high - low)
    cents = np.where(kind == CARD_TEST, small.astype(np.int64), intended)
    cents = np.where(kind == SPLIT, own, cents)
    return cents.astype(np.int32)


def _recipients(payments: Payments, base: Int, kind: Int, position: Int, lanes: Lanes) -> Int:
    """Repeat the recipient; a thief tries another merchant of the same kind each time."""
    own = own_of(lanes, position)
    elsewhere = recipients().draw(payments.entity[base], payments.city[base], own)
    is_elsewhere = (kind == CARD_TEST) & (position > 0)
    return np.where(is_elsewhere, elsewhere, payments.recipient[base])


PROBABILITY = Probability(
    field="accident_probability",
    default=Range(min=0.001, max=0.01),
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
    lookalikes=(
        Lookalike(
            kind=Kind(
                "honest_repeat", "The same again within moments, and meant so: two equal coffees."
            ),
            resembles="duplicate",
            frequency=PROBABILITY.of_lookalike("honest_repeat"),
            per_accident=1.35,
            readiness=often_repeated,
            kind_share=_share_of_duplicates,
            happen=repeat,
        ),
        Lookalike(
            kind=Kind(
                "honest_split",
                "Several charges for one purchase: two cards, a tip, fuel, a forgotten item.",
            ),
            resembles="split",
            frequency=PROBABILITY.of_lookalike("honest_split"),
            per_accident=1.8,
            readiness=_share_of_splits,
            kind_share=_share_of_splits,
            happen=split,
        ),
        Lookalike(
            kind=Kind(
                "small_charges",
                "Several small charges in a row: songs, lives in a game, a parking meter.",
            ),
            resembles="card_test",
            frequency=PROBABILITY.of_lookalike("small_charges"),
            per_accident=1.2,
            readiness=where_small_charges_are_normal,
            kind_share=_share_of_card_tests,
            happen=small_charges,
        ),
    ),
    look=Look("circle", light="#c14d00", dark="#ff9a52"),
    most_extra_rows=3,
    quarter=0,
)
