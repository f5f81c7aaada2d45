"""Amounts: lognormal by kind, with the endings that prices have, and tails that do not stop."""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.amounts import ENDINGS, amount_tables
from accidental_transfers.model.facts.reference import EntityType, reference
from tests.samples import TYPES, default_job, default_sample

ENTITIES = reference().entity_types
EVERY = range(len(ENTITIES))
NAMES = [entity.name for entity in ENTITIES]
LANES = np.arange(65_536, dtype=np.uint16)
USUAL_MAXIMUM = {type_.name: type_.usual_maximum for type_ in reference().transaction_types}


def honest(type_: str) -> pd.DataFrame:
    rows = default_sample().honest
    return rows[rows["transaction_type"] == type_]


def by_customer(values: pd.Series, rows: pd.DataFrame) -> Iterator[pd.Series]:
    return (own for _, own in values.groupby(rows["customer_id"]))


def drawn(code: int, level: float, lanes: np.ndarray) -> np.ndarray:
    """Cents, with the first ending, which is none."""
    assert ENDINGS[amount_tables().ending.values[code, 0]].step == 1
    entity, levels = np.full(lanes.shape, code), np.full(lanes.shape, level)
    cents = np.rint(amount_tables().usual(entity, levels, lanes)).astype(np.int32)
    return amount_tables().end(entity, cents, np.zeros_like(lanes))


@pytest.mark.parametrize("code", EVERY, ids=NAMES)
def test_a_kinds_quantiles_are_those_of_its_distribution(code: int) -> None:
    """All 65,536 draws, with an ending that keeps the cents."""
    entity, normal = ENTITIES[code], NormalDist()
    dollars = drawn(code, 1.0, LANES) / 100
    for part in (0.01, 0.25, 0.5, 0.75, 0.99, 0.999):
        z = normal.inv_cdf(part)
        expected = (
            max(entity.median + entity.sigma * z, 5)
            if entity.shape == "normal"
            else entity.median * np.exp(entity.sigma * z)
        )
        # A slot of 65,536, and half a cent.
        tolerance = 0.006 + (0.01 if part == 0.999 else 0.002) * expected
        assert dollars[round(part * 65_536)] == pytest.approx(expected, abs=tolerance), part
    assert (np.diff(dollars) >= 0).all()


def shares_of_endings(entity: EntityType) -> dict[str, float]:
    """Of prices around $100, where rounding to five dollars changes little else."""
    cents = amount_tables().end(
        np.full(LANES.shape, ENTITIES.index(entity)),
        np.random.default_rng(5).integers(8_000, 12_000, size=LANES.shape, dtype=np.int32),
        LANES,
    )
    return {
        "whole": (cents % 100 == 0).mean(),
        "five": (cents % 500 == 0).mean(),
        "ninety_nine": (cents % 100 == 99).mean(),
        "ninety_five": (cents % 100 == 95).mean(),
    }


@pytest.mark.parametrize("entity", ENTITIES, ids=NAMES)
def test_prices_end_as_they_do(entity: EntityType) -> None:
    """65,536 prices: what keeps its cents ends so by chance once in a hundred."""
    kept = 1 - sum(entity.endings.values()) + entity.endings["five"]
    half = entity.endings["half"] / 2
    by_chance = {"whole": 0.01, "five": 0.002, "ninety_nine": 0.01, "ninety_five": 0.01}
    for name, share in shares_of_endings(entity).items():
        expected = entity.endings[name] + kept * by_chance[name]
        if name == "whole":
            expected += half
        if name == "five":
            only_whole = entity.endings["whole"] - entity.endings["five"]
            expected += only_whole / 5 + half / 5
        assert share == pytest.approx(expected, abs=0.006), name


@given(
    st.sampled_from(list(EVERY)),
    st.lists(st.integers(0, 200_000_000), min_size=1, max_size=30),
    st.integers(0, 65_535),
)
def test_an_ending_changes_a_price_by_less_than_its_step(
    code: int, cents: list[int], lane: int
) -> None:
    prices = np.array(cents, np.int32)
    ended = amount_tables().end(
        np.full(prices.shape, code), prices, np.full(prices.shape, lane, np.uint16)
    )
    assert (ended > 0).all()
    steps = [ending.step for ending in ENDINGS]
    assert (np.abs(ended - prices)[prices >= 500] <= max(steps) // 2).all()
    assert (ended[prices < 500] <= max(steps)).all()


@given(st.sampled_from(list(EVERY)), st.floats(0.2, 5), st.integers(0, 65_535))
def test_an_amount_follows_the_spending_level(code: int, level: float, lane: int) -> None:
    own = np.array([lane], np.uint16)
    (cents,), (middle,) = drawn(code, level, own), drawn(code, 1.0, own)
    assert abs(cents - middle * level) <= 0.5 + level / 2 or 50 in (cents, middle)


@pytest.mark.slow
@pytest.mark.parametrize("type_", TYPES)
def test_amounts_are_spread_as_measured(type_: str) -> None:
    """More than 12,000 honest payments a type."""
    dollars = honest(type_)["amount"]
    ln = np.log(dollars.to_numpy())
    assert len(ln) > 12_000
    assert 0.9 <= ln.std() <= 1.6
    assert -0.7 <= (((ln - ln.mean()) / ln.std()) ** 3).mean() <= 0.7
    assert 12 <= dollars.quantile(0.99) / dollars.median() <= 40
    fitted = NormalDist(ln.mean(), ln.std())
    ordered = np.sort(ln)[::10]
    steps = np.arange(len(ordered)) * 10 / len(ln)
    distance = np.abs(np.array([fitted.cdf(value) for value in ordered]) - steps).max()
    assert distance <= 0.10


@pytest.mark.parametrize(
    ("type_", "low", "high"),
    [(TYPES[0], 22, 36), (TYPES[1], 30, 42), (TYPES[2], 40, 70), (TYPES[3], 90, 150)],
)
def test_medians_are_within_those_of_early_2024(type_: str, low: float, high: float) -> None:
    """PEOPLE's bands: the diary's medians at 8 to 15 payments a day would cost too much."""
    assert low <= honest(type_)["amount"].median() <= high


@pytest.mark.slow
def test_a_month_costs_what_a_household_has() -> None:
    """The median of the default job's customers' outflow in three months, in dollars a month."""
    rows = default_job().honest
    outflow = rows.groupby("customer_id")["amount"].sum() / 3
    assert 5_000 < outflow.median() <= 25_000


def test_first_digits_follow_benford() -> None:
    first = default_sample().honest["cents"].astype(str).str[0].astype(int)
    shares = np.bincount(first, minlength=10)[1:] / len(first)
    assert np.abs(shares - np.log10(1 + 1 / np.arange(1, 10))).mean() <= 0.012


def test_shops_and_friends_have_endings_of_their_own() -> None:
    rows = default_sample().honest
    purchases = rows.loc[rows["transaction_type"].isin(TYPES[:2]), "cents"]
    assert 0.10 <= (purchases % 100 == 0).mean() <= 0.35
    assert 0.015 <= (purchases % 100 == 99).mean() <= 0.12
    friends = honest("Venmo/PayPal")["cents"]
    assert 0.75 <= (friends % 100 == 0).mean() <= 0.97
    assert 0.50 <= (friends % 500 == 0).mean() <= 0.80


def test_kinds_that_are_special_are() -> None:
    rows = default_sample().honest
    dollars = rows.groupby("entity_type")["amount"]
    spread = dollars.quantile(0.99) / dollars.median()
    assert spread["Gas Station"] < 4  # a tank has a size
    assert spread["Restaurant"] < 9
    subscriptions = rows.loc[rows["entity_type"] == "Subscription", "cents"]
    assert (subscriptions % 100 == 99).mean() > 0.35
    assert 1_200 < dollars.median()["Rent"] < 2_200


@pytest.mark.parametrize("type_", TYPES)
def test_honest_amounts_do_not_stop_at_the_usual_maximum(type_: str) -> None:
    dollars = honest(type_)["amount"]
    assert 0.004 < (dollars > USUAL_MAXIMUM[type_]).mean() < 0.03
    # Large purchases are 1.4 for each high amount, of which there is one in 1,000 payments.
    assert 0.0007 < (dollars > 2.5 * USUAL_MAXIMUM[type_]).mean() < 0.005
    assert (dollars > 5_000).mean() < (0.006 if type_ == "Bank Transfer" else 0.0015)


@pytest.mark.slow
@pytest.mark.parametrize("type_", TYPES)
def test_customers_differ_in_what_they_spend(type_: str) -> None:
    """The share of the variance of ln(amount) that lies between the default job's customers."""
    rows = default_job().honest
    rows = rows[rows["transaction_type"] == type_]
    own = list(by_customer(pd.Series(np.log(rows["amount"]), rows.index), rows))
    within = sum(each.var(ddof=0) * len(each) for each in own) / len(rows)
    chance = np.mean([each.var() / len(each) for each in own])
    between = np.var([each.mean() for each in own]) - chance
    assert 0.08 <= between / (between + within) <= 0.40


def test_standing_amounts_are_paid_again() -> None:
    transfers = honest("Bank Transfer")
    repeats = transfers.duplicated(["customer_id", "recipient_entity", "amount"])
    assert 0.35 <= repeats.mean() <= 0.85
    rent = transfers[transfers["entity_type"] == "Rent"]
    usual = [own.value_counts().iloc[0] / len(own) for own in by_customer(rent["amount"], rent)]
    assert np.mean(usual) > 0.9
    groceries = default_sample().honest
    groceries = groceries[groceries["entity_type"] == "Grocery"]
    assert groceries.duplicated(["customer_id", "recipient_entity", "amount"]).mean() < 0.1
