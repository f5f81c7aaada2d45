"""Refuelling: every car goes to the pump on a rhythm of its own, about once a week."""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.arrays import Bool, Float, Int, Keys
from accidental_transfers.model.calendar import Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.hours import draw_second
from accidental_transfers.model.occasions import ERRAND_TYPE, Occasions
from accidental_transfers.model.streams import child, fine_unit, lane, lanes, named, unit

FUEL = "Gas Station"
SHORTEST, LONGEST = 5.0, 9.0
"""Days from one fill to the next, as each household's own mean: 4 to 6 fills a month for a car.
Two cars take turns."""
JITTER = 0.4
"""Part of its own rhythm by which a car is refuelled earlier or later."""
CARS = ("car", "two_cars")


def fuel_rate(customers: Customers) -> Float:
    """Give the fills a day: (customers,)."""
    return _owned(customers).sum(axis=1) / _rhythm(customers)


def draw_fills(customers: Customers, when: Calendar) -> Occasions:
    """Draw the occasions on which cars are refuelled, as if they were always at home."""
    whose, day, key = _fills(customers, when)
    hour, within, fine = lanes(named(key, "time"), 3)
    entity = reference().entity_codes[FUEL]
    row = np.full(len(whose), len(reference().transaction_types) + entity)
    return Occasions(
        customer=whose,
        day=day,
        type_=np.full(len(whose), ERRAND_TYPE),
        entity=np.full(len(whose), entity),
        second_of_day=draw_second(row, hour, within, fine),
        size=np.ones(len(whose), np.int64),
        key=key,
    )


def _owned(customers: Customers) -> Bool:
    """Tell which cars customers have: (customers, cars)."""
    return np.array([customers.household[car] for car in CARS]).T


def _rhythm(customers: Customers) -> Float:
    return SHORTEST + unit(lane(customers.keys["rhythm"])) * (LONGEST - SHORTEST)


def _fills(customers: Customers, when: Calendar) -> tuple[Int, Int, Keys]:
    """Give who refuels on which days: one fill of each car in each step of its rhythm."""
    rhythm = _rhythm(customers)[:, None, None]
    key = np.array([customers.keys[f"fills of {car}"] for car in CARS]).T[:, :, None]
    phase = fine_unit(customers.keys["fuel"])[:, None] + np.arange(len(CARS)) / len(CARS)
    phase = phase[:, :, None]
    first = np.floor(when.ordinal[0] / rhythm - phase).astype(np.int64) - 1
    step = first + np.arange(int(when.days / SHORTEST) + 4)
    own = child(key, step)
    day = np.floor((step + phase + JITTER * (fine_unit(own) - 0.5)) * rhythm).astype(np.int64)
    day -= when.ordinal[0]
    found = (_owned(customers)[:, :, None] & (day >= 0) & (day < when.days)).nonzero()
    return found[0], day[found], own[found]
