"""Refuelling: every car goes to the pump on a rhythm of its own, about once a week."""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.arrays import Bool, Float, Int, Keys
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
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
    cars = sum((owned for _, owned in _cars(customers)), np.zeros(1))
    return cars / _rhythm(customers)


def draw_fills(customers: Customers, when: Calendar) -> Occasions:
    """Draw the occasions on which cars are refuelled, as if they were always at home."""
    rhythm = _rhythm(customers)[:, None]
    begin = fine_unit(named(customers.key, "fuel"))[:, None]
    parts = []
    for turn, (car, owned) in enumerate(_cars(customers)):
        key = named(customers.key, f"fills of {car}")
        parts.append(_fills(key, owned, rhythm, begin + turn / len(CARS), when))
    whose, day, key = (np.concatenate(each) for each in zip(*parts, strict=True))
    hour, within, fine = lanes(named(key, "time"), 3)
    entity = reference().entity_codes[FUEL]
    row = np.full(len(whose), len(reference().transaction_types) + entity)
    return Occasions(
        customer=whose,
        day=day,
        type_=np.full(len(whose), ERRAND_TYPE),
        entity=np.full(len(whose), entity),
        city=customers.home[whose],
        stay=np.zeros(len(whose), np.uint8),
        second_of_day=draw_second(row, hour, within, fine) % SECONDS_PER_DAY,
        size=np.ones(len(whose), np.int64),
        key=key,
    )


def _cars(customers: Customers) -> list[tuple[str, Bool]]:
    return [(car, customers.household[car]) for car in CARS]


def _rhythm(customers: Customers) -> Float:
    return SHORTEST + unit(lane(named(customers.key, "rhythm"))) * (LONGEST - SHORTEST)


def _fills(
    key: Keys, owned: Bool, rhythm: Float, phase: Float, when: Calendar
) -> tuple[Int, Int, Keys]:
    """Give who refuels a car on which days: one fill in each step of its rhythm."""
    first = np.floor(when.ordinal[0] / rhythm - phase).astype(np.int64) - 1
    step = first + np.arange(int(when.days / SHORTEST) + 4)
    own = child(key[:, None], step)
    day = np.floor((step + phase + JITTER * (fine_unit(own) - 0.5)) * rhythm).astype(np.int64)
    day -= when.ordinal[0]
    whose, column = np.nonzero(owned[:, None] & (day >= 0) & (day < when.days))
    return whose, day[whose, column], own[whose, column]
