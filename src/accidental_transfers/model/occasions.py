"""When people pay: single payments and errands, by day, transaction type and minute."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Codes, Float, Int, Int32, Lanes
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar, minute_table
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts import reference
from accidental_transfers.model.streams import LANE_VALUES, LANES_PER_WORD, Streams
from accidental_transfers.model.tables import choice_table, normal_table
from accidental_transfers.model.travel import night_before, postpone

DAY_NOISE_SIGMA = 0.15
"""Sd of ln(a day's rate): people have busy days, so counts are over-dispersed."""
ERRAND_TYPE = 0
"""Credit cards are carried on errands: several payments within minutes."""
ERRAND_SIZES = np.array([1, 2, 3, 4])
ERRAND_WEIGHTS = (0.77, 0.15, 0.06, 0.02)
MEAN_ERRAND_SIZE = float(np.average(ERRAND_SIZES, weights=ERRAND_WEIGHTS))
MEDIAN_GAP_SECONDS = 420.0
GAP_SIGMA = 0.6
SHORTEST_GAP, LONGEST_GAP = 75, 1_150
"""Three of the longest fit into the quiet hour before a departure (see `travel`)."""


@dataclass(frozen=True)
class Occasions:
    """Times at which customers pay once or, on an errand, several times in a row.

    Attributes
    ----------
    customer
        Positions in `Customers`, in ascending order.
    day
        Days from the period's start.
    type_
        Transaction types.
    city
        Where the customer is.
    second_of_day
        The first payment's time.
    size
        Payments, 1 or more.
    """

    customer: Int
    day: Int
    type_: Int
    city: Codes
    second_of_day: Int
    size: Int

    def __len__(self) -> int:
        return len(self.day)


def draw_occasions(customers: Customers, when: Calendar, streams: Streams) -> Occasions:
    """Draw the occasions on which customers pay."""
    types = len(reference().transaction_types)
    counts = _counts(customers, when, streams)
    size_lane, minute_lane, second_lane, _ = streams.ragged_lanes(
        counts.sum(axis=(1, 2)), LANES_PER_WORD
    ).T
    customer_day, type_ = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), types)
    customer = customer_day // when.days
    shift = customers.hour_shift.ravel().take(customer * types + type_)
    day = customer_day - customer * when.days
    time = _second_of_day(type_, minute_lane, second_lane, shift)
    time = postpone(time, customers.itinerary.arrival.ravel().take(customer_day))
    # The itinerary has a column more than there are days, so a customer's row begins later.
    place = customer_day + customer + 1 - night_before(time)
    city = customers.itinerary.city.ravel().take(place)
    return Occasions(
        customer=customer,
        day=day,
        type_=type_,
        city=city,
        second_of_day=when.without_skipped_hour(time.astype(np.int64), city, day),
        size=np.where(type_ == ERRAND_TYPE, _errand_sizes().take(size_lane), 1),
    )


def _counts(customers: Customers, when: Calendar, streams: Streams) -> Int:
    """Count occasions: (customers, days, transaction types), Poisson around a noisy rate."""
    shape = (len(customers), when.days, len(reference().transaction_types))
    lanes = streams.lanes(when.days + 2 * when.days * shape[2])
    noise = np.exp(DAY_NOISE_SIGMA * normal_table().take(lanes[:, : when.days]))
    noise *= np.exp(-(DAY_NOISE_SIGMA**2) / 2)
    mix = customers.type_mix.copy()
    mix[:, ERRAND_TYPE] /= MEAN_ERRAND_SIZE
    rate = (
        (customers.daily_rate[:, None] * mix)[:, None, :]
        * when.weight[customers.payday]
        * noise[:, :, None]
    )
    high, low = np.moveaxis(lanes[:, when.days :].reshape(*shape, 2), 3, 0)
    uniform = (high * float(LANE_VALUES) + low + 0.5) / LANE_VALUES**2
    return poisson(rate, uniform)


def poisson(rate: Float, uniform: Float) -> Int:
    """Invert the Poisson distribution function, element by element.

    Parameters
    ----------
    rate
        Means, up to 700: beyond, the probability of none is too small a number.
    uniform
        Within (0, 1), of the same shape.
    """
    probability = np.exp(-rate).ravel()
    count = np.zeros(rate.size, np.int64)
    above = np.flatnonzero(uniform.ravel() > probability)
    probability, mean, target = probability[above], rate.ravel()[above], uniform.ravel()[above]
    cumulative = probability.copy()
    steps = 0
    while len(above):
        steps += 1
        count[above] = steps
        probability *= mean / steps
        cumulative += probability
        # Most counts are small: what has reached its own is left behind.
        left = (target > cumulative) & (probability > 0)
        above, mean, target = above[left], mean[left], target[left]
        probability, cumulative = probability[left], cumulative[left]
    return count.reshape(rate.shape)


def _second_of_day(type_: Int, minute_lane: Lanes, second_lane: Lanes, shift: Int32) -> Int32:
    minute = minute_table().draw(type_, minute_lane)
    time = minute * np.int32(60) + (second_lane * np.int32(60) >> 16) + shift
    time += (time < 0) * np.int32(SECONDS_PER_DAY)
    time -= (time >= SECONDS_PER_DAY) * np.int32(SECONDS_PER_DAY)
    return time


def payment_times(occasions: Occasions, occasion: Int, gap_lane: Lanes) -> Int32:
    """Give every payment's second of the day; an errand that would pass midnight starts earlier.

    Parameters
    ----------
    occasion
        (payments,): each payment's position in ``occasions``, in ascending order.
    gap_lane
        (payments,): random numbers.
    """
    first = np.cumsum(occasions.size) - occasions.size
    gap = _gaps().take(gap_lane)
    gap[first] = 0
    elapsed = np.cumsum(gap)
    elapsed -= elapsed[first].take(occasion)
    overtime = occasions.second_of_day + elapsed[first + occasions.size - 1] - SECONDS_PER_DAY + 1
    start = occasions.second_of_day - np.maximum(overtime, 0)
    return (start.take(occasion) + elapsed).astype(np.int32)


@cache
def _errand_sizes() -> Int:
    return ERRAND_SIZES[choice_table(ERRAND_WEIGHTS)]


@cache
def _gaps() -> Int:
    gaps = np.rint(MEDIAN_GAP_SECONDS * np.exp(GAP_SIGMA * normal_table()))
    return np.clip(gaps, SHORTEST_GAP, LONGEST_GAP).astype(np.int64)
