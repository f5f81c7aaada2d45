"""At which second of a day people pay, by the hours of what they pay for."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Codes, Int, Keys, Lanes, constant
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.streams import among, lanes, named
from accidental_transfers.model.tables import COARSE_SLOTS, LookupTable, choice_table

MINUTES_PER_HOUR = constant(60)
SECONDS_PER_MINUTE = constant(60)


@cache
def hour_table() -> LookupTable[np.integer]:
    """Draw hours of the day: a row for each transaction type, then one for each entity type."""
    facts = reference()
    curves = [each.hours for each in facts.transaction_types]
    curves += [each.hours for each in facts.entity_types]
    return LookupTable(choice_table(curve, COARSE_SLOTS) for curve in curves)


def times_of_day(entity: Int, key: Keys) -> Int:
    """Draw seconds of the day by the hours of entity types: (payments,).

    Parameters
    ----------
    entity, key
        (payments,): what each is for, and what its random numbers come from.
    """
    hour, within, fine = lanes(named(key, "time"), 3)
    return draw_second(len(reference().transaction_types) + entity, hour, within, fine)


def draw_second(row: Codes, hour: Lanes, within: Lanes, fine: Lanes) -> Int:
    """Draw seconds of the day by the rows of `hour_table`."""
    minute = hour_table().draw(row, hour).astype(np.int64) * MINUTES_PER_HOUR
    minute += among(within, MINUTES_PER_HOUR)
    return minute * SECONDS_PER_MINUTE + among(fine, SECONDS_PER_MINUTE)
