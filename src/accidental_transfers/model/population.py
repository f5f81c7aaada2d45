"""People: who lives where, who is near whom, and by which number each is known.

Customers and the people they pay are one population: customer n is person n. A person's city, rank
among the people of that city and number are functions of the seed and of the person alone. Cities
follow each other in a fixed pattern, so that the person of any rank in any city is computed, not
searched. Three neighbouring ranks are a household, whose numbers differ in the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Int, Keys, Numbers, constant, divided
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.streams import child, named
from accidental_transfers.model.tables import choice_table

PATTERN = 4_096
"""People after whom the cities repeat: the smallest city has 12 of them."""
HOUSEHOLD = constant(3)
NUMBER_DIGITS = 10
LAST_DIGITS = constant(10)
HOUSEHOLDS = constant(10 ** (NUMBER_DIGITS - 1))
"""As many as there are numbers without their last digits."""
ORDINARY_RANKS = 1 << 20
"""Ranks from here on belong to businesses that are known by a number."""
_PATTERN = constant(PATTERN)
_SIDE = constant(31_623)
"""Its square is the first above `HOUSEHOLDS`."""
_LAST_DIGITS = constant(10, np.uint64)
_ROUNDS = 4


class Population:
    """The people of a seed.

    Parameters
    ----------
    seed
        Key of the seed, (1,).

    Attributes
    ----------
    customers
        What the keys of the customers come from, (1,).
    """

    def __init__(self, seed: Keys) -> None:
        self.customers = named(seed, "customers")
        self._numbers = named(seed, "numbers")
        rounds = child(self._numbers, HOUSEHOLDS + np.arange(_ROUNDS))
        # What a round adds to each half is hashed once: a seed's households share the halves.
        moves = child(rounds[:, None], np.arange(int(_SIDE))) % np.uint64(_SIDE)
        self._moves = moves.astype(np.uint16)
        self._shift = constant(named(seed, "population")[0] % np.uint64(PATTERN), np.int64)

    def city(self, person: Int) -> Codes:
        """Give the cities where people live."""
        return _cities()[(person + self._shift) % _PATTERN]

    def rank(self, person: Int) -> Int:
        """Give people's ranks among those of their cities."""
        lap, place = divided(person + self._shift, _PATTERN)
        return lap * _people_of_city()[_cities()[place]] + _rank_in_pattern()[place]

    def household(self, city: Codes, rank: Int) -> Int:
        """Name households: the whole numbers below `HOUSEHOLDS`, each one's own."""
        return self._person(city, rank - rank % HOUSEHOLD) % HOUSEHOLDS

    def _person(self, city: Codes, rank: Int) -> Int:
        """Find the person of a rank in a city: the inverse of `city` and `rank`."""
        people = _people_of_city()[city]
        lap, place = divided(rank, people)
        return lap * _PATTERN + _places()[_first_place()[city] + place] - self._shift

    def number(self, city: Codes, rank: Int) -> Numbers:
        """Give the ten-digit numbers of the people of some ranks in some cities."""
        household = self.household(city, rank)
        last = self._permuted(household) * LAST_DIGITS
        return (last + (self._turn(household) + rank % HOUSEHOLD) % LAST_DIGITS).astype(np.uint64)

    def exists(self, number: Numbers) -> Bool:
        """Tell which numbers somebody has: three of ten with the same first nine digits."""
        first, last = divided(number.astype(np.int64), LAST_DIGITS)
        household = self._unpermuted(first)
        return (last - self._turn(household)) % LAST_DIGITS < HOUSEHOLD

    def _turn(self, household: Int) -> Int:
        """Give the last digit of each household's first number."""
        return (child(self._numbers, household) % _LAST_DIGITS).astype(np.int64)

    def _permuted(self, household: Int) -> Int:
        """Give every household another whole number below `HOUSEHOLDS`: a Feistel network.

        What it sends beyond the last is sent on until it is not.
        """
        return _within(self._feistel, household)

    def _unpermuted(self, household: Int) -> Int:
        """Undo `_permuted`."""
        return _within(self._feistel_back, household)

    def _feistel(self, value: Int) -> Int:
        high, low = divided(value, _SIDE)
        for moves in self._moves:
            high, low = low, (high + moves[low]) % _SIDE
        return high * _SIDE + low

    def _feistel_back(self, value: Int) -> Int:
        high, low = divided(value, _SIDE)
        for moves in self._moves[::-1]:
            high, low = (low - moves[high]) % _SIDE, high
        return high * _SIDE + low


def _within(step: Callable[[Int], Int], household: Int) -> Int:
    """Repeat a step for those that it sends to `HOUSEHOLDS` or beyond."""
    result = step(household.ravel())
    (left,) = (result >= HOUSEHOLDS).nonzero()
    while len(left):
        result[left] = step(result[left])
        left = left[result[left] >= HOUSEHOLDS]
    return result.reshape(household.shape)


@lru_cache(maxsize=8)
def population_of(seed: int) -> Population:
    """Give the population of a seed's key."""
    return Population(np.array([seed], np.uint64))


@cache
def _cities() -> Codes:
    """Lay the cities out over a pattern, each as often as it has people: (`PATTERN`,)."""
    population = [city.population for city in reference().cities]
    in_order = choice_table(population, PATTERN)
    order = np.argsort(child(named(np.zeros(1, np.uint64), "pattern"), np.arange(PATTERN)))
    return in_order[order]


@cache
def _people_of_city() -> Int:
    return np.bincount(_cities(), minlength=len(reference().cities))


@cache
def _places() -> Int:
    """Give the places in the pattern of each city's people, city by city."""
    return np.argsort(_cities(), kind="stable")


@cache
def _first_place() -> Int:
    people = _people_of_city()
    return np.cumsum(people) - people


@cache
def _rank_in_pattern() -> Int:
    rank = np.empty(PATTERN, np.int64)
    rank[_places()] = np.arange(PATTERN) - np.repeat(_first_place(), _people_of_city())
    return rank
