"""How much: amounts in integer cents, with the price endings of their kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Cents, Codes, Float, Lanes
from accidental_transfers.model.facts.reference import EntityType, reference
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

    def draw(self, entity: Codes, level: Float, amount_lane: Lanes, ending_lane: Lanes) -> Cents:
        """Draw amounts in cents, one for each element of the equally shaped arguments."""
        middle = self.cents.draw(entity, amount_lane)
        return self.end(entity, np.rint(middle * level).astype(np.int32), ending_lane)

    def end(self, entity: Codes, cents: Cents, ending_lane: Lanes) -> Cents:
        """Round amounts to the price endings of their entity type."""
        ending = self.ending.draw(entity, ending_lane)
        step = STEP.take(ending)
        rounded = (cents + (step >> 1)) // step * step
        return np.maximum(rounded, LOWEST.take(ending)) + OFFSET.take(ending)


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


@cache
def usual_maximum_cents() -> Float:
    """Give the usual maximum of each entity type's transaction type, in cents."""
    facts = reference()
    maxima = [
        facts.transaction_types[entity.transaction_type].usual_maximum
        for entity in facts.entity_types
    ]
    return np.array(maxima) * 100
