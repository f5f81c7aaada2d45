"""High amounts and their causes, and the large purchases that are real."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents.high_amount import ACCIDENT
from accidental_transfers.model.facts.reference import reference
from tests.model.accidents.striking import check_strikes_as_asked, of_kind
from tests.model.lived import Lived, often, usual
from tests.samples import TYPES, Dataset, accident_sample, default_job, default_sample, fixed

USUAL_MAXIMUM = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}
SOLD = {entity.name for entity in reference().entity_types if entity.large}
"""Where something large is sold."""
OWN = "high_amount_multiplier"


def with_cents(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        cents=(rows["amount"] * 100).round().astype(int),
        intended=(rows["intended_amount"] * 100).round().astype(int),
        multiple=rows["amount"] / rows["transaction_type"].map(USUAL_MAXIMUM),
    )


@cache
def twice_as_often() -> Dataset:
    """The default job with twice as many high amounts, so that shares of them tell something."""
    return Dataset(DatasetSpec.parse({ACCIDENT.probability.field: {"min": 0.0004, "max": 0.005}}))


@cache
def high() -> pd.DataFrame:
    """Some 1,300 of 900 customers."""
    found = with_cents(of_kind(twice_as_often(), "high_amount"))
    assert len(found) > 1_000
    return found


@cache
def large() -> pd.DataFrame:
    """Some 1,780 of 900 customers."""
    found = with_cents(of_kind(default_job(), "honest_large"))
    assert len(found) > 1_400
    return found


@pytest.mark.slow
@pytest.mark.parametrize("lived", [usual, often], ids=["default", "often"])
def test_high_amounts_strike_as_likely_as_each_payment_is(lived: Callable[[], Lived]) -> None:
    """An amount that a slip takes into the range is likelier, but never struck above 1 in 4."""
    check_strikes_as_asked(lived(), ACCIDENT, least=200)


@pytest.mark.slow
def test_they_are_as_frequent_as_asked() -> None:
    """Over all payments weights are 1: 900 customers, four standard errors are 14 %."""
    chance = twice_as_often().customers[ACCIDENT.probability.field].mean()
    assert len(high()) / twice_as_often().table.rows == pytest.approx(chance, rel=0.14)


@pytest.mark.slow
def test_two_in_three_are_explained_by_a_slip() -> None:
    """Of 1,300: four sd of a share are 0.057."""
    shares = high()["typing_error"].value_counts(normalize=True)
    assert dict(shares) == pytest.approx(
        {"point_missed": 0.40, "zero_added": 0.18, "digit_doubled": 0.10, "": 0.32}, abs=0.077
    )


@pytest.mark.parametrize("sample", [accident_sample, default_sample], ids=["often", "default"])
def test_a_slip_explains_the_amount_to_the_cent(sample: Callable[[], Dataset]) -> None:
    """11.50 as 1150, as 115, or as 111.50; of 6,800 and 95 high amounts."""
    for row in with_cents(of_kind(sample(), "high_amount")).itertuples():
        meant, paid = str(row.intended), str(row.cents)
        match row.typing_error:
            case "point_missed":
                assert paid == meant + "00"
            case "zero_added":
                assert paid == meant + "0"
            case "digit_doubled":
                assert paid == meant[0] + meant
            case _:
                assert paid != meant
                assert row.typing_error == ""


@pytest.mark.parametrize("sample", [accident_sample, default_sample], ids=["often", "default"])
def test_a_high_amount_is_2_5_to_4_times_the_usual_maximum(sample: Callable[[], Dataset]) -> None:
    found = with_cents(of_kind(sample(), "high_amount"))
    assert found["multiple"].between(2.5, 4.0).all()


def test_there_are_high_amounts_of_every_transaction_type() -> None:
    assert set(of_kind(accident_sample(), "high_amount")["transaction_type"]) == set(TYPES)


def test_another_range_holds_for_every_slip_too() -> None:
    """20 customers, a twelfth of whose payments are struck: 1,500 high amounts from 6 to 9."""
    spec = {ACCIDENT.probability.field: fixed(0.08), OWN: {"min": 6, "max": 9}}
    sample = Dataset(DatasetSpec.parse({"customers": 20, **spec}))
    found = with_cents(of_kind(sample, "high_amount"))
    assert found["multiple"].between(6, 9).all()
    errors = set(found["typing_error"])
    assert errors == {"point_missed", "zero_added", "digit_doubled", ""}


@pytest.mark.slow
def test_one_customers_unexplained_multiples_spread_widely() -> None:
    """By a third around the customer's own, thrown back into the range.

    Of 50 customers with four or more: one sd of theirs is 0.3 of a multiple from 2.5 to 4.
    """
    found = with_cents(of_kind(accident_sample(), "high_amount"))
    found = found[found["typing_error"] == ""]
    own = found["customer_id"].map(accident_sample().customers[OWN])
    spread = found.groupby("customer_id")["multiple"].agg(["std", "size"])
    assert (spread["size"] >= 4).sum() > 50
    assert (spread.loc[spread["size"] >= 4, "std"] > 0.15).mean() > 0.95
    assert spread["std"].mean() == pytest.approx(0.41, abs=0.06)
    # The own multiple still tells something of them.
    assert 0.15 < float(np.corrcoef(found["multiple"], own)[0, 1]) < 0.45


@pytest.mark.slow
def test_few_are_where_nothing_large_is_sold_and_few_are_bank_transfers() -> None:
    """A coffee for $1,500 is absurd: half of the payments are there, and a quarter of these."""
    rows = default_job().rows
    sold = high()["entity_type"].isin(SOLD)
    assert rows["entity_type"].isin(SOLD).mean() < 0.5
    assert sold.mean() == pytest.approx(0.75, abs=0.05)
    assert (high()["transaction_type"] == "Bank Transfer").mean() == pytest.approx(0.021, abs=0.016)


@pytest.mark.slow
def test_large_purchases_reach_below_and_beyond_high_amounts() -> None:
    """From 2.2 times the usual maximum to 30, by a Pareto law, where something costs that much."""
    multiple = large()["multiple"]
    # A whole amount of dollars may lie half a dollar lower.
    assert multiple.between(2.19, 30.1).all()
    assert multiple.min() < 2.22
    assert multiple.max() > 9
    # Four sd of a share of 1,780 are 0.047.
    assert multiple.between(2.5, 4.0).mean() == pytest.approx(0.50, abs=0.047)
    assert (multiple > 4).mean() > 0.2
    assert multiple.median() == pytest.approx(3.08, abs=0.15)


@pytest.mark.slow
def test_large_purchases_are_of_what_is_large_and_mostly_of_whole_amounts() -> None:
    assert set(large()["entity_type"]) <= SOLD
    assert (large()["amount"] % 1 == 0).mean() == pytest.approx(0.77, abs=0.05)
    assert len(large()["entity_type"].value_counts()) > 15


@pytest.mark.slow
def test_large_purchases_are_mostly_made_where_one_seldom_buys() -> None:
    """One in three is at a merchant by its popularity; of some 1,100 at merchants."""
    sample = default_job()
    purchases = sample.rows[sample.rows["transaction_type"].isin(TYPES[:2])]
    times = purchases.groupby(["customer_id", "recipient_entity"])["amount"].transform("size")
    is_large = purchases["transaction_id"].isin(large()["transaction_id"])
    there = purchases["entity_type"].isin(SOLD)
    assert (times[is_large] < 5).mean() > 1.2 * (times[~is_large & there] < 5).mean()


@pytest.mark.slow
def test_a_merchant_takes_no_more_than_it_sells_for() -> None:
    """A large purchase at a dollar store would be absurd."""
    assert "Dollar General" not in set(large()["recipient_entity"])
