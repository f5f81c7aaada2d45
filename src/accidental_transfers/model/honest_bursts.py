"""Honest payments within moments: repeats, several charges for one purchase, small charges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Cents, Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.happened import Happened
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.repeats import count_off, elapsed, own_of, parts_of
from accidental_transfers.model.streams import unit
from accidental_transfers.model.tables import COARSE_SLOTS, LookupTable, choice_table

REPEAT_EXTRAS = (0.78, 0.17, 0.05)
REPEAT_GAP, REPEAT_SIGMA = 18.0, 1.25
"""Median seconds, sd of ln(seconds). A coffee machine's log has one equal coffee in eight within
ten seconds; a shop's till is slower: own estimates."""
OFTEN_REPEATED = ("Coffee Shop", "Transit", "Restaurant", "Fast Food")
SELDOM = 0.5

SMALL_EXTRAS = (0.35, 0.40, 0.25)
SMALL_GAP, SMALL_SIGMA = 22.0, 1.0
SMALL_CENTS = (50, 500)
ELSEWHERE = 0.6
"""Part of the runs of small charges that go to several merchants."""
SMALL_CHARGES = ("Gaming", "Online Retail", "Transit", "Fast Food", "Coffee Shop", "Entertainment")
"""Where charges of some dollars are usual: own estimates."""

TENDERS, TIP, FUEL, FORGOTTEN = range(4)
GAS_STATION, TIPPED = "Gas Station", ("Restaurant", "Personal Care", "Food Delivery")


@dataclass(frozen=True)
class Way:
    """A way of several charges for one purchase: its share, and the seconds between."""

    share: float
    median_gap: float
    gap_sigma: float


WAYS = {
    TENDERS: Way(0.45, 12.0, 0.9),
    TIP: Way(0.20, 35.0, 1.0),
    FUEL: Way(0.10, 150.0, 0.5),
    FORGOTTEN: Way(0.25, 40.0, 1.1),
}
"""Own estimates. Two cards or more pay a bill; a tip is charged after it; a pump asks for a deposit
first; something was forgotten, and is paid after the rest."""
MEDIAN_GAPS = np.array([each.median_gap for each in WAYS.values()])
GAP_SIGMAS = np.array([each.gap_sigma for each in WAYS.values()])
THIRD_TENDER = 0.30
TIPS = (0.15, 0.25)
DEPOSITS = np.array([100, 5_000, 7_500, 10_000])
FORGOTTEN_PART = (0.05, 0.6)
LATER_PARTS = np.array([TIPS if way == TIP else FORGOTTEN_PART for way in WAYS])
"""Of the first charge, what a later one is, where it is a part: (ways, 2)."""


def repeat(payments: Payments, _customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Have somebody pay the same again within moments, and mean it."""
    event, position = count_off(_repeat_extras().take(lanes[:, 0]) + 2)
    base = rows.take(event)
    after = elapsed(lanes[event, 4:8], position, REPEAT_GAP, REPEAT_SIGMA)
    return Happened(base, position, after, payments.cents[base], payments.recipient[base])


def split(payments: Payments, _customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Have one purchase be charged in several parts."""
    entity = payments.entity[rows]
    way = _ways().draw(entity, lanes[:, 0]).astype(np.int64)
    members = 2 + ((way == TENDERS) & (unit(lanes[:, 1]) < THIRD_TENDER))
    event, position = count_off(members)
    base, way, lanes = rows.take(event), way.take(event), lanes[event]
    after = elapsed(lanes[:, 4:8], position, MEDIAN_GAPS[way], GAP_SIGMAS[way])
    cents = _charges(payments.cents[base], way, members.take(event), position, lanes[:, 8:12])
    return Happened(base, position, after, cents, payments.recipient[base])


def _charges(whole: Cents, way: Int, members: Int, position: Int, lanes: Lanes) -> Cents:
    """Give the amount of each charge for a purchase."""
    parts = own_of(parts_of(whole, members, lanes), position)
    first = position == 0
    deposit = np.where(first, DEPOSITS[lanes[:, 0] % len(DEPOSITS)], whole)
    low, high = LATER_PARTS[way].T
    more = np.where(first, whole, whole * (low + unit(lanes[:, 0]) * (high - low)))
    cents = np.where(way == FUEL, deposit, np.where(way == TENDERS, parts, more))
    return np.maximum(np.rint(cents), 1).astype(np.int32)


def small_charges(payments: Payments, _customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Have somebody make several small payments in a row."""
    event, position = count_off(_small_extras().take(lanes[:, 0]) + 2)
    base, lanes = rows.take(event), lanes[event]
    after = elapsed(lanes[:, 4:8], position, SMALL_GAP, SMALL_SIGMA)
    low, high = SMALL_CENTS
    cents = (low + own_of(unit(lanes[:, 8:12]), position) * (high - low)).astype(np.int32)
    drawn = recipients().draw(
        payments.entity[base], payments.city[base], own_of(lanes[:, 12:16], position)
    )
    moves = (unit(lanes[:, 1]) < ELSEWHERE) & (position > 0)
    recipient = np.where(moves, drawn, payments.recipient[base])
    return Happened(base, position, after, cents, recipient)


@cache
def often_repeated() -> Float:
    """Give how readily the same is bought twice in a row: (entity types,)."""
    names = [each.name for each in reference().entity_types]
    return np.array([1.0 if name in OFTEN_REPEATED else SELDOM for name in names])


@cache
def where_small_charges_are_normal() -> Float:
    """Give where several small charges in a row surprise nobody: (entity types,)."""
    names = [each.name for each in reference().entity_types]
    return np.array([float(name in SMALL_CHARGES) for name in names])


@cache
def _repeat_extras() -> Int:
    return choice_table(REPEAT_EXTRAS).astype(np.int64)


@cache
def _small_extras() -> Int:
    return choice_table(SMALL_EXTRAS).astype(np.int64)


@cache
def _ways() -> LookupTable[np.integer]:
    """Draw how a purchase is charged in parts, by its entity type."""
    rows = []
    for entity in reference().entity_types:
        possible = {
            TENDERS: True,
            TIP: entity.name in TIPPED,
            FUEL: entity.name == GAS_STATION,
            FORGOTTEN: entity.name != GAS_STATION,
        }
        weights = [WAYS[way].share * possible[way] for way in WAYS]
        rows.append(choice_table(weights, COARSE_SLOTS))
    return LookupTable(rows)
