"""Parquet: the CSV's rows with their types, some hundred thousand at a time.

Text that repeats without end, as recipients do, is text, not a category: readers would give two
such columns categories of their own, which cannot be compared. In the file both are dictionaries.
Amounts are floating-point numbers, which every reader takes for numbers: the nearest to the cents,
and the same that reading the CSV gives. A decimal would be an object for each row in pandas.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from accidental_transfers.dataset.arrow import pyarrow
from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.files import beside, written_aside
from accidental_transfers.dataset.parquet_tables import parquet_table
from accidental_transfers.dataset.row_groups import Stream
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CSV_FILES, CsvFile

if TYPE_CHECKING:
    from accidental_transfers.dataset.blocks import Blocks

PARQUET = ".parquet"


def write_parquet_files(blocks: Blocks, spec: DatasetSpec, path: Path, companions: bool) -> None:
    """Write the dataset to a Parquet file, and its companions beside it.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    OutputError
        If a file cannot be written.
    """
    # Whoever lacks pyarrow is told before a file is begun.
    pyarrow()
    files = CSV_FILES if companions else CSV_FILES[:1]
    with ExitStack() as stack:
        rows = [
            stack.enter_context(_rows_of_file(beside(path, file, PARQUET), spec, file))
            for file in files
        ]
        for block in blocks.iter_blocks():
            for each in rows:
                each.write(block)


@contextmanager
def _rows_of_file(path: Path, spec: DatasetSpec, file: CsvFile) -> Iterator[ParquetRows]:
    with (
        written_aside(path) as aside,
        aside.open("wb") as stream,
        parquet_rows(stream, spec, file) as rows,
    ):
        yield rows


@contextmanager
def parquet_rows(
    stream: Stream, spec: DatasetSpec, file: CsvFile = "dataset"
) -> Iterator[ParquetRows]:
    """Give what writes a dataset's blocks, or a companion's, one after the other, as Parquet.

    The bytes depend on the rows, the specification and the version of pyarrow, not on the blocks.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    rows = ParquetRows(stream, spec, file)
    try:
        yield rows
        rows.file.finish()
    except BaseException:
        rows.file.give_up()
        raise


class ParquetRows:
    """Blocks as rows of a Parquet file: see `parquet_rows`."""

    def __init__(self, stream: Stream, spec: DatasetSpec, file: CsvFile) -> None:
        table = parquet_table(file, spec)
        self._part = table.part
        self.file = table.file(lambda: stream)

    def write(self, block: Block) -> int:
        """Add the rows that the file has of a block, and tell how many they are."""
        part = self._part(block)
        self.file.add(part)
        return len(part)
