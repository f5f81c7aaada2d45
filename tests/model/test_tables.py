"""Look-up tables: as exact as their slots."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.tables import (
    SLOTS,
    LookupTable,
    choice_table,
    normal_table,
    zipf_weights,
)

WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=200).filter(lambda w: sum(w) > 1e-3)


@given(WEIGHTS, st.sampled_from([16, 4_096, 65_536]))
def test_a_choice_has_its_share_of_slots_to_the_slot(weights: list[float], slots: int) -> None:
    table = choice_table(weights, slots)
    counts = np.bincount(table, minlength=len(weights))
    exact = np.array(weights) / sum(weights) * slots
    assert len(table) == slots
    assert len(counts) == len(weights)
    assert np.abs(counts - exact).max() <= 1 + 1e-6
    assert (np.diff(table.astype(int)) >= 0).all()


@given(WEIGHTS)
def test_what_weighs_nothing_is_never_chosen(weights: list[float]) -> None:
    never = [0.0, *weights, 0.0]
    table = choice_table(never)
    assert table.min() > 0
    assert table.max() < len(never) - 1


@given(WEIGHTS, st.sampled_from([0.001, 0.5, 1024.0]))
def test_only_the_proportions_matter(weights: list[float], factor: float) -> None:
    scaled = choice_table([weight * factor for weight in weights]).astype(int)
    # Scaling may round an edge to the other side, by a slot and no more.
    assert (scaled != choice_table(weights)).sum() <= len(weights)


def test_simple_shares_are_exact() -> None:
    assert np.bincount(choice_table([1, 2, 1])).tolist() == [16_384, 32_768, 16_384]
    assert choice_table([3], 8).tolist() == [0] * 8


def test_a_wide_type_holds_many_choices() -> None:
    table = choice_table(np.ones(1_440), dtype=np.int16)
    assert table.dtype == np.int16
    assert set(table.tolist()) == set(range(1_440))


def test_normal_quantiles_are_those_of_the_standard_library() -> None:
    table, normal = normal_table(), NormalDist()
    for slot in (0, 1, 77, 32_767, 32_768, 50_000, 65_534, 65_535):
        assert table[slot] == pytest.approx(normal.inv_cdf((slot + 0.5) / SLOTS), abs=1e-12)
    assert len(table) == SLOTS
    assert (np.diff(table) > 0).all()
    assert (table == -table[::-1]).all()
    assert table.std() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("exponent", [0.0, 0.7, 1.0, 2.0])
def test_zipf_weights_fall_with_the_rank(exponent: float) -> None:
    weights = zipf_weights(100, exponent)
    assert weights[0] == 1
    assert weights[9] == pytest.approx(10**-exponent)
    assert len(weights) == 100


@given(
    st.integers(0, 16).flatmap(
        lambda bits: st.tuples(st.just(bits), st.integers(1, 5), st.integers(0, 2**32 - 1))
    )
)
def test_a_table_draws_as_the_obvious_loop(shape: tuple[int, int, int]) -> None:
    bits, rows, seed = shape
    chance = np.random.default_rng(seed)
    values = chance.integers(0, 1_000, (rows, 1 << bits))
    row, lane = chance.integers(0, rows, 50), chance.integers(0, SLOTS, 50).astype(np.uint16)
    expected = [values[r, int(x) * (1 << bits) // SLOTS] for r, x in zip(row, lane, strict=True)]
    for of_rows in (values, list(values)):
        assert LookupTable(of_rows).draw(row, lane).tolist() == expected


def test_a_table_broadcasts_rows_and_lanes_and_takes_narrow_rows() -> None:
    table = LookupTable(np.arange(8).reshape(2, 4))
    row, lane = np.array([[0], [1]], np.uint8), np.array([0, 20_000, 65_535], np.uint16)
    assert table.draw(row, lane).tolist() == [[0, 1, 3], [4, 5, 7]]


def test_a_narrow_row_number_does_not_overflow() -> None:
    table = LookupTable(np.repeat(np.arange(200), 4_096).reshape(200, 4_096))
    assert table.draw(np.array([199], np.uint8), np.array([65_535], np.uint16)).tolist() == [199]
