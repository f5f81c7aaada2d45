"""Accidents: they strike as often as each customer's probabilities say, and as people make them."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from accidental_transfers.model.facts import reference
from tests.samples import (
    LABELS,
    PROBABILITIES,
    TYPES,
    Dataset,
    accident_sample,
    default_sample,
)

USUAL_MAXIMUM = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}
TYPED = [entity.name for entity in reference().entity_types if entity.typed]
CARDS = TYPES[:2]
NUMBER_ERRORS = {"substitution": 0.79, "transposition": 0.10, "two_substitutions": 0.11}


def payments(sample: Dataset) -> pd.DataFrame:
    """What customers meant to pay: every row but the extra ones of bursts."""
    extra = sample.accidents.loc[sample.accidents["position"] > 1, "transaction_id"]
    return sample.rows[~sample.rows["transaction_id"].isin(extra)]


def bursts(kind: str) -> pd.DataFrame:
    truth = accident_sample().accidents
    return truth[truth["kind"] == kind]


@pytest.mark.parametrize("sample", [default_sample, accident_sample], ids=["default", "often"])
@pytest.mark.parametrize(("label", "name"), list(zip(LABELS, PROBABILITIES, strict=True)))
def test_accidents_strike_with_each_customers_own_probability(
    sample: Callable[[], Dataset], label: str, name: str
) -> None:
    """Chi-square over customers: its mean is their number, its sd the root of twice that."""
    dataset = sample()
    rows = payments(dataset)
    if label == "is_mistyped_entity_accident":
        rows = rows[rows["entity_type"].isin(TYPED)]
    chance = dataset.customers[name]
    tried = rows.groupby("customer_id").size().reindex(chance.index, fill_value=0)
    struck = rows.groupby("customer_id")[label].sum().reindex(chance.index, fill_value=0)
    chi_square = ((struck - tried * chance) ** 2 / (tried * chance * (1 - chance))).sum()
    freedom = len(chance)
    # A rare accident's counts have somewhat longer tails than chi-square's.
    assert abs(chi_square - freedom) < 5 * (2 * freedom) ** 0.5
    expected = (tried * chance).sum()
    assert abs(struck.sum() - expected) < 4 * expected**0.5
    assert expected > 200


def test_some_are_prone_to_accidents_and_some_hardly_ever_have_one() -> None:
    sample = default_sample()
    counts = sample.accidents.groupby("customer_id").size()
    counts = counts.reindex(sample.customers.index, fill_value=0)
    assert counts.var() / counts.mean() > 1.3
    kinds = sample.rows.groupby("customer_id")[LABELS].sum().to_numpy(float).T
    correlation = np.asarray(np.corrcoef(kinds))[np.triu_indices(3, 1)]
    assert np.abs(correlation).max() < 0.35  # 4 standard deviations of 150 customers


def test_no_week_is_without_accidents() -> None:
    rows = default_sample().rows
    week = (rows["timestamp"] - pd.Timestamp(2024, 1, 1)).dt.days // 7
    shares = rows[LABELS].any(axis=1).groupby(week).mean()
    assert len(shares) == 13
    assert shares.min() > 0
    assert shares.std() / shares.mean() <= 0.35


def test_accidents_strike_any_hour_type_and_place_alike() -> None:
    """Bursts and high amounts of 120 customers with 8 % of either: 10,000 each."""
    rows = payments(accident_sample())
    for label in LABELS[:2]:
        for groups in (rows["timestamp"].dt.hour // 6, rows["transaction_type"]):
            share = rows.groupby(groups)[label].agg(["mean", "size"])
            sd = (0.08 * 0.92 / share["size"]) ** 0.5
            assert ((share["mean"] - 0.08).abs() < 4 * sd).all()


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


def test_the_intended_amount_and_recipient_are_the_rows_own_unless_they_are_the_accident() -> None:
    truth = accident_sample().accidents
    high, mistyped = truth[truth["kind"] == "high_amount"], truth[truth["kind"] == "mistyped"]
    assert (truth["intended_recipient"] == truth["original_recipient_entity"]).all()
    assert (mistyped["intended_amount"] == mistyped["amount"]).all()
    assert (mistyped["intended_recipient"] != mistyped["recipient_entity"]).all()
    assert np.median(high["amount"] / high["intended_amount"]) > 10
    assert (truth["typing_error"] == "").eq(truth["kind"] != "mistyped").all()
    assert set(mistyped["typing_error"]) == {"substitution", "transposition", "two_substitutions"}


def test_bursts_follow_within_seconds() -> None:
    truth = accident_sample().accidents
    burst = truth[truth[LABELS[0]]]
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
    first = truth[truth[LABELS[0]] & (truth["position"] == 1)]
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


def test_typing_errors_have_the_shares_that_people_make_them_in() -> None:
    mistyped = bursts("mistyped")
    shares = mistyped["typing_error"].value_counts(normalize=True)
    assert len(mistyped) > 1_200
    assert dict(shares) == pytest.approx(NUMBER_ERRORS, abs=0.045)


def test_a_mistyped_number_is_one_or_two_digits_off() -> None:
    sample = accident_sample()
    for row in bursts("mistyped").itertuples():
        intended, typed = str(row.intended_recipient), str(row.recipient_entity)
        wrong = [n for n in range(15) if intended[n] != typed[n]]
        swapped = [intended[n] for n in wrong] == [typed[n] for n in reversed(wrong)]
        assert len(typed) == len(intended) == 15
        assert typed.startswith("user_")
        match row.typing_error:
            case "substitution":
                assert len(wrong) == 1
            case "transposition":
                assert wrong == [wrong[0], wrong[0] + 1]
                assert swapped
            case _:
                assert len(wrong) == 2


def test_the_wrong_number_is_not_paid_again() -> None:
    """But for the neighbour's, or a housemate's, whom the same customer pays as well."""
    sample = accident_sample()
    mistyped = bursts("mistyped")
    others = sample.ordinary.groupby("customer_id")["recipient_entity"].agg(set)
    again = [
        number in others[customer]
        for customer, number in zip(
            mistyped["customer_id"], mistyped["recipient_entity"], strict=True
        )
    ]
    assert np.mean(again) < 0.01
