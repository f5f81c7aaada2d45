"""CSV text, fast: every field is a vocabulary of finished byte strings and a code per row.

Rows are laid out as fixed-width records, some hundred at a time, padded with NUL bytes; what
is left when the NUL bytes are deleted is the CSV. Quoting costs nothing per row, because it is
done once per text of a vocabulary. Fewer fields are faster, so neighbours share one where that
pays (`accidental_transfers.dataset.fusing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TextIO

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Codes

ROWS_AT_A_TIME = 640
"""Buffers of this many rows stay below the size (128 KiB) from which the C library gives memory
back to the system at once, only to have every page of it faulted in again for the next ones."""
SPECIAL = re.compile(r'[,"\r\n]')
"""Characters for whose sake CSV quotes a text."""
FOUR_DIGITS = 10_000
"""As many numbers have four digits; longer ones are written as two fields."""
CENTS_PER_THOUSAND = 100_000
BYTES_PER_ROW = 138
"""Mean length of a row of the default dataset, for estimates."""

Text = npt.NDArray[np.bytes_]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Finished texts by code, quoted where CSV wants it. It equals itself alone.

    Attributes
    ----------
    texts
        (texts,) ASCII without NUL bytes, but for NUL bytes at the front, which are padding.
    lasts
        Whether it is made once a process: what is made of it is worth keeping.
    """

    texts: Text
    lasts: bool = False

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, eq=False)
class Field:
    """A piece of every row: the text of the row's code.

    Attributes
    ----------
    parts
        Vocabularies whose codes follow one another.
    codes
        (rows,) positions in the parts.
    """

    parts: tuple[Vocabulary, ...]
    codes: Codes

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def texts(self) -> Text:
        """All texts, by code."""
        first, *others = (part.texts for part in self.parts)
        return np.concatenate([first, *others]) if others else first

    def spelt(self, codes: Codes) -> Text:
        """Give the texts of some codes, without putting the parts together."""
        width = max(part.texts.itemsize for part in self.parts)
        spelt = np.empty(len(codes), f"S{width}")
        start = 0
        for part in self.parts:
            own = (codes >= start) & (codes < start + len(part))
            spelt[own] = part.texts.take(codes[own] - start)
            start += len(part)
        return spelt


Piece = Field | bytes
"""Of a row: a field, or the same text in all rows."""


def write_rows(stream: TextIO, rows: int, pieces: Sequence[Piece]) -> None:
    """Write the pieces of each row, one after the other, to a text stream."""
    fields = [_texts_and_codes(piece, rows) for piece in pieces]
    layout = [(f"f{position}", texts.dtype) for position, (texts, _) in enumerate(fields)]
    padded = bytearray(min(rows, ROWS_AT_A_TIME) * np.dtype(layout).itemsize)
    records = np.frombuffer(padded, layout)
    varying = []
    for (name, _), (texts, codes) in zip(layout, fields, strict=True):
        if codes is None:
            records[name] = texts[0]
        else:
            varying.append((records[name], texts, codes))
    for start in range(0, rows, ROWS_AT_A_TIME):
        stop = min(start + ROWS_AT_A_TIME, rows)
        for column, texts, codes in varying:
            column[: stop - start] = texts.take(codes[start:stop])
        used = padded if stop - start == len(records) else records[: stop - start].tobytes()
        stream.write(used.translate(None, b"\0").decode("ascii"))


def _texts_and_codes(piece: Piece, rows: int) -> tuple[Text, Codes | None]:
    """Put a field's parts together, or spell its rows one by one where they are fewer."""
    if isinstance(piece, bytes):
        return np.array([piece]), None
    if len(piece.parts) == 1 or len(piece) < rows:
        return piece.texts, piece.codes
    return piece.spelt(piece.codes), np.arange(rows)


def quoted(text: str) -> str:
    """Quote a text as CSV does, if it needs it."""
    if not SPECIAL.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def vocabulary(texts: Iterable[str], lasts: bool = False) -> Vocabulary:
    """Make a vocabulary of texts, which are quoted where they need it."""
    finished = [quoted(text).encode("ascii") for text in texts]
    return Vocabulary(np.array(finished, np.bytes_), lasts)


def four_digits(numbers: Codes) -> Field:
    """Write integers from 0 to 9,999 with leading zeros."""
    most = int(numbers.max(initial=0)) + 1
    return Field((Vocabulary(_four_digits().texts[:most]),), numbers)


def dollars(cents: Codes) -> list[Piece]:
    """Write amounts in cents, not negative, as dollars with two decimals."""
    thousands = cents // CENTS_PER_THOUSAND
    rest = cents - thousands * CENTS_PER_THOUSAND
    bits = int(thousands.max(initial=0)).bit_length()
    return [
        Field((_thousands(bits),), thousands),
        Field((_below_a_thousand(),), rest + CENTS_PER_THOUSAND * (thousands > 0)),
    ]


def times_of_day(seconds: Codes) -> Field:
    """Write seconds of the day as ``08:15:42``."""
    return Field((_clock(),), seconds)


def digits(numbers: Codes, places: int) -> npt.NDArray[np.uint8]:
    """Spell non-negative integers with leading zeros: (numbers, places) ASCII characters."""
    powers = 10 ** np.arange(places - 1, -1, -1, dtype=np.int64)
    return (numbers.astype(np.int64)[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def as_text(characters: npt.NDArray[np.uint8]) -> Text:
    """Take rows of characters, (texts, width), for texts."""
    return np.ascontiguousarray(characters).view(f"S{characters.shape[1]}").ravel()


@cache
def _four_digits() -> Vocabulary:
    return Vocabulary(as_text(digits(np.arange(FOUR_DIGITS), 4)), lasts=True)


@cache
def _thousands(bits: int) -> Vocabulary:
    """Give what stands before the last three digits of dollars: nothing, or 1, 2 and so on."""
    return vocabulary(("", *map(str, range(1, 1 << bits))), lasts=True)


@cache
def _below_a_thousand() -> Vocabulary:
    """Give the amounts below $1,000 as they are, then with leading zeros after thousands."""
    cents = np.arange(CENTS_PER_THOUSAND)
    padded = np.empty((CENTS_PER_THOUSAND, 6), np.uint8)
    padded[:, :3] = digits(cents // 100, 3)
    padded[:, 3] = ord(".")
    padded[:, 4:] = digits(cents % 100, 2)
    plain = padded.copy()
    plain[:10_000, 0] = 0
    plain[:1_000, 1] = 0
    # NUL bytes at the front are padding to the writer, which deletes them all.
    return Vocabulary(as_text(np.concatenate([plain, padded])), lasts=True)


@cache
def _clock() -> Vocabulary:
    seconds = np.arange(86_400)
    text = np.full((len(seconds), 8), ord(":"), np.uint8)
    text[:, 0:2] = digits(seconds // 3600, 2)
    text[:, 3:5] = digits(seconds // 60 % 60, 2)
    text[:, 6:8] = digits(seconds % 60, 2)
    return Vocabulary(as_text(text), lasts=True)
