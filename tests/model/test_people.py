"""Whom people pay by number: near and far friends, shared tradespeople, accounts of their own.

The sample is 900 customers in the first quarter of 2024.
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.people import (
    BUSINESSES,
    FAR,
    REACH,
    ROLES,
    numbers_of,
    ties_of,
)
from accidental_transfers.model.population import HOUSEHOLD, ORDINARY_RANKS
from accidental_transfers.model.streams import seed_key
from tests.samples import default_job, text_of

PEOPLE = 3_000


@cache
def people() -> Customers:
    return draw_customers(DatasetSpec().wanted, seed_key(2024), 1, PEOPLE)


@cache
def everybody() -> dict[int, tuple[int, int]]:
    """City and rank of the person of each number: of the first 300,000, and all tradespeople."""
    population, person = people().population, np.arange(300_000)
    city, rank = population.city(person), population.rank(person)
    found = dict(
        zip(
            population.number(city, rank).tolist(),
            zip(city.tolist(), rank.tolist(), strict=True),
            strict=True,
        )
    )
    for code in range(int(city.max()) + 1):
        ranks = ORDINARY_RANKS + np.arange(3_000)
        own = population.number(np.full(len(ranks), code), ranks)
        found |= dict(zip(own.tolist(), [(code, rank) for rank in ranks.tolist()], strict=True))
    return found


def payees(role: str, which: int = 0) -> np.ndarray:
    """The number of each customer's payee of a role."""
    customer = np.arange(PEOPLE)
    code = np.full(PEOPLE, ROLES.index(role))
    nth = np.full(PEOPLE, which)
    numbers: np.ndarray = numbers_of(people(), ties_of(people(), customer, code, nth))
    return numbers


def own_numbers() -> np.ndarray:
    numbers: np.ndarray = people().population.number(people().home.astype(int), people().rank)
    return numbers


@pytest.mark.parametrize("role", ["friend", "family", "new"])
def test_friends_are_mostly_of_the_same_city_and_near(role: str) -> None:
    """Of some 1,000 people in the four largest cities: four sd of a share are 0.045."""
    numbers, home, own = payees(role), people().home, people().rank
    same, steps = [], []
    for city in range(4):
        ranks = np.arange(60_000)
        rank_of = dict(
            zip(
                people().population.number(np.full(60_000, city), ranks).tolist(),
                ranks,
                strict=True,
            )
        )
        there = np.flatnonzero(home == city).tolist()
        found = [(rank_of.get(int(numbers[one])), int(own[one])) for one in there]
        same += [rank is not None for rank, _ in found]
        steps += [abs(rank - mine) for rank, mine in found if rank is not None]
    # Who moved away may have moved to another part of the same city.
    assert len(same) > 700
    assert np.mean(same) == pytest.approx(1 - 0.94 * FAR, abs=0.055)
    assert np.median(steps) == pytest.approx(REACH, rel=0.35)
    assert np.mean(np.array(steps) < 10) > 0.05


@pytest.mark.parametrize("role", ROLES)
def test_nobody_pays_himself_and_ties_last(role: str) -> None:
    numbers = payees(role)
    # A friend in another city is drawn from 50,000 people: once in a long while it is oneself.
    assert (numbers == own_numbers()).mean() < 0.001
    assert (numbers == payees(role)).all()
    assert (numbers != payees(role, 5)).mean() > (
        0.9 if role not in {*BUSINESSES, "household", "own account", "second account"} else -1
    )


@pytest.mark.parametrize("role", BUSINESSES)
def test_tradespeople_are_shared_within_a_city(role: str) -> None:
    numbers, home = payees(role), people().home
    pool = BUSINESSES[role]
    for code, count in enumerate(np.bincount(home)):
        own = numbers[home == code]
        assert len(np.unique(own)) <= min(pool, count)
    # Some 380 New Yorkers share so many of them.
    biggest = numbers[home == np.bincount(home).argmax()]
    assert len(np.unique(biggest)) > 0.8 * pool
    shares = np.unique(biggest, return_counts=True)[1] / len(biggest)
    assert shares.max() < 4 / pool
    whose = pd.DataFrame({"number": numbers, "home": home}).groupby("number")["home"].nunique()
    assert (whose == 1).all()


def test_no_two_roles_share_a_tradesperson() -> None:
    numbers = [set(payees(role).tolist()) for role in BUSINESSES]
    assert sum(map(len, numbers)) == len(set().union(*numbers))


def test_tradespeople_are_no_family() -> None:
    """Nobody's landlord has a number beside that of another landlord."""
    for role in BUSINESSES:
        numbers = np.unique(payees(role))
        assert len(np.unique(numbers // np.uint64(10))) == len(numbers), role


def test_housemates_are_the_others_of_the_household() -> None:
    first, second = payees("household", 0), payees("household", 1)
    own, nine = own_numbers(), np.uint64(10)
    assert (first // nine == own // nine).all()
    assert (second // nine == own // nine).all()
    assert (first != own).all()
    assert (second != own).all()
    assert (first != second).all()
    assert HOUSEHOLD == 3


@pytest.mark.slow
def test_an_account_of_ones_own_is_nobody_elses_number() -> None:
    """All accounts of 3,000 customers against 300,000 people, all tradespeople and each other."""
    accounts = np.concatenate([payees("own account"), payees("second account")])
    assert len(np.unique(accounts)) == 2 * PEOPLE
    assert not set(accounts.tolist()) & everybody().keys()
    # Whatever tells several payees of a role apart: there are two accounts.
    assert (payees("own account") == payees("own account", 9)).all()


@cache
def transfers() -> pd.DataFrame:
    """The honest payments to people of 900 customers."""
    rows = default_job().honest
    return rows[rows["recipient_entity"].str.startswith("user_")]


@pytest.mark.slow
def test_payees_are_shared_by_customers() -> None:
    """PEOPLE's bands at 900 customers."""
    payers = transfers().groupby("recipient_entity")["customer_id"].nunique()
    assert 0.02 <= (payers >= 2).mean() <= 0.25
    assert payers.max() < 60


@pytest.mark.slow
def test_customers_are_paid_by_other_customers() -> None:
    numbers = [
        f"user_{number:010d}"
        for block in default_job().table.blocks
        for number in block.customers.population.number(
            block.customers.home.astype(int), block.customers.rank
        ).tolist()
    ]
    paid = set(transfers()["recipient_entity"])
    assert 0.01 <= np.mean([number in paid for number in numbers]) <= 0.80


@pytest.mark.slow
def test_payees_are_paid_again_and_known_ones_most() -> None:
    pairs = transfers().groupby(["customer_id", "recipient_entity"]).size()
    assert 0.20 <= (pairs >= 3).mean() <= 0.80
    known = transfers().duplicated(["customer_id", "recipient_entity"])
    assert 0.75 <= known.mean() <= 0.95


@pytest.mark.slow
def test_a_payee_has_one_role_for_a_customer() -> None:
    """A role may use two entity types; who was met lately may be paid in any way, or for work.

    Of 30,000 pairs some 890: the same friend met anew is paid in another way than before.
    """
    kinds = transfers().groupby(["customer_id", "recipient_entity"])["entity_type"].agg(set)
    several = kinds[kinds.map(len) > 1]
    friendly = {"Person-to-Person", "Friends and Family", "Shared Bills"}
    assert len(several) < 0.06 * len(kinds)
    assert (several.map(len) <= 2).mean() > 0.95
    assert not any("Rent" in each or "Savings" in each for each in several)
    assert np.mean([each <= friendly for each in several]) > 0.7
    # A tradesperson who mends the house in two ways, or whom one knew before.
    assert all(each - friendly <= {"Contractor", "Home Fees"} for each in several)


@pytest.mark.slow
def test_the_companion_names_each_customers_own_number() -> None:
    """So that the network can be read."""
    companion = text_of(default_job().table.write_customers_csv)
    header, first, *_ = companion.splitlines()
    number = people().population.number(people().home[:1].astype(int), people().rank[:1])[0]
    assert f"user_{number:010d}" in first.split(",") or f"{number:010d}" in first.split(",")
    assert "number" in header or "user" in header
