"""Streams: every customer's and every purpose's numbers are its own."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.streams import Purpose, Streams, purpose_named, seed_key, unit

KEY = seed_key(2024)
CUSTOMERS = np.array([1, 2, 17, 900])


def philox(key: int, customer: int, purpose: int, lanes: int) -> list[int]:
    """Numpy's own generator at the place where the stream is said to begin."""
    # As a list, numpy would round the key to a float.
    begin, name = np.array([0, 0, 0, purpose], np.uint64), np.array([key, customer], np.uint64)
    generator = np.random.Philox(counter=begin, key=name)
    words = generator.random_raw(-(-lanes // 4)).tolist()
    return [word >> shift & 0xFFFF for word in words for shift in (0, 16, 32, 48)][:lanes]


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("lanes", [1, 4, 15, 16, 17, 1000])
def test_a_stream_is_philox_keyed_by_seed_and_customer(purpose: Purpose, lanes: int) -> None:
    drawn = Streams(KEY, CUSTOMERS, purpose).lanes(lanes)
    assert drawn.shape == (4, lanes)
    assert drawn.dtype == np.uint16
    for customer, row in zip(CUSTOMERS.tolist(), drawn.tolist(), strict=True):
        assert row == philox(KEY, customer, purpose, lanes)


@given(st.lists(st.integers(1, 60), min_size=2, max_size=6))
def test_a_customers_numbers_do_not_depend_on_its_company(draws: list[int]) -> None:
    together, alone = (Streams(KEY, c, Purpose.WHO) for c in (CUSTOMERS, CUSTOMERS[2:3]))
    for lanes in draws:
        assert together.lanes(lanes)[2].tolist() == alone.lanes(lanes)[0].tolist()


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.sampled_from([4, 8, 24]))
def test_ragged_numbers_do_not_depend_on_how_many_the_others_draw(
    counts: list[int], per_item: int
) -> None:
    together, alone = (Streams(KEY, c, Purpose.PAYMENTS) for c in (CUSTOMERS, CUSTOMERS[2:3]))
    for _ in range(2):
        drawn = together.ragged_lanes(np.array(counts), per_item)
        own = drawn[sum(counts[:2]) : sum(counts[:3])]
        assert drawn.shape == (sum(counts), per_item)
        assert own.tolist() == alone.ragged_lanes(np.array(counts[2:3]), per_item).tolist()


def test_what_is_drawn_in_steps_is_the_stream_drawn_at_once() -> None:
    """In steps of whole counts of Philox, which are 16 lanes; shorter steps skip the rest."""
    steps, once, skipping = (Streams(KEY, CUSTOMERS, Purpose.WHO) for _ in range(3))
    whole = once.lanes(64)
    assert np.hstack([steps.lanes(16), steps.lanes(48)]).tolist() == whole.tolist()
    assert np.hstack([skipping.lanes(3), skipping.lanes(16)]).tolist() == (
        whole[:, [0, 1, 2, *range(16, 32)]].tolist()
    )


def words(lanes: int) -> Iterator[int]:
    for key, purpose in product((KEY, KEY + 1), Purpose):
        drawn = Streams(key, np.arange(1, 101), purpose).lanes(lanes)
        yield from np.ascontiguousarray(drawn).view(np.uint64).ravel().tolist()


def test_no_two_streams_say_the_same() -> None:
    drawn = list(words(256))
    assert len(drawn) == 2 * len(Purpose) * 100 * 64
    assert len(set(drawn)) == len(drawn)  # by chance: once in 10^10


def test_lanes_are_even_and_neighbours_unrelated() -> None:
    """A million lanes in 256 bins: chi-square has mean 255 and sd 22.6."""
    drawn = Streams(KEY, np.arange(1, 101), Purpose.PAYMENTS).lanes(10_000)
    counts = np.bincount(drawn.ravel() >> 8, minlength=256)
    expected = drawn.size / 256
    assert 165 < ((counts - expected) ** 2 / expected).sum() < 345
    for shifted in (drawn[:, 1:], drawn[:, 4:]):
        one = drawn[:, : shifted.shape[1]].ravel()
        assert abs(np.corrcoef(one, shifted.ravel())[0, 1]) < 0.004
    between_customers = np.asarray(np.corrcoef(drawn))[np.triu_indices(100, 1)]
    assert np.abs(between_customers).max() < 0.055


def test_seeds_spread_over_keys_and_a_number_is_its_text() -> None:
    keys = {seed_key(seed) for seed in range(1000)}
    assert len(keys) == 1000
    assert all(0 <= key < 2**64 for key in keys)
    assert seed_key(7) == seed_key("7") != seed_key("07")
    assert len({key >> 56 for key in keys}) > 240  # of 256


def test_unit_stays_within_0_and_1() -> None:
    every = unit(np.arange(65_536, dtype=np.uint16))
    assert every[0] == 0.5 / 65_536
    assert every[-1] == 1 - 0.5 / 65_536
    assert every.mean() == pytest.approx(0.5, abs=1e-12)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_name_has_a_stream_of_its_own_above_those_with_numbers(one: str, other: str) -> None:
    assert purpose_named(one) > max(Purpose)
    assert (purpose_named(one) == purpose_named(other)) == (one == other)
    assert purpose_named(one) < 2**64


def test_a_named_stream_is_philox_as_well() -> None:
    drawn = Streams(KEY, CUSTOMERS, purpose_named("wrong_payee")).lanes(16)
    for customer, row in zip(CUSTOMERS.tolist(), drawn.tolist(), strict=True):
        assert row == philox(KEY, customer, purpose_named("wrong_payee"), 16)
