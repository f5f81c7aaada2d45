"""How much: amounts in integer cents, with the price endings of their kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Cents, Codes, Float, Int, Lanes
from accidental_transfers.model.facts.reference import EntityType, reference
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.tables import (
    COARSE_SLOTS,
    LookupTable,
    choice_table,
    normal_table,
)

QUANTILES = 1 << 14
"""Amounts a table tells apart; more would not fit into a core's cache with the other tables."""

SMALLEST_NORMAL_CENTS = 500
"""Nobody fills a tank for less than five dollars."""
SMALLEST_CENTS = 50
REFLECTIONS = 2


@dataclass(frozen=True)
class Ending:
    """A way prices end: multiples of ``step`` cents, moved by ``offset`` cents."""

    name: str
    step: int
    offset: int


ENDINGS = (
    Ending("cents", 1, 0),
    Ending("whole", 100, 0),
    Ending("five", 500, 0),
    Ending("ninety_nine", 100, -1),
    Ending("ninety_five", 100, -5),
    Ending("half", 50, 0),
)
STEP = np.array([ending.step for ending in ENDINGS], np.int32)
OFFSET = np.array([ending.offset for ending in ENDINGS], np.int32)
HALF_STEP = STEP >> 1
LOWEST = np.maximum(STEP, SMALLEST_CENTS)


@dataclass(frozen=True)
class AmountTables:
    """What amounts are drawn from; a row for each entity type.

    Attributes
    ----------
    cents
        Quantiles of the amount at the middle spending level.
    ending
        Positions in `ENDINGS`.
    """

    cents: LookupTable[np.int32]
    ending: LookupTable[np.integer]

    def usual(self, entity: Codes, level: Float, lane: Lanes) -> Float:
        """Draw what customers of a spending level pay, in cents of early 2024."""
        return self.cents.draw(entity, lane) * level

    def end(self, entity: Codes, cents: Cents, ending_lane: Lanes) -> Cents:
        """Round amounts to the price endings of their entity type."""
        ending = self.ending.draw(entity, ending_lane).astype(np.intp)
        step = STEP[ending]
        rounded = (cents + HALF_STEP[ending]) // step * step
        return np.maximum(rounded, LOWEST[ending]) + OFFSET[ending]


def _quantiles(entity: EntityType) -> Cents:
    z = normal_table().reshape(QUANTILES, -1).mean(axis=1)
    if entity.shape == "normal":
        dollars = entity.median + entity.sigma * z
        return np.maximum(np.rint(dollars * 100), SMALLEST_NORMAL_CENTS).astype(np.int32)
    return np.rint(np.exp(np.log(entity.median) + entity.sigma * z) * 100).astype(np.int32)


def _ending(entity: EntityType) -> Codes:
    shares = entity.endings
    weights = {
        **shares,
        "cents": 1 - sum(shares.values()) + shares["five"],
        # A multiple of five is a whole dollar too, and counted within that share.
        "whole": shares["whole"] - shares["five"],
    }
    return choice_table([weights[ending.name] for ending in ENDINGS], COARSE_SLOTS)


@cache
def amount_tables() -> AmountTables:
    """Build the tables from the reference data, once."""
    entities = reference().entity_types
    return AmountTables(
        LookupTable(_quantiles(entity) for entity in entities),
        LookupTable(_ending(entity) for entity in entities),
    )


def reflected(cents: Float, least: Float, most: Float) -> Float:
    """Fold amounts into a range: what is twice the highest becomes half of it, and so on.

    So nothing piles up at a limit. What a reflection carries beyond the other limit is reflected
    there, too; what two leave outside, next to nothing, becomes the highest.
    """
    (outside,) = ((cents < least) | (cents > most)).nonzero()
    if not len(outside):
        return cents
    far, low, high = cents[outside], least[outside], most[outside]
    for _ in range(REFLECTIONS):
        far = np.where(far > high, high * high / far, far)
        far = np.where(far < low, low * low / far, far)
    folded = cents.copy()
    folded[outside] = np.minimum(far, high)
    return folded


@dataclass(frozen=True)
class AmountRanges:
    """The lowest and the highest plausible amounts, in cents of early 2024.

    Attributes
    ----------
    of_merchant
        (codes below `Recipients.first_person`, and one more for people): which range is a
        merchant's own; -1 for its entity type's.
    least, most
        (entity types, then ranges of merchants).
    """

    of_merchant: Int
    least: Float
    most: Float

    def fold(self, entity: Codes, recipient: Int, cents: Float) -> Float:
        """Fold amounts into what is plausible for whom they go to."""
        row = self._rows(entity, recipient)
        return reflected(cents, self.least.take(row), self.most.take(row))

    def most_cents(self, entity: Codes, recipient: Int) -> Float:
        """Give the highest plausible amounts; infinite where none is known."""
        return self.most[self._rows(entity, recipient)]

    def _rows(self, entity: Codes, recipient: Int) -> Int:
        own = self.of_merchant.take(recipient, mode="clip")
        return np.where(own < 0, entity, own)


@cache
def amount_ranges() -> AmountRanges:
    """Lay out the ranges of the reference data, once."""
    facts, known = reference(), recipients()
    own = facts.amounts_of_merchants
    row = {name: len(facts.entity_types) + place for place, name in enumerate(own)}
    # A city's own merchant is called "<one word> <kind>", and has the range of its kind.
    said = (
        name if code < known.first_local else name.partition(" ")[2]
        for code, name in enumerate(known.names)
    )
    of_merchant = [row.get(each, -1) for each in said]
    ranges = [*(entity.amounts for entity in facts.entity_types), *own.values()]
    least, most = np.array(ranges).T * 100
    return AmountRanges(np.array([*of_merchant, -1], np.int16), least, most)


def plausible_cents(
    entity: Codes,
    recipient: Int,
    level: Float,
    prices: Float,
    amount_lane: Lanes,
    ending_lane: Lanes,
) -> Cents:
    """Draw amounts that are plausible for whom they go to.

    Parameters
    ----------
    level, prices
        The customers' spending levels, and price levels over that of early 2024.
    """
    usual = amount_tables().usual(entity, level, amount_lane)
    cents = np.rint(amount_ranges().fold(entity, recipient, usual) * prices)
    return amount_tables().end(entity, cents.astype(np.int32), ending_lane)


@cache
def usual_maximum_cents() -> Float:
    """Give the usual maximum of each entity type's transaction type, in cents."""
    facts = reference()
    maxima = [
        facts.transaction_types[entity.transaction_type].usual_maximum
        for entity in facts.entity_types
    ]
    return np.array(maxima) * 100
