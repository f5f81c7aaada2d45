"""CSV text, fast: every column is a vocabulary of finished byte strings and a code per row.

Rows are laid out as fixed-width records, some thousand at a time, padded with NUL bytes; what
is left when the NUL bytes are deleted is the CSV. Quoting costs nothing per row, because it is
done once per entry of a vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TextIO

import numpy as np
import numpy.typing as npt

ROWS_AT_A_TIME = 4_096
"""Records of this many rows stay within a core's cache."""
BYTES_PER_ROW = 146
"""Mean length of a dataset's row, for estimates."""

SPECIAL = re.compile(r'[,"\r\n]')
"""Characters for whose sake CSV quotes a text."""

Text = npt.NDArray[np.bytes_]
Codes = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Field:
    """A piece of every row: ``vocabulary[codes[row]]``, or one text for all rows.

    Parameters
    ----------
    vocabulary
        Finished text, separators included, without NUL bytes.
    codes
        (rows,) positions in the vocabulary; absent where it has one entry for all rows.
    """

    vocabulary: Text
    codes: Codes | None = None


def constant(text: str) -> Field:
    """Put the same text into every row."""
    return Field(np.array([text.encode("ascii")]))


def write_rows(stream: TextIO, rows: int, fields: Sequence[Field]) -> None:
    """Write the fields of each row, one after the other, to a text stream."""
    names = [f"f{position}" for position in range(len(fields))]
    layout = list(zip(names, (field.vocabulary.dtype for field in fields), strict=True))
    records = np.zeros(min(rows, ROWS_AT_A_TIME), layout)
    varying = []
    for name, field in zip(names, fields, strict=True):
        if field.codes is None:
            records[name] = field.vocabulary[0]
        else:
            varying.append((records[name], field.vocabulary, field.codes))
    for start in range(0, rows, ROWS_AT_A_TIME):
        stop = min(start + ROWS_AT_A_TIME, rows)
        for column, vocabulary, codes in varying:
            column[: stop - start] = vocabulary.take(codes[start:stop])
        padded = records[: stop - start].tobytes()
        stream.write(padded.translate(None, b"\0").decode("ascii"))


def quoted(text: str) -> str:
    """Quote a text as CSV does, if it needs it."""
    if not SPECIAL.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def vocabulary(texts: Iterable[str], end: str = "") -> Text:
    """Make a vocabulary of texts that are quoted where they need it and end alike."""
    return np.array([(quoted(text) + end).encode("ascii") for text in texts], np.bytes_)


def integers(values: Codes, digits: int) -> list[Field]:
    """Write non-negative integers below 10 ** digits, with leading zeros; digits divides by 4."""
    powers = [10_000**place for place in reversed(range(digits // 4))]
    return [Field(_four_digits(), values // power % 10_000) for power in powers]


def dollars(cents: Codes, end: str = "") -> list[Field]:
    """Write amounts in cents, below 10 ** 10, as dollars with two decimals."""
    whole = cents // 100
    high = whole // 10_000
    low = whole - high * 10_000
    return [
        Field(_high_digits(), high),
        Field(_low_digits(), low + 10_000 * (high > 0)),
        Field(_decimals(end), cents - whole * 100),
    ]


def times_of_day(seconds: Codes, end: str = "") -> Field:
    """Write seconds of the day as ``08:15:42``."""
    return Field(_clock(end), seconds)


@cache
def _four_digits() -> Text:
    return np.array([b"%04d" % number for number in range(10_000)])


@cache
def _high_digits() -> Text:
    return np.array([b"", *(b"%d" % number for number in range(1, 10_000))])


@cache
def _low_digits() -> Text:
    """Give the last four digits of the dollars: as they are, then with leading zeros."""
    return np.array([b"%d" % number for number in range(10_000)] + list(_four_digits()))


@cache
def _decimals(end: str) -> Text:
    return np.array([b".%02d%s" % (number, end.encode("ascii")) for number in range(100)])


@cache
def _clock(end: str) -> Text:
    ending = end.encode("ascii")
    return np.array(
        [
            b"%02d:%02d:%02d%s" % (hour, minute, second, ending)
            for hour in range(24)
            for minute in range(60)
            for second in range(60)
        ]
    )
