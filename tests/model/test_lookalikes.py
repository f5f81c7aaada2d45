"""Look-alikes: honest payments that a model has to tell from accidents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.facts import reference
from tests.samples import HONEST_KINDS, LABELS, PROBABILITIES, Dataset, default_sample, fixed

MAXIMUM = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}


def of_kind(dataset: Dataset, kind: str) -> pd.DataFrame:
    return dataset.lookalikes[dataset.lookalikes["kind"] == kind]


def events(dataset: Dataset) -> int:
    return int((dataset.lookalikes["position"] == 1).sum())


def test_there_is_about_one_for_each_accident_of_the_default() -> None:
    """150 customers: some 960 accidents and as many look-alikes, within 15 %."""
    sample = default_sample()
    accidents = (sample.accidents["position"] == 1).sum()
    assert 0.85 < events(sample) / accidents < 1.15
    assert set(sample.lookalikes["kind"]) == set(HONEST_KINDS)


@pytest.mark.slow
@pytest.mark.parametrize(("dial", "low", "high"), [(0.0, 0, 0), (0.5, 0.4, 0.6), (4.0, 3.6, 4.2)])
def test_the_dial_multiplies_them(dial: float, low: float, high: float) -> None:
    """150 customers: 4 standard errors of a ratio with some 960 events are 0.1."""
    turned = Dataset(DatasetSpec(customers=150, lookalikes=dial))
    assert low <= events(turned) / events(default_sample()) <= high


def test_they_carry_no_label_and_mean_what_they_do() -> None:
    found = default_sample().lookalikes
    assert not found[LABELS].any(axis=None)
    assert (found["intended_amount"] == found["amount"]).all()
    assert (found["intended_recipient"] == found["recipient_entity"]).all()
    assert (found["recipient_entity"] == found["original_recipient_entity"]).all()
    assert (found["typing_error"] == "").all()


def test_repeats_are_equal_payments_within_two_minutes() -> None:
    groups = of_kind(default_sample(), "honest_repeat").groupby("group")
    assert (groups["amount"].nunique() == 1).all()
    assert (groups["recipient_entity"].nunique() == 1).all()
    span = groups["timestamp"].max() - groups["timestamp"].min()
    assert span.between(pd.Timedelta("1s"), pd.Timedelta("120s")).all()


def test_large_purchases_reach_below_and_beyond_high_amounts() -> None:
    found = of_kind(default_sample(), "honest_large")
    multiple = found["amount"] / found["transaction_type"].map(MAXIMUM)
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


def test_neighbours_are_new_payees_a_digit_or_two_from_a_known_one() -> None:
    sample = default_sample()
    found = of_kind(sample, "honest_neighbour")
    assert len(found) > 200
    people = sample.rows[sample.rows["recipient_entity"].str.startswith("user_")]
    known = people.groupby("customer_id")["recipient_entity"].unique()
    near = [
        any(0 < differing_digits(number, other) <= 2 for other in known[customer])
        for customer, number in zip(found["customer_id"], found["recipient_entity"], strict=True)
    ]
    # Some known payees are paid in no other row of the three months.
    assert np.mean(near) > 0.9


def differing_digits(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def test_honest_people_do_not_change_with_the_accidents_that_are_asked_for() -> None:
    often: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0.05))
    alike = []
    for accidents in ({}, often):
        found = Dataset(DatasetSpec.parse({"customers": 40, **accidents})).lookalikes
        alike.append(found[["customer_id", "timestamp", "amount", "recipient_entity", "kind"]])
    pd.testing.assert_frame_equal(alike[0], alike[1])


def test_no_accident_strikes_a_lookalike() -> None:
    often: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0.25))
    dataset = Dataset(DatasetSpec.parse({"customers": 20, "lookalikes": 20, **often}))
    assert dataset.truth["transaction_id"].is_unique
    assert len(dataset.lookalikes) > 1000
