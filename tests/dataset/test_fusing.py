"""Fused fields say what the fields said one by one, and are fewer."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers.dataset.csv_text import Field, Piece, Vocabulary, vocabulary
from accidental_transfers.dataset.fusing import fused, in_lines
from tests.dataset.pieces import written

NAMES = vocabulary((f"name {number}" for number in range(300)), lasts=True)
LETTERS = vocabulary("abc", lasts=True)


def fused_alike(rows: int, *pieces: Piece) -> list[Field]:
    """Fuse, look whether every row is as before, and give the fields that are left."""
    together = fused(pieces, rows)
    assert written(rows, together) == written(rows, pieces)
    return together


def test_columns_are_lines_with_commas_between_them() -> None:
    letters = Field((LETTERS,), np.array([0, 2]))
    columns: list[list[Piece]] = [[b"x"], [letters, b"-", letters], [b"y"]]
    assert written(2, in_lines(columns)) == "x,a-a,y\nx,c-c,y\n"
    assert written(2, in_lines(columns[:1])) == "x\nx\n"


def test_neighbours_with_the_same_codes_are_one_field() -> None:
    codes = np.arange(900) % 300
    other = vocabulary(f"{number}!" for number in range(300))
    (field,) = fused_alike(900, Field((NAMES,), codes), b",", Field((other,), codes))
    assert len(field) == 300


def test_neighbours_of_few_combinations_are_one_field() -> None:
    chance = np.random.default_rng(0)
    one = Field((LETTERS,), chance.integers(3, size=900).astype(np.uint8))
    other = Field((NAMES,), chance.integers(300, size=900))
    (field,) = fused_alike(900, b"<", one, b"|", other, b">\n")
    assert len(field) == 900


def test_many_combinations_stay_apart() -> None:
    many = vocabulary(map(str, range(300)), lasts=True)
    codes = np.arange(900) % 300
    assert len(fused_alike(900, Field((NAMES,), codes), Field((many,), codes[::-1]))) == 2


def test_combinations_for_a_few_rows_alone_are_not_worth_their_making() -> None:
    codes = np.arange(40) % 3
    of_one_block = vocabulary(f"{number}" for number in range(100))
    fields = Field((LETTERS,), codes), Field((of_one_block,), codes[::-1])
    assert len(fused_alike(40, *fields)) == 2
    codes = np.arange(8_000) % 3
    fields = Field((LETTERS,), codes), Field((of_one_block,), codes[::-1])
    assert len(fused_alike(8_000, *fields)) == 1


def test_nearly_equal_neighbours_are_pairs_of_one_vocabulary() -> None:
    parts = (NAMES, vocabulary(f"person {number}" for number in range(50)))
    codes = np.arange(900) % 350
    others = codes.copy()
    others[[3, 340, 899]] = [345, 0, 1]
    (field,) = fused_alike(900, Field(parts, codes), b",", Field(parts, others))
    assert len(field) == 350 + 3
    assert len(fused_alike(900, Field(parts, codes), Field(parts, codes[::-1]))) == 2


def test_a_date_a_position_and_the_date_again_are_one_field() -> None:
    days, positions = np.arange(900) // 300, np.arange(900) % 300
    again = vocabulary("xyz", lasts=True)
    pieces = Field((LETTERS,), days), b"-", Field((NAMES,), positions), b",", Field((again,), days)
    (field,) = fused_alike(900, *pieces, b"\n")
    assert len(field) == 900
    assert field.parts[0].texts[301] == b"b-name 1,y\n"
    # Codes of its own are another matter: every text may stand beside every other.
    (field,) = fused_alike(900, *pieces[:4], Field((again,), days[::-1]))
    assert len(field) == 2_700


def test_no_text_stands_alone() -> None:
    codes = np.arange(900) % 300
    (field,) = fused_alike(900, b"<", Field((NAMES,), codes), b">", b"\n")
    assert field.parts[0].texts[1] == b"<name 1>\n"
    (field,) = fused_alike(9, b"a", b"b\n")
    assert field.texts.tolist() == [b"ab\n"]
    one = Field((vocabulary(["same"]),), np.zeros(9, int))
    (field,) = fused_alike(9, b"a", one, b"b")
    assert field.texts.tolist() == [b"asameb"]
    assert fused([], 9) == []


def test_fused_texts_are_as_wide_as_the_longest() -> None:
    codes = np.arange(900) % 300
    (field,) = fused_alike(900, Field((LETTERS,), codes % 3), Field((NAMES,), codes))
    assert field.parts[0].width == len("aname 299")
    (field,) = fused_alike(900, Field((LETTERS,), codes % 3), b"", Field((LETTERS,), codes % 3))
    assert not field.parts[0].overhang


def test_what_is_fused_of_vocabularies_that_last_is_made_once() -> None:
    def texts(first: Vocabulary, rows: int) -> Any:
        codes = np.arange(rows) % 3
        (field,) = fused_alike(rows, Field((first,), codes), b";", Field((LETTERS,), codes[::-1]))
        return field.parts[0]

    assert texts(LETTERS, 900) is texts(LETTERS, 500)
    of_one_block = vocabulary("xyz")
    assert texts(of_one_block, 900) is not texts(of_one_block, 900)


@st.composite
def rows_of_pieces(draw: st.DrawFn) -> tuple[int, list[Piece]]:
    rows = draw(st.integers(0, 60))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    pieces: list[Piece] = []
    pool = [
        vocabulary((f"{name}{number}" for number in range(size)), lasts=lasts)
        for name, size, lasts in (("a", 1, True), ("b", 3, True), ("c", 3, False), ("d", 9, True))
    ]
    columns = [chance.integers(9, size=rows) for _ in range(3)]
    for _ in range(draw(st.integers(1, 8))):
        parts = tuple(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2)))
        codes = draw(st.sampled_from(columns)) % sum(map(len, parts))
        some: list[Piece] = [Field(parts, codes), b",", b"-"]
        pieces.append(draw(st.sampled_from(some)))
        if draw(st.booleans()) and isinstance(pieces[-1], Field):
            pieces.append(Field(tuple(draw(st.permutations(parts))), codes))
    return rows, [*pieces, b"\n"]


@pytest.mark.slow
@settings(max_examples=300)
@given(rows_of_pieces())
def test_fusing_changes_no_row(given: tuple[int, list[Piece]]) -> None:
    rows, pieces = given
    fused_alike(rows, *pieces)
