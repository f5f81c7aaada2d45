import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from accidental_transfers.evaluation.tasks.intervals import (
    RESAMPLES,
    average_precision,
    ratio,
    share,
    totals,
    weights,
)


def test_the_average_precision_is_scikit_learns_ties_included() -> None:
    chance = np.random.default_rng(0)
    truth = chance.random(3000) < 0.05
    customer = chance.integers(0, 40, 3000)
    for score in (chance.random(3000), chance.integers(0, 6, 3000) + 2.0 * truth):
        found = average_precision(truth, score.astype(float), customer, 40)
        assert found.value == pytest.approx(average_precision_score(truth, score))
        assert found.low < found.value < found.high


@pytest.mark.slow
def test_a_resample_is_the_average_precision_of_the_customers_it_draws() -> None:
    chance = np.random.default_rng(1)
    truth, score = chance.random(400) < 0.2, chance.integers(0, 9, 400).astype(float)
    customer = chance.integers(0, 8, 400)
    again = [
        average_precision_score(
            np.repeat(truth, drawn[customer]), np.repeat(score, drawn[customer])
        )
        for drawn in weights(8)[1:]
    ]
    found = average_precision(truth, score, customer, 8)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(again, [0.025, 0.975])))


def test_intervals_are_wide_where_few_customers_have_all_of_it() -> None:
    """Half of 2,000 rows are hits: spread over all 100 customers, or those of 50 of them."""
    customer = np.repeat(np.arange(100), 20)
    spread = share(np.arange(2000) % 2 == 0, customer, 100)
    apart = share(customer < 50, customer, 100)
    assert spread.value == apart.value == 0.5
    assert spread.high - spread.low < 0.001
    # The standard deviation of a share of 100 draws is 0.05, and 95 % lie within 1.96 of them.
    assert apart.high - apart.low == pytest.approx(4 * 0.05, abs=0.04)


def test_totals_and_ratios_are_the_same_every_time() -> None:
    customer = np.array([0, 0, 1, 2])
    first, again = (totals(np.array([1, 2, 3, 4]), customer, 3) for _ in range(2))
    assert (first == again).all()
    assert first[0] == 10
    assert len(first) == RESAMPLES + 1
    assert np.isnan(ratio(np.array([1.0, 2]), np.array([0.0, 0])).value)
