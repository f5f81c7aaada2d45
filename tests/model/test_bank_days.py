"""Banking days: counted as by a plain loop, whatever the period."""

from datetime import date

import numpy as np
import pytest

from accidental_transfers.model.bank_days import banking_days_after
from tests.bank_days import DAY, is_open


def counted(day: date, count: int) -> date:
    """The plain loop: go on until so many open days have come."""
    while count:
        day += DAY
        count -= is_open(day)
    return day


@pytest.mark.parametrize("year", [2007, 2021, 2024, 2099])
def test_banking_days_are_those_of_a_plain_loop(year: int) -> None:
    """Each day of a year with the days that follow it, into the next year."""
    first = date(year, 1, 1).toordinal()
    days = np.arange(first, first + 366)
    for count in (1, 2, 5, 20, 45):
        later = banking_days_after(days, np.full(len(days), count))
        expected = [counted(date.fromordinal(int(day)), count).toordinal() for day in days]
        assert later.tolist() == expected


def test_a_weekend_and_a_holiday_are_not_counted() -> None:
    """From Friday, 12 January 2024: Martin Luther King Day is on the 15th."""
    friday = np.array([date(2024, 1, 12).toordinal()] * 2)
    later = banking_days_after(friday, np.array([1, 5]))
    assert [date.fromordinal(int(day)) for day in later] == [date(2024, 1, 16), date(2024, 1, 22)]


def test_it_does_not_matter_what_else_is_asked_for() -> None:
    days = np.array([date(2024, 3, 28).toordinal(), date(2031, 7, 3).toordinal()])
    both = banking_days_after(days, np.array([3, 3]))
    alone = [banking_days_after(days[[row]], np.array([3]))[0] for row in range(2)]
    assert both.tolist() == alone
