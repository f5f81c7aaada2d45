import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.readings import Reading
from accidental_transfers.evaluation.rhythm import (
    MEASURES,
    burstiness,
    fano,
    gap_moments,
    memory,
    outing_share,
    shuffled_within,
)
from accidental_transfers.model.facts.reference import reference
from tests.evaluation.foreign import foreign_frame, line_of


def test_poisson_counts_have_a_fano_factor_of_one_and_a_hard_range_half_of_it() -> None:
    chance = np.random.default_rng(0)
    assert np.median(fano(chance.poisson(10, (900, 91)))) == pytest.approx(1, abs=0.02)
    # (8² - 1) / 12 over 11.5
    assert np.median(fano(chance.integers(8, 16, (900, 91)))) == pytest.approx(0.457, abs=0.01)


def test_burstiness_is_zero_for_poisson_and_minus_one_for_a_clock() -> None:
    chance = np.random.default_rng(0)
    customer = np.repeat(np.arange(200), 1000)
    random = burstiness(*gap_moments(customer, chance.exponential(1, len(customer))))
    assert np.median(random) == pytest.approx(0, abs=0.01)
    clock = burstiness(*gap_moments(customer, np.full(len(customer), 7.0)))
    assert clock == pytest.approx(-np.ones(200))


def test_burstiness_allows_for_few_gaps_as_the_simple_formula_does_not() -> None:
    customer = np.repeat(np.arange(20_000), 10)
    gap = np.random.default_rng(0).exponential(1, len(customer))
    mean, sd, count = gap_moments(customer, gap)
    assert np.mean(burstiness(mean, sd, count)) == pytest.approx(0, abs=0.04)
    assert np.mean((sd - mean) / (sd + mean)) < -0.07


def test_memory_is_the_correlation_of_a_gap_with_the_next() -> None:
    chance = np.random.default_rng(0)
    customer = np.repeat(np.arange(3), [50, 70, 40])
    gap = chance.exponential(1, len(customer))
    expected = [
        np.corrcoef(gap[customer == each][:-1], gap[customer == each][1:])[0, 1]
        for each in range(3)
    ]
    assert memory(customer, gap) == pytest.approx(np.array(expected))
    assert memory(np.zeros(40, int), np.resize([1.0, 9.0], 40)) == pytest.approx(-1)


def test_the_share_of_short_gaps_counts_gaps_of_one_customers_day() -> None:
    customer, day = np.array([0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 1])
    time = np.array([1000, 100, 2000, 90_000 - 86_400, 3601])
    # 100, 1000, 2000 on one day: gaps of 900 and 1000; nobody else has a gap.
    assert outing_share(customer, day, time) == 0.5


def test_shuffling_keeps_every_groups_values() -> None:
    group, values = np.resize([2, 0, 1], 300), np.arange(300)
    shuffled = shuffled_within(group, values, np.random.default_rng(0))
    assert (shuffled % 3 == values % 3).all()
    assert sorted(shuffled) == list(values)
    assert (shuffled != values).mean() > 0.9


def test_outings_are_found_and_payments_at_random_have_none() -> None:
    frame = foreign_frame(days=60)  # 12,600 payments
    alone = MEASURES["outings"](dataset(frame))
    assert isinstance(alone, Reading)
    assert alone.value == pytest.approx(1, abs=0.1)
    company = frame.sample(frac=0.2, random_state=0)
    company["timestamp"] += pd.Timedelta(minutes=5)
    together = MEASURES["outings"](dataset(pd.concat([frame, company])))
    assert isinstance(together, Reading)
    assert together.value > 1.5


@pytest.mark.slow
def test_an_even_clock_and_calendar_have_even_indices() -> None:
    data = dataset(foreign_frame(days=63, daily=40, types=("Credit Card", "Bank Transfer")))
    assert MEASURES["weekday"](data, "Sunday") == pytest.approx(1, abs=0.03)
    assert MEASURES["weekday_bank"](data, "Saturday") == pytest.approx(1, abs=0.04)
    assert MEASURES["three_am"](data, "Credit Card") == pytest.approx(1 / 24, rel=0.1)
    assert MEASURES["month_start"](data, "Bank Transfer") == pytest.approx(1, abs=0.04)
    assert MEASURES["fano_median"](data) == pytest.approx(1, abs=0.12)


@pytest.mark.slow
def test_the_distance_of_hours_is_jensens_and_shannons_in_bits() -> None:
    hours = np.array(reference().transaction_types[0].hours)
    hours /= hours.sum()
    even = np.full(24, 1 / 24)
    middle = (hours + even) / 2

    def divergence(one: npt.NDArray[np.float64]) -> float:
        return float((one[one > 0] * np.log2(one[one > 0] / middle[one > 0])).sum())

    expected = np.sqrt((divergence(hours) + divergence(even)) / 2)
    data = dataset(foreign_frame(days=63, daily=40))  # 31,500 cards, evenly over the day
    assert MEASURES["hour_curve"](data, "Credit Card") == pytest.approx(expected, abs=0.01)


def test_twice_the_transfers_at_the_beginning_of_the_month_are_seen() -> None:
    frame = foreign_frame(days=61, types=("Bank Transfer",))
    frame = pd.concat([frame, frame[frame["timestamp"].dt.day <= 5]])
    # 10 of 61 days have 2 instead of 1: 2 / (71 / 61)
    measured = MEASURES["month_start"](dataset(frame), "Bank Transfer")
    assert measured == pytest.approx(1.72, abs=0.08)


def test_a_type_without_a_measured_curve_is_not_computable() -> None:
    with pytest.raises(NotComputableError, match="no hour curve is known for Crypto"):
        MEASURES["hour_curve"](dataset(foreign_frame()), "Crypto")


def test_payments_in_the_hour_that_does_not_exist_are_counted() -> None:
    lines = [
        line_of("a", "2024-03-10 01:59:59"),
        line_of("a", "2024-03-10 02:30:00"),
        line_of("b", "2024-03-10 02:30:00", city="Phoenix"),  # no daylight saving
        line_of("b", "2024-03-10 03:00:00"),
        line_of("b", "2024-03-11 02:30:00"),
    ]
    assert MEASURES["skipped_hour"](dataset(pd.DataFrame(lines))) == 1
