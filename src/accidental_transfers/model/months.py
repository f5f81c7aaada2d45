"""The months that have to do with a period: their days, paydays and business days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import numpy as np

from accidental_transfers.model.arrays import Codes, Float, Int
from accidental_transfers.model.bank_days import modified_following
from accidental_transfers.model.prices import levels
from accidental_transfers.model.tables import choice_table

PAYDAY_SHARES = {"weekly": 0.324, "biweekly": 0.365, "semimonthly": 0.198, "monthly": 0.113}
"""How often Americans are paid (Bureau of Labor Statistics, Current Employment Statistics)."""
PAYDAYS = ("weekly", "biweekly", "biweekly", "semimonthly", "monthly")
"""The rhythms that a customer may have; biweekly comes in its two phases."""
PAYDAY_WEIGHTS = tuple(PAYDAY_SHARES[name] / PAYDAYS.count(name) for name in PAYDAYS)


@dataclass(frozen=True)
class Months:
    """The months of a period, and the one before and after it.

    Attributes
    ----------
    number
        (months,): year times twelve plus the month from 0.
    first, length
        (months,): ordinal of the first day, number of days.
    paydays
        (rhythms, most paydays): ordinals of all paydays in these months for each of `PAYDAYS`,
        in order, and then zeros.
    """

    number: Int
    first: Int
    length: Int
    paydays: Int

    def position(self, ordinal: Int) -> Int:
        """Tell in which of these months days are."""
        return np.searchsorted(self.first, ordinal, side="right") - 1

    def business_day(self, ordinal: Int) -> Int:
        """Move days off weekends and bank holidays by modified following.

        To the next business day, or the one before where that is in another month.
        """
        return self._business_days[ordinal - self.first[0]]

    @cached_property
    def _business_days(self) -> Int:
        return modified_following(int(self.first[0]), int(self.first[-1] + self.length[-1]))

    @cached_property
    def price_levels(self) -> Float:
        """The price level of each month, as a multiple of early 2024's: (months,)."""
        return levels(int(self.number[0]), int(self.number[-1]))

    @cached_property
    def first_paydays(self) -> Int:
        """The first payday of each rhythm from the beginning of each month: (rhythms, months).

        The last day of all where there is none.
        """
        last = self.first[-1] + self.length[-1] - 1
        paydays = self.paydays[:, :, None]
        return np.where(paydays >= self.first, paydays, last).min(axis=1)


def months_of(first_day: date, days: int) -> Months:
    """Lay out the months of a period, and the one before and after it."""
    last_day = first_day + timedelta(days - 1)
    number = np.arange(_month_of(first_day) - 1, _month_of(last_day) + 2)
    first = np.array([_first_of(each) for each in number.tolist()])
    length = np.array([_first_of(each + 1) for each in number.tolist()]) - first
    every = [date.fromordinal(day) for day in range(first[0], first[-1] + length[-1])]
    paydays = [
        [day.toordinal() for day in every if is_payday(rhythm, phase, day)]
        for phase, rhythm in enumerate(PAYDAYS)
    ]
    most = max(map(len, paydays))
    padded = np.array([own + [0] * (most - len(own)) for own in paydays])
    return Months(number, first, length, padded)


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(month: int) -> int:
    return date(month // 12, month % 12 + 1, 1).toordinal()


def is_payday(rhythm: str, phase: int, day: date) -> bool:
    """Tell whether a rhythm of `PAYDAYS`, at its position there, pays on a day."""
    last_of_month = (day + timedelta(1)).day == 1
    match rhythm:
        case "weekly":
            return day.weekday() == 4
        case "biweekly":
            return day.weekday() == 4 and day.toordinal() // 7 % 2 == phase % 2
        case "semimonthly":
            return day.day == 15 or last_of_month
        case _:
            return last_of_month


@cache
def payday_table() -> Codes:
    """Choose positions in `PAYDAYS`: (65,536,)."""
    return choice_table(PAYDAY_WEIGHTS)
