"""Which payments something happens to: each event by its own numbers, no two the same payment."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.arrays import Bool, Int
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.chance import (
    DETAIL_LANES,
    KEY_BITS,
    QUARTERS,
    Event,
    Struck,
    choose,
)
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.lives import draw_payments
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import named, seed_key
from accidental_transfers.model.truth import Truth

SPEC = DatasetSpec(customers=20, seed="chance")
ENTITY_TYPES = 256
LIKELIEST = 1 / QUARTERS
PROBABILITIES = st.lists(st.floats(0, LIKELIEST), min_size=4, max_size=4)


@cache
def payments() -> Payments:
    """Some 21,000 payments of 20 customers."""
    customers = draw_customers(SPEC.wanted, seed_key(SPEC.seed), 1, SPEC.customers)
    return draw_payments(customers, calendar(SPEC.start_date, SPEC.days))


def nothing(
    given: Payments, _customers: Customers, rows: Int, _lanes: object
) -> tuple[Payments, Truth]:
    return given, Truth.of_single_rows(rows, rows, rows)


def event(name: str, probability: float, quarter: int | None = None, **fields: object) -> Event:
    usual = Event(
        name=name,
        number=name if quarter is None else "together",
        begin=(quarter or 0) * 2**KEY_BITS // QUARTERS,
        probability=np.full(SPEC.customers, probability),
        readiness=np.ones(ENTITY_TYPES),
        happen=nothing,
        first_kind=0,
    )
    return replace(usual, **fields)  # type: ignore[arg-type]


def chosen(event: Event, free: Bool | None = None) -> Struck | None:
    free = np.ones(len(payments()), bool) if free is None else free
    return choose(event, named(payments().key, event.number), payments(), free)


def struck(probabilities: Sequence[float], fourth: float = 0) -> dict[str, Struck]:
    """What three events of one number strike, and then one with a number of its own."""
    free = np.ones(len(payments()), bool)
    events = [event(f"number {n}", p, n) for n, p in enumerate(probabilities)]
    found = {each.name: chosen(each, free)
             for each in (*events, event("fourth", fourth))}  # fmt: skip
    none = Struck(np.zeros(0, np.int64), np.zeros((0, DETAIL_LANES), np.uint16))
    return {name: rows or none for name, rows in found.items()}


def rows_of(found: dict[str, Struck]) -> dict[str, list[int]]:
    return {name: each.rows.tolist() for name, each in found.items()}


@settings(max_examples=25)
@given(PROBABILITIES, st.integers(0, 2), st.floats(0, LIKELIEST))
def test_one_probability_moves_no_other_event_of_the_shared_number(
    probabilities: list[float], changed: int, other: float
) -> None:
    three = probabilities[:3]
    before = rows_of(struck(three))
    after = rows_of(struck([other if n == changed else p for n, p in enumerate(three)]))
    for number in {0, 1, 2} - {changed}:
        assert after[f"number {number}"] == before[f"number {number}"]
    # Whoever is struck by the lower probability is struck by the higher one too.
    fewer, more = sorted((before, after), key=lambda each: len(each[f"number {changed}"]))
    assert set(fewer[f"number {changed}"]) <= set(more[f"number {changed}"])


@settings(max_examples=25)
@given(PROBABILITIES)
def test_an_event_with_a_number_of_its_own_leaves_the_others_where_they_are(
    probabilities: list[float],
) -> None:
    *three, fourth = probabilities
    without, with_it = struck(three), struck(three, fourth)
    for name in ("number 0", "number 1", "number 2"):
        assert with_it[name].rows.tolist() == without[name].rows.tolist()
        assert with_it[name].lanes.tolist() == without[name].lanes.tolist()
    every = [row for rows in rows_of(with_it).values() for row in rows]
    assert len(set(every)) == len(every)


def test_what_has_no_probability_strikes_nobody() -> None:
    assert chosen(event("never", 0)) is None
    assert rows_of(struck([0, LIKELIEST, 0], 0))["number 0"] == []


@pytest.mark.parametrize("probability", [0.01, 0.1, LIKELIEST])
def test_an_event_of_its_own_strikes_as_often_as_asked(probability: float) -> None:
    found = struck([0, 0, 0], probability)["fourth"]
    expected = probability * len(payments())
    assert abs(len(found.rows) - expected) < 4 * (expected * (1 - probability)) ** 0.5
    assert (np.diff(found.rows) > 0).all()
    assert found.lanes.shape == (len(found.rows), DETAIL_LANES)


def test_what_is_shared_with_another_event_is_struck_once() -> None:
    """Of what three events with 0.25 each have left, the fourth takes its quarter."""
    found = rows_of(struck([LIKELIEST] * 3, LIKELIEST))
    left = len(payments()) - sum(len(found[f"number {number}"]) for number in range(3))
    assert len(found["fourth"]) == pytest.approx(left / 4, abs=4 * (left * 3 / 16) ** 0.5)


def test_events_of_other_names_strike_other_payments() -> None:
    one, other = (chosen(event(name, 0.1)) for name in ("one", "other"))
    assert one is not None
    assert other is not None
    expected = 0.01 * len(payments())
    assert abs(len(np.intersect1d(one.rows, other.rows)) - expected) < 4 * expected**0.5


def test_only_what_is_ready_and_free_is_struck() -> None:
    entity = payments().entity
    common = int(np.bincount(entity).argmax())
    half = np.zeros(ENTITY_TYPES)
    half[common] = 0.5
    free = np.ones(len(payments()), bool)
    free[::2] = False
    found = chosen(event("ready", LIKELIEST, readiness=half), free)
    assert found is not None
    assert set(entity[found.rows].tolist()) == {common}
    assert (found.rows % 2 == 1).all()
    assert not free[found.rows].any()
    expected = np.count_nonzero(entity[1::2] == common) / 8
    assert abs(len(found.rows) - expected) < 4 * expected**0.5
