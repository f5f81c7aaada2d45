"""Journeys: nobody is in two cities at once, and a journey takes its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.table import Table
from accidental_transfers.model.facts.reference import City
from accidental_transfers.model.travel import journey_table
from tests.geography import CITIES, kilometres
from tests.samples import fixed

KM_PER_HOUR = 1_000


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def moments(first_day: Any, second: int, city: City) -> list[datetime]:
    """When a clock in a city shows a time: twice, in the hour that comes back in autumn."""
    midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=zone(city.timezone))
    local = midnight + timedelta(seconds=second)
    return [local.replace(fold=fold).astimezone(zone("UTC")) for fold in (0, 1)]


@dataclass(frozen=True)
class Change:
    """Two payments in a row, in different cities: how far apart, in kilometres and hours."""

    km: float
    hours: float


def changes_of_city(tables: list[Table]) -> list[Change]:
    changes = []
    for block in (block for table in tables for block in table.blocks):
        moved = np.flatnonzero((np.diff(block.city) != 0) & (np.diff(block.customer) == 0))
        for row in moved.tolist():
            here, there = CITIES[block.city[row]], CITIES[block.city[row + 1]]
            left = moments(block.first_day, int(block.second[row]), here)
            arrived = moments(block.first_day, int(block.second[row + 1]), there)
            hours = min((b - a).total_seconds() for a in left for b in arrived) / 3600
            changes.append(Change(kilometres(here, there), hours))
    return changes


SPECS: dict[str, dict[str, Any]] = {
    "default": {"customers": 150},
    "restless in spring": {
        "customers": 120,
        "start_date": "2024-03-01",
        "end_date": "2024-03-20",
        "daily_transactions": fixed(120),
        "home_city_bias": fixed(0.5),
    },
    "restless in autumn": {
        "customers": 120,
        "start_date": "2024-10-25",
        "end_date": "2024-11-12",
        "daily_transactions": fixed(120),
        "home_city_bias": fixed(0.5),
        "accident_probability": fixed(0.1),
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SPECS)
def test_nobody_travels_faster_than_a_thousand_kilometres_an_hour(name: str) -> None:
    spec = DatasetSpec.parse(SPECS[name])
    changes = changes_of_city(list(simulate(spec, 1, spec.customers)))
    assert len(changes) > 400
    assert [change for change in changes if change.km > KM_PER_HOUR * change.hours] == []
    assert min(change.hours for change in changes) > 1
    assert max(change.km for change in changes) > 3_000


def test_a_journey_takes_its_time() -> None:
    """Leaving at 04:00, by the clock at the destination, on a day of the year like any other."""
    hours = journey_table() / 3600 - 4
    code = {f"{city.name}, {city.state}": n for n, city in enumerate(CITIES)}
    new_york, los_angeles, newark = (
        code[name] for name in ("New York, NY", "Los Angeles, CA", "Newark, NJ")
    )
    assert hours.max() <= 16
    assert hours[new_york, newark] == pytest.approx(1.5, abs=0.1)
    assert hours[new_york, los_angeles] == pytest.approx(1.5 + 3_940 / 600, abs=0.1)
    # Eastward the clock goes three hours forward meanwhile.
    assert hours[los_angeles, new_york] > hours[new_york, los_angeles] + 2.9
