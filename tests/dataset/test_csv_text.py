"""The fast writer against the obvious slow ways."""

import csv
import io
import tracemalloc
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers.dataset.csv_text import (
    ROWS_AT_A_TIME,
    Field,
    Piece,
    Vocabulary,
    digits,
    dollars,
    eight_digits,
    quoted,
    times_of_day,
    vocabulary,
    write_rows,
)

SECONDS_PER_DAY = 86_400
# NUL is padding to the writer; names, types and numbers are all printable ASCII.
ASCII = st.text(st.characters(min_codepoint=1, max_codepoint=126), max_size=12)
# Around none, one, and the multiples of the rows that are written at a time.
ROW_COUNTS = st.sampled_from(
    sorted({0, 1, 2, *(n * ROWS_AT_A_TIME + d for n in (1, 2, 4) for d in (-1, 0, 1))})
)
TELLING_CENTS = [
    *range(111),
    *(999, 1_000, 1_001, 9_999, 10_000, 99_999, 100_000, 100_001, 100_099, 101_000, 199_999),
    *(200_000, 999_999, 1_000_000, 9_999_999, 10_000_000, 10_000_001, 12_345_678, 99_999_999),
    *(1_200_000_000, 1_200_000_099, 2**31 - 1),
]


def written(rows: int, *pieces: Piece) -> str:
    stream = io.StringIO()
    write_rows(stream, rows, pieces)
    return stream.getvalue()


def as_they_are(texts: list[str]) -> Vocabulary:
    return Vocabulary(np.array([text.encode() for text in texts]))


def cents_in_types() -> list[Any]:
    return [np.array(TELLING_CENTS, dtype) for dtype in (np.int32, np.int64)]


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, list[tuple[list[str], list[int] | None]]]:
    """Rows, and for each field its texts and the text of each row, or None for a constant."""
    rows = draw(ROW_COUNTS)
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    fields: list[tuple[list[str], list[int] | None]] = []
    for _ in range(draw(st.integers(1, 4))):
        texts = draw(st.lists(ASCII, min_size=1, max_size=8))
        codes = chance.integers(len(texts), size=rows).tolist() if draw(st.booleans()) else None
        fields.append((texts if codes is not None else texts[:1], codes))
    return rows, fields


@settings(max_examples=60)
@given(tables())
def test_rows_are_their_fields_texts_one_after_the_other(
    table: tuple[int, list[tuple[list[str], list[int] | None]]],
) -> None:
    rows, columns = table
    pieces: list[Piece] = [
        texts[0].encode() + b","
        if codes is None
        else Field(
            (Vocabulary(np.array([f"{text},".encode() for text in texts])),), np.array(codes)
        )
        for texts, codes in columns
    ]
    slow = "".join(
        "".join(texts[codes[row] if codes else 0] + "," for texts, codes in columns) + "\n"
        for row in range(rows)
    )
    assert written(rows, *pieces, b"\n") == slow


@settings(max_examples=60)
@given(tables())
def test_what_is_written_reads_back(
    table: tuple[int, list[tuple[list[str], list[int] | None]]],
) -> None:
    rows, columns = table
    pieces: list[Piece] = []
    for texts, codes in columns:
        whole = np.array(codes if codes is not None else [0] * rows, int)
        pieces += [Field((vocabulary(texts),), whole), b","]
    text = written(rows, *pieces, b"end\r\n")
    read = list(csv.reader(io.StringIO(text, newline="")))
    expected = [
        [*(texts[codes[row] if codes else 0] for texts, codes in columns), "end"]
        for row in range(rows)
    ]
    assert read == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.int64, np.uint64])
def test_codes_may_be_of_any_integer_type(dtype: Any) -> None:
    codes = np.array([2, 0, 1, 2], dtype)
    field = Field((vocabulary(["a", "b,", ""]),), codes)
    assert written(4, field, b"\n") == '\na\n"b,"\n\n'


def test_writing_takes_the_memory_of_some_thousand_rows_at_most() -> None:
    class Nowhere(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    codes = np.zeros(500_000, np.uint8)
    pieces: list[Piece] = [Field((vocabulary(["x" * 99]),), codes), b"\n"]
    write_rows(Nowhere(), 1, pieces)
    tracemalloc.start()
    write_rows(Nowhere(), len(codes), pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000  # the text itself has 50 MB


@given(ASCII)
def test_a_text_is_quoted_as_the_csv_module_does(text: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(["first", text])
    assert "first," + quoted(text) + "\r\n" == stream.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SuperMart", "SuperMart"),
        ("", ""),
        ("O'Brien & Sons", "O'Brien & Sons"),
        ("Lock, Stock", '"Lock, Stock"'),
        ('The "Inn"', '"The ""Inn"""'),
        ("two\nlines", '"two\nlines"'),
        ("two\rlines", '"two\rlines"'),
    ],
)
def test_only_a_special_character_makes_a_text_quoted(text: str, expected: str) -> None:
    assert quoted(text) == expected
    assert vocabulary([text]).texts.tolist() == [expected.encode()]


@pytest.mark.parametrize("text", ["café", "\N{EURO SIGN}5"])
def test_text_that_is_not_ascii_is_an_error_and_not_a_question_mark(text: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        vocabulary([text])


@pytest.mark.parametrize("cents", cents_in_types(), ids=["int32", "int64"])
def test_dollars_of_telling_amounts(cents: Any) -> None:
    slow = "".join(f"{value // 100}.{value % 100:02d}\n" for value in TELLING_CENTS)
    assert written(len(cents), *dollars(cents), b"\n") == slow


@given(st.lists(st.integers(0, 2_000_000_000), max_size=50))
def test_dollars_of_any_amount(cents: list[int]) -> None:
    slow = "".join(f"{value // 100}.{value % 100:02d}\n" for value in cents)
    assert written(len(cents), *dollars(np.array(cents, np.int64)), b"\n") == slow


def test_dollars_of_every_amount_below_two_thousand_are_what_pandas_would_write() -> None:
    cents = np.arange(200_000)
    slow = "".join("%.2f\n" % (value / 100) for value in cents.tolist())
    assert written(len(cents), *dollars(cents), b"\n") == slow


def test_times_of_every_second_of_a_day() -> None:
    seconds = np.arange(SECONDS_PER_DAY)
    slow = "".join(f"{timedelta(seconds=second)!s:0>8}\n" for second in range(SECONDS_PER_DAY))
    text = written(len(seconds), times_of_day(seconds), b"\n")
    assert text == slow
    assert text.startswith("00:00:00\n00:00:01\n")
    assert text.endswith("23:59:59\n")


@given(st.integers(1, 18), st.data())
def test_digits_have_leading_zeros(places: int, data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, 10**places - 1), min_size=1, max_size=9))
    spelt = digits(np.array(numbers, np.int64), places)
    assert spelt.shape == (len(numbers), places)
    assert [row.tobytes().decode() for row in spelt] == [f"{n:0{places}d}" for n in numbers]


@pytest.mark.parametrize("first", [0, 9_990, 99_990, 12_345_678, 99_999_000])
def test_eight_digits_have_leading_zeros(first: int) -> None:
    numbers = np.arange(first, first + 1_000)
    slow = "".join(f"{number:08d}\n" for number in numbers.tolist())
    assert written(len(numbers), *eight_digits(numbers), b"\n") == slow


@pytest.mark.parametrize("rows", [0, 1, 4, 5, 6, 700])
def test_codes_go_on_from_one_vocabulary_to_the_next(rows: int) -> None:
    texts = ["a", "long text", "", "b", "and more"]
    parts = (vocabulary(texts[:2]), vocabulary(texts[2:4]), vocabulary(texts[4:]))
    codes = np.arange(rows) * 3 % 5
    expected = "".join(f"{texts[code]}\n" for code in codes)
    assert written(rows, Field(parts, codes), b"\n") == expected
