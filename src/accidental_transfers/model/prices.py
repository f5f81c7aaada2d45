"""What subscriptions cost over time: published plans whose prices change for everybody alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Codes, Float, Int
from accidental_transfers.model.facts.obligation_files import Service
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.streams import child, fine_unit, named

LAST_YEAR = 2100
ORDINALS = 1 << 20
"""Above the ordinal of every day: plan and day in one number that sorts by both."""
BASE_DAY = date(2024, 1, 1).toordinal()
"""The plans' prices are those of this day: they hold before a first known change after it."""
YEARLY_HAZARD, RISE = 0.33, 0.12
"""After the last known price: chance of a rise in a year, and how much. Own estimates; video
services rose every 12 to 18 months up to 2024."""


@dataclass(frozen=True)
class PriceHistory:
    """All prices of all plans.

    Attributes
    ----------
    begins
        (prices,): plan times `ORDINALS` plus the day from which a price holds, ascending.
    cents
        (prices,).
    """

    begins: Int
    cents: Int

    def on(self, plan: Codes, ordinal: Int) -> Int:
        """Give plans' prices on days, in cents."""
        place = np.searchsorted(self.begins, plan.astype(np.int64) * ORDINALS + ordinal, "right")
        return self.cents[place - 1]


@cache
def price_history() -> PriceHistory:
    """Lay out the services' plans, in the order of the file."""
    begins, cents = [], []
    plan = 0
    for name, service in reference().owed.services.items():
        for position in range(len(service.plans)):
            for day, price in _prices(name, service, position):
                begins.append(plan * ORDINALS + day)
                cents.append(round(price * 100))
            plan += 1
    return PriceHistory(np.array(begins), np.array(cents))


def _prices(name: str, service: Service, position: int) -> Iterator[tuple[int, float]]:
    """Give the days, in order, from which a plan has a price: known ones, then likely ones."""
    known = [
        (day.toordinal(), price)
        for day, prices in service.history
        if (price := prices[position]) is not None
    ]
    price = service.plans[position].price
    if known and known[0][0] <= BASE_DAY:
        price = known[0][1]
    yield 0, price
    for day, price in known:
        yield day, price
    last = max(date.fromordinal(known[-1][0]).year if known else 0, 2024)
    yield from _rises(name, price, last)


def _rises(name: str, price: float, last: int) -> Iterator[tuple[int, float]]:
    """Let prices rise after the last known ones, for all customers and seeds alike."""
    years = np.arange(last + 1, LAST_YEAR)
    key = child(named(np.zeros(1, np.uint64), name), years)
    rises = fine_unit(key) < YEARLY_HAZARD
    days = np.floor(fine_unit(named(key, "day")) * 365).astype(np.int64)
    for year, day in zip(years[rises].tolist(), days[rises].tolist(), strict=True):
        ending = price - int(price)
        price = int(price * (1 + RISE)) + ending
        yield date(year, 1, 1).toordinal() + day, price


@cache
def levels(first: int, last: int) -> Float:
    """Give the price level of some months, as a multiple of early 2024's.

    Parameters
    ----------
    first, last
        Year times twelve plus the month from 0; both included.
    """
    prices = reference().prices
    return np.array([prices.level((month + 0.5) / 12) for month in range(first, last + 1)])
