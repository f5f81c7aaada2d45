import numpy as np
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.amounts import MEASURES, benford_deviation, lognormal_distance
from accidental_transfers.evaluation.dataset import dataset
from tests.evaluation.foreign import foreign_frame


def test_amounts_that_span_magnitudes_follow_benford_and_uniform_ones_do_not() -> None:
    chance = np.random.default_rng(0)
    assert benford_deviation(np.exp(chance.normal(3, 2, 100_000))) < 0.004
    # Every first digit alike: the mean of |1/9 - log10(1 + 1/d)| is 0.0597.
    assert benford_deviation(chance.uniform(1, 10, 100_000)) == pytest.approx(0.0597, abs=0.002)


@pytest.mark.parametrize("amount", [0.01, 0.3, 0.7, 1.0, 7.0, 100.0, 999.99, 3000.0])
def test_the_first_digit_is_the_first_digit(amount: float) -> None:
    digit = int(next(letter for letter in f"{amount:.2f}" if letter not in "0."))
    shares = np.eye(9)[digit - 1]
    expected = np.abs(shares - np.log10(1 + 1 / np.arange(1, 10))).mean()
    assert benford_deviation(np.full(10, amount)) == pytest.approx(expected)


def test_the_distance_to_a_lognormal_tells_uniform_amounts() -> None:
    chance = np.random.default_rng(0)
    assert lognormal_distance(chance.normal(3, 1.2, 50_000)) < 0.01
    assert lognormal_distance(np.log(chance.uniform(5, 500, 50_000))) > 0.1


def test_a_types_amounts_are_measured_as_they_were_made() -> None:
    data = dataset(foreign_frame(customers=50, days=60))  # 12,000 of each type
    assert MEASURES["amount_sd"](data, "Crypto") == pytest.approx(1.2, abs=0.03)
    assert MEASURES["amount_skew"](data, "Crypto") == pytest.approx(0, abs=0.1)
    assert MEASURES["amount_median"](data, "Crypto") == pytest.approx(np.exp(3.3), rel=0.04)
    # exp(2.326 sigma)
    assert MEASURES["amount_tail"](data, "Crypto") == pytest.approx(16.3, rel=0.1)


def test_uniform_amounts_have_no_tail() -> None:
    frame = foreign_frame()
    frame["amount"] = np.random.default_rng(0).uniform(10, 500, len(frame)).round(2)
    assert MEASURES["amount_tail"](dataset(frame), "Crypto") == pytest.approx(1.94, abs=0.05)


def test_endings_are_shares_of_prices() -> None:
    frame = foreign_frame(types=("Venmo/PayPal",))
    frame["amount"] = np.resize([5.0, 7.0, 1.99, 20.0, 0.29, 1.1, 115.0, 3.5], len(frame))
    data = dataset(frame)
    assert MEASURES["ending_00"](data, "Venmo/PayPal") == pytest.approx(0.5, abs=0.001)
    assert MEASURES["multiple_of_5"](data, "Venmo/PayPal") == pytest.approx(0.375, abs=0.001)
    assert MEASURES["ending_99"](data, "Venmo/PayPal") == pytest.approx(0.125, abs=0.001)


def test_a_type_that_is_not_there_is_not_computable() -> None:
    with pytest.raises(NotComputableError, match="0 unlabelled rows of Bank Transfer"):
        MEASURES["amount_sd"](dataset(foreign_frame()), "Bank Transfer")
