"""Where people are: at home, or on a trip of some days to one other city.

Time is cut into windows of ten days, each customer's with a beginning of its own. A window has one
trip or none, which begins and ends within it. So where somebody is on a day follows from that day's
window alone, whatever period is asked for, and no two trips meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from accidental_transfers.model.arrays import (
    Bool,
    Codes,
    Float,
    Int,
    Int32,
    Keys,
    constant,
    divided,
    looked_up,
)
from accidental_transfers.model.calendar import (
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    Calendar,
    calendar,
)
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.streams import child, lanes, unit
from accidental_transfers.model.tables import LookupTable, choice_table

WINDOW = constant(10)
_WINDOW = constant(10, np.uint64)
"""Days."""
DESTINATION_SLOTS = 1_024
TRIP_DAYS = np.array([1, 2, 3, 4, 5, 7])
TRIP_DAYS_WEIGHTS = (0.34, 0.30, 0.18, 0.09, 0.05, 0.04)
"""Most trips are short: own estimates."""
LONGEST_TRIP = WINDOW - 1
LIKELIEST = constant(0.94)
"""Who is away more than that allows makes longer trips, not more of them."""
DAY_TRIP_KM = 257.0
"""160 miles: farther, and there is no coming back on the same day."""

DEPARTURE = constant(4 * int(SECONDS_PER_HOUR), np.int32)
"""People change cities in the small hours, when next to nothing is paid."""
LAST_PAYMENT = constant(3 * int(SECONDS_PER_HOUR), np.int32)
"""The hour before a departure is quiet too: what began earlier is over by then."""
SPEED_KM_PER_HOUR = 600.0
TERMINAL_HOURS = 1.5
LONGEST_JOURNEY = 16 * SECONDS_PER_HOUR
EARTH_RADIUS_KM = 6371.0
DEGREES_PER_HOUR = 15.0
NEARBY_KM = 300.0
"""Below this distance a destination's attraction no longer grows."""

HOME, AWAY, LAST_DAY = range(3)
"""What a day is: at home, within a trip, the last day of one."""


@dataclass
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
    stay
        (customers, days + 1): `HOME`, `AWAY` or `LAST_DAY`.
    """

    city: Codes
    arrival: Int32
    stay: Codes


def itinerary(key: Keys, home: Codes, home_share: Float, ordinal: Int) -> Itinerary:
    """Send customers on trips that fill the share of days they spend away.

    Parameters
    ----------
    key
        What each customer's travels come from: (customers,).
    home, home_share
        (customers,)
    ordinal
        Proleptic ordinals of the period's days.
    """
    days = np.arange(ordinal[0] - 1, ordinal[-1] + 1)
    phase = (key % _WINDOW).astype(np.int64)
    window, day = divided(days + phase[:, None], WINDOW)
    begin, length, destination = _trips(key, home, home_share, window)
    away = (day >= begin) & (day < begin + length)
    city = np.where(away, destination, home[:, None])
    stay = away.astype(np.int64) * AWAY
    stay[away & (day == begin + length - 1)] = LAST_DAY
    before, after = city[:, :-1], city[:, 1:]
    arrival = looked_up(journey_table(), before, after) * (before != after)
    return Itinerary(city.astype(np.uint8), arrival, stay)


def _trips(key: Keys, home: Codes, home_share: Float, window: Int) -> tuple[Int, Int, Codes]:
    """Give each window's trip: the day it begins, its days (0 for none), where it leads."""
    shortest = _shortest()[home]
    likely, scale = _tendency(WINDOW * (1 - home_share), shortest)
    happens, drawn, more, place, slack = lanes(child(key[:, None], window), 5)
    days = np.maximum(_trip_days()[drawn], shortest[:, None]) * scale[:, None]
    length = np.floor(days + unit(more) * (scale > 1)[:, None]).astype(np.int64)
    length = np.minimum(length, LONGEST_TRIP) * (unit(happens) < likely[:, None])
    row = home[:, None] + (length == 1) * len(reference().cities)
    begin = np.floor(unit(slack) * (WINDOW - length)).astype(np.int64)
    return begin, length, destination_table().draw(row, place)


def _tendency(away_days: Float, shortest: Int) -> tuple[Float, Float]:
    """Give how likely a window has a trip, and the factor on its days: (customers,) each."""
    longer = away_days / LIKELIEST
    near, far = (np.interp(longer, *_lengths(least)) for least in (1, 2))
    scale = np.where(shortest == 1, near, far)
    return np.minimum(away_days / _mean_lengths()[shortest], LIKELIEST), scale


@cache
def _lengths(shortest: int) -> tuple[Float, Float]:
    """Give mean days of trips, ascending, and the factors on their days that bring them about.

    Between two of the factors the mean is a straight line: they are 1, and where trips of so many
    days reach the longest that there is.
    """
    days = np.maximum(TRIP_DAYS, shortest)
    scale = np.append(1.0, LONGEST_TRIP / days[::-1])
    lengths = np.minimum(scale[:, None] * days, LONGEST_TRIP)
    return np.average(lengths, axis=1, weights=TRIP_DAYS_WEIGHTS), scale


@cache
def _mean_lengths() -> Float:
    """Give the mean days of trips that have so many at least, 0 to 2."""
    return np.array([np.nan, *(_lengths(least)[0][0] for least in (1, 2))])


@cache
def _shortest() -> Int:
    """Give the least days of trips from each city: (cities,)."""
    return np.where(_has_near(), 1, 2)


@cache
def _trip_days() -> Codes:
    return TRIP_DAYS.astype(np.uint8)[choice_table(TRIP_DAYS_WEIGHTS)]


@cache
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
    """Draw destinations by people and nearness, a gravity model.

    A row for each city, then a row for each of day trips, to cities that are near.
    """
    distance, _ = _distances()
    population = np.array([city.population for city in reference().cities], float)
    attraction = population / np.maximum(distance, NEARBY_KM)
    np.fill_diagonal(attraction, 0)
    near = np.where(_has_near()[:, None], attraction * (distance <= DAY_TRIP_KM), attraction)
    return LookupTable(choice_table(row, DESTINATION_SLOTS) for row in (*attraction, *near))


@cache
def _has_near() -> Bool:
    """Tell which cities have another within a day trip."""
    return np.count_nonzero(_distances()[0] <= DAY_TRIP_KM, axis=1) > 1


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
    (travelling,) = ((second_of_day >= LAST_PAYMENT) & (second_of_day < arrival)).nonzero()
    if not len(travelling):
        return second_of_day
    begin = arrival[travelling].astype(np.int64)
    part = (second_of_day[travelling] - LAST_PAYMENT) / (begin - LAST_PAYMENT)
    moved = second_of_day.copy()
    moved[travelling] = begin + part * (SECONDS_PER_DAY - 1 - begin)
    return moved


class Moments(NamedTuple):
    """When customers pay, as if they were always at home; every array is (payments,).

    Attributes
    ----------
    second_of_day, customer, day
        ``day`` counts from the period's start.
    """

    second_of_day: Int
    customer: Int
    day: Int


class Placed(NamedTuple):
    """Where and when they really do; every array is (payments,).

    Attributes
    ----------
    second_of_day, city
        When and where it happens.
    column
        The column of `Itinerary.city` that says so.
    """

    second_of_day: Int
    city: Codes
    column: Int

    def part(self, rows: slice) -> Placed:
        """Give some that stand one after the other."""
        return Placed(self.second_of_day[rows], self.city[rows], self.column[rows])


def on_the_way(moments: Moments, places: Itinerary, when: Calendar) -> Placed:
    """Say where customers are, and let nothing happen while they travel."""
    second_of_day, customer, day = moments
    time = postpone(second_of_day.astype(np.int32), looked_up(places.arrival, customer, day))
    column = day + 1 - night_before(time)
    city = looked_up(places.city, customer, column)
    return Placed(when.without_skipped_hour(time.astype(np.int64), city, day), city, column)


def all_on_the_way(parts: Sequence[Moments], places: Itinerary, when: Calendar) -> list[Placed]:
    """Do as `on_the_way` for several kinds of payments: few cost as much time as many."""
    joined = Moments(*(np.concatenate(each) for each in zip(*parts, strict=True)))
    placed = on_the_way(joined, places, when)
    ends = accumulate((len(part.day) for part in parts), initial=0)
    return [placed.part(slice(begin, end)) for begin, end in pairwise(ends)]


def on_the_way_before(moments: Moments, customers: Customers, when: Calendar, back: int) -> Placed:
    """Do as `on_the_way` for payments up to ``back`` days before a period, of few customers."""
    who, position = np.unique(moments.customer, return_inverse=True)
    earlier = calendar(when.first_day - timedelta(back), back)
    key, home, share = customers.keys["travel"], customers.home, customers.home_bias
    places = itinerary(key[who], home[who], share[who], earlier.ordinal)
    then = Moments(moments.second_of_day, position, moments.day + back)
    return on_the_way(then, places, earlier)


def night_before(second_of_day: Int32) -> Bool:
    """Tell which payments still find a customer where the day before has led."""
    return second_of_day < DEPARTURE
