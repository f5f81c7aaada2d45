"""Pieces of rows as text."""

import io
from collections.abc import Sequence

from accidental_transfers.dataset.csv_text import Piece
from accidental_transfers.dataset.csv_writer import write_rows


def written(rows: int, pieces: Sequence[Piece]) -> str:
    stream = io.StringIO()
    write_rows(stream, rows, pieces)
    return stream.getvalue()
