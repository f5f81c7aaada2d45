"""Consecutive customers' blocks, and the CSV text of the files that a dataset consists of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.column import Column
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.companion_columns import companion_columns
from accidental_transfers.dataset.companions import accident_texts, customer_lines
from accidental_transfers.dataset.csv_text import Piece
from accidental_transfers.dataset.csv_writer import write_rows
from accidental_transfers.dataset.few_rows import FEW_ROWS, write_few_rows
from accidental_transfers.dataset.fusing import fused, in_lines
from accidental_transfers.dataset.outcomes import outcome_texts
from accidental_transfers.dataset.text_stream import TextStream
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import parameters_of
from accidental_transfers.spec.files import CsvFile


class Blocks:
    """The transactions of consecutive customers, made when they are asked for, as CSV text.

    Parameters
    ----------
    blocks
        Of consecutive customers of one dataset, one at least.
    accidents
        Those that are part of the dataset.
    """

    def __init__(self, blocks: Iterable[Block], accidents: Sequence[Accident]) -> None:
        # What an iterator gives is gone afterwards; what makes blocks anew need not be kept.
        self._source = tuple(blocks) if isinstance(blocks, Iterator) else blocks
        self._accidents = accidents

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, made once."""
        return tuple(self._source)

    @property
    def is_made(self) -> bool:
        """Whether its rows are in memory."""
        return "blocks" in self.__dict__

    def iter_blocks(self) -> Iterator[Block]:
        """Give one block after the other: those in memory, or else new ones that are not kept."""
        yield from self.blocks if self.is_made else self._source

    def iter_parts(self) -> Iterator[Blocks]:
        """Give the same one block after the other: see `iter_blocks`."""
        for block in self.iter_blocks():
            yield Blocks([block], self._accidents)

    @property
    def rows(self) -> int:
        """Number of transactions.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> generate(customers=5, seed=7, end_date="2024-01-31").rows
        1463
        """
        return sum(block.rows for block in self.blocks)

    def __len__(self) -> int:
        return self.rows

    @property
    def customer_count(self) -> int:
        """Number of customers, those without transactions as well.

        Examples
        --------
        >>> from accidental_transfers import generate
        >>> generate(customers=5).customer_count
        5
        """
        return sum(len(block.customers) for block in self.blocks)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The dataset's columns."""
        return columns_of(self._accidents)

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
        for block in self.iter_blocks():
            _write_lines(stream, block.rows, [column.text(block) for column in columns])

    def write_accidents_csv(self, stream: TextStream, header: bool = True) -> None:
        """Write the companion that tells the truth about every accident row."""
        self._write_header("accidents", stream, header)
        for block in self.iter_blocks():
            _write_few_lines(stream, len(block.truth), accident_texts(block))

    def write_customers_csv(self, stream: TextStream, header: bool = True) -> None:
        """Write the companion with every customer's true parameters."""
        parameters = parameters_of(self._accidents)
        self._write_header("customers", stream, header)
        for block in self.iter_blocks():
            stream.writelines(customer_lines(block.customers, parameters))

    def write_outcomes_csv(self, stream: TextStream, header: bool = True) -> None:
        """Write the companion that tells what came of accidents, and when it was known."""
        self._write_header("outcomes", stream, header)
        for block in self.iter_blocks():
            _write_few_lines(stream, len(block.outcomes), outcome_texts(block))

    def _write_header(self, file: CsvFile, stream: TextStream, wanted: bool) -> None:
        columns = companion_columns(file, self._accidents)
        _write_header(stream, [column.name for column in columns], wanted)


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
