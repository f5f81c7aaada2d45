"""Refuelling: a rhythm of each household's own, and no pump for who has no car."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.fuel import FUEL, as_occasions, cars_of, draw_fills
from accidental_transfers.model.hours import times_of_day
from accidental_transfers.model.occasions import ERRAND_TYPE
from accidental_transfers.model.streams import seed_key
from tests.samples import default_sample

PEOPLE, FIRST, DAYS = 1_000, date(2024, 1, 1), 366


@cache
def people() -> Customers:
    return draw_customers(DatasetSpec().wanted, seed_key(2024), 1, PEOPLE)


def filled(first: date, days: int) -> pd.DataFrame:
    drawn = draw_fills(cars_of(people()), people(), calendar(first, days))
    fills = as_occasions(drawn, times_of_day(drawn.entity, drawn.key))
    return pd.DataFrame(
        {
            "customer": fills.customer,
            "day": fills.day + first.toordinal(),
            "second": fills.second_of_day,
            "entity": fills.entity,
            "type": fills.type_,
            "size": fills.size,
            "key": fills.key,
        }
    )


@cache
def year() -> pd.DataFrame:
    """A year of 1,000 customers: some 68,000 fills."""
    return filled(FIRST, DAYS)


def gaps() -> pd.Series:
    ordered = year().sort_values(["customer", "day"])
    found = ordered.groupby("customer")["day"].diff().dropna()
    assert isinstance(found, pd.Series)
    return found


def of_gaps(trait: np.ndarray) -> pd.Series:
    found = gaps()
    own: pd.Series = found.loc[trait[year().loc[found.index, "customer"].to_numpy()]]
    return own


def one_car() -> np.ndarray:
    own = people().household
    found: np.ndarray = own["car"] & ~own["two_cars"]
    return found


def test_nobody_without_a_car_refuels_and_everybody_with_one_does() -> None:
    assert set(year()["customer"]) == set(np.flatnonzero(people().household["car"]).tolist())


def test_nobody_without_a_car_is_at_a_pump_at_home() -> None:
    """150 customers: on a trip one may rent a car."""
    sample = default_sample()
    car = np.concatenate([b.customers.household["car"] for b in sample.table.blocks])
    without = sample.customers.index[~car]
    pump = sample.honest[sample.honest["entity_type"] == FUEL]
    home = pump[~pump["away"]]
    assert len(without) > 10
    assert not home["customer_id"].isin(without).any()
    assert home["customer_id"].nunique() > 100


def test_one_car_is_refuelled_four_to_six_times_a_month() -> None:
    """Each rhythm is a mean of 5 to 9 days; a year has 41 to 73 of them."""
    fills = year().groupby("customer").size()
    alone = fills[one_car()[fills.index]]
    assert alone.between(39, 75).all()
    assert 4 < (alone / 12).mean() < 6


def test_one_car_is_not_refuelled_again_at_once() -> None:
    """PEOPLE: within 1.5 days at most one in ten; by the jitter it is none."""
    own = of_gaps(one_car())
    assert len(own) > 10_000
    assert own.min() >= 2
    assert own.max() <= 14
    assert own.mean() == pytest.approx(7, abs=0.3)


def test_two_cars_take_turns() -> None:
    two = people().household["two_cars"]
    fills = year().groupby("customer").size()
    both = fills[two[fills.index]]
    rate = cars_of(people()).rate[both.index]
    assert (both / DAYS).to_numpy() == pytest.approx(rate, abs=0.02)
    own = of_gaps(two)
    assert own.mean() == pytest.approx(3.5, abs=0.2)
    # Half a rhythm apart, both move by a fifth of it: seldom on the same day.
    assert (own == 0).mean() < 0.06
    assert (own <= 1).mean() < 0.25


def test_rates_are_the_fills_a_day() -> None:
    rate = cars_of(people()).rate
    fills = np.bincount(year()["customer"], minlength=PEOPLE) / DAYS
    assert fills == pytest.approx(rate, abs=0.02)
    assert (rate[~people().household["car"]] == 0).all()


def test_fills_are_single_payments_by_card_at_a_pump() -> None:
    fuel = [entity.name for entity in reference().entity_types].index("Gas Station")
    assert (year()["entity"] == fuel).all()
    assert (year()["type"] == ERRAND_TYPE).all()
    assert (year()["size"] == 1).all()
    assert year()["second"].between(0, 86_399).all()
    assert year()["key"].is_unique
    hours = np.bincount(year()["second"] // 3600, minlength=24) / len(year())
    expected = np.array(reference().entity_types[fuel].hours)
    assert hours == pytest.approx(expected / expected.sum(), abs=0.006)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.integers(0, 340), st.integers(1, 26))
def test_a_days_fills_do_not_depend_on_the_period(skip: int, days: int) -> None:
    begin = FIRST + timedelta(skip)
    first = begin.toordinal()
    within = year()[year()["day"].between(first, first + days - 1)]
    pd.testing.assert_frame_equal(
        filled(begin, days).sort_values("key").reset_index(drop=True),
        within.sort_values("key").reset_index(drop=True),
    )
