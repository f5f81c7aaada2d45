"""The numbers that are kept: a fair sample, the same however the customers are cut."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers.statistics.network import (
    MOST_NUMBERS,
    OWN,
    Sample,
    Uses,
    by_number,
    kept,
    network,
    ties,
)

CUSTOMERS = 400
RNG = np.random.default_rng(5)
CUSTOMER = np.repeat(np.arange(CUSTOMERS), 60)
NUMBER = (RNG.zipf(1.2, len(CUSTOMER)) * 7_919 + CUSTOMER // 20 * 1_000_003) % 10**10
OWN_NUMBER = RNG.choice(np.unique(NUMBER), CUSTOMERS, replace=False)


def uses_of(first: int, stop: int) -> Uses:
    """What a slice of the customers keeps."""
    mine = (first <= CUSTOMER) & (stop > CUSTOMER)
    own = OWN_NUMBER[first:stop]
    return kept(ties(stop - first, CUSTOMER[mine] - first, NUMBER[mine], own).uses)


def everything() -> dict[int, int]:
    """All numbers and their uses, by a plain loop."""
    payers: dict[int, set[int]] = defaultdict(set)
    for customer, number in zip(CUSTOMER.tolist(), NUMBER.tolist(), strict=True):
        if number != OWN_NUMBER[customer]:
            payers[number].add(customer)
    uses = {number: min(len(found), 2) for number, found in payers.items()}
    for number in OWN_NUMBER.tolist():
        uses[number] = uses.get(number, 0) + OWN
    return uses


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(cuts=st.sets(st.integers(1, CUSTOMERS - 1), max_size=12))
def test_any_slicing_keeps_the_same_numbers(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), CUSTOMERS]
    sample = Sample()
    for first, stop in pairwise(edges):
        sample.add(uses_of(first, stop))
    assert sample.uses().tolist() == uses_of(0, CUSTOMERS).tolist()


def test_what_is_kept_is_counted_in_full() -> None:
    every, found = everything(), by_number(uses_of(0, CUSTOMERS))
    assert len(every) > 2 * MOST_NUMBERS
    assert len(found) == MOST_NUMBERS
    assert found == {number: every[number] for number in found}


def test_estimates_are_near_the_truth() -> None:
    truth, found = everything(), network(by_number(uses_of(0, CUSTOMERS)))
    payers = Counter(use & ~OWN for use in truth.values())
    people = payers[1] + payers[2]
    assert found.people / found.share == pytest.approx(people, rel=0.06)
    assert found.shared / found.people == pytest.approx(payers[2] / people, abs=0.04)
    assert found.own / found.share == pytest.approx(CUSTOMERS, rel=0.25)


def test_few_numbers_are_told_exactly() -> None:
    # The first customer pays the second and, thrice, a stranger; the second pays him and herself.
    customer, number = np.array([0, 0, 0, 0, 1, 1]), np.array([8, 9, 9, 9, 9, 8])
    found = ties(3, customer, number, np.array([7, 8, -1]))
    assert by_number(found.uses) == {7: OWN, 8: 1 + OWN, 9: 2}
    assert found.times.tolist() == [0, 2, 0, 1]
    assert found.payees.tolist() == [1, 1, 1]
    told = network(by_number(found.uses))
    assert (told.share, told.people, told.shared, told.own, told.own_paid) == (1, 2, 1, 2, 1)


def test_nobody_pays_anybody() -> None:
    nothing = np.empty(0, np.int64)
    found = ties(2, nothing, nothing, nothing)
    assert (found.uses.tolist(), found.times.tolist(), found.payees.tolist()) == ([], [], [2])
    assert network({}).people == 0
