"""Which payments something happens to: each event by its own numbers, no two the same payment."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents import ACCIDENTS
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.chance import (
    DETAIL_LANES,
    QUARTERS,
    Event,
    Events,
    Struck,
    choose,
    out_of_reach,
)
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.happened import Happened, single
from accidental_transfers.model.lives import draw_life
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import named, seed_key

SPEC = DatasetSpec(customers=20, seed="chance")
KEY = seed_key(SPEC.seed)
ENTITY_TYPES = 256
OWN = "own"
QUARTER = 0.25
"""The highest probability of an accident."""
NAMES = ("number 0", "number 1", "number 2", "number 3")
PROBABILITIES = st.lists(st.floats(0, QUARTER), min_size=4, max_size=4)


@cache
def people() -> Customers:
    return having(np.ones(SPEC.customers))


def having(own: np.ndarray) -> Customers:
    """Customers with a value of their own each."""
    drawn = draw_customers(SPEC.wanted, KEY, 1, SPEC.customers)
    return replace(drawn, own={**drawn.own, OWN: own})


@cache
def payments() -> Payments:
    """Some 21,000 payments of 20 customers."""
    return draw_life(people(), calendar(SPEC.start_date, SPEC.days)).payments


def nothing(_given: Payments, _customers: Customers, rows: Int, _lanes: object) -> Happened:
    return single(rows, rows, rows)


def event(name: str, probability: float, **fields: object) -> Event:
    usual = Event(
        name=name,
        number=name,
        begin=0,
        field=OWN,
        factor=probability,
        readiness=np.ones(ENTITY_TYPES),
        happen=nothing,
        first_kind=0,
    )
    return replace(usual, **fields)  # type: ignore[arg-type]


def rows_of(found: Struck) -> list[int]:
    return found.rows.tolist()  # type: ignore[no-any-return]


def everything() -> np.ndarray:
    return np.ones(len(payments()), bool)


def struck_by(
    event: Event, payments: Payments, free: np.ndarray, customers: Customers | None = None
) -> Struck:
    (found,) = choose(
        Events((event,)), payments, free, customers or people(), lambda rows: np.ones(len(rows))
    )
    return found


def struck(probabilities: Sequence[float]) -> dict[str, list[int]]:
    """What four events strike that share a number, a quarter of its range for each."""
    free = everything()
    return {
        name: rows_of(
            struck_by(event(name, probability, number="shared", begin=n * 2**62), payments(), free)
        )
        for n, (name, probability) in enumerate(zip(NAMES, probabilities, strict=True))
    }


@pytest.mark.slow
@settings(max_examples=40)
@given(PROBABILITIES, st.integers(0, 3), st.floats(0, QUARTER))
def test_one_probability_moves_no_other_event_of_the_shared_number(
    probabilities: list[float], changed: int, other: float
) -> None:
    before = struck(probabilities)
    after = struck([other if n == changed else p for n, p in enumerate(probabilities)])
    for n, name in enumerate(NAMES):
        if n != changed:
            assert after[name] == before[name]
    # Whoever is struck by the lower probability is struck by the higher one too.
    fewer, more = sorted((before, after), key=lambda each: len(each[NAMES[changed]]))
    assert set(fewer[NAMES[changed]]) <= set(more[NAMES[changed]])
    every = [row for rows in before.values() for row in rows]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("probability", [0.01, 0.1, QUARTER])
def test_each_event_strikes_as_often_as_asked(probability: float) -> None:
    """Whatever the others' probability is: 21,000 payments, four sd."""
    expected = probability * len(payments())
    for others in (0, QUARTER):
        for n, name in enumerate(NAMES):
            rows = struck([probability if each == n else others for each in range(4)])[name]
            assert abs(len(rows) - expected) < 4 * (expected * (1 - probability)) ** 0.5


def test_four_quarters_are_the_whole() -> None:
    found = struck([QUARTER] * 4)
    assert sorted(row for rows in found.values() for row in rows) == list(range(len(payments())))


def test_what_is_out_of_reach_of_three_quarters_is_the_last_one() -> None:
    away = out_of_reach(named(payments().key, "shared"))
    found = struck([QUARTER] * 4)
    assert np.flatnonzero(away).tolist() == found[NAMES[3]]


def test_what_has_no_probability_strikes_nobody() -> None:
    assert struck([0, QUARTER, 0, 0])["number 0"] == []
    assert rows_of(struck_by(event("none", 0), payments(), everything())) == []


def test_what_always_happens_happens_to_all() -> None:
    """But for a payment in 10^15."""
    assert rows_of(struck_by(event("all", 1), payments(), everything())) == list(
        range(len(payments()))
    )


def test_numbers_of_other_names_strike_other_payments() -> None:
    one, other = (
        rows_of(struck_by(event(name, 0.1), payments(), everything())) for name in ("one", "other")
    )
    both = np.intersect1d(one, other)
    expected = 0.01 * len(payments())
    assert abs(len(both) - expected) < 4 * expected**0.5


def test_only_what_is_free_and_ready_is_struck() -> None:
    entity = payments().entity
    common = int(np.bincount(entity).argmax())
    half = np.zeros(ENTITY_TYPES)
    half[common] = 0.5
    free = everything()
    free[::2] = False
    found = struck_by(event("ready", QUARTER, readiness=half), payments(), free)
    assert set(entity[found.rows].tolist()) == {common}
    assert (found.rows % 2 == 1).all()
    assert (np.diff(found.rows) > 0).all()
    expected = np.count_nonzero(entity[1::2] == common) / 8
    assert abs(len(found.rows) - expected) < 4 * expected**0.5


def test_details_are_even_and_belong_to_the_event_and_the_payment() -> None:
    one, other = (
        struck_by(event(name, QUARTER, number="same"), payments(), everything())
        for name in ("one", "other")
    )
    assert one.rows.tolist() == other.rows.tolist()
    assert one.lanes.shape == (len(one.rows), DETAIL_LANES)
    assert abs(np.corrcoef(one.lanes[:, 0], other.lanes[:, 0])[0, 1]) < 4 / len(one.rows) ** 0.5
    # Some 126,000 numbers: the mean's sd is 0.0008 of the range.
    assert one.lanes.mean() / 65_536 == pytest.approx(0.5, abs=0.0035)
    fewer = struck_by(event("one", 0.1, number="same"), payments(), everything())
    among = np.isin(one.rows, fewer.rows)
    assert one.lanes[among].tolist() == fewer.lanes.tolist()


def test_each_customers_own_probability_decides() -> None:
    chance = np.linspace(0, QUARTER, SPEC.customers)
    found = struck_by(event("own", 1), payments(), everything(), having(chance))
    tried = np.bincount(payments().customer, minlength=SPEC.customers)
    hit = np.bincount(payments().customer[found.rows], minlength=SPEC.customers)
    assert hit[0] == 0
    expected = (tried * chance)[1:]
    chi_square = ((hit[1:] - expected) ** 2 / (expected * (1 - chance[1:]))).sum()
    assert abs(chi_square - 19) < 4 * (2 * 19) ** 0.5


def test_a_weight_multiplies_the_probability_of_each_payment() -> None:
    """Half of the payments thrice as likely, the others never: 10,500 of either, four sd."""
    assert len(payments()) > 20_000

    def weigh(_payments: Payments, _customers: Customers, rows: Int) -> np.ndarray:
        return np.where(rows % 2, 3.0, 0.0)

    found = struck_by(event("heavy", 0.1, weigh=weigh, most_weight=3.0), payments(), everything())
    assert (found.rows % 2 == 1).all()
    expected = 0.3 * (len(payments()) // 2)
    assert abs(len(found.rows) - expected) < 4 * (expected * 0.7) ** 0.5


def test_no_weight_makes_an_event_likelier_than_its_part_of_the_number() -> None:
    """Whoever weighs 40 at a probability of 0.1 is struck at a quarter, and no neighbour moves."""

    def weigh(_payments: Payments, _customers: Customers, rows: Int) -> np.ndarray:
        return np.full(len(rows), 40.0)

    heavy = event(
        "number 0", 0.1, number="shared", weigh=weigh, most_weight=40.0, likeliest=QUARTER
    )
    free = everything()
    found = rows_of(struck_by(heavy, payments(), free))
    assert found == struck([QUARTER, 0, 0, 0])["number 0"]
    beside = event("number 1", QUARTER, number="shared", begin=2**62)
    assert rows_of(struck_by(beside, payments(), free)) == struck([0, QUARTER, 0, 0])["number 1"]


def test_the_accidents_that_there_are_fit_side_by_side() -> None:
    quarters = [accident.quarter for accident in ACCIDENTS if accident.quarter is not None]
    assert len(set(quarters)) == len(quarters) <= QUARTERS
    assert set(quarters) <= set(range(QUARTERS))
    assert all(accident.probability.highest <= 1 / QUARTERS for accident in ACCIDENTS)
