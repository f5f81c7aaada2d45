"""Prices: the published ones on their days, likely ones afterwards, and the price level."""

import json
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.prices import levels, price_history


def document(name: str) -> dict[str, Any]:
    path = files("accidental_transfers.model").joinpath("data", name)
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


SERVICES = document("obligations.json")["services"]
CPI = document("prices.json")
PLANS = [
    (name, position)
    for name, service in SERVICES.items()
    for position in range(len(service["plans"]))
]
"""In the order of the file, which is that of the history's plans."""
LAST = date(2099, 12, 31).toordinal()


def price(name: str, position: int, day: str) -> float:
    plan = np.array([PLANS.index((name, position))])
    (cents,) = price_history().on(plan, np.array([date.fromisoformat(day).toordinal()]))
    return float(cents) / 100


@cache
def over_time(plan: int) -> np.ndarray:
    """A plan's price on every day from 2007 on."""
    days = np.arange(date(2007, 1, 1).toordinal(), LAST + 1)
    cents: np.ndarray = price_history().on(np.full(len(days), plan), days)
    return cents


@pytest.mark.parametrize(
    ("name", "position", "day", "dollars"),
    [
        ("Netflix", 1, "2023-11-18", 15.49),
        ("Netflix", 2, "2023-11-17", 19.99),
        ("Netflix", 2, "2023-11-18", 22.99),
        ("Netflix", 1, "2025-02-20", 15.49),
        ("Netflix", 1, "2025-02-21", 17.99),
        ("Netflix", 1, "2014-05-01", 8.99),
        ("Amazon Prime", 1, "2024-01-15", 139.00),
        ("Amazon Prime", 1, "2019-01-15", 119.00),
        ("Spotify", 1, "2024-07-09", 10.99),
        ("Spotify", 1, "2024-07-10", 11.99),
    ],
)
def test_known_prices_are_paid_on_known_days(
    name: str, position: int, day: str, dollars: float
) -> None:
    assert price(name, position, day) == dollars


@pytest.mark.parametrize(("name", "position"), PLANS)
def test_a_plan_costs_what_the_file_says_from_each_day_to_the_next(
    name: str, position: int
) -> None:
    service = SERVICES[name]
    history = service.get("history", ())
    known = [(day, prices[position]) for day, prices in history if prices[position]]
    days = [day for day, _ in known[1:]]
    for (day, dollars), after in zip(known, [*days, None][: len(known)], strict=True):
        assert price(name, position, day) == dollars
        if after is not None:
            eve = date.fromisoformat(after) - timedelta(1)
            assert price(name, position, str(eve)) == dollars


@pytest.mark.parametrize(("name", "position"), PLANS)
def test_a_plan_has_its_price_of_the_1st_of_january_2024(name: str, position: int) -> None:
    assert price(name, position, "2024-01-01") == SERVICES[name]["plans"][position]["price"]


def test_prices_never_fall_after_the_last_known_one_and_keep_their_ending() -> None:
    risen = []
    for plan, (name, position) in enumerate(PLANS):
        history = [day for day, prices in SERVICES[name].get("history", ()) if prices[position]]
        last = max([*history, "2024-12-31"])
        cents = over_time(plan)[
            date.fromisoformat(last).toordinal() - date(2007, 1, 1).toordinal() :
        ]
        assert (np.diff(cents) >= 0).all(), name
        assert len(np.unique(cents % 100)) == 1, name
        risen.append(len(np.unique(cents)) - 1)
    # Some 75 years, each with a rise with a probability of a third.
    assert 15 < np.mean(risen) < 30


def test_a_price_rises_once_in_a_long_while() -> None:
    """Ten years from 2026 on: about one rise in three years, and by a tenth or so."""
    begin, end = (
        date(year, 1, 1).toordinal() - date(2007, 1, 1).toordinal() for year in (2027, 2037)
    )
    rises = []
    for plan in range(len(PLANS)):
        own = over_time(plan)[begin:end]
        change = np.flatnonzero(np.diff(own))
        rises += (own[change + 1] / own[change]).tolist()
        assert (np.diff(change) > 1).all()
    assert 2 < len(rises) / len(PLANS) < 4.5
    assert 1.05 < np.median(rises) < 1.15


def test_plans_of_one_service_are_in_the_order_of_the_file() -> None:
    assert list(reference().owed.services) == list(SERVICES)
    assert len(np.unique(price_history().begins)) == len(price_history().begins)
    assert (np.diff(price_history().begins) > 0).all()


def level(year: int, month: int) -> float:
    number = year * 12 + month - 1
    return float(levels(number, number)[0])


def test_early_2024_has_the_level_1() -> None:
    assert np.mean([level(2024, month) for month in (1, 2, 3)]) == pytest.approx(1, abs=0.003)


@pytest.mark.parametrize("year", range(2008, 2025))
def test_a_years_level_is_that_of_consumer_prices(year: int) -> None:
    """The mean of its months, within the bend of a straight line from year to year."""
    mean = np.mean([level(year, month) for month in range(1, 13)])
    assert mean == pytest.approx(CPI["cpi_u"][str(year)] / CPI["base"], rel=0.008)


def test_after_the_last_known_year_prices_rise_by_the_assumed_rate() -> None:
    assert level(2036, 1) / level(2026, 1) == pytest.approx(1.023**10, rel=2e-3)
    assert level(2034, 2) / level(2024, 2) > 1.023**9
    assert level(2099, 12) / level(2098, 12) == pytest.approx(1.023)


def test_levels_have_no_jump() -> None:
    """Month by month over 93 years: no more than 0.8 % at once, which 2022 had."""
    every = levels(2007 * 12, 2099 * 12 + 11)
    assert len(every) == 93 * 12
    steps = np.diff(every) / every[:-1]
    assert steps.max() < 0.008
    assert steps.min() > -0.002  # 2009
