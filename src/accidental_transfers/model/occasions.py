"""When people buy: single purchases and errands, by day, transaction type and minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import (
    Codes,
    Float,
    Int,
    Int32,
    Keys,
    Lanes,
    constant,
    divided,
    looked_up,
)
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.hours import draw_second
from accidental_transfers.model.repeats import count_off
from accidental_transfers.model.streams import child, children, fine_unit, lane, lanes, named
from accidental_transfers.model.tables import choice_table, normal_table
from accidental_transfers.model.time_keys import WEEKS_BEFORE, TimeKeys, first_week
from accidental_transfers.model.travel import Itinerary, Moments, Placed

DAY_NOISE_SIGMA = constant(0.15)
"""Sd of ln(a day's rate): people have busy days, so counts are over-dispersed."""
WEEK_WEIGHTS = (1.0, 0.8, 0.6, 0.4)
_WEEK_WEIGHTS = [*map(constant, (np.array(WEEK_WEIGHTS) / np.linalg.norm(WEEK_WEIGHTS)).tolist())]
WEEK_SIGMA = constant(0.17)
"""Sd of ln(a week's rate), a moving average of what this week and the three before bring."""
_DAY_NOISE_MEAN = constant(float(np.exp(-(float(DAY_NOISE_SIGMA) ** 2) / 2)))
_WEEK_HALF_VARIANCE = constant(float(WEEK_SIGMA) ** 2 / 2)
ERRAND_TYPE = 0
"""Credit cards are carried on errands: several payments within minutes."""
ERRAND_SIZES = np.array([1, 2, 3, 4])
ERRAND_WEIGHTS = (0.77, 0.15, 0.06, 0.02)
MEAN_ERRAND_SIZE = float(np.average(ERRAND_SIZES, weights=ERRAND_WEIGHTS))
MEDIAN_GAP_SECONDS = 420.0
GAP_SIGMA = 0.6
SHORTEST_GAP, LONGEST_GAP = 75, 1_150
"""Three of the longest fit into the quiet hour before a departure (see `travel`)."""
WEEK_DAYS, _WEEK_DAYS = constant(7), constant(7, np.uint64)
STEPS_AT_A_TIME = 6
"""Counts that are tried before those that are done are left behind, which costs as much."""
LAST_SECOND = constant(86_399)
"""Of a day."""
ONE, NONE = constant(1), constant(0)
OPEN = constant(-1)
"""Instead of an entity type: the day and the hour decide."""


@dataclass
class Occasions:
    """Times at which customers buy once or, on an errand, several times in a row.

    Attributes
    ----------
    customer
        Positions in `Customers`.
    day
        Days from the period's start.
    type_
        Transaction types.
    entity
        Entity types, or `OPEN`.
    second_of_day
        The first payment's time.
    size
        Payments, 1 or more.
    key
        What their random numbers come from: the customer, the day, the type and a position.
    """

    customer: Int
    day: Int
    type_: Int
    entity: Int
    second_of_day: Int
    size: Int
    key: Keys

    def __len__(self) -> int:
        return len(self.day)

    @property
    def moments(self) -> Moments:
        """When they begin."""
        return Moments(self.second_of_day, self.customer, self.day)

    @classmethod
    def joined(cls, parts: Sequence[Occasions]) -> Occasions:
        """Put several together."""
        names = cls.__dataclass_fields__
        return cls(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})


@dataclass
class Visits(Occasions):
    """Occasions at the places where they are.

    Attributes
    ----------
    city
        Where the customer is.
    stay
        What the day is to the customer: see `travel`.
    """

    city: Codes
    stay: Codes


def draw_occasions(customers: Customers, rate: Float, when: Calendar, keys: TimeKeys) -> Occasions:
    """Draw the occasions on which customers buy, as if they were always at home.

    Parameters
    ----------
    rate
        (customers, transaction types): mean purchases a day.
    keys
        The customers', of the period.
    """
    types = rate.shape[1]
    type_key = children(keys.day, types)
    counts = _counts(customers, rate, when, keys, type_key)
    cell, position = count_off(counts.ravel())
    key = child(type_key.ravel()[cell], position)
    customer_day, type_ = divided(cell, types)
    customer, day = divided(customer_day, when.length)
    size, hour, within, fine = lanes(key, 4)
    time = draw_second(type_, hour, within, fine) + looked_up(customers.hour_shift, customer, type_)
    _, second_of_day = divided(time, SECONDS_PER_DAY)
    sizes = _errand_sizes().take(size).astype(np.int64)
    sizes[type_ != ERRAND_TYPE] = 1
    return Occasions(
        customer=customer,
        day=day,
        type_=type_,
        entity=OPEN.repeat(len(key)),
        second_of_day=second_of_day,
        size=sizes,
        key=key,
    )


def at_places(occasions: Occasions, placed: Placed, places: Itinerary) -> Visits:
    """Say where customers are, and what the day is to them."""
    return Visits(
        customer=occasions.customer,
        day=occasions.day,
        type_=occasions.type_,
        entity=occasions.entity,
        second_of_day=placed.second_of_day,
        size=occasions.size,
        key=occasions.key,
        city=placed.city,
        stay=looked_up(places.stay, occasions.customer, placed.column),
    )


def _counts(
    customers: Customers, rate: Float, when: Calendar, keys: TimeKeys, type_key: Keys
) -> Int:
    """Count occasions: (customers, days, transaction types), Poisson around a noisy rate."""
    noise = np.exp(DAY_NOISE_SIGMA * normal_table().take(lane(named(keys.day, "busy"))))
    noise *= _DAY_NOISE_MEAN * _weeks(customers, when, keys.week)
    mean = rate.copy()
    mean[:, ERRAND_TYPE] /= MEAN_ERRAND_SIZE
    expected = mean[:, None, :] * when.weight[customers.payday] * noise[:, :, None]
    return poisson(expected, fine_unit(type_key))


def _weeks(customers: Customers, when: Calendar, week_key: Keys) -> Float:
    """Give how busy customers' weeks are: (customers, days), around 1."""
    shift = (customers.keys["weeks"] % _WEEK_DAYS).astype(np.int64)
    week = (when.ordinal + shift[:, None]) // WEEK_DAYS
    news = normal_table().take(lane(week_key))
    weeks = news.shape[1] - WEEKS_BEFORE
    total = np.zeros((len(news), weeks))
    for back, weight in enumerate(_WEEK_WEIGHTS):
        total += weight * news[:, WEEKS_BEFORE - back : WEEKS_BEFORE - back + weeks]
    busy = np.exp(WEEK_SIGMA * total - _WEEK_HALF_VARIANCE)
    return np.asarray(busy[np.arange(len(busy))[:, None], week - first_week(when)])


def poisson(rate: Float, uniform: Float) -> Int:
    """Invert the Poisson distribution function, element by element.

    Parameters
    ----------
    rate
        Means, up to 700: beyond, the probability of none is too small a number.
    uniform
        Within (0, 1), of the same shape.
    """
    above, mean, target = np.arange(rate.size), rate.ravel(), uniform.ravel()
    probability = reached = np.exp(-rate).ravel()
    steps = np.arange(1.0, STEPS_AT_A_TIME + 1)[:, None]
    count = (target > reached).astype(np.int64)
    (left,) = count.nonzero()
    while len(left):
        # Most counts are small: now and then, what has reached its own is left behind.
        above, mean, target = above[left], mean[left], target[left]
        probability, reached = probability[left], reached[left]
        factors = mean / steps
        sums = np.empty_like(factors)
        for factor, total in zip(factors, sums, strict=True):
            # It becomes the probability of so many.
            probability = np.multiply(factor, probability, factor)
            reached = np.add(reached, probability, total)
        more = (target > sums) & (factors > 0)
        count[above] += more.sum(axis=0)
        (left,) = more[-1].nonzero()
        steps = steps + STEPS_AT_A_TIME
    return count.reshape(rate.shape)


def payment_times(occasions: Occasions, occasion: Int, gap_lane: Lanes) -> Int32:
    """Give every payment's second of the day; an errand that would pass midnight starts earlier.

    Parameters
    ----------
    occasion
        (payments,): each payment's position in ``occasions``, in ascending order.
    gap_lane
        (payments,): random numbers.
    """
    first = occasions.size.cumsum() - occasions.size
    gap = _gaps().take(gap_lane)
    gap[first] = 0
    elapsed = gap.cumsum()
    elapsed -= elapsed[first][occasion]
    ends = occasions.second_of_day + elapsed[first + occasions.size - ONE]
    start = occasions.second_of_day - np.maximum(ends - LAST_SECOND, NONE)
    return (start[occasion] + elapsed).astype(np.int32)


@cache
def _errand_sizes() -> Codes:
    return ERRAND_SIZES.astype(np.uint8)[choice_table(ERRAND_WEIGHTS)]


@cache
def _gaps() -> Int32:
    gaps = np.rint(MEDIAN_GAP_SECONDS * np.exp(GAP_SIGMA * normal_table()))
    return np.clip(gaps, SHORTEST_GAP, LONGEST_GAP).astype(np.int32)
