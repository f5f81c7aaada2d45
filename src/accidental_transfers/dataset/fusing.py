"""Fusing neighbouring fields: what takes less time to write, text for text the same.

Every field costs time for every row. Two neighbours become one field
- where they have the very same codes: text is added to text;
- where one vocabulary's texts are nearly always followed by themselves (a recipient by the
  intended recipient): the pairs of equals, and then the pairs of the rows that differ;
- where their combinations are few: every text of the one with every text of the other;
- where the second has the codes of the first half of such combinations (a date, a position on that
  day, the date again): text is added to text.

What stands between them or after them, a comma for example, becomes part of the texts. What is
made of vocabularies that last is kept for the next block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import TypeVarTuple

import numpy as np

from accidental_transfers.dataset.csv_text import Field, Piece, Text, Vocabulary, vocabulary
from accidental_transfers.model.arrays import Codes

MOST_COMBINATIONS = 1 << 16
"""Of vocabularies that last: more would no longer stay in the processor's cache."""
ROWS_PER_TEXT = 16
"""A text that is made for one block alone pays if it serves so many rows."""
MOST_KEPT = 64
"""Vocabularies made of those that last: a job needs about twenty."""

COMMA, LINE_END = b",", b"\n"
_NOTHING = vocabulary([""], lasts=True)


@dataclass(eq=False)
class Combinations(Field):
    """Every text of a first field with every text of a second.

    Attributes
    ----------
    first_codes
        (rows,) codes of the first.
    firsts
        Its number of texts.
    """

    first_codes: Codes
    firsts: int

    def has_firsts_of(self, other: Field) -> bool:
        """Tell whether a field has the codes of the first, row for row."""
        return (
            self.first_codes is other.codes and len(other.parts) == 1 and self.firsts == other.size
        )


def in_lines(columns: Iterable[Sequence[Piece]]) -> list[Piece]:
    """Lay out columns as lines of CSV: a comma between two, a line's end after the last."""
    pieces: list[Piece] = []
    for column in columns:
        pieces += [COMMA, *column] if pieces else column
    return [*pieces, LINE_END]


def fused(pieces: Iterable[Piece], rows: int) -> list[Field]:
    """Fuse neighbouring pieces of every row where that pays; no text stands alone any more.

    Parameters
    ----------
    pieces
        In the order in which they are written.
    rows
        Number of rows.
    """
    done: list[tuple[Field, bytes]] = []
    for field, after in _with_texts(pieces, rows):
        if done and (both := _both(*done[-1], field, after, rows)):
            done[-1] = both, b""
        else:
            done.append((field, after))
    return [_followed(field, after) for field, after in done]


def _with_texts(pieces: Iterable[Piece], rows: int) -> list[tuple[Field, bytes]]:
    """Give every field with the text that follows it."""
    found: list[tuple[Field, bytes]] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            field, text = found.pop() if found else (_nothing(rows), b"")
            found.append((field, text + piece))
        else:
            found.append((piece, b""))
    return found


def _nothing(rows: int) -> Field:
    return Field((_NOTHING,), np.zeros(rows, np.uint8))


def _followed(field: Field, text: bytes) -> Field:
    """Make a text part of the field that it follows."""
    if not text:
        return field
    return Field(tuple(_with_text(part, text) for part in field.parts), field.codes)


def _both(one: Field, between: bytes, other: Field, after: bytes, rows: int) -> Field | None:
    """Fuse two fields and the texts that follow them in the way that suits them, or not at all."""
    if one.codes is other.codes and _sizes(one) == _sizes(other):
        return Field(_side_by_side(one, between, other, after), one.codes)
    if isinstance(one, Combinations) and one.has_firsts_of(other):
        return replace(one, parts=(_repeated(one.parts[0], between, other.parts[0], after),))
    if _has_few_combinations(one, other, rows):
        return _combinations(one, between, other, after)
    if one.parts == other.parts:
        return _nearly_equal(one, between, other, after, rows)
    return None


def _sizes(field: Field) -> list[int]:
    return [part.size for part in field.parts]


def _combinations(one: Field, between: bytes, other: Field, after: bytes) -> Combinations:
    codes = one.codes.astype(np.int32)
    codes *= np.int32(other.size)
    codes += other.codes.astype(np.int32, copy=False)
    texts = _combined(one.parts[0], between, other.parts[0], after)
    return Combinations((texts,), codes, one.codes, one.size)


def _nearly_equal(
    one: Field, between: bytes, other: Field, after: bytes, rows: int
) -> Field | None:
    """Write the pairs of equal texts, and then the pairs of the rows that differ, if few."""
    (differing,) = (one.codes != other.codes).nonzero()
    if len(differing) > rows // ROWS_PER_TEXT:
        return None
    equal = _side_by_side(one, between, other, after)
    if not len(differing):
        return Field(equal, one.codes)
    first, second = (field.spelt(field.codes[differing]) for field in (one, other))
    unequal = Vocabulary(_added(first, between, second, after))
    codes = one.codes.astype(np.int64)
    codes[differing] = one.size + np.arange(len(differing))
    return Field((*equal, unequal), codes)


def _has_few_combinations(one: Field, other: Field, rows: int) -> bool:
    if len(one.parts) != 1 or len(other.parts) != 1:
        return False
    (first,), (second,) = one.parts, other.parts
    all_last = first.lasts and second.lasts
    most = MOST_COMBINATIONS if all_last else max(rows // ROWS_PER_TEXT, 1)
    return first.size * second.size <= most


def _side_by_side(one: Field, between: bytes, other: Field, after: bytes) -> tuple[Vocabulary, ...]:
    return tuple(
        _element_by_element(first, between, second, after)
        for first, second in zip(one.parts, other.parts, strict=True)
    )


def _added(first: Text, between: bytes, second: Text, after: bytes) -> Text:
    return np.strings.add(_with(first, between), _with(second, after))


def _with(texts: Text, text: bytes) -> Text:
    # numpy gives an empty text one byte, which would make the texts wider than they are.
    return np.strings.add(texts, text) if text else texts


Made = TypeVarTuple("Made")
_lasts = attrgetter("lasts")


def _once_if_lasting(make: Callable[[*Made], Vocabulary]) -> Callable[[*Made], Vocabulary]:
    """Keep what is made of vocabularies that last."""
    kept = lru_cache(MOST_KEPT)(make)

    def made(*of: *Made) -> Vocabulary:
        # Vocabularies and the texts that follow them take turns.
        vocabularies = [*of][::2]
        return kept(*of) if all(map(_lasts, vocabularies)) else make(*of)

    return made


@_once_if_lasting
def _with_text(one: Vocabulary, text: bytes) -> Vocabulary:
    return Vocabulary(_with(one.texts, text), one.lasts)


@_once_if_lasting
def _element_by_element(
    one: Vocabulary, between: bytes, other: Vocabulary, after: bytes
) -> Vocabulary:
    texts = _added(one.texts, between, other.texts, after)
    return Vocabulary(texts, one.lasts and other.lasts)


@_once_if_lasting
def _combined(one: Vocabulary, between: bytes, other: Vocabulary, after: bytes) -> Vocabulary:
    """Give every text of the one with every text of the other: entry ``i * other.size + j``."""
    texts = _added(one.texts[:, None], between, other.texts[None, :], after).ravel()
    return Vocabulary(texts, one.lasts and other.lasts)


@_once_if_lasting
def _repeated(one: Vocabulary, between: bytes, other: Vocabulary, after: bytes) -> Vocabulary:
    """Give combinations, of which each text of the other is the first half, with that text."""
    of_firsts = one.texts.reshape(other.size, -1)
    texts = _added(of_firsts, between, other.texts[:, None], after).ravel()
    return Vocabulary(texts, one.lasts and other.lasts)
