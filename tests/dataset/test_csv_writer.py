"""The fast writer against the obvious slow one: text after text, row after row."""

import csv
import io
import tracemalloc
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accidental_transfers.dataset.csv_text import Field, Piece, Vocabulary, vocabulary
from accidental_transfers.dataset.csv_writer import ROWS_AT_A_TIME, write_rows
from tests.dataset.pieces import written

# A text cannot hold NUL: numpy takes it for the end.
CHARACTERS = st.characters(min_codepoint=1, max_codepoint=126)
# Empty and long texts side by side: what hangs over then reaches far into the next row.
TEXTS = st.lists(st.text(CHARACTERS, max_size=40), min_size=1, max_size=8)
# Around none, one, and the multiples of the rows that are written at a time.
ROW_COUNTS = st.sampled_from(
    sorted({0, 1, 2, 9, *(n * ROWS_AT_A_TIME + d for n in (1, 2, 4) for d in (-1, 0, 1))})
)


@dataclass
class Column:
    """The texts of some vocabularies, and which of them each row has; None: all have the first."""

    parts: list[list[str]]
    codes: np.ndarray | None

    def of_rows(self, rows: int) -> list[str]:
        texts = [text for part in self.parts for text in part]
        return texts[:1] * rows if self.codes is None else [texts[code] for code in self.codes]

    def piece(self) -> Piece:
        if self.codes is None:
            return self.parts[0][0].encode()
        parts = ([text.encode() for text in part] for part in self.parts)
        return Field(tuple(Vocabulary(np.array(part)) for part in parts), self.codes)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, list[Column]]:
    rows = draw(ROW_COUNTS)
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    columns = []
    for _ in range(draw(st.integers(1, 5))):
        parts = draw(st.lists(TEXTS, min_size=1, max_size=3))
        varies = draw(st.integers(0, 3)) > 0
        codes = chance.integers(sum(map(len, parts)), size=rows) if varies else None
        columns.append(Column(parts, codes))
    return rows, columns


def shifted(*parts: list[str]) -> tuple[int, list[Column]]:
    """Columns of these texts, in which every text stands beside every other."""
    rows = np.arange(ROWS_AT_A_TIME + 99)
    return len(rows), [
        Column([texts], rows // (1 + place) % len(texts)) for place, texts in enumerate(parts)
    ]


@pytest.mark.slow
@settings(max_examples=100)
@given(tables())
@example(shifted(["", "x" * 40]))
@example(shifted(["a"], ["b"], ["", "c" * 40]))
@example(shifted(["a", "aa"], ["", "b" * 40], ["", "c" * 40]))
@example(shifted(["a" * 10], ["b" * 30, "b" * 31], ["c", "c" * 38]))
@example(shifted(["", "a"], ["b"], ["c", "c" * 5], ["d", "d" * 3]))
def test_rows_are_their_texts_one_after_the_other(table: tuple[int, list[Column]]) -> None:
    rows, columns = table
    texts = [column.of_rows(rows) for column in columns]
    expected = "".join("".join(row) for row in zip(*texts, strict=True))
    assert written(rows, [column.piece() for column in columns]) == expected


@pytest.mark.slow
@settings(max_examples=60)
@given(tables())
def test_what_is_written_reads_back(table: tuple[int, list[Column]]) -> None:
    rows, columns = table
    texts = [column.of_rows(rows) for column in columns]
    pieces: list[Piece] = []
    for column in texts:
        names = sorted({*column, ""})
        codes = np.array([names.index(text) for text in column], int)
        pieces += [Field((vocabulary(names),), codes), b","]
    text = written(rows, [*pieces, b"end\r\n"])
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [[*row, "end"] for row in zip(*texts, strict=True)]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.int64, np.uint64])
def test_codes_may_be_of_any_integer_type(dtype: Any) -> None:
    codes = np.array([2, 0, 1, 2], dtype)
    field = Field((vocabulary(["a", "b,", ""]),), codes)
    assert written(4, [field, b"\n"]) == '\na\n"b,"\n\n'


def test_a_code_without_a_text_is_an_error() -> None:
    with pytest.raises(IndexError):
        written(2, [Field((vocabulary(["a", "bc"]),), np.array([0, 2]))])


def test_bytes_that_are_not_ascii_are_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        written(2, ["café\n".encode()])


@pytest.mark.parametrize("rows", [0, 1, 4, 5, 6, 700])
def test_codes_go_on_from_one_vocabulary_to_the_next(rows: int) -> None:
    texts = ["a", "long text", "", "b", "and more"]
    parts = (vocabulary(texts[:2]), vocabulary(texts[2:4]), vocabulary(texts[4:]))
    codes = np.arange(rows) * 3 % 5
    expected = "".join(f"{texts[code]}\n" for code in codes)
    assert written(rows, [Field(parts, codes), b"\n"]) == expected


def test_texts_longer_than_a_byte_can_count() -> None:
    texts = ["x" * 255, "y" * 256, "z", "w" * 70_000]
    codes = np.arange(8) % 4
    expected = "".join(f"{texts[code]}\n" for code in codes)
    assert written(8, [Field((vocabulary(texts),), codes), b"\n"]) == expected


def test_writing_takes_the_memory_of_some_thousand_rows_at_most() -> None:
    class Nowhere(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    codes = np.zeros(500_000, np.uint8)
    pieces: list[Piece] = [Field((vocabulary(["x" * 99, "x"]),), codes), b"\n"]
    write_rows(Nowhere(), 1, pieces)
    tracemalloc.start()
    write_rows(Nowhere(), len(codes), pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000  # the text itself has 50 MB
