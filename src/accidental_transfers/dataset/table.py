"""The table of transactions: what a user gets as a DataFrame, as CSV and with its companions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.column import Column
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.companions import (
    ACCIDENT_COLUMNS,
    ACCIDENT_TEXTS,
    customer_columns,
    customer_lines,
)
from accidental_transfers.dataset.csv_text import Piece
from accidental_transfers.dataset.csv_writer import write_rows
from accidental_transfers.dataset.few_rows import FEW_ROWS, write_few_rows
from accidental_transfers.dataset.frame import frame_of
from accidental_transfers.dataset.fusing import fused, in_lines
from accidental_transfers.dataset.outcomes import OUTCOME_COLUMNS, outcome_texts
from accidental_transfers.dataset.text_stream import TextStream
from accidental_transfers.model.accidents import parameters_of
from accidental_transfers.spec.files import CsvFile

if TYPE_CHECKING:
    import pandas as pd


class Table:
    """Labelled transactions.

    Parameters
    ----------
    blocks
        Of consecutive customers of one dataset, one at least.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = tuple(blocks)

    @property
    def rows(self) -> int:
        """Number of transactions."""
        return sum(block.rows for block in self.blocks)

    @property
    def customers(self) -> int:
        """Number of customers."""
        return sum(len(block.customers) for block in self.blocks)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The dataset's columns."""
        return columns_of(self.blocks[0].accidents)

    def to_frame(self) -> pd.DataFrame:
        """Give the dataset as a pandas DataFrame, with categories where values repeat."""
        return frame_of(self.blocks, self.columns)

    def write_csv(self, stream: TextStream, header: bool = True) -> None:
        """Write the dataset as CSV text, byte for byte what pandas would write.

        Equal to ``to_frame().to_csv(stream, index=False, float_format="%.2f")``.
        """
        self.write_columns(stream, self.columns, header)

    def write(self, file: CsvFile, stream: TextStream, header: bool = True) -> None:
        """Write one of the files that the dataset consists of."""
        writers = {
            "dataset": self.write_csv,
            "accidents": self.write_accidents_csv,
            "customers": self.write_customers_csv,
            "outcomes": self.write_outcomes_csv,
        }
        writers[file](stream, header)

    def write_columns(
        self, stream: TextStream, columns: Sequence[Column], header: bool = True
    ) -> None:
        """Write some columns of the dataset as CSV text, in any order."""
        _write_header(stream, [column.name for column in columns], header)
        for block in self.blocks:
            _write_lines(stream, block.rows, [column.text(block) for column in columns])

    def write_accidents_csv(self, stream: TextStream, header: bool = True) -> None:
        """Write the companion that tells the truth about every accident row."""
        _write_header(stream, ACCIDENT_COLUMNS, header)
        for block in self.blocks:
            texts = [text(block) for text in ACCIDENT_TEXTS.values()]
            _write_few_lines(stream, len(block.truth), texts)

    def write_customers_csv(self, stream: TextStream, header: bool = True) -> None:
        """Write the companion with every customer's true parameters."""
        parameters = parameters_of(self.blocks[0].accidents)
        _write_header(stream, customer_columns(parameters), header)
        for block in self.blocks:
            stream.writelines(customer_lines(block.customers, parameters))

    def write_outcomes_csv(self, stream: TextStream, header: bool = True) -> None:
        """Write the companion that tells what came of accidents, and when it was known."""
        _write_header(stream, OUTCOME_COLUMNS, header)
        for block in self.blocks:
            _write_few_lines(stream, len(block.outcomes), outcome_texts(block))


def _write_header(stream: TextStream, columns: Sequence[str], wanted: bool) -> None:
    if wanted:
        stream.write(",".join(columns) + "\n")


def _write_lines(stream: TextStream, rows: int, columns: Sequence[Sequence[Piece]]) -> None:
    write_rows(stream, rows, fused(in_lines(columns), rows))


def _write_few_lines(stream: TextStream, rows: int, columns: Sequence[Sequence[Piece]]) -> None:
    """Write the lines of a companion, of which a block hardly ever has many."""
    if rows <= FEW_ROWS:
        write_few_rows(stream, rows, in_lines(columns))
    else:
        _write_lines(stream, rows, columns)
