"""Streams: every number is a hash of what it is for, and tells nothing about any other."""

import hashlib
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.arrays import Keys
from accidental_transfers.model.streams import (
    child,
    children,
    fine_unit,
    lane,
    lanes,
    named,
    named_each,
    seed_key,
    unit,
)

WORD = 2**64
WORDS = st.integers(0, WORD - 1)
NAMES = st.text(min_size=1, max_size=20)


class SplitMix64:
    """The generator as it is published, with the constants of Stafford's variant 13."""

    def __init__(self, state: int) -> None:
        self.state = state

    def __iter__(self) -> Iterator[int]:
        while True:
            self.state = (self.state + 0x9E3779B97F4A7C15) % WORD
            yield finalised(self.state)


def finalised(z: int) -> int:
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
    return z ^ (z >> 31)


def digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def keys(*values: int) -> Keys:
    return np.array(values, np.uint64)


def test_the_oracle_is_the_published_generator() -> None:
    """What it gives from the seed 1234567, as other implementations list it."""
    generator = iter(SplitMix64(1234567))
    assert [next(generator) for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@given(WORDS)
def test_children_are_the_generators_numbers_in_order(parent: int) -> None:
    generator = iter(SplitMix64(parent))
    expected = [next(generator) for _ in range(50)]
    assert child(keys(parent), np.arange(50)).tolist() == expected
    assert child(keys(parent), 49).tolist() == expected[49:]
    assert children(keys(parent, parent), 50).tolist() == [expected, expected]


@given(st.lists(WORDS, min_size=1, max_size=4), NAMES, st.lists(NAMES, min_size=1, max_size=4))
def test_a_named_child_hashes_the_name_into_its_parent(
    parents: list[int], name: str, names: list[str]
) -> None:
    expected = [finalised(parent ^ digest(name)) for parent in parents]
    assert named(keys(*parents), name).tolist() == expected
    each = named_each(keys(*parents), tuple(names))
    assert each.shape == (len(parents), len(names))
    for column, own in enumerate(names):
        assert each[:, column].tolist() == named(keys(*parents), own).tolist()


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(1, 11))
def test_lanes_are_the_quarters_of_the_first_children(parents: list[int], count: int) -> None:
    drawn = lanes(keys(*parents), count)
    assert drawn.shape == (count, len(parents))
    assert drawn.dtype == np.uint16
    for column, parent in enumerate(parents):
        words = iter(SplitMix64(parent))
        quarters = [quarter for _ in range(3) for quarter in quarters_of(next(words))]
        assert drawn[:, column].tolist() == quarters[:count]


def quarters_of(word: int) -> list[int]:
    return [word >> shift & 0xFFFF for shift in (0, 16, 32, 48)]


def test_lanes_keep_the_shape_of_their_keys() -> None:
    parent = child(keys(5)[:, None], np.arange(12).reshape(3, 4))
    drawn = lanes(parent, 6)
    assert drawn.shape == (6, 3, 4)
    assert drawn[:, 2, 1].tolist() == lanes(parent[2, 1:2], 6)[:, 0].tolist()


@given(WORDS)
def test_one_lane_is_a_keys_top_and_a_fine_number_its_upper_52_bits(word: int) -> None:
    assert lane(keys(word)).tolist() == [word >> 48]
    assert fine_unit(keys(word)).tolist() == [((word >> 12) + 0.5) / 2**52]


def test_drawing_changes_no_key_and_no_state_of_numpys() -> None:
    parent = child(seed_key(1), np.arange(100))
    before, state = parent.copy(), np.random.get_state()  # noqa: NPY002
    drawn: list[Callable[[], np.ndarray]] = [
        lambda: named(parent, "a"),
        lambda: child(parent, 7),
        lambda: lanes(parent, 9),
        lambda: fine_unit(parent),
    ]
    first = [draw() for draw in drawn]
    again = [draw() for draw in drawn]
    assert (parent == before).all()
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one, other)
    after = np.random.get_state()  # noqa: NPY002
    assert all(np.array_equal(a, b) for a, b in zip(state, after, strict=True))


def test_seeds_spread_over_keys_and_a_number_is_its_text() -> None:
    drawn = [int(seed_key(seed)[0]) for seed in range(1000)]
    assert len(set(drawn)) == 1000
    assert seed_key(7) == seed_key("7") != seed_key("07")
    assert len({key >> 56 for key in drawn}) > 240  # of 256


CUSTOMERS = child(named(seed_key(2024), "customers"), np.arange(1, 501))
# 500 customers, 500 days, names that differ in a digit: neighbours of each kind.
NEIGHBOURS: dict[str, Callable[[], Keys]] = {
    "positions of one key": lambda: child(CUSTOMERS[:1], np.arange(250_000)),
    "customers of one day": lambda: child(CUSTOMERS[:, None], np.arange(738_886, 739_386)).T,
    "days of one customer": lambda: child(CUSTOMERS[:, None], np.arange(738_886, 739_386)),
    "names": lambda: named_each(CUSTOMERS, tuple(f"obligation {n}" for n in range(500))),
    "seeds": lambda: (
        child(np.concatenate([seed_key(seed) for seed in range(500)])[:, None], np.arange(500)).T
    ),
    "keys that differ in one bit": lambda: named(
        (CUSTOMERS[:, None] ^ np.uint64(1) << np.arange(64, dtype=np.uint64)), "a"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("neighbours", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_neighbours_are_unrelated(neighbours: Callable[[], Keys]) -> None:
    """250,000 keys, or 32,000: their values are even, and their neighbours' tell nothing."""
    drawn = neighbours()
    assert len(np.unique(drawn)) == drawn.size  # by chance not: once in 10^8
    rest = drawn.ravel()
    values = fine_unit(rest)
    # Four standard errors of a mean, and of a correlation.
    assert abs(values.mean() - 0.5) < 4 / (12 * rest.size) ** 0.5
    for apart in (1, 2, 64):
        correlation = np.corrcoef(values[:-apart], values[apart:])[0, 1]
        assert abs(correlation) < 4.5 / rest.size**0.5, apart
    # Pairs of neighbours fall evenly into 16 by 16 cells: chi-square has mean 255 and sd 22.6.
    cell = (rest[:-1] >> np.uint64(60)) * np.uint64(16) + (rest[1:] >> np.uint64(60))
    assert 255 - 4 * 22.6 < chi_square(cell, 256) < 255 + 4.5 * 22.6


def chi_square(values: np.ndarray, bins: int) -> float:
    counts = np.bincount(values.astype(np.int64), minlength=bins)
    expected = len(values) / bins
    return float(((counts - expected) ** 2 / expected).sum())


@pytest.mark.parametrize("position", range(10))
def test_each_lane_is_even_and_no_two_of_a_key_agree(position: int) -> None:
    """A quarter of a million lanes in 256 bins: chi-square has mean 255 and sd 22.6."""
    drawn = lanes(child(CUSTOMERS[:, None], np.arange(500)), 10).reshape(10, -1)
    assert 165 < chi_square(drawn[position] >> 8, 256) < 357
    others = [np.corrcoef(drawn[position], each)[0, 1] for each in drawn]
    assert sum(abs(each) > 0.009 for each in others) == 1  # with itself


def test_every_bit_of_a_key_moves_half_of_its_childs_bits() -> None:
    """Strict avalanche of 500 keys: 32,000 bits each, whose share has a sd of 0.3 %."""
    for bit in range(64):
        flipped = child(CUSTOMERS ^ np.uint64(1 << bit), 3) ^ child(CUSTOMERS, 3)
        share = np.unpackbits(flipped.view(np.uint8)).mean()
        assert abs(share - 0.5) < 0.0125, bit


def test_unit_stays_within_0_and_1() -> None:
    every = unit(np.arange(65_536, dtype=np.uint16))
    assert every[0] == 0.5 / 65_536
    assert every[-1] == 1 - 0.5 / 65_536
    assert every.mean() == pytest.approx(0.5, abs=1e-12)
    ends = fine_unit(keys(0, WORD - 1))
    assert 0 < ends[0] < 1e-15
    assert 1 - 1e-15 < ends[1] < 1
