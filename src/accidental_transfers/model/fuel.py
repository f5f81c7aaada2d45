"""Refuelling: every car goes to the pump on a rhythm of its own, about once a week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from accidental_transfers.model.arrays import Bool, Float, Int, Keys, constant
from accidental_transfers.model.calendar import Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.occasions import ERRAND_TYPE, Occasions
from accidental_transfers.model.streams import child, fine_unit, lane, unit

FUEL = "Gas Station"
SHORTEST, LONGEST = constant(5.0), constant(9.0)
"""Days from one fill to the next, as each household's own mean: 4 to 6 fills a month for a car.
Two cars take turns."""
JITTER = constant(0.4)
"""Part of its own rhythm by which a car is refuelled earlier or later."""
CARS = ("car", "two_cars")
TURNS = np.arange(len(CARS)) / len(CARS)


class Fills(NamedTuple):
    """Days on which cars are refuelled; every array is (fills,).

    Attributes
    ----------
    customer, day
        Whose car, and days from the period's start.
    entity
        What a fill is paid for: always the same.
    key
        What its random numbers come from.
    """

    customer: Int
    day: Int
    entity: Int
    key: Keys


class Cars(NamedTuple):
    """The cars of some customers.

    Attributes
    ----------
    owned
        Which of `CARS` they have: (customers, cars).
    rhythm
        Days from one fill to the next: (customers,).
    """

    owned: Bool
    rhythm: Float

    @property
    def rate(self) -> Float:
        """The fills a day: (customers,)."""
        return self.owned.sum(axis=1) / self.rhythm


def cars_of(customers: Customers) -> Cars:
    """Give customers' cars."""
    owned = np.array([customers.household[car] for car in CARS]).T
    return Cars(owned, SHORTEST + unit(lane(customers.keys["rhythm"])) * (LONGEST - SHORTEST))


def as_occasions(fills: Fills, second_of_day: Int) -> Occasions:
    """Let cars be refuelled at some times, as if they were always at home."""
    return Occasions(
        customer=fills.customer,
        day=fills.day,
        type_=np.full(len(fills.day), ERRAND_TYPE),
        entity=fills.entity,
        second_of_day=second_of_day,
        size=np.ones(len(fills.day), np.int64),
        key=fills.key,
    )


def draw_fills(cars: Cars, customers: Customers, when: Calendar) -> Fills:
    """Draw who refuels on which days: one fill of each car in each step of its rhythm."""
    rhythm = cars.rhythm[:, None, None]
    key = np.array([customers.keys[f"fills of {car}"] for car in CARS]).T[:, :, None]
    phase = (fine_unit(customers.keys["fuel"])[:, None] + TURNS)[:, :, None]
    first = np.floor(when.first / rhythm - phase).astype(np.int64) - 1
    step = first + np.arange(int(when.days / SHORTEST) + 4)
    own = child(key, step)
    day = np.floor((step + phase + JITTER * (fine_unit(own) - 0.5)) * rhythm).astype(np.int64)
    day -= when.first
    found = (cars.owned[:, :, None] & (day >= 0) & (day < when.length)).nonzero()
    entity = np.full(len(found[0]), reference().entity_codes[FUEL])
    return Fills(found[0], day[found], entity, own[found])
