"""Bursts, and the repeats that are meant: how they go, and what they leave alone."""

from collections.abc import Callable

import pandas as pd
import pytest

from accidental_transfers.model.accidents.burst import ACCIDENT
from tests.model.accidents.striking import check_strikes_as_asked, of_kind
from tests.samples import BURST, TYPES, Dataset, accident_sample, default_sample

CARDS = TYPES[:2]


def bursts(kind: str) -> pd.DataFrame:
    return of_kind(accident_sample(), kind)


@pytest.mark.parametrize("sample", [default_sample, accident_sample], ids=["default", "often"])
def test_bursts_strike_with_each_customers_own_probability(sample: Callable[[], Dataset]) -> None:
    check_strikes_as_asked(sample(), ACCIDENT)


def test_a_burst_is_the_same_again_or_the_parts_of_one_or_small_tests() -> None:
    """Some 8,000 bursts of 120 customers."""
    truth = accident_sample().accidents
    truth = truth.assign(
        cents=(truth["amount"] * 100).round().astype(int),
        intended=(truth["intended_amount"] * 100).round().astype(int),
    )
    duplicate, split, test = (
        truth[truth["kind"] == kind] for kind in ("duplicate", "split", "card_test")
    )
    assert min(len(duplicate), len(split), len(test)) > 1_500
    assert (duplicate["cents"] == duplicate["intended"]).all()
    assert (
        split.groupby("group")["cents"].sum() == split.groupby("group")["intended"].first()
    ).all()
    assert test["cents"].between(50, 500).all()
    for same in (duplicate, split):
        assert (same["recipient_entity"] == same["intended_recipient"]).all()
        assert (same.groupby("group")["recipient_entity"].nunique() == 1).all()
    elsewhere = test.groupby("group")["recipient_entity"].nunique()
    assert (elsewhere > 1).mean() > 0.7


def test_bursts_follow_within_seconds() -> None:
    truth = accident_sample().accidents
    burst = truth[truth[BURST]]
    gap = burst.groupby("group")["timestamp"].diff().dt.total_seconds().dropna()
    assert len(gap) > 10_000
    # A day's last second is the last for all: what begins before midnight ends before it.
    at_midnight = burst.loc[gap.index, "timestamp"].dt.strftime("%H:%M:%S") == "23:59:59"
    assert gap[~at_midnight].min() >= 1
    assert gap.min() >= 0
    assert at_midnight.mean() < 0.001
    assert gap.max() <= 50
    for kind, median in (("duplicate", 9), ("split", 6), ("card_test", 14)):
        assert gap[burst["kind"] == kind].median() == pytest.approx(median, abs=1.5), kind


@pytest.mark.parametrize(
    ("kind", "shares"),
    [
        ("duplicate", [0.74, 0.19, 0.07]),
        ("split", [0.55, 0.35, 0.10]),
        ("card_test", [0.25, 0.40, 0.35]),
    ],
)
def test_bursts_have_one_to_three_extra_transactions(kind: str, shares: list[float]) -> None:
    sizes = bursts(kind).groupby("group").size()
    found = [(sizes == extra + 1).mean() for extra in (1, 2, 3)]
    assert sum(found) == pytest.approx(1)
    assert found == pytest.approx(shares, abs=4 * (0.25 / len(sizes)) ** 0.5)


def test_only_cards_are_split_by_a_reader_or_tested_by_a_thief() -> None:
    truth = accident_sample().accidents
    first = truth[truth[BURST] & (truth["position"] == 1)]
    card = first["transaction_type"].isin(CARDS)
    assert set(first.loc[~card, "kind"]) == {"duplicate"}
    shares = first.loc[card, "kind"].value_counts(normalize=True)
    # Of some 7,400: the sd of a share is 0.0055 at most.
    assert dict(shares) == pytest.approx(
        {"duplicate": 0.66, "split": 0.20, "card_test": 0.14}, abs=0.022
    )


def test_the_parts_of_a_split_are_parts() -> None:
    split = bursts("split")
    share = split["amount"] / split["intended_amount"]
    assert (split["amount"] >= 0.01).all()
    assert (split["amount"] < split["intended_amount"]).all()
    sizes = split.groupby("group")["amount"].transform("size")
    usual = split["intended_amount"] > 1
    # Weights from 0.5 to 1.5: a half is 1/4 to 3/4, a quarter 1/10 to 1/2.
    assert (share[usual] * sizes[usual]).between(0.3, 2.05).all()


def test_a_thief_stays_in_the_city_and_with_the_kind_of_merchant() -> None:
    test = bursts("card_test")
    assert test["amount"].between(0.50, 5).all()
    assert (test.groupby("group")["city"].nunique() == 1).all()
    assert (test.groupby("group")["entity_type"].nunique() == 1).all()
    extra = test[test["position"] > 1]
    first = extra["group"].map(test.set_index("transaction_id")["recipient_entity"])
    assert (extra["recipient_entity"] != first).mean() > 0.7


def test_repeats_are_equal_payments_within_two_minutes() -> None:
    groups = of_kind(default_sample(), "honest_repeat").groupby("group")
    assert (groups["amount"].nunique() == 1).all()
    assert (groups["recipient_entity"].nunique() == 1).all()
    span = groups["timestamp"].max() - groups["timestamp"].min()
    assert span.between(pd.Timedelta("1s"), pd.Timedelta("120s")).all()
