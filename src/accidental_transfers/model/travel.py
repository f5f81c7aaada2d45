"""Where people are: at home, or on a trip of some days to one other city."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Int32, Lanes
from accidental_transfers.model.calendar import SECONDS_PER_DAY, SECONDS_PER_HOUR
from accidental_transfers.model.facts import reference
from accidental_transfers.model.streams import unit
from accidental_transfers.model.tables import (
    COARSE_SLOTS,
    LookupTable,
    choice_table,
)

TRIP_DAYS = np.array([1, 2, 3, 4, 5, 7])
TRIP_DAYS_WEIGHTS = (0.40, 0.28, 0.16, 0.08, 0.04, 0.04)
"""Most trips are short: own estimates, so that one lasts 2.2 days on average."""
MEAN_TRIP_DAYS = 2.24
TRIP_LANES = 4

DEPARTURE = 4 * SECONDS_PER_HOUR
"""People change cities in the small hours, when next to nothing is paid."""
LAST_PAYMENT = 3 * SECONDS_PER_HOUR
"""The hour before a departure is quiet too: what began earlier is over by then."""
SPEED_KM_PER_HOUR = 600.0
TERMINAL_HOURS = 1.5
LONGEST_JOURNEY = 16 * SECONDS_PER_HOUR
EARTH_RADIUS_KM = 6371.0
DEGREES_PER_HOUR = 15.0
NEARBY_KM = 300.0
"""Below this distance a destination's attraction no longer grows."""


@dataclass(frozen=True)
class Itinerary:
    """Where each customer is on each day, and when a new city is reached.

    Attributes
    ----------
    city
        (customers, days + 1): city from 04:00 of a day to 04:00 of the next; the first column
        is the night before the period.
    arrival
        (customers, days): second of the day before which a customer who changes cities pays
        nothing in the new one; 0 on days without a change.
    """

    city: Codes
    arrival: Int32


def trips_within(days: int, least_home_share: float) -> int:
    """Count the trips to draw for a customer so that they fill a period."""
    return int(days * (1 - least_home_share) / MEAN_TRIP_DAYS * 1.5) + 4


def itinerary(home: Codes, home_share: Float, days: int, lanes: Lanes) -> Itinerary:
    """Send customers on trips that fill the share of days they spend away.

    Parameters
    ----------
    home, home_share
        (customers,)
    days
        Length of the period.
    lanes
        Random numbers, (customers, `TRIP_LANES` for each trip).
    """
    length_lane, destination_lane, slack_lane, phase_lane = np.moveaxis(
        lanes.reshape(len(home), -1, TRIP_LANES), 2, 0
    )
    length = _trip_days()[length_lane]
    start = _starts(length, home_share, unit(slack_lane), unit(phase_lane[:, :1]))
    destination = destination_table().draw(home[:, None], destination_lane)
    city = _cities_by_day(home, days, start, length, destination)
    before, after = city[:, :-1], city[:, 1:]
    arrival = np.where(before == after, 0, journey_table()[before, after])
    return Itinerary(city, arrival.astype(np.int32))


@cache
def _trip_days() -> Int:
    return TRIP_DAYS[choice_table(TRIP_DAYS_WEIGHTS)]


def _starts(length: Codes, home_share: Float, slack_part: Float, phase: Float) -> Int:
    """Place trips so that days away keep up with the share of days away, in any stretch.

    A trip stands somewhere in the stretch of days whose share away it is; the stretches follow
    each other without a gap, and the first one begins before the period.
    """
    away_share = np.maximum(1 - home_share, 1e-9)[:, None]
    stretch = length / away_share
    begin = np.cumsum(stretch, axis=1) - stretch - stretch[:, :1] * phase
    return np.floor(begin + (stretch - length) * slack_part).astype(np.int64)


def _cities_by_day(
    home: Codes,
    days: int,
    start: Int,
    length: Codes,
    destination: Codes,
) -> Codes:
    city = np.repeat(home[:, None], days + 1, axis=1)
    customer = np.broadcast_to(np.arange(len(home))[:, None], start.shape)
    for day_of_trip in range(TRIP_DAYS.max()):
        column = start + day_of_trip + 1
        away = (length > day_of_trip) & (column >= 0) & (column <= days)
        city[customer[away], column[away]] = destination[away]
    return city


def _distances() -> tuple[Float, Float]:
    """Give great-circle distances in km and eastward degrees between all pairs of cities."""
    cities = reference().cities
    latitude = np.radians([city.latitude for city in cities])
    longitude = np.radians([city.longitude for city in cities])
    east = longitude[None, :] - longitude[:, None]
    haversine = (
        np.sin((latitude[None, :] - latitude[:, None]) / 2) ** 2
        + np.cos(latitude[None, :]) * np.cos(latitude[:, None]) * np.sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(haversine)), np.degrees(east)


@cache
def destination_table() -> LookupTable[np.integer]:
    """Draw destinations by people and nearness (a gravity model): a row for each city."""
    distance, _ = _distances()
    population = np.array([city.population for city in reference().cities], float)
    attraction = population / np.maximum(distance, NEARBY_KM)
    np.fill_diagonal(attraction, 0)
    return LookupTable([choice_table(row, COARSE_SLOTS) for row in attraction])


@cache
def journey_table() -> Int32:
    """Give the local second of the day at which who left at 04:00 arrives: (cities, cities)."""
    distance, east = _distances()
    lost_hours = np.maximum(east, 0) / DEGREES_PER_HOUR
    hours = TERMINAL_HOURS + distance / SPEED_KM_PER_HOUR + lost_hours
    journey = np.minimum(hours * SECONDS_PER_HOUR, LONGEST_JOURNEY)
    return np.rint(DEPARTURE + journey).astype(np.int32)


def postpone(second_of_day: Int32, arrival: Int32) -> Int32:
    """Move payments that would fall into a journey to the rest of that day.

    Parameters
    ----------
    second_of_day, arrival
        (payments,), `Itinerary.arrival` of each payment's day.
    """
    travelling = np.flatnonzero((second_of_day >= LAST_PAYMENT) & (second_of_day < arrival))
    begin = arrival[travelling].astype(np.int64)
    part = (second_of_day[travelling] - LAST_PAYMENT) / (begin - LAST_PAYMENT)
    moved = second_of_day.copy()
    moved[travelling] = begin + part * (SECONDS_PER_DAY - 1 - begin)
    return moved


def night_before(second_of_day: Int32) -> Bool:
    """Tell which payments still find a customer where the day before has led."""
    return second_of_day < DEPARTURE


def draw_homes(lane: Lanes) -> Codes:
    """Draw home cities by population."""
    return _home_table()[lane]


@cache
def _home_table() -> Codes:
    return choice_table([city.population for city in reference().cities]).astype(np.uint8)
