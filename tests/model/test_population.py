"""The population: everybody has a city, a rank among its people and a number of their own."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.population import (
    HOUSEHOLD,
    HOUSEHOLDS,
    ORDINARY_RANKS,
    PATTERN,
    Population,
)
from accidental_transfers.model.streams import seed_key

PEOPLE = np.arange(200_000)
CITIES = np.array([city.population for city in reference().cities], float)
SEEDS = st.integers(0, 2**63 - 1)


@cache
def population() -> Population:
    return Population(seed_key(2024))


@cache
def numbers() -> np.ndarray:
    everybody = population()
    found: np.ndarray = everybody.number(everybody.city(PEOPLE), everybody.rank(PEOPLE))
    return found


def test_no_two_people_share_a_number_of_ten_digits() -> None:
    assert len(np.unique(numbers())) == len(PEOPLE)
    assert numbers().dtype == np.uint64
    assert numbers().max() < 10**10


def test_nor_do_they_share_it_with_a_business_or_an_account() -> None:
    """Ranks of ordinary people, of businesses and of own accounts, in the largest and smallest."""
    for city in (int(CITIES.argmax()), int(CITIES.argmin())):
        ranks = np.concatenate(
            [np.arange(50_000), *(part * ORDINARY_RANKS + np.arange(5_000) for part in (1, 2))]
        )
        found = population().number(np.full(len(ranks), city), ranks)
        assert len(np.unique(found)) == len(ranks)


@pytest.mark.parametrize("place", range(10))
def test_every_digit_is_even(place: int) -> None:
    """Of 200,000 numbers: chi-square of ten digits has mean 9 and sd 4.2.

    The first digits of a household are the same, so that they count three times.
    """
    digit = numbers() // np.uint64(10**place) % np.uint64(10)
    counts = np.bincount(digit.astype(np.int64), minlength=10)
    expected = len(PEOPLE) / 10
    assert ((counts - expected) ** 2 / expected).sum() < 3 * (9 + 4 * 4.2)


def test_a_digit_tells_nothing_about_the_next_nor_a_household_about_its_neighbour() -> None:
    own = numbers()
    leading, second = own // np.uint64(10**9), own // np.uint64(10**8) % np.uint64(10)
    cells = np.bincount((leading * np.uint64(10) + second).astype(np.int64), minlength=100)
    assert ((cells - 2_000) ** 2 / 2_000).sum() < 3 * (99 + 4 * 14.1)
    city, rank = np.zeros(50_000, int), np.arange(50_000) * HOUSEHOLD
    nine = (population().number(city, rank) // np.uint64(10)).astype(float)
    assert abs(np.corrcoef(nine[:-1], nine[1:])[0, 1]) < 4 / 50_000**0.5


@given(SEEDS, st.lists(st.integers(1, 10**6), min_size=1, max_size=50))
def test_a_city_and_a_rank_in_it_are_one_person(seed: int, people: list[int]) -> None:
    everybody, person = Population(seed_key(seed)), np.array(people)
    city, rank = everybody.city(person), everybody.rank(person)
    assert (rank >= 0).all()
    assert everybody._person(city, rank).tolist() == people
    # And nobody else has that rank in that city.
    others = person + 1 + np.arange(len(person)) % PATTERN
    same = (everybody.city(others) == city) & (everybody.rank(others) == rank)
    assert not same.any()


@pytest.mark.slow
@given(SEEDS)
def test_the_people_of_a_city_are_ranked_in_the_order_of_their_numbers(seed: int) -> None:
    everybody, person = Population(seed_key(seed)), np.arange(1, 3 * PATTERN)
    city, rank = everybody.city(person), everybody.rank(person)
    for code in np.unique(city).tolist():
        own = rank[city == code]
        assert (np.diff(own) == 1).all(), "without a gap"
        assert own[0] < PATTERN


def test_cities_have_their_shares_of_the_census() -> None:
    """To a place in the pattern of 4,096; the smallest city has 12 of them."""
    counts = np.bincount(population().city(np.arange(PATTERN)), minlength=len(CITIES))
    assert np.abs(counts - CITIES / CITIES.sum() * PATTERN).max() <= 1
    assert counts.min() == 12
    # Every stretch of as many people is alike, and already a few hundred are about right.
    assert (counts == np.bincount(population().city(PEOPLE[777 : 777 + PATTERN]))).all()
    hundreds = np.bincount(population().city(PEOPLE[:900]), minlength=len(CITIES)) / 900
    assert np.abs(hundreds - CITIES / CITIES.sum()).sum() < 0.5


def test_households_share_nine_digits_and_nobody_else_does() -> None:
    everybody = population()
    city, rank = everybody.city(PEOPLE), everybody.rank(PEOPLE)
    household = everybody.household(city, rank)
    nine = numbers() // np.uint64(10)
    assert len(np.unique(nine)) == len(np.unique(household))
    assert len(np.unique(np.stack([nine.astype(np.int64), household]), axis=1).T) == len(
        np.unique(nine)
    )
    assert (household >= 0).all()
    assert (household < HOUSEHOLDS).all()
    members = np.unique(household, return_counts=True)[1]
    assert members.max() == HOUSEHOLD
    # All but those whose others come later, in each of the cities.
    assert (members == HOUSEHOLD).mean() > 0.99


def test_a_household_lives_in_one_city() -> None:
    everybody = population()
    city, rank = everybody.city(PEOPLE), everybody.rank(PEOPLE)
    household = everybody.household(city, rank)
    together = np.unique(np.stack([household, city]), axis=1)
    assert together.shape[1] == len(np.unique(household))


def test_a_person_is_the_same_whoever_else_is_asked_about() -> None:
    everybody, some = population(), np.array([17, 900, 123_456])
    alone = [
        int(everybody.number(everybody.city(one), everybody.rank(one))[0])
        for one in some.reshape(-1, 1)
    ]
    assert alone == numbers()[some].tolist()


def test_another_seed_gives_the_same_people_other_numbers_and_cities() -> None:
    other = Population(seed_key(2025))
    city, rank = other.city(PEOPLE), other.rank(PEOPLE)
    found = other.number(city, rank)
    assert (found == numbers()).sum() == 0
    # Some 30 of 200,000 numbers that are drawn twice are alike by chance, times 130.
    assert len(np.intersect1d(found, numbers())) < 6_000
    assert (city == population().city(PEOPLE)).mean() < 0.2


def test_every_number_that_somebody_has_exists() -> None:
    """People of ordinary ranks, businesses and own accounts."""
    assert population().exists(numbers()).all()
    city = int(CITIES.argmax())
    for part in (1, 2):
        ranks = part * ORDINARY_RANKS + np.arange(2_000)
        assert population().exists(population().number(np.full(2_000, city), ranks)).all()


def test_three_of_ten_numbers_exist_those_of_one_household() -> None:
    """Of 10,000 groups of ten with the same first nine digits."""
    first = numbers()[: 10_000 * HOUSEHOLD : HOUSEHOLD] // np.uint64(10) * np.uint64(10)
    tens = (first[:, None] + np.arange(10, dtype=np.uint64)).astype(np.uint64)
    assert (population().exists(tens.ravel()).reshape(tens.shape).sum(axis=1) == HOUSEHOLD).all()


@given(SEEDS, st.lists(st.integers(0, 10**10 - 1), min_size=1, max_size=20))
def test_whether_a_number_exists_does_not_depend_on_the_others(
    seed: int, given_: list[int]
) -> None:
    some = np.array(given_, np.uint64)
    people = Population(seed_key(seed))
    each = [bool(people.exists(some[[row]])[0]) for row in range(len(some))]
    assert people.exists(some).tolist() == each
