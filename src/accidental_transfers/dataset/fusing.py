"""Fusing neighbouring fields: what takes less time to write, text for text the same.

Every field costs time for every row. Two neighbours become one field, by the first way that fits:

1. They have the very same codes: text is added to text.
2. Their combinations are few: every text of the one with every text of the other.
3. They have the same vocabularies and nearly always the same codes, as the recipient and the
   intended recipient do: every text with itself, and then the pairs of the rows that differ.

What stands between them, a comma for example, becomes part of the texts. What is fused of
vocabularies that last is kept for the next block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np

from accidental_transfers.dataset.csv_text import Field, Piece, Text, Vocabulary

MOST_COMBINATIONS = 1 << 16
"""Of vocabularies that last: their texts take a few megabytes at most."""
ROWS_PER_TEXT = 8
"""A text that is made for one block alone pays if it serves so many rows."""

COMMA, LINE_END = b",", b"\n"


def in_lines(columns: Iterable[Sequence[Piece]]) -> list[Piece]:
    """Lay out columns as lines of CSV: a comma between two, a line's end after the last."""
    pieces: list[Piece] = []
    for column in columns:
        pieces += [COMMA, *column] if pieces else column
    return [*pieces, LINE_END]


def fused(pieces: Iterable[Piece], rows: int) -> list[Piece]:
    """Fuse neighbouring pieces of every row where that pays.

    Parameters
    ----------
    pieces
        In the order in which they are written.
    rows
        Number of rows.
    """
    done: list[Piece] = []
    for piece in map(_simplified, pieces):
        between = _taken_text(done)
        if isinstance(piece, bytes):
            done.append(between + piece)
        elif done and (both := _both(done[-1], between, piece, rows)) is not None:
            done[-1] = both
        else:
            done += [between, piece] if between else [piece]
    return done


def _taken_text(done: list[Piece]) -> bytes:
    """Take the text off the end, if there is one."""
    if not done or not isinstance(text := done[-1], bytes):
        return b""
    done.pop()
    return text


def _simplified(piece: Piece) -> Piece:
    """Take a vocabulary of one text for the same text in all rows."""
    if isinstance(piece, Field) and len(piece) == 1:
        return bytes(piece.texts[0])
    return piece


def _both(one: Piece, between: bytes, other: Field, rows: int) -> Field | None:
    """Fuse two fields in the way that suits them, or not at all."""
    if isinstance(one, bytes):
        return None
    if one.codes is other.codes and [*map(len, one.parts)] == [*map(len, other.parts)]:
        return Field(_side_by_side(one, between, other), one.codes)
    if _has_few_combinations(one, other, rows):
        codes = one.codes.astype(np.int32) * np.int32(len(other)) + other.codes.astype(np.int32)
        return Field((_combined(one.parts[0], between, other.parts[0]),), codes)
    if one.parts == other.parts:
        return _nearly_equal(one, between, other, rows)
    return None


def _nearly_equal(one: Field, between: bytes, other: Field, rows: int) -> Field | None:
    """Write the pairs of equal texts, and then the pairs of the rows that differ, if few."""
    differing = np.flatnonzero(one.codes != other.codes)
    if len(differing) > rows // ROWS_PER_TEXT:
        return None
    unequal = _added(one.spelt(one.codes[differing]), between, other.spelt(other.codes[differing]))
    codes = one.codes.astype(np.int64)
    codes[differing] = len(one) + np.arange(len(differing))
    return Field((*_side_by_side(one, between, other), Vocabulary(unequal)), codes)


def _has_few_combinations(one: Field, other: Field, rows: int) -> bool:
    parts = (*one.parts, *other.parts)
    most = MOST_COMBINATIONS if all(part.lasts for part in parts) else rows // ROWS_PER_TEXT
    return len(parts) == 2 and len(one) * len(other) <= most


def _side_by_side(one: Field, between: bytes, other: Field) -> tuple[Vocabulary, ...]:
    return tuple(
        _element_by_element(first, between, second)
        for first, second in zip(one.parts, other.parts, strict=True)
    )


def _added(first: Text, between: bytes, second: Text) -> Text:
    return np.strings.add(np.strings.add(first, between), second)


Make = Callable[[Vocabulary, bytes, Vocabulary], Vocabulary]


def _once_if_lasting(make: Make) -> Make:
    """Keep what is made of two vocabularies that last."""
    kept = cache(make)

    def made(one: Vocabulary, between: bytes, other: Vocabulary) -> Vocabulary:
        lasts = one.lasts and other.lasts
        return kept(one, between, other) if lasts else make(one, between, other)

    return made


@_once_if_lasting
def _element_by_element(one: Vocabulary, between: bytes, other: Vocabulary) -> Vocabulary:
    return Vocabulary(_added(one.texts, between, other.texts), one.lasts and other.lasts)


@_once_if_lasting
def _combined(one: Vocabulary, between: bytes, other: Vocabulary) -> Vocabulary:
    """Give every text of the one with every text of the other: entry ``i * len(other) + j``."""
    texts = _added(one.texts[:, None], between, other.texts[None, :]).ravel()
    return Vocabulary(texts, one.lasts and other.lasts)
