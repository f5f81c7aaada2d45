"""Occasions: how often people pay, and several times in a row on an errand."""

import math

import numpy as np
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.customers import draw_customers
from accidental_transfers.model.facts import reference
from accidental_transfers.model.occasions import (
    ERRAND_TYPE,
    Occasions,
    draw_occasions,
    payment_times,
    poisson,
)
from accidental_transfers.model.streams import Purpose, Streams, seed_key
from tests.samples import default_sample

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


@pytest.fixture(scope="module")
def occasions() -> Occasions:
    """Those of 100 customers in 91 days: about 85,000."""
    spec, key = DatasetSpec(), seed_key(7)
    customers = draw_customers(spec.wanted, spec.days, key, 1, 100)
    streams = Streams(key, customers.number, Purpose.PAYMENTS)
    return draw_occasions(customers, calendar(spec.start_date, spec.days), streams)


def test_occasions_are_within_the_period(occasions: Occasions) -> None:
    assert len(occasions) > 80_000
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


def test_customers_pay_as_often_as_their_own_rate_says() -> None:
    """A quarter's count has a standard deviation of about 4 % of its mean."""
    sample = default_sample()
    drawn = (
        sample.honest.groupby("customer_id").size() / 91 / sample.customers["daily_transactions"]
    )
    assert drawn.mean() == pytest.approx(1, abs=0.015)
    assert drawn.between(0.82, 1.18).all()


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
