"""The table of transactions: what a user gets as a DataFrame, as CSV and with its companions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.columns import (
    ACCIDENT_COLUMNS,
    CUSTOMER_COLUMNS,
    TRANSACTION_COLUMNS,
    accident_fields,
    customer_lines,
    transaction_fields,
)
from accidental_transfers.dataset.csv_text import write_rows
from accidental_transfers.dataset.frame import block_frame, joined_frames

if TYPE_CHECKING:
    import pandas as pd


class Table:
    """Labelled transactions.

    Parameters
    ----------
    blocks
        Of consecutive customers.
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

    def to_frame(self) -> pd.DataFrame:
        """Give the dataset as a pandas DataFrame, with categories where values repeat."""
        return joined_frames([block_frame(block) for block in self.blocks])

    def write_csv(self, stream: TextIO, header: bool = True) -> None:
        """Write the dataset as CSV text, byte for byte what pandas would write.

        Equal to ``to_frame().to_csv(stream, index=False, float_format="%.2f")``.
        """
        _write_header(stream, TRANSACTION_COLUMNS, header)
        for block in self.blocks:
            write_rows(stream, block.rows, transaction_fields(block))

    def write_accidents_csv(self, stream: TextIO, header: bool = True) -> None:
        """Write the companion that tells the truth about every accident row."""
        _write_header(stream, ACCIDENT_COLUMNS, header)
        for block in self.blocks:
            write_rows(stream, len(block.truth), accident_fields(block))

    def write_customers_csv(self, stream: TextIO, header: bool = True) -> None:
        """Write the companion with every customer's true parameters."""
        _write_header(stream, CUSTOMER_COLUMNS, header)
        for block in self.blocks:
            stream.writelines(customer_lines(block.customers))


def _write_header(stream: TextIO, columns: Sequence[str], wanted: bool) -> None:
    if wanted:
        stream.write(",".join(columns) + "\n")
