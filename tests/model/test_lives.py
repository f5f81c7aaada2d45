"""Lives: honest payments, look-alikes among them, and accidents that strike what is left."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents import LOOKALIKES
from tests.model.accidents.striking import payments
from tests.samples import (
    BURST,
    LABELS,
    LOOKALIKE_KINDS,
    PROBABILITIES,
    Dataset,
    accident_sample,
    default_job,
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


@pytest.mark.slow
def test_bursts_strike_any_hour_type_and_place_nearly_alike() -> None:
    """Of 120 customers with 8 %: 10,000; night and paydays make up to a third more, see haste."""
    rows = payments(accident_sample())
    for groups in (rows["timestamp"].dt.hour // 6, rows["transaction_type"]):
        share = rows.groupby(groups)[BURST].agg(["mean", "size"])
        sd = (0.08 * 0.92 / share["size"]) ** 0.5
        assert (share["mean"] > 0.08 * 0.95 - 4 * sd).all()
        assert (share["mean"] < 0.08 * 1.30 + 4 * sd).all()


def test_the_intended_amount_and_recipient_are_the_rows_own_unless_they_are_the_accident() -> None:
    truth = accident_sample().accidents
    high, mistyped = truth[truth["kind"] == "high_amount"], truth[truth["kind"] == "mistyped"]
    assert (truth["intended_recipient"] == truth["original_recipient_entity"]).all()
    assert (mistyped["intended_amount"] == mistyped["amount"]).all()
    assert (mistyped["intended_recipient"] != mistyped["recipient_entity"]).all()
    assert np.median(high["amount"] / high["intended_amount"]) > 10
    # Nothing explains every high amount, and a wrong number that is picked again is not typed.
    in_numbers = {"substitution", "transposition", "two_substitutions"}
    assert set(mistyped["typing_error"]) == {*in_numbers, ""}
    assert set(high["typing_error"]) == {"point_missed", "zero_added", "digit_doubled", ""}
    others = ~truth["kind"].isin(["high_amount", "mistyped"])
    assert (truth.loc[others, "typing_error"] == "").all()


RATIOS = {
    "honest_repeat": (1.35, 0.20),
    "honest_split": (1.8, 0.20),
    "small_charges": (1.2, 0.40),
    "honest_large": (2.3, 0.20),
    "honest_neighbour": (0.9, 0.20),
}
"""Look-alikes for each accident of the kind, and how far that may be off, relatively: of 200 to
2,700 accidents, four standard errors are 0.1 to 0.4. Of 3 large purchases a quarter fall away,
where nothing costs so much; what is sent again makes pairs of near numbers too."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", RATIOS)
def test_there_are_more_of_each_than_of_the_accident_that_they_look_like(kind: str) -> None:
    """900 customers at the default; a wrong number that is picked again is no accident more."""
    (resembled,) = (each.resembles for each in LOOKALIKES if each.kind.name == kind)
    truth = default_job().truth
    first = truth[truth["position"] == 1]
    accidents = first[first["kind"] == resembled]
    if resembled == "mistyped":
        accidents = accidents[accidents["typing_error"] != ""]
    ratio, error = RATIOS[kind]
    assert (first["kind"] == kind).sum() / len(accidents) == pytest.approx(ratio, rel=error)


def test_every_kind_of_lookalike_is_there() -> None:
    assert set(default_sample().lookalikes["kind"]) == set(LOOKALIKE_KINDS) == RATIOS.keys()


@pytest.mark.slow
@pytest.mark.parametrize(("dial", "low", "high"), [(0.0, 0, 0), (0.5, 0.4, 0.6), (4.0, 3.6, 4.2)])
def test_the_dial_multiplies_them(dial: float, low: float, high: float) -> None:
    """150 customers: 4 standard errors of a ratio with some 1,380 events are 0.1."""
    turned = Dataset(DatasetSpec(customers=150, lookalikes=dial))
    assert low <= events(turned) / events(default_sample()) <= high


@pytest.mark.slow
def test_the_dial_multiplies_each_kind() -> None:
    """Twice as many of each, within four standard errors; some customers are beyond a half."""
    turned = Dataset(DatasetSpec(customers=150, lookalikes=2))
    for kind in LOOKALIKE_KINDS:
        one, two = (
            int(((each.lookalikes["kind"] == kind) & (each.lookalikes["position"] == 1)).sum())
            for each in (default_sample(), turned)
        )
        error = 4 * (1 / one + 1 / two) ** 0.5
        assert 2 * (0.9 - error) < two / one < 2 * (1 + error), kind


def test_they_carry_no_label_and_mean_what_they_do() -> None:
    found = default_sample().lookalikes
    assert not found[LABELS].any(axis=None)
    assert (found["intended_amount"] == found["amount"]).all()
    assert (found["intended_recipient"] == found["recipient_entity"]).all()
    assert (found["recipient_entity"] == found["original_recipient_entity"]).all()
    assert (found["typing_error"] == "").all()


@pytest.mark.slow
@pytest.mark.parametrize("probability", [0, 0.05])
def test_honest_people_do_not_change_with_the_accidents_that_are_asked_for(
    probability: float,
) -> None:
    """Neither when nothing happens, nor when much does."""
    asked: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(probability))
    alike = []
    for accidents in ({}, asked):
        found = Dataset(DatasetSpec.parse({"customers": 40, **accidents})).lookalikes
        alike.append(found[["customer_id", "timestamp", "amount", "recipient_entity", "kind"]])
    assert set(alike[0]["kind"]) == set(LOOKALIKE_KINDS)
    pd.testing.assert_frame_equal(alike[0], alike[1])


def test_no_accident_strikes_a_lookalike() -> None:
    often: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0.25))
    dataset = Dataset(DatasetSpec.parse({"customers": 20, "lookalikes": 20, **often}))
    assert dataset.truth["transaction_id"].is_unique
    assert len(dataset.lookalikes) > 1000
