"""Lives: honest payments, look-alikes among them, and accidents that strike what is left."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents import ACCIDENTS
from tests.model.accidents.striking import payments
from tests.samples import (
    HONEST_KINDS,
    LABELS,
    PROBABILITIES,
    Dataset,
    accident_sample,
    default_sample,
    fixed,
)


def events(dataset: Dataset) -> int:
    return int((dataset.lookalikes["position"] == 1).sum())


def test_some_are_prone_to_accidents_and_some_hardly_ever_have_one() -> None:
    sample = default_sample()
    counts = sample.accidents.groupby("customer_id").size()
    counts = counts.reindex(sample.customers.index, fill_value=0)
    assert counts.var() / counts.mean() > 1.3
    labels = sample.rows.groupby("customer_id")[LABELS].sum().to_numpy(float).T
    correlation = np.asarray(np.corrcoef(labels))[np.triu_indices(len(LABELS), 1)]
    assert np.abs(correlation).max() < 0.35  # 4 standard deviations of 150 customers


def test_no_week_is_without_accidents() -> None:
    rows = default_sample().rows
    week = (rows["timestamp"] - pd.Timestamp(2024, 1, 1)).dt.days // 7
    shares = rows[LABELS].any(axis=1).groupby(week).mean()
    assert len(shares) == 13
    assert shares.min() > 0
    assert shares.std() / shares.mean() <= 0.35


def test_accidents_strike_any_hour_type_and_place_alike() -> None:
    """Those that can strike anything, of 120 customers with 8 % of either: 10,000 each."""
    rows = payments(accident_sample())
    labels = [each.column for each in ACCIDENTS if (each.readiness() == 1).all()]
    assert len(labels) >= 2
    for label in labels:
        for groups in (rows["timestamp"].dt.hour // 6, rows["transaction_type"]):
            share = rows.groupby(groups)[label].agg(["mean", "size"])
            sd = (0.08 * 0.92 / share["size"]) ** 0.5
            assert ((share["mean"] - 0.08).abs() < 4 * sd).all()


def test_the_intended_amount_and_recipient_are_the_rows_own_unless_they_are_the_accident() -> None:
    truth = accident_sample().accidents
    high, mistyped = truth[truth["kind"] == "high_amount"], truth[truth["kind"] == "mistyped"]
    assert (truth["intended_recipient"] == truth["original_recipient_entity"]).all()
    assert (mistyped["intended_amount"] == mistyped["amount"]).all()
    assert (mistyped["intended_recipient"] != mistyped["recipient_entity"]).all()
    assert np.median(high["amount"] / high["intended_amount"]) > 10
    assert (truth["typing_error"] == "").eq(truth["kind"] != "mistyped").all()
    assert set(mistyped["typing_error"]) == {"substitution", "transposition", "two_substitutions"}


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
