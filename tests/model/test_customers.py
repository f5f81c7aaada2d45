"""Customers: everyone draws values of their own, spread as the spec says."""

from typing import Any

import numpy as np
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.facts import reference
from accidental_transfers.model.streams import seed_key
from tests.samples import PROBABILITIES, fixed

OWN = (*PROBABILITIES, "high_amount_multiplier")

PEOPLE = 4_000
SHORT: dict[str, Any] = {"customers": PEOPLE, "end_date": "2024-01-02"}
# The Kolmogorov-Smirnov distance that chance exceeds once in a thousand times.
KS_LIMIT = 1.95 / PEOPLE**0.5


def people(**given: Any) -> Customers:
    spec = DatasetSpec.parse(SHORT | given)
    return draw_customers(spec.wanted, spec.days, seed_key("people"), 1, PEOPLE)


@pytest.fixture(scope="module")
def drawn() -> Customers:
    return people()


def distance_to_even(values: Any) -> float:
    """The Kolmogorov-Smirnov distance of values to the uniform distribution on (0, 1)."""
    ordered = np.sort(values)
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("daily_rate", 8, 15), ("home_bias", 0.75, 0.95), ("high_amount_multiplier", 2.5, 4.0)],
)
def test_ranges_are_filled_evenly(drawn: Customers, name: str, low: float, high: float) -> None:
    values = drawn.own[name] if name in OWN else getattr(drawn, name)
    assert values.min() >= low
    assert values.max() <= high
    assert distance_to_even((values - low) / (high - low)) < KS_LIMIT


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("accident_probability", 1, 8),
        ("high_amount_accident_probability", 0.5, 8),
        ("mistyped_entity_accident_probability", 3, 40),
    ],
)
def test_probabilities_are_filled_log_evenly(
    drawn: Customers, name: str, low: float, high: float
) -> None:
    """In thousandths: as many customers between 1 and 2 as between 4 and 8."""
    values = drawn.own[name] * 1000
    assert values.min() >= low
    assert values.max() <= high
    assert distance_to_even(np.log(values / low) / np.log(high / low)) < KS_LIMIT
    assert distance_to_even((values - low) / (high - low)) > 0.1


@pytest.mark.parametrize("name", PROBABILITIES)
def test_a_tiny_probability_is_drawn_and_none_is_none(name: str) -> None:
    tiny = people(**{name: {"min": 1e-9, "max": 0.25}}).own[name]
    assert 1e-9 <= tiny.min() < 1e-8
    assert 0.24 < tiny.max() <= 0.25
    assert np.median(tiny) == pytest.approx((1e-9 * 0.25) ** 0.5, rel=0.5)
    none = people(**{name: fixed(0)}).own
    assert (none[name] == 0).all()
    assert all((none[other] > 0).all() for other in PROBABILITIES if other != name)


def test_a_range_of_one_value_is_that_value() -> None:
    same = people(daily_transactions=fixed(11), high_amount_multiplier=fixed(3))
    assert (same.daily_rate == 11).all()
    assert (same.own["high_amount_multiplier"] == 3).all()


def test_one_trait_tells_nothing_about_another(drawn: Customers) -> None:
    traits = np.stack(
        [
            drawn.daily_rate,
            drawn.home_bias,
            *(np.log(drawn.own[name]) for name in PROBABILITIES),
            drawn.own["high_amount_multiplier"],
            np.log(drawn.spending_level),
            drawn.home.astype(float),
            drawn.payday.astype(float),
            *drawn.type_mix[:, :3].T,
        ]
    )
    correlation = np.asarray(np.corrcoef(traits))[:9]
    np.fill_diagonal(correlation, 0)
    # Four standard deviations; shares of types add up to 1 and so do depend on each other.
    assert np.abs(correlation).max() < 4 / PEOPLE**0.5


def test_changing_one_range_leaves_the_other_traits_alone(drawn: Customers) -> None:
    other = people(daily_transactions=fixed(30), accident_probability=fixed(0.1))
    for name in ("home", "home_bias", "favourite", "type_mix", "payee_number"):
        assert (getattr(drawn, name) == getattr(other, name)).all(), name
    for name in OWN[1:]:
        assert (drawn.own[name] == other.own[name]).all(), name


def test_types_are_mixed_around_their_shares_by_everyone_differently(drawn: Customers) -> None:
    shares = [type_.share for type_ in reference().transaction_types]
    assert sum(shares) == pytest.approx(1)
    assert drawn.type_mix.sum(axis=1) == pytest.approx(np.ones(PEOPLE))
    assert drawn.type_mix.mean(axis=0) == pytest.approx(shares, abs=0.02)
    variation = drawn.type_mix.std(axis=0) / drawn.type_mix.mean(axis=0)
    assert (variation > 0.1).all()
    assert (variation < 0.4).all()


def test_spending_levels_spread_around_one(drawn: Customers) -> None:
    level = np.log(drawn.spending_level)
    assert level.mean() == pytest.approx(0, abs=0.03)
    assert level.std() == pytest.approx(0.42, abs=0.02)


def test_early_birds_stay_within_two_hours(drawn: Customers) -> None:
    assert np.abs(drawn.hour_shift).max() <= 7_200
    assert 2_000 < drawn.hour_shift.std() < 3_600
    # One's own habit and each type's: alike, and not the same.
    assert 0.6 < np.asarray(np.corrcoef(drawn.hour_shift.T))[0, 1] < 0.95


def test_people_are_known_by_ten_digits_that_nobody_shares(drawn: Customers) -> None:
    numbers = drawn.payee_number
    assert len(numbers) % PEOPLE == 0
    assert numbers.max() < 10**10
    assert numbers.min() < 10**7  # leading zeros occur
    # Of n random numbers some n²/2/10^10 pairs are alike.
    alike = len(numbers) - len(np.unique(numbers))
    assert alike < 5 + 2 * len(numbers) ** 2 / 2e10
    leading = np.bincount((numbers // np.uint64(10**9)).astype(int), minlength=10) / len(numbers)
    assert leading == pytest.approx([0.1] * 10, abs=5 * (0.09 / len(numbers)) ** 0.5)
