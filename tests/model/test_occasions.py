"""Occasions: how often people pay, and several times in a row on an errand."""

import math
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.occasions import (
    ERRAND_TYPE,
    OPEN,
    Occasions,
    Visits,
    at_places,
    draw_occasions,
    payment_times,
    poisson,
)
from accidental_transfers.model.streams import seed_key
from accidental_transfers.model.time_keys import time_keys
from accidental_transfers.model.travel import itinerary, on_the_way
from tests.samples import Dataset, default_sample

SECONDS_PER_DAY = 86_400
RATES = [0.0, 1e-9, 0.1, 0.7, 1.0, 4.5, 30.0, 200.0, 700.0]


def slow_poisson(rate: float, uniform: float) -> int:
    """The smallest count whose distribution function reaches a uniform number."""
    count, reached = 0, math.exp(-rate)
    while reached < uniform:
        count += 1
        reached += math.exp(count * math.log(rate) - rate - math.lgamma(count + 1))
    return count


@pytest.mark.parametrize("rate", RATES)
def test_poisson_inverts_the_distribution_function(rate: float) -> None:
    uniform = np.random.default_rng(1).random(400)
    drawn = poisson(np.full(400, rate), uniform)
    assert drawn.tolist() == [slow_poisson(rate, value) for value in uniform]


@pytest.mark.parametrize("rate", RATES[2:])
def test_poisson_has_its_mean_and_variance(rate: float) -> None:
    even = (np.arange(20_000) + 0.5) / 20_000
    drawn = poisson(np.full(even.shape, rate), even)
    assert drawn.mean() == pytest.approx(rate, rel=2e-4)
    assert drawn.var() == pytest.approx(rate, rel=2e-3)


@pytest.mark.parametrize("rate", RATES)
def test_poisson_ends_at_the_most_extreme_numbers_of_32_bits(rate: float) -> None:
    (lowest,) = poisson(np.array([rate]), np.array([0.5 / 2**32]))
    (highest,) = poisson(np.array([rate]), np.array([1 - 0.5 / 2**32]))
    assert lowest <= rate
    # 2^-33 lies 6.3 standard deviations out, and further where the rate is low.
    assert highest <= rate + 7 * math.sqrt(rate) + 8
    assert highest > rate + 6 * math.sqrt(rate) or rate < 0.1


def test_poisson_takes_any_shape() -> None:
    rate = np.array([[0.0, 5.0, 5.0], [2.0, 0.0, 300.0]])
    drawn = poisson(rate, np.full(rate.shape, 0.5))
    assert drawn.tolist() == [[0, 5, 5], [2, 0, 300]]


RATE = 11.5
SHARES = np.array([type_.share for type_ in reference().transaction_types])


@cache
def people() -> Customers:
    return draw_customers(DatasetSpec().wanted, seed_key(7), 1, 100)


def drawn(first: date, days: int, rate: float = RATE) -> Visits:
    customers, when = people(), calendar(first, days)
    places = itinerary(customers.key, customers.home, customers.home_bias, when.ordinal)
    rates = np.tile(rate * SHARES, (len(customers), 1))
    found = draw_occasions(customers, rates, when, time_keys(customers, when))
    return at_places(found, on_the_way(found.moments, places, when), places)


@pytest.fixture(scope="module")
def occasions() -> Occasions:
    """Those of 100 customers with 11.5 purchases a day in 91 days: about 85,000."""
    return drawn(date(2024, 1, 1), 91)


@pytest.mark.slow
def test_occasions_have_the_rates_that_are_asked_for() -> None:
    """Two years, some 840,000 payments; holidays add a little, online more than elsewhere."""
    found = drawn(date(2023, 1, 1), 731)
    payments = np.bincount(found.type_, found.size, minlength=4)
    assert payments / 73_100 == pytest.approx(RATE * SHARES, rel=0.04)
    rates = np.bincount(found.customer, found.size, minlength=100) / 731
    assert rates.mean() == pytest.approx(RATE, rel=0.02)
    # Busy weeks and days leave each one's mean a sd of about 3 %.
    assert np.abs(rates / rates.mean() - 1).max() < 0.13


@pytest.mark.slow
@settings(max_examples=30)
@given(st.integers(0, 100), st.integers(1, 40))
def test_a_days_occasions_do_not_depend_on_the_period(skip: int, days: int) -> None:
    start = date(2023, 11, 20)
    long, short = drawn(start, 140), drawn(start + timedelta(skip), days)
    within = (long.day >= skip) & (long.day < skip + days)
    for name in ("customer", "type_", "entity", "city", "stay", "second_of_day", "size", "key"):
        assert (getattr(short, name) == getattr(long, name)[within]).all(), name
    assert (short.day == long.day[within] - skip).all()


def test_no_two_occasions_share_a_key(occasions: Occasions) -> None:
    assert len(np.unique(occasions.key)) == len(occasions)


@pytest.mark.slow
def test_a_busy_week_lasts() -> None:
    """Weekly counts of 100 customers in two years: their lag-1 autocorrelation."""
    found = drawn(date(2023, 1, 1), 728)
    weeks = np.zeros((100, 104))
    np.add.at(weeks, (found.customer, found.day // 7), found.size)
    # What all weeks have in common is the calendar's.
    weeks /= weeks.mean(axis=0)
    lagged = [np.corrcoef(own[:-1], own[1:])[0, 1] for own in weeks]
    far = [np.corrcoef(own[:-8], own[8:])[0, 1] for own in weeks]
    assert 0.1 < np.mean(lagged) < 0.5
    assert abs(np.mean(far)) < 0.06


def test_occasions_are_within_the_period(occasions: Occasions) -> None:
    assert len(occasions) > 80_000
    assert (occasions.entity == OPEN).all()
    assert (np.diff(occasions.customer) >= 0).all()
    assert set(occasions.customer.tolist()) == set(range(100))
    assert set(occasions.day.tolist()) == set(range(91))
    assert occasions.second_of_day.min() >= 0
    assert occasions.second_of_day.max() < SECONDS_PER_DAY
    assert len(np.unique(occasions.second_of_day % 60)) == 60


def test_errands_are_run_with_cards_and_mostly_short(occasions: Occasions) -> None:
    assert reference().transaction_types[ERRAND_TYPE].name == "Credit Card"
    assert (occasions.size[occasions.type_ != ERRAND_TYPE] == 1).all()
    sizes = occasions.size[occasions.type_ == ERRAND_TYPE]
    shares = np.bincount(sizes, minlength=5) / len(sizes)
    # Some 37,000 errands: the sd of a share is 0.0022 at most.
    assert shares == pytest.approx([0, 0.77, 0.15, 0.06, 0.02], abs=0.01)


def test_the_payments_of_an_errand_follow_each_other_within_minutes(occasions: Occasions) -> None:
    occasion = np.repeat(np.arange(len(occasions)), occasions.size)
    lane = np.random.default_rng(3).integers(65_536, size=len(occasion), dtype=np.uint16)
    times = payment_times(occasions, occasion, lane)
    first = np.cumsum(occasions.size) - occasions.size
    gaps = np.diff(times)[np.diff(occasion) == 0]
    assert times.min() >= 0
    assert times.max() < SECONDS_PER_DAY
    assert len(gaps) > 12_000
    assert gaps.min() >= 75
    assert gaps.max() <= 1_150
    assert np.median(gaps) == pytest.approx(420, abs=15)
    moved = times[first] != occasions.second_of_day
    assert (times[first] <= occasions.second_of_day).all()
    # Only errands that would pass midnight start earlier, and then they end at its last second.
    assert 0 < moved.sum() < 100
    assert (times[first + occasions.size - 1][moved] == SECONDS_PER_DAY - 1).all()


def test_quarter_hours_between_payments_are_commoner_than_chance() -> None:
    """The share of same-day gaps up to 15 minutes over that of shuffled times of day."""
    rows = default_sample().honest
    rows = rows[rows["transaction_type"] != "Bank Transfer"]
    customer = rows["customer_id"].factorize()[0]
    day = (rows["day"] - rows["day"].min()).dt.days.to_numpy()
    second = (rows["timestamp"] - rows["day"]).dt.total_seconds().to_numpy()

    def short_share(second: np.ndarray) -> float:
        order = np.lexsort([second, day, customer])
        same = (np.diff(customer[order]) == 0) & (np.diff(day[order]) == 0)
        return float((np.diff(second[order])[same] <= 900).mean())

    chance = np.random.default_rng(4)
    shuffled = second.copy()
    for number in np.unique(customer):
        own = np.flatnonzero(customer == number)
        shuffled[own] = second[chance.permutation(own)]
    assert 1.5 <= short_share(second) / short_share(shuffled) <= 2.6


def test_days_differ_more_than_by_chance_and_customers_more_than_days() -> None:
    """Of 150 customers in 91 days; a hard 8 to 15 a day has a Fano factor of 0.46."""
    sample = default_sample()
    counts = sample.honest.groupby(["customer_id", "day"]).size().unstack(fill_value=0)
    assert counts.shape == (150, 91)
    fano = counts.var(axis=1) / counts.mean(axis=1)
    assert 1.1 <= fano.median() <= 2.0
    assert fano.quantile(0.1) >= 0.9
    rates = counts.mean(axis=1)
    assert 0.15 <= rates.std() / rates.mean() <= 0.75


def relative_rates(sample: Dataset) -> np.ndarray:
    """What customers pay a day over the rate that each of them drew."""
    counts = sample.ordinary.groupby("customer_id").size()
    days = (sample.spec.end_date - sample.spec.start_date).days + 1
    rates: np.ndarray = (counts / days / sample.customers["daily_transactions"]).to_numpy()
    return rates


def test_customers_pay_as_often_as_their_own_rate_says() -> None:
    """A quarter's count has a sd of about 9 % of its mean, for busy weeks last: four of them."""
    drawn = relative_rates(default_sample())
    assert drawn.mean() == pytest.approx(1, abs=0.03)
    assert 0.06 < drawn.std() < 0.11
    assert np.abs(drawn - 1).max() < 0.38


@pytest.mark.slow
def test_in_two_years_everybody_pays_as_often_as_said() -> None:
    """100 customers: a sd of about 3 % each, whether they owe much or little."""
    spec = {"customers": 100, "start_date": "2023-01-01", "end_date": "2024-12-31"}
    sample = Dataset(DatasetSpec.parse(spec))
    drawn = relative_rates(sample)
    assert drawn.mean() == pytest.approx(1, abs=0.02)
    assert np.abs(drawn / drawn.mean() - 1).max() < 0.13
    rate = sample.customers["daily_transactions"].to_numpy()
    assert abs(np.corrcoef(drawn, rate)[0, 1]) < 0.4


def test_gaps_between_payments_are_bursty() -> None:
    """Kim and Jo's burstiness; 0 would be chance, the hour curve alone gives 0.195."""
    seconds = default_sample().honest["timestamp"].astype("datetime64[s]").astype("int64")
    burstiness = []
    for own in seconds.groupby(default_sample().honest["customer_id"]):
        gaps = np.diff(own[1].sort_values().to_numpy())
        n, ratio = len(gaps), gaps.std() / gaps.mean()
        root = math.sqrt(n + 1), math.sqrt(n - 1)
        burstiness.append((root[0] * ratio - root[1]) / ((root[0] - 2) * ratio + root[1]))
    assert 0.20 <= np.median(burstiness) <= 0.45


def test_poisson_of_unlike_rates_side_by_side() -> None:
    rates = np.array([0.1, 4.5, 30.0, 700.0])
    assert (poisson(rates, np.full(4, 0.5 / 2**32)) <= rates).all()
