"""Neighbours: new payees whose numbers are near others by chance, and who gets an equal amount."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.neighbours import (
    BOTH_NEW,
    KNOWN_FRIENDS,
    LONE,
    NEIGHBOURS,
    WITH_KNOWN,
    draw_ways,
    has_partner,
    near_numbers,
)
from accidental_transfers.model.people import ROLES, numbers_of, ties_of
from accidental_transfers.model.streams import child, named, seed_key
from tests.model.accidents.striking import of_kind
from tests.samples import accident_sample, default_job

PAYEES = 40_000
OFTEN = 0.2


@cache
def person() -> Customers:
    return draw_customers(DatasetSpec().wanted, seed_key(3), 1, 1)


def keys() -> np.ndarray:
    return np.asarray(child(seed_key("payees"), np.arange(PAYEES)))


def own_numbers() -> np.ndarray:
    return np.arange(PAYEES, dtype=np.uint64) * np.uint64(104_729) + np.uint64(1_000_000_000)


class Neighbours(NamedTuple):
    """Ways of new payees, and numbers of those who are near somebody, and of their partners."""

    way: np.ndarray
    number: np.ndarray
    partner: np.ndarray


def ways(frequency: float) -> np.ndarray:
    return draw_ways(named(keys(), NEIGHBOURS), np.full(PAYEES, frequency))


@cache
def drawn() -> Neighbours:
    """40,000 new payees of one customer, a fifth of them near somebody."""
    way = ways(OFTEN)
    rows = np.flatnonzero(way)
    number, partner = own_numbers(), own_numbers()
    number[rows], partner[rows] = near_numbers(
        person(), np.zeros(len(rows), np.int64), keys()[rows], way[rows], number[rows]
    )
    return Neighbours(way, number, partner)


def friends() -> set[int]:
    """The six who are paid most."""
    which, role = np.arange(KNOWN_FRIENDS), np.full(KNOWN_FRIENDS, ROLES.index("friend"))
    one = np.zeros(KNOWN_FRIENDS, np.int64)
    return set(numbers_of(person(), ties_of(person(), one, role, which)).tolist())


def wrong_digits(one: str, other: str) -> list[int]:
    return [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


def is_near(one: str, other: str) -> bool:
    """One or two digits are others, or two beside each other are swapped."""
    return 1 <= len(wrong_digits(one, other)) <= 2


def test_the_three_ways_have_their_shares() -> None:
    """Of 8,000: four sd of a share are 0.022."""
    way = drawn().way
    some = way[way > 0]
    assert len(some) / PAYEES == pytest.approx(OFTEN, abs=0.008)
    for each, share in ((LONE, 0.30), (WITH_KNOWN, 0.30), (BOTH_NEW, 0.40)):
        assert (some == each).mean() == pytest.approx(share, abs=0.022)
    assert (has_partner(way) == np.isin(way, [WITH_KNOWN, BOTH_NEW])).all()


def test_a_known_one_is_among_the_six_friends_who_are_paid_most() -> None:
    known, found = friends(), drawn()
    with_known = found.way == WITH_KNOWN
    assert set(found.partner[with_known].tolist()) == known
    near = [f"{number:010d}" for number in found.number[found.way == LONE].tolist()]
    assert all(any(is_near(one, f"{each:010d}") for each in known) for one in near)


def test_a_pairs_numbers_are_one_or_two_digits_apart_or_two_are_swapped() -> None:
    """As they would be mistyped: 0.79 one digit, 0.21 two; of 5,600, four sd are 0.022."""
    found = drawn()
    pairs = np.flatnonzero(has_partner(found.way))
    apart = [
        len(wrong_digits(f"{found.number[n]:010d}", f"{found.partner[n]:010d}")) for n in pairs
    ]
    assert set(apart) == {1, 2}
    assert np.mean(np.array(apart) == 1) == pytest.approx(0.79, abs=0.022)


def test_either_of_two_new_ones_may_be_the_one_whose_number_came_first() -> None:
    """Of 3,200, in half the payee keeps the number and the partner's is near: 0.035."""
    found = drawn()
    both = found.way == BOTH_NEW
    keeps = (found.number == own_numbers())[both]
    assert keeps.mean() == pytest.approx(0.5, abs=0.036)
    assert (found.partner == own_numbers())[both][~keeps].all()


def test_nobody_is_near_where_it_never_happens() -> None:
    assert not ways(0.0).any()


@cache
def pairs() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the default job: first ones, and second ones of the same groups."""
    found = of_kind(default_job(), "honest_neighbour")
    second = found[found["position"] == 2].set_index("group")
    first = found[found["position"] == 1].set_index("group").loc[second.index]
    assert len(second) > 350
    return first, second


@pytest.mark.slow
def test_pairs_get_equal_amounts_on_the_same_day() -> None:
    first, second = pairs()
    for same in ("amount", "customer_id", "entity_type"):
        assert (first[same] == second[same]).all(), same
    assert (first["timestamp"].dt.date == second["timestamp"].dt.date).all()
    assert (first["timestamp"] <= second["timestamp"]).all()
    assert all(map(is_near, first["recipient_entity"], second["recipient_entity"]))


@pytest.mark.slow
def test_pairs_are_minutes_or_hours_apart() -> None:
    """As the right payee is paid after the wrong one: of some 430."""
    first, second = pairs()
    hours = (second["timestamp"] - first["timestamp"]).dt.total_seconds() / 3600
    assert 0.8 < hours.median() < 2.4
    assert (hours < 0.25).mean() > 0.08
    assert (hours > 6).mean() > 0.05


@pytest.mark.slow
def test_three_in_ten_stand_alone_beside_a_known_one() -> None:
    """Of some 620 events: four sd of the share are 0.074."""
    found = of_kind(default_job(), "honest_neighbour")
    sizes = found.groupby("group").size()
    assert (sizes == 1).mean() == pytest.approx(0.30, abs=0.075)
    assert sizes.max() == 2


@pytest.mark.slow
def test_a_pair_and_what_is_sent_again_look_alike() -> None:
    """Somebody gets an amount, somebody near gets the same later: honest, or put right."""
    sample = accident_sample()
    again = of_kind(sample, "sent_again").set_index("transaction_id")
    put_right = sample.outcomes[sample.outcomes["follow_up_transaction_id"].isin(again.index)]
    sent = again.loc[put_right["follow_up_transaction_id"]]
    assert len(sent) > 80
    assert all(map(is_near, put_right["recipient_entity"], sent["recipient_entity"]))
    assert sent["amount"].tolist() == put_right["amount"].tolist()
