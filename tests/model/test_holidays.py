"""Holidays against the PyPI package `holidays`, dates against dateutil, business days by a loop."""

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.holidays import bank_holidays, easter, factors, occasion_days
from tests.bank_days import DAY, easter_sunday, federal, modified_following, settled

YEARS = range(2007, 2100)
OCCASIONS = {occasion.name: occasion for occasion in reference().occasions}
FACTS: dict[str, Any] = json.loads(
    files("accidental_transfers.model").joinpath("data", "holidays.json").read_text("utf-8")
)
FIRST, LAST = date(2007, 1, 1), date(2099, 12, 31)


@pytest.mark.parametrize("year", YEARS)
def test_federal_holidays_are_those_of_the_country(year: int) -> None:
    days = [day for each in OCCASIONS.values() if each.federal for day in occasion_days(year, each)]
    assert sorted(days) == sorted(federal(year))
    assert len(days) == (11 if year >= 2021 else 10)


@pytest.mark.parametrize("year", YEARS)
def test_the_federal_reserve_moves_sundays_and_leaves_saturdays(year: int) -> None:
    assert set(bank_holidays(year)) == settled(year)
    assert list(bank_holidays(year)) == sorted(set(bank_holidays(year)))


def test_a_few_days_that_everybody_can_look_up() -> None:
    """As the Federal Reserve published them."""
    assert date(2024, 1, 1) in bank_holidays(2024)
    assert date(2023, 1, 2) in bank_holidays(2023)  # the 1st was a Sunday
    assert date(2021, 12, 31) not in bank_holidays(2021)  # the 1st of 2022 was a Saturday
    assert date(2022, 6, 20) in bank_holidays(2022)  # the first Juneteenth of the banks
    assert not any(day.month == 6 for day in bank_holidays(2021))
    assert date(2026, 7, 3) not in bank_holidays(2026)  # the 4th is a Saturday
    assert len(bank_holidays(2024)) == 11


@pytest.mark.parametrize("year", YEARS)
def test_easter_is_when_it_is(year: int) -> None:
    assert easter(year) == easter_sunday(year)
    sunday = OCCASIONS["Easter Sunday"]
    assert list(occasion_days(year, sunday)) == [easter_sunday(year)]
    assert list(occasion_days(year, OCCASIONS["Good Friday"])) == [easter_sunday(year) - 2 * DAY]


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("Super Bowl Sunday", ["2016-02-07", "2021-02-07", "2022-02-13", "2024-02-11"]),
        ("Valentine's Day", ["2024-02-14", "2030-02-14"]),
        ("Mother's Day", ["2023-05-14", "2024-05-12", "2025-05-11"]),
        ("Father's Day", ["2023-06-18", "2024-06-16"]),
        ("Black Friday", ["2022-11-25", "2023-11-24", "2024-11-29"]),
        ("Cyber Monday", ["2023-11-27", "2024-12-02"]),
        (
            "Tax Day",
            [
                "2011-04-18",
                "2012-04-17",
                "2016-04-18",
                "2017-04-18",
                "2018-04-17",
                "2019-04-15",
                "2020-07-15",
                "2021-05-17",
                "2022-04-18",
                "2023-04-18",
                "2024-04-15",
            ],
        ),
        ("Halloween", ["2024-10-31"]),
    ],
)
def test_the_days_of_consumers_are_known(name: str, days: list[str]) -> None:
    for day in days:
        assert date.fromisoformat(day) in list(occasion_days(int(day[:4]), OCCASIONS[name])), day


@cache
def slow_factors(day: date) -> dict[str, float]:
    """What an occasion does to a day, name by name, from the file itself."""
    found: dict[str, float] = {}
    for entry in FACTS["holidays"]:
        years = (day.year - 1, day.year, day.year + 1)
        days = [held for year in years for held in occasion_days(year, OCCASIONS[entry["name"]])]
        observed = entry["federal"] and day.weekday() == 0 and day - DAY in days
        for name, factor in (*entry["up"].items(), *entry["rests"].items()):
            if day in days or (observed and name == "Bank Transfer"):
                found[name] = found.get(name, 1.0) * factor
    return found


@pytest.mark.slow
@given(st.dates(FIRST, LAST - 40 * DAY), st.integers(1, 40))
def test_a_days_factors_are_the_product_of_its_occasions(first: date, days: int) -> None:
    of_type, of_entity = factors(first, days)
    facts = reference()
    for row in range(days):
        expected = slow_factors(first + row * DAY)
        for column, type_ in enumerate(facts.transaction_types):
            assert of_type[row, column] == pytest.approx(expected.get(type_.name, 1.0))
        for column, entity in enumerate(facts.entity_types):
            assert of_entity[row, column] == pytest.approx(expected.get(entity.name, 1.0))


def test_the_new_year_is_quiet_and_its_bank_transfers_rest() -> None:
    of_type, _ = factors(date(2024, 1, 1), 1)
    names = [type_.name for type_ in reference().transaction_types]
    assert of_type[0, names.index("Bank Transfer")] <= 0.4
    assert of_type[0, names.index("Credit Card")] < 0.9


def test_banks_rest_on_the_monday_after_a_sundays_holiday_and_shops_do_not() -> None:
    """The 1st of 2023 was a Sunday."""
    of_type, _ = factors(date(2023, 1, 1), 3)
    names = [type_.name for type_ in reference().transaction_types]
    bank, card = of_type[:, names.index("Bank Transfer")], of_type[:, names.index("Credit Card")]
    assert bank[0] == bank[1] <= 0.4
    assert bank[2] == card[1] == card[2] == 1


@pytest.mark.slow
@pytest.mark.parametrize("start", [2007, 2023, 2031, 2060, 2097])
def test_business_days_are_those_of_a_plain_loop(start: int) -> None:
    """Three years each, day by day, and the month before and after them."""
    first, last = date(start, 1, 1), date(start + 2, 12, 31)
    months = calendar(first, (last - first).days + 1).months
    for day in range(int(months.first[0]), int(months.first[-1] + months.length[-1])):
        moved = months.business_day(np.array([day]))
        assert date.fromordinal(int(moved[0])) == modified_following(date.fromordinal(day))


def test_the_end_of_march_2024_is_a_weekend_and_the_day_before_is_paid() -> None:
    """Plain "following" would pay twice in April and not at all in March."""
    months = calendar(date(2024, 3, 1), 31).months
    given_ = np.array([date(2024, 3, day).toordinal() for day in (29, 30, 31)])
    moved = months.business_day(given_)
    assert [date.fromordinal(int(day)).day for day in moved] == [29, 29, 29]
