"""What fields say, against the obvious slow ways to say it."""

import csv
import io
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.dataset.csv_text import (
    Field,
    Vocabulary,
    digits,
    dollars,
    four_digits,
    quoted,
    times_of_day,
    vocabulary,
)
from tests.dataset.pieces import written

SECONDS_PER_DAY = 86_400
# A text cannot hold NUL: numpy takes it for the end.
ASCII = st.text(st.characters(min_codepoint=1, max_codepoint=126), max_size=12)
TELLING_CENTS = [
    *range(111),
    *(999, 1_000, 1_001, 9_999, 10_000, 99_999, 100_000, 100_001, 100_099, 101_000, 199_999),
    *(200_000, 999_999, 1_000_000, 9_999_999, 10_000_000, 10_000_001, 12_345_678, 99_999_999),
    *(1_200_000_000, 1_200_000_099, 2**31 - 1),
]


def cents_in_types() -> list[Any]:
    return [np.array(TELLING_CENTS, dtype) for dtype in (np.int32, np.int64)]


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
    assert written(len(cents), [*dollars(cents), b"\n"]) == slow


@given(st.lists(st.integers(0, 2_000_000_000), max_size=50))
def test_dollars_of_any_amount(cents: list[int]) -> None:
    slow = "".join(f"{value // 100}.{value % 100:02d}\n" for value in cents)
    assert written(len(cents), [*dollars(np.array(cents, np.int64)), b"\n"]) == slow


def test_dollars_of_every_amount_below_two_thousand_are_what_pandas_would_write() -> None:
    cents = np.arange(200_000)
    slow = "".join("%.2f\n" % (value / 100) for value in cents.tolist())
    assert written(len(cents), [*dollars(cents), b"\n"]) == slow


def test_times_of_every_second_of_a_day() -> None:
    seconds = np.arange(SECONDS_PER_DAY)
    slow = "".join(f"{timedelta(seconds=second)!s:0>8}\n" for second in range(SECONDS_PER_DAY))
    text = written(len(seconds), [times_of_day(seconds), b"\n"])
    assert text == slow
    assert text.startswith("00:00:00\n00:00:01\n")
    assert text.endswith("23:59:59\n")


@given(st.integers(1, 18), st.data())
def test_digits_have_leading_zeros(places: int, data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, 10**places - 1), min_size=1, max_size=9))
    spelt = digits(np.array(numbers, np.int64), places)
    assert spelt.shape == (len(numbers), places)
    assert [row.tobytes().decode() for row in spelt] == [f"{n:0{places}d}" for n in numbers]


@pytest.mark.parametrize("most", [0, 1, 7, 8, 9, 999, 9_999])
def test_four_digits_have_leading_zeros(most: int) -> None:
    numbers = np.arange(most + 1)
    slow = "".join(f"{number:04d}\n" for number in range(most + 1))
    assert written(len(numbers), [four_digits(numbers), b"\n"]) == slow


def test_texts_of_several_vocabularies_are_spelt_with_their_lengths() -> None:
    """The widest stands in the middle, and one is empty."""
    texts: tuple[list[bytes], ...] = ([b"a", b"bcd"], [], [b"SuperMart", b"", b"ef"], [b"ghij"])
    parts = [Vocabulary(np.array(each, np.bytes_)) for each in texts]
    codes = np.array([5, 0, 2, 3, 1, 4, 2])
    field = Field(tuple(parts), codes)
    expected = [b"ghij", b"a", b"SuperMart", b"", b"bcd", b"ef", b"SuperMart"]
    assert len(field) == 6
    assert field.spelt(codes).tolist() == expected
    assert field.lengths(codes).tolist() == [len(text) for text in expected]
