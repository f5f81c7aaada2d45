"""Bursts: how they go, and what they leave alone."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from accidental_transfers.model.accidents.burst import ACCIDENT
from tests.model.accidents.striking import check_strikes_as_asked, of_kind
from tests.model.lived import Lived, no_second_stands_out, often, usual
from tests.samples import BURST, TYPES, accident_sample

CARDS = TYPES[:2]
SMALL = ("Gaming", "Online Retail", "Transit", "Fast Food", "Coffee Shop", "Entertainment")


def bursts(kind: str) -> pd.DataFrame:
    return of_kind(accident_sample(), kind)


@pytest.mark.slow
@pytest.mark.parametrize("lived", [usual, often], ids=["default", "often"])
def test_bursts_strike_with_each_customers_own_probability(lived: Callable[[], Lived]) -> None:
    check_strikes_as_asked(lived(), ACCIDENT, least=1_000)


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
    assert min(len(duplicate), len(split), len(test)) > 1_200
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


@pytest.mark.parametrize(
    ("kind", "median", "near"), [("duplicate", 9, 0.5), ("split", 7, 1), ("card_test", 12, 1)]
)
def test_bursts_follow_within_seconds_and_no_gap_is_cut_off(
    kind: str, median: float, near: float
) -> None:
    """Lognormal gaps whose ln has an sd of 0.8: of some 10,000, 2,300 and 930.

    Four sd of the medians are 0.4, 0.6 and 1.6 seconds, whole ones at that.
    """
    burst = bursts(kind)
    gap = burst.groupby("group")["timestamp"].diff().dt.total_seconds().dropna()
    # A day's last second is the last for all: what begins before midnight ends before it.
    at_midnight = burst.loc[gap.index, "timestamp"].dt.strftime("%H:%M:%S") == "23:59:59"
    assert gap.min() >= 0
    assert at_midnight.mean() < 0.002
    gap = gap[~at_midnight]
    assert gap.min() >= 1
    assert gap.median() == pytest.approx(median, abs=near)
    assert np.log(gap).std() == pytest.approx(0.8, abs=0.08)
    # What an impatient thumb never takes, a hanging screen does.
    assert gap.max() > 7 * median
    no_second_stands_out(gap)


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
    """And tested only where small charges are usual, so that the place gives nothing away."""
    truth = accident_sample().accidents
    first = truth[truth[BURST] & (truth["position"] == 1)]
    card = first["transaction_type"].isin(CARDS)
    assert set(first.loc[~card, "kind"]) == {"duplicate"}
    small = first["entity_type"].isin(SMALL)
    # Of some 3,000 and 4,400: the sd of a share is 0.008 at most.
    for where, shares in (
        (card & small, {"duplicate": 0.60, "split": 0.20, "card_test": 0.20}),
        (card & ~small, {"duplicate": 0.80, "split": 0.20}),
    ):
        found = first.loc[where, "kind"].value_counts(normalize=True)
        assert dict(found) == pytest.approx(shares, abs=0.03)


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
