"""When new payees are paid: first on the day on which they are met, and perhaps again."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.model.arrays import (
    Bool,
    Codes,
    Float,
    Int,
    Keys,
    Lanes,
    constant,
    divided,
)
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.hours import draw_second
from accidental_transfers.model.streams import among, lanes, unit
from accidental_transfers.model.tables import normal_table

AGAIN = constant(0.55)
"""Chance that a payee is paid a second time, and a third after that: own estimate."""
AGAIN_DAYS, AGAIN_SIGMA = 2.0, constant(1.6)
"""From one payment to the next: median, sd of ln(days)."""
PAIR_HOURS, PAIR_SIGMA = 2.0, constant(1.8)
"""Between two equal payments to near numbers: median, sd of ln(hours)."""
LONGEST_DAYS = 27
"""From the first payment on: no month is shorter than 28 days."""
LONGEST = constant(LONGEST_DAYS * 86_400)
"""The same in seconds."""
BANKS_MOVE = 6
"""Days by which banks move a payment at most."""
TIME_LANES = 6
_AGAIN, _BESIDE = constant(AGAIN_DAYS * 86_400), constant(PAIR_HOURS * 3_600)
"""The medians in seconds."""
_BEYOND, _HALF_A_DAY = constant(int(LONGEST) + 86_400), constant(43_200.0)
BANK = "Bank Transfer"
FIRST, SECOND, THIRD, PARTNER = range(4)
"""Positions of a payee's payments; the last goes to somebody else whose number is near."""


def times_of(
    customers: Customers, customer: Int, entity: Int, month: Int, key: Keys, when: Calendar
) -> tuple[Int, Bool]:
    """Give the seconds of payments to new payees, and which of them there are.

    Parameters
    ----------
    customer, entity, month
        (payees,): positions in ``customers``, entity types, positions in ``when.months``.
    key
        (positions, payees): of the payments.

    Returns
    -------
    Seconds since the period's start, and truth values: (positions, payees). A partner there is
    for all.
    """
    gap, again, hour, within, fine, met = lanes(key, TIME_LANES)
    row = len(reference().transaction_types) + entity
    of_day = draw_second(row, hour, within, fine)
    of_day += customers.hour_shift[customer, reference().type_of_entity[entity]]
    of_day %= SECONDS_PER_DAY
    second = np.empty(of_day.shape, np.int64)
    second[FIRST] = day_met(met[FIRST], month, when) * SECONDS_PER_DAY + of_day[FIRST]
    gaps = _AGAIN * np.exp(AGAIN_SIGMA * normal_table().take(gap))
    for position in (SECOND, THIRD):
        later = _later(second[position - 1], gaps[position], of_day[position])
        second[position] = np.minimum(later, second[FIRST] + _BEYOND)
    _wait_for_banks(second, entity, when)
    second[PARTNER] = _beside(second[FIRST], gap[PARTNER])
    exists = unit(again) < AGAIN
    exists[THIRD] &= exists[SECOND]
    exists[FIRST] = exists[PARTNER] = True
    return second, exists & (second - second[FIRST] <= LONGEST)


def day_met(lane: Lanes, month: Int, when: Calendar) -> Int:
    """Give the days, from the period's start, on which payees are met.

    Parameters
    ----------
    lane, month
        (payees,): the last of the `TIME_LANES` of first payments, positions in ``when.months``.
    """
    day = among(lane, when.months.length[month])
    return when.months.first[month] - when.first + day


def _wait_for_banks(second: Int, entity: Int, when: Calendar) -> None:
    """Move what banks settle to days on which they do, and keep its order there."""
    (column,) = _settled_by_banks()[entity].nonzero()
    day, of_day = divided(second[FIRST:PARTNER, column], SECONDS_PER_DAY)
    moved = when.months.business_day(day + when.first) - when.first
    second[FIRST:PARTNER, column] = np.sort(moved * SECONDS_PER_DAY + of_day, axis=0)


def _later(second: Int, gap: Float, of_day: Int) -> Int:
    """Give the time of the next payment: later on the day, or on another day at its own time."""
    later = second + np.ceil(gap).astype(np.int64)
    day = later // SECONDS_PER_DAY
    return np.where(day == second // SECONDS_PER_DAY, later, day * SECONDS_PER_DAY + of_day)


def _beside(second: Int, lane: Codes) -> Int:
    """Give the time of an equal payment on the same day: after, or before where the day ends."""
    gap = _BESIDE * np.exp(PAIR_SIGMA * normal_table().take(lane))
    _, of_day = divided(second, SECONDS_PER_DAY)
    gap = np.ceil(gap % _HALF_A_DAY).astype(np.int64)
    return np.where(of_day + gap < SECONDS_PER_DAY, second + gap, second - gap)


@cache
def _settled_by_banks() -> Bool:
    return reference().are_of(BANK)
