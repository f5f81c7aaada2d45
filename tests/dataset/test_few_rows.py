"""Few rows are written as many are: byte for byte."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset import blocks
from accidental_transfers.dataset.csv_text import Field, Piece, Vocabulary, vocabulary
from accidental_transfers.dataset.few_rows import write_few_rows
from accidental_transfers.dataset.generate import generate
from tests.dataset.pieces import written
from tests.samples import text_of

TEXTS = st.lists(st.text(st.characters(min_codepoint=1, max_codepoint=126), max_size=30),
                 min_size=1, max_size=6)  # fmt: skip


def few(rows: int, pieces: Sequence[Piece]) -> str:
    stream = io.StringIO()
    write_few_rows(stream, rows, pieces)
    return stream.getvalue()


@pytest.mark.slow
@given(st.integers(0, 40), st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=4),
       st.integers(0, 2**32))  # fmt: skip
def test_it_writes_what_the_writer_of_many_rows_does(
    rows: int, columns: list[list[list[str]]], seed: int
) -> None:
    chance = np.random.default_rng(seed)
    pieces: list[Piece] = []
    for parts in columns:
        texts = tuple(Vocabulary(np.array([text.encode() for text in part])) for part in parts)
        pieces += [Field(texts, chance.integers(sum(map(len, parts)), size=rows)), b","]
    assert few(rows, pieces) == written(rows, pieces)


def test_a_code_without_a_text_and_bytes_that_are_not_ascii_are_errors() -> None:
    with pytest.raises(IndexError):
        few(2, [Field((vocabulary(["a", "bc"]),), np.array([0, 2]))])
    with pytest.raises(UnicodeDecodeError):
        few(2, ["café\n".encode()])


def test_companions_are_the_same_by_either_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    table = generate(DatasetSpec(customers=20, preset="dense", seed=4))
    texts = []
    for most in (0, 10**9):
        monkeypatch.setattr(blocks, "FEW_ROWS", most)
        names = ("write_accidents_csv", "write_outcomes_csv")
        texts.append([text_of(getattr(table, name)) for name in names])
    assert texts[0] == texts[1]
    assert all(len(text) > 10_000 for text in texts[0])
