"""Travel: trips of some days, and nobody in two places at once."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.table import Table
from accidental_transfers.model.facts import City, reference
from accidental_transfers.model.travel import destination_table, draw_homes, journey_table
from tests.samples import default_sample, fixed

KM_PER_HOUR = 1_000
EARTH_RADIUS_KM = 6_371
CITIES = reference().cities


def kilometres(one: City, other: City) -> float:
    """By the spherical law of cosines."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(one.longitude - other.longitude)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(east)
    return EARTH_RADIUS_KM * math.acos(min(cosine, 1))


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
        "customers": 60,
        "start_date": "2024-03-01",
        "end_date": "2024-03-20",
        "daily_transactions": fixed(120),
        "home_city_bias": fixed(0.5),
    },
    "restless in autumn": {
        "customers": 60,
        "start_date": "2024-10-25",
        "end_date": "2024-11-12",
        "daily_transactions": fixed(120),
        "home_city_bias": fixed(0.5),
        "accident_probability": fixed(0.1),
    },
}


@pytest.mark.parametrize("name", SPECS)
def test_nobody_travels_faster_than_a_thousand_kilometres_an_hour(name: str) -> None:
    spec = DatasetSpec.parse(SPECS[name])
    changes = changes_of_city(list(simulate(spec, 1, spec.customers)))
    assert len(changes) > 400
    assert [change for change in changes if change.km > KM_PER_HOUR * change.hours] == []
    assert min(change.hours for change in changes) > 1
    assert max(change.km for change in changes) > 3_000


def itineraries() -> tuple[Any, Any, Any]:
    """City by day (150 × 91), home and home bias of the default sample."""
    people = [block.customers for block in default_sample().table.blocks]
    return (
        np.concatenate([each.itinerary.city[:, 1:] for each in people]),
        np.concatenate([each.home for each in people]),
        np.concatenate([each.home_bias for each in people]),
    )


def test_people_are_at_home_as_much_as_their_bias_says() -> None:
    city, home, bias = itineraries()
    difference = (city == home[:, None]).mean(axis=1) - bias
    # A trip more or less in a quarter is 2.2 of 91 days.
    assert abs(difference.mean()) < 0.01
    assert np.abs(difference).max() < 0.08


def test_the_rows_show_it_too() -> None:
    sample = default_sample()
    share = 1 - sample.honest.groupby("customer_id")["away"].mean()
    assert share.quantile(0.05) >= 0.70
    assert 0.03 <= share.std() <= 0.12
    assert (share - sample.customers["home_city_bias"]).abs().max() < 0.10


def test_trips_last_days_and_lead_to_one_city() -> None:
    """Some 900 trips; those under way when the period begins or ends are left out."""
    city, home, _ = itineraries()
    lengths = []
    for days, own in zip(city.tolist(), home.tolist(), strict=True):
        stays = [(where, len(list(stay))) for where, stay in groupby(days)]
        lengths += [length for where, length in stays[1:-1] if where != own]
    counts = np.bincount(lengths)
    assert len(lengths) > 700
    assert max(lengths) <= 7
    assert np.mean(lengths) == pytest.approx(2.2, abs=0.2)
    assert counts[1] / len(lengths) == pytest.approx(0.40, abs=0.08)
    assert (counts[[2, 3, 4, 5, 7]] > 0).all()


def test_who_was_away_at_the_last_payment_mostly_still_is() -> None:
    rows = default_sample().honest
    before = rows.groupby("customer_id")["away"].shift(1, fill_value=False)
    assert 0.50 <= rows.loc[before, "away"].mean() <= 0.97


@pytest.mark.parametrize(("bias", "share"), [(1.0, 1.0), (0.5, 0.5)])
def test_the_ends_of_the_bias_are_kept(bias: float, share: float) -> None:
    """60 customers in 182 days, of which the last trip may be cut short or not yet be made."""
    spec = DatasetSpec.parse(
        {"customers": 60, "home_city_bias": fixed(bias), "end_date": "2024-06-30"}
    )
    at_home = np.concatenate(
        [
            (block.customers.itinerary.city[:, 1:] == block.customers.home[:, None]).mean(axis=1)
            for table in simulate(spec, 1, 60)
            for block in table.blocks
        ]
    )
    assert at_home.mean() == pytest.approx(share, abs=0.01)
    assert np.abs(at_home - share).max() < 0.06


def test_trips_fill_a_period_to_its_end() -> None:
    """Ten years of five people who are away half the time: no year is without trips."""
    spec = DatasetSpec.parse(
        {
            "customers": 5,
            "start_date": "2015-01-01",
            "end_date": "2025-01-07",
            "daily_transactions": fixed(0.2),
            "home_city_bias": fixed(0.5),
        }
    )
    (table,) = simulate(spec, 1, 5)
    people = table.blocks[0].customers
    at_home = people.itinerary.city[:, 1:] == people.home[:, None]
    by_year = at_home[:, :3650].reshape(5, 10, 365).mean(axis=2)
    assert by_year == pytest.approx(np.full((5, 10), 0.5), abs=0.05)


def test_people_live_where_people_live() -> None:
    """All 65,536 draws: the table is as exact as its slots."""
    homes = np.bincount(draw_homes(np.arange(65_536, dtype=np.uint16)), minlength=len(CITIES))
    population = np.array([city.population for city in CITIES], float)
    assert homes / 65_536 == pytest.approx(population / population.sum(), abs=1.1 / 65_536)


def test_people_go_where_people_are_near() -> None:
    destination = destination_table().values
    assert all(code not in destination[code] for code in range(len(CITIES)))
    weights = np.array(
        [
            [
                there.population / max(kilometres(here, there), 300) * (here != there)
                for there in CITIES
            ]
            for here in CITIES
        ]
    )
    shares = weights / weights.sum(axis=1, keepdims=True)
    drawn = np.array([np.bincount(row, minlength=len(CITIES)) / row.size for row in destination])
    assert drawn == pytest.approx(shares, abs=1.1 / 4096)


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
