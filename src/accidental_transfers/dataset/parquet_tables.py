"""What a dataset's files are in Parquet: their schemas, and how blocks become their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from accidental_transfers.dataset.arrow import array_of, pyarrow, schema_of_columns
from accidental_transfers.dataset.block import Block, customer_ids
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.companion_parquet import (
    companion_lines,
    companion_schema,
    companion_table,
)
from accidental_transfers.dataset.holding import HeldRows, named_again
from accidental_transfers.dataset.row_groups import GroupedFile, Stream
from accidental_transfers.model.arrays import Int
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CsvFile

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_GROUP = 1 << 18
"""Transactions that are compressed together: some 3 MB of the file. They wait for that at 36 bytes
each. Fewer would be slower and larger, since each group spells the recipients that it has."""
ROWS_PER_COMPANION_GROUP = 1 << 14
"""The same of companions, which wait as lines of text, at some 170 bytes each."""
SORTED_BY = ("customer_id", "timestamp")


@dataclass(frozen=True)
class ParquetTable:
    """What one of a dataset's files is in Parquet.

    Attributes
    ----------
    schema
        What readers are told.
    part
        Gives the rows that the file has of a block, as they are held until there are enough.
    day
        Gives the days of those rows, counted from the first of the period: (rows,).
    together
        Makes a table of the rows of several blocks.
    sorted_by
        Gives the columns whose order is that of the rows, by the first rows.
    rows_per_group
        Rows that are compressed together.
    """

    schema: pa.Schema
    part: Callable[[Block], Any]
    day: Callable[[Block], Int]
    together: Callable[[Sequence[Any]], pa.Table]
    sorted_by: Callable[[pa.Table], Iterable[str]]
    rows_per_group: int

    def file(self, opened: Callable[[], Stream]) -> GroupedFile[Any]:
        """Give what writes parts to a file: see `GroupedFile`."""
        return GroupedFile(opened, self.schema, self.together, self.sorted_by, self.rows_per_group)


def parquet_table(
    file: CsvFile,
    spec: DatasetSpec,
    decimals: bool = False,
    told: Mapping[str, str] | None = None,
) -> ParquetTable:
    """Give what a file is in Parquet: see `arrow.schema_of_columns`.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    if file == "dataset":
        schema = dataset_schema(spec, decimals, told)
        return ParquetTable(
            schema,
            HeldRows.of,
            lambda block: block.day,
            partial(_transactions, spec, schema),
            partial(_order, spec),
            ROWS_PER_GROUP,
        )
    schema = companion_schema(file, spec, decimals, told)
    return ParquetTable(
        schema,
        partial(companion_lines, file),
        partial(_day_of_companion, file),
        partial(companion_table, schema),
        lambda _: (),
        ROWS_PER_COMPANION_GROUP,
    )


def dataset_schema(
    spec: DatasetSpec, decimals: bool = False, told: Mapping[str, str] | None = None
) -> pa.Schema:
    """Give the schema of the transactions: see `arrow.schema_of_columns`.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    categories = pa.dictionary(pa.int32(), pa.string())
    return schema_of_columns(columns_of(spec.accidents), spec, categories, decimals, told)


def _transactions(spec: DatasetSpec, schema: pa.Schema, parts: Sequence[HeldRows]) -> pa.Table:
    pa, _ = pyarrow()
    rows = named_again(parts, spec.start_date)
    arrays = [
        array_of(column.values(rows), field)
        for column, field in zip(columns_of(spec.accidents), schema, strict=True)
    ]
    fields = [field.with_type(array.type) for field, array in zip(schema, arrays, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _day_of_companion(file: CsvFile, block: Block) -> Int:
    row = block.truth.row if file == "accidents" else block.outcomes.row
    return block.day[row]


def _order(spec: DatasetSpec, first_group: pa.Table) -> Iterable[str]:
    """Tell the order of the rows, if ids as text have it: all that may come are as long."""
    longest = customer_ids(np.array([spec.customers])).itemsize
    if len(first_group) and len(first_group["customer_id"][0].as_py()) == longest:
        return SORTED_BY
    return ()
