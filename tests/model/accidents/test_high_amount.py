"""High amounts, and the large purchases that are real."""

from collections.abc import Callable

import pytest

from accidental_transfers.model.accidents.high_amount import ACCIDENT
from accidental_transfers.model.facts.reference import reference
from tests.model.accidents.striking import check_strikes_as_asked, of_kind
from tests.samples import TYPES, Dataset, accident_sample, default_sample

USUAL_MAXIMUM = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}


@pytest.mark.parametrize("sample", [default_sample, accident_sample], ids=["default", "often"])
def test_high_amounts_strike_with_each_customers_own_probability(
    sample: Callable[[], Dataset],
) -> None:
    check_strikes_as_asked(sample(), ACCIDENT)


@pytest.mark.parametrize("type_", TYPES)
def test_a_high_amount_is_the_usual_maximum_times_the_customers_multiplier(type_: str) -> None:
    """Give or take 2 %, and the ending of a price, which is $2.50 at most."""
    sample = accident_sample()
    high = sample.accidents[
        (sample.accidents["kind"] == "high_amount")
        & (sample.accidents["transaction_type"] == type_)
    ]
    multiplier = high["customer_id"].map(sample.customers["high_amount_multiplier"])
    expected = USUAL_MAXIMUM[type_] * multiplier
    assert len(high) > 700
    assert ((high["amount"] - expected).abs() <= 0.02 * expected + 2.51).all()
    assert (high["amount"] / expected).mean() == pytest.approx(1, abs=0.003)
    assert (high["intended_amount"] > high["amount"]).mean() < 0.01


def test_large_purchases_reach_below_and_beyond_high_amounts() -> None:
    found = of_kind(default_sample(), "honest_large")
    multiple = found["amount"] / found["transaction_type"].map(USUAL_MAXIMUM)
    assert multiple.between(2.2, 8.1).all()
    # The Pareto law's share within 2.5 to 4, where accidents are: 0.59 of some 400.
    assert 0.48 < multiple.between(2.5, 4.0).mean() < 0.70
    assert not (found["entity_type"] == "Subscription").any()


def test_large_purchases_are_mostly_made_where_one_seldom_buys() -> None:
    """What was bought for habit's sake is known to the customer; of some 250 large ones few are."""
    sample = default_sample()
    purchases = sample.rows[
        sample.rows["transaction_type"].isin(["Credit Card", "Online Purchase"])
    ]
    times = purchases.groupby(["customer_id", "recipient_entity"])["amount"].transform("size")
    is_large = purchases["transaction_id"].isin(of_kind(sample, "honest_large")["transaction_id"])
    assert (times[is_large] < 5).mean() > 1.8 * (times[~is_large] < 5).mean()
