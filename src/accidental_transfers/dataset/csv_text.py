"""CSV text: every field is a vocabulary of finished byte strings and a code per row.

Quoting costs nothing per row, because it is done once per text of a vocabulary. Fewer fields are
faster, so neighbours share one where that pays (`accidental_transfers.dataset.fusing`). The rows
are put together by `accidental_transfers.dataset.csv_writer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Codes, constant

SPECIAL = re.compile(r'[,"\r\n]')
"""Characters for whose sake CSV quotes a text."""
FOUR_DIGITS = constant(10_000)
"""As many numbers have four digits."""
CENTS_PER_HUNDRED = constant(10_000, np.int32)
CENTS_PER_THOUSAND = constant(100_000, np.int32)
BYTES_PER_ROW = 143
"""Mean length of a row of the default dataset, for estimates."""

Text = npt.NDArray[np.bytes_]
Item = TypeVar("Item", bound=np.generic)


@dataclass(eq=False)
class Vocabulary:
    """Finished texts by code, quoted where CSV wants it. It equals itself alone.

    Attributes
    ----------
    texts
        (texts,) ASCII without NUL bytes.
    lasts
        Whether it is made once a process: what is made of it is worth keeping.
    known_lengths
        Bytes of each text, where they are known already.
    """

    texts: Text
    lasts: bool = False
    known_lengths: Codes | None = None

    def __len__(self) -> int:
        return self.size

    @cached_property
    def size(self) -> int:
        """How many texts there are."""
        return len(self.texts)

    @cached_property
    def width(self) -> int:
        """Bytes that each text takes in memory."""
        return self.texts.itemsize

    @cached_property
    def lengths(self) -> Codes:
        """Bytes of each text: (texts,)."""
        if self.known_lengths is not None:
            return self.known_lengths
        return np.strings.str_len(self.texts).astype(np.min_scalar_type(self.width))

    @cached_property
    def shortest(self) -> int:
        """The least of the lengths."""
        # Often all are equally long: no last byte is NUL.
        lasts = self.texts.view(np.uint8)[self.width - 1 :: self.width]
        return self.width if lasts.all() else int(self.lengths.min(initial=self.width))

    @cached_property
    def overhang(self) -> int:
        """The most NUL bytes that come with a text."""
        return self.width - self.shortest


@dataclass(eq=False)
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
        return self.size

    @cached_property
    def size(self) -> int:
        """How many texts there are in all parts."""
        return sum([part.size for part in self.parts])

    @property
    def texts(self) -> Text:
        """All texts, by code."""
        first, *others = (part.texts for part in self.parts)
        return np.concatenate([first, *others]) if others else first

    def spelt(self, codes: Codes) -> Text:
        """Give the texts of some codes, without putting the parts together."""
        return _picked([part.texts for part in self.parts], codes)

    def lengths(self, codes: Codes) -> Codes:
        """Give the bytes of the texts of some codes."""
        return _picked([part.lengths for part in self.parts], codes)


def _picked(parts: Iterable[npt.NDArray[Item]], codes: Codes) -> npt.NDArray[Item]:
    """Look up by codes what stands in several arrays that follow one another."""
    first, *others = filter(len, parts)
    # With those of later parts, which are put right by these.
    picked = first.take(codes, mode="clip").astype(np.result_type(first, *others), copy=False)
    start = len(first)
    for part in others:
        (own,) = (codes >= start).nonzero()
        picked[own] = part.take(codes[own] - start, mode="clip")
        start += len(part)
    return picked


Piece = Field | bytes
"""Of a row: a field, or the same text in all rows."""


def quoted(text: str) -> str:
    """Quote a text as CSV does, if it needs it."""
    if not SPECIAL.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def vocabulary(texts: Iterable[str], lasts: bool = False) -> Vocabulary:
    """Make a vocabulary of texts, which are quoted where they need it."""
    finished = [*map(quoted, texts)]
    width = max(1, *map(len, finished))
    # One after the other: merchants are many, and their names need not be in memory a third time.
    encoded = (text.encode("ascii") for text in finished)
    return Vocabulary(np.fromiter(encoded, f"S{width}", len(finished)), lasts)


def four_digits(numbers: Codes) -> Field:
    """Write integers from 0 to 9,999 with leading zeros."""
    return Field((_four_digits(int(numbers.max(initial=0)).bit_length()),), numbers)


def dollars(cents: Codes) -> list[Piece]:
    """Write amounts in cents, not negative, as dollars with two decimals."""
    thousands = cents // CENTS_PER_THOUSAND
    rest = cents - thousands * CENTS_PER_THOUSAND
    bits = int(thousands.max(initial=0)).bit_length()
    return [
        Field((_thousands(bits),), thousands),
        Field(
            (_below_a_thousand(),),
            rest + CENTS_PER_HUNDRED * (cents >= CENTS_PER_HUNDRED),
        ),
    ]


def times_of_day(seconds: Codes) -> Field:
    """Write seconds of the day as ``08:15:42``."""
    return Field((_clock(),), seconds)


def digits(numbers: Codes, places: int) -> npt.NDArray[np.uint8]:
    """Spell non-negative integers with leading zeros: (numbers, places) ASCII characters."""
    fours = -(-places // 4)
    characters = np.empty((len(numbers), fours), np.uint32)
    rest = numbers.astype(np.int64)
    for four in reversed(range(fours)):
        higher = rest // FOUR_DIGITS
        characters[:, four] = _spelt_fours()[rest - higher * FOUR_DIGITS]
        rest = higher
    return characters.view(np.uint8)[:, 4 * fours - places :]


@cache
def _spelt_fours() -> npt.NDArray[np.uint32]:
    """Give the four characters of every number below 10,000, as one word."""
    return np.array([b"%04d" % number for number in range(int(FOUR_DIGITS))]).view(np.uint32)


def as_text(characters: npt.NDArray[np.uint8]) -> Text:
    """Take rows of characters, (texts, width), for texts."""
    return np.ascontiguousarray(characters).view(f"S{characters.shape[1]}").ravel()


@cache
def _four_digits(bits: int) -> Vocabulary:
    return Vocabulary(_spelt_fours()[: 1 << bits].view("S4"), lasts=True)


@cache
def _thousands(bits: int) -> Vocabulary:
    """Give what stands before the last three digits of dollars: nothing, or 1, 2 and so on."""
    return vocabulary(("", *map(str, range(1, 1 << bits))), lasts=True)


@cache
def _below_a_thousand() -> Vocabulary:
    """Give the amounts below $100 as they are, then all below $1,000 with leading zeros."""
    cents = np.arange(int(CENTS_PER_THOUSAND))
    characters = np.empty((CENTS_PER_THOUSAND, 6), np.uint8)
    characters[:, :3] = digits(cents // 100, 3)
    characters[:, 3] = ord(".")
    characters[:, 4:] = digits(cents % 100, 2)
    ones, tens = characters[:1_000, 2:], characters[1_000:CENTS_PER_HUNDRED, 1:]
    return Vocabulary(np.concatenate([*map(as_text, (ones, tens, characters))]), lasts=True)


@cache
def _clock() -> Vocabulary:
    seconds = np.arange(86_400)
    text = np.full((len(seconds), 8), ord(":"), np.uint8)
    text[:, 0:2] = digits(seconds // 3600, 2)
    text[:, 3:5] = digits(seconds // 60 % 60, 2)
    text[:, 6:8] = digits(seconds % 60, 2)
    return Vocabulary(as_text(text), lasts=True)
