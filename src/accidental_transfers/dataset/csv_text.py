"""CSV text, fast: every field is a vocabulary of finished byte strings and a code per row.

Rows are laid out as fixed-width records, some thousand at a time, padded with NUL bytes; what
is left when the NUL bytes are deleted is the CSV. Quoting costs nothing per row, because it is
done once per entry of a vocabulary. Fewer and narrower fields are faster, so neighbouring
columns share a field where their combinations are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TextIO

import numpy as np
import numpy.typing as npt

ROWS_AT_A_TIME = 640
"""Buffers of this many rows stay below the size (128 KiB) from which the C library gives memory
back to the system at once, only to have every page of it faulted in again for the next ones."""
SPECIAL = re.compile(r'[,"\r\n]')
"""Characters for whose sake CSV quotes a text."""
CENTS_PER_THOUSAND = 100_000
BYTES_PER_ROW = 138
"""Mean length of a row of the default dataset, for estimates."""

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


def write_rows(stream: TextIO, rows: int, fields: Sequence[Field]) -> None:
    """Write the fields of each row, one after the other, to a text stream."""
    names = [f"f{position}" for position in range(len(fields))]
    layout = list(zip(names, (field.vocabulary.dtype for field in fields), strict=True))
    padded = bytearray(min(rows, ROWS_AT_A_TIME) * np.dtype(layout).itemsize)
    records = np.frombuffer(padded, layout)
    varying = []
    for name, field in zip(names, fields, strict=True):
        if field.codes is None:
            records[name] = field.vocabulary[0]
        else:
            varying.append((records[name], field.vocabulary, field.codes))
    for start in range(0, rows, ROWS_AT_A_TIME):
        stop = min(start + ROWS_AT_A_TIME, rows)
        for column, texts, codes in varying:
            column[: stop - start] = texts.take(codes[start:stop])
        used = padded if stop - start == len(records) else records[: stop - start].tobytes()
        stream.write(used.translate(None, b"\0").decode("ascii"))


def constant(text: str) -> Field:
    """Put the same text into every row."""
    return Field(np.array([text.encode("ascii")]))


def quoted(text: str) -> str:
    """Quote a text as CSV does, if it needs it."""
    if not SPECIAL.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def vocabulary(texts: Iterable[str], end: str = "") -> Text:
    """Make a vocabulary of texts that are quoted where they need it and end alike."""
    return np.array([(quoted(text) + end).encode("ascii") for text in texts], np.bytes_)


def joined(first: Text, second: Text) -> Text:
    """Combine two vocabularies: entry ``i * len(second) + j`` is ``first[i] + second[j]``."""
    return np.strings.add(first[:, None], second[None, :]).ravel()


def four_digits(numbers: Codes) -> Field:
    """Write integers from 0 to 9999 with leading zeros."""
    return Field(_four_digits(), numbers)


def dollars(cents: Codes) -> list[Field]:
    """Write amounts in cents, not negative, as dollars with two decimals, and a comma."""
    thousands = cents // CENTS_PER_THOUSAND
    rest = cents - thousands * CENTS_PER_THOUSAND
    largest = int(thousands.max(initial=0))
    prefixes = vocabulary(("", *map(str, range(1, largest + 1))))
    return [
        Field(prefixes, thousands),
        Field(_below_a_thousand(), rest + CENTS_PER_THOUSAND * (thousands > 0)),
    ]


def times_of_day(seconds: Codes) -> Field:
    """Write seconds of the day as ``08:15:42``, and a comma."""
    return Field(_clock(), seconds)


def digits(numbers: Codes, places: int) -> npt.NDArray[np.uint8]:
    """Spell non-negative integers with leading zeros: (numbers, places) ASCII characters."""
    powers = 10 ** np.arange(places - 1, -1, -1, dtype=np.int64)
    return (numbers.astype(np.int64)[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def as_text(characters: npt.NDArray[np.uint8]) -> Text:
    """Take rows of characters, (texts, width), for texts."""
    return np.ascontiguousarray(characters).view(f"S{characters.shape[1]}").ravel()


@cache
def _four_digits() -> Text:
    return as_text(digits(np.arange(10_000), 4))


@cache
def _below_a_thousand() -> Text:
    """Give the amounts below $1,000 as they are, then with leading zeros after thousands."""
    cents = np.arange(CENTS_PER_THOUSAND)
    padded = np.empty((CENTS_PER_THOUSAND, 7), np.uint8)
    padded[:, :3] = digits(cents // 100, 3)
    padded[:, 3] = ord(".")
    padded[:, 4:6] = digits(cents % 100, 2)
    padded[:, 6] = ord(",")
    plain = padded.copy()
    plain[:10_000, 0] = 0
    plain[:1_000, 1] = 0
    # NUL bytes at the front are padding to the writer, which deletes them all.
    return as_text(np.concatenate([plain, padded]))


@cache
def _clock() -> Text:
    seconds = np.arange(86_400)
    text = np.full((len(seconds), 9), ord(":"), np.uint8)
    text[:, 0:2] = digits(seconds // 3600, 2)
    text[:, 3:5] = digits(seconds // 60 % 60, 2)
    text[:, 6:8] = digits(seconds % 60, 2)
    text[:, 8] = ord(",")
    return as_text(text)
