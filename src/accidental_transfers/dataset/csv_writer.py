"""The CSV writer: each field of some thousand rows is put where it begins in one buffer.

The texts of a vocabulary are as wide as its longest: NUL bytes hang over behind a shorter one.
Nobody deletes them. A field is put down for all rows at once, and what is put down later covers
the overhang:

- First come the fields with overhang, from left to right. Each covers the overhang of those
  before it, but for what hangs over the end of the row, into the first fields of the next row.
- Last come the fields without: those whose texts all have one length, and the first of the row.
  If the first has texts of several lengths, the rows of each length are put down together.
- An overhang that could reach beyond the first fields of the next row would stay. A field that may
  have such is put down among the last, like the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.csv_text import Piece, Text, Vocabulary
from accidental_transfers.dataset.text_stream import TextStream
from accidental_transfers.model.arrays import Codes, Int

ROWS_AT_A_TIME = 2_048
"""Fewer pay more for calling numpy; more cost memory and save nothing."""

Buffer = npt.NDArray[np.uint8]
Lengths = Codes | int


def write_rows(stream: TextStream, rows: int, pieces: Sequence[Piece]) -> None:
    """Write the pieces of each row, one after the other, to a text stream."""
    if not rows or not pieces:
        return
    fields = [_of_one_vocabulary(piece, rows) for piece in pieces]
    vocabularies = [vocabulary for vocabulary, _ in fields]
    exact = _exact(vocabularies)
    buffer = _buffer(vocabularies, min(rows, ROWS_AT_A_TIME))
    for start in range(0, rows, ROWS_AT_A_TIME):
        chunk = slice(start, min(start + ROWS_AT_A_TIME, rows))
        codes = [codes[chunk].astype(np.intp, copy=False) for _, codes in fields]
        end = _put(buffer, vocabularies, codes, exact)
        stream.write(str(buffer.data[:end], "ascii"))


def _of_one_vocabulary(piece: Piece, rows: int) -> tuple[Vocabulary, Codes]:
    """Put a field's parts together, or spell its rows one by one where they are fewer."""
    if isinstance(piece, bytes):
        return Vocabulary(np.array([piece])), np.zeros(rows, np.uint8)
    if len(piece.parts) == 1:
        return piece.parts[0], piece.codes
    if piece.size < rows:
        return Vocabulary(piece.texts), piece.codes
    lengths = piece.lengths(piece.codes)
    return Vocabulary(piece.spelt(piece.codes), known_lengths=lengths), np.arange(rows)


def _buffer(vocabularies: Sequence[Vocabulary], rows: int) -> Buffer:
    """Give room for rows of the longest texts."""
    return np.empty(rows * sum(vocabulary.width for vocabulary in vocabularies), np.uint8)


def _exact(vocabularies: Sequence[Vocabulary]) -> list[bool]:
    """Choose the fields that are put down without overhang, and last."""
    first, *others = vocabularies
    of_one_length = takewhile(lambda vocabulary: not vocabulary.overhang, others)
    # What covers an overhang in any case: the rest of the row, and the next row's first fields.
    room = first.shortest + sum(vocabulary.shortest for vocabulary in of_one_length)
    exact = []
    for vocabulary in reversed(others):
        exact.append(not vocabulary.overhang or vocabulary.overhang > room)
        room += vocabulary.shortest
    return [True, *reversed(exact)]


class _Placed(NamedTuple):
    """A field of some rows.

    Attributes
    ----------
    texts
        Of its vocabulary.
    codes, lengths, begins
        (rows,): which text, how long it is, and where in the buffer it begins. The length is one
        number if all texts are as wide as the vocabulary.
    """

    texts: Text
    codes: Int
    lengths: Lengths
    begins: Int


def _put(
    buffer: Buffer, vocabularies: Sequence[Vocabulary], codes: Sequence[Int], exact: Sequence[bool]
) -> int:
    """Put rows into the buffer, one after the other, and tell where they end."""
    placed, end = _placed(vocabularies, codes)
    for field, is_exact in zip(placed, exact, strict=True):
        if not is_exact:
            _put_with_overhang(buffer, field)
    for field, is_exact in zip(placed, exact, strict=True):
        if is_exact:
            _put_exactly(buffer, field)
    return end


def _placed(vocabularies: Sequence[Vocabulary], codes: Sequence[Int]) -> tuple[list[_Placed], int]:
    """Find where the fields of rows begin, and where the last row ends."""
    texts = [vocabulary.texts for vocabulary in vocabularies]
    lengths = [_lengths(*each) for each in zip(vocabularies, codes, strict=True)]
    row = np.full(len(codes[0]), sum(each for each in lengths if isinstance(each, int)))
    for length in lengths:
        if not isinstance(length, int):
            row += length
    ends = row.cumsum()
    begins = accumulate(lengths[:-1], np.add, initial=ends - row)
    return [*map(_Placed, texts, codes, lengths, begins)], int(ends[-1])


def _lengths(vocabulary: Vocabulary, codes: Int) -> Lengths:
    return vocabulary.lengths.take(codes) if vocabulary.overhang else vocabulary.shortest


def _put_with_overhang(buffer: Buffer, field: _Placed) -> None:
    _items(buffer, field.texts.dtype)[field.begins] = field.texts.take(field.codes)


def _put_exactly(buffer: Buffer, field: _Placed) -> None:
    if isinstance(field.lengths, int):
        _put_with_overhang(buffer, field)
        return
    for length in np.flatnonzero(np.bincount(field.lengths)).tolist():
        if length:
            rows = np.flatnonzero(field.lengths == length)
            # Items that are narrower than the texts take as much of each as they hold.
            _items(buffer, np.dtype(f"S{length}"))[field.begins[rows]] = field.texts.take(
                field.codes[rows]
            )


def _items(buffer: Buffer, dtype: np.dtype[np.bytes_]) -> Text:
    """View the buffer as texts of one width that begin at every byte."""
    return np.ndarray((len(buffer) - dtype.itemsize + 1,), dtype, buffer, strides=(1,))
