"""The lake: transactions and their companions as Parquet files, one for each table and month.

A month is that of the transaction, by the local clock; what happened to it goes with it. Blocks
are customers over the whole period, so that every month has a group of rows that fills.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.parquet_tables import parquet_table
from accidental_transfers.dataset.row_groups import GroupedFile, Stream
from accidental_transfers.model.arrays import Int
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CsvFile

LakeTable = Literal["transactions", "accidents", "customers", "outcomes"]
LAKE_TABLES: dict[LakeTable, CsvFile] = {
    "transactions": "dataset",
    "accidents": "accidents",
    "customers": "customers",
    "outcomes": "outcomes",
}
"""The tables, and the files of the CSV whose rows they have."""

BY_MONTH: tuple[LakeTable, ...] = tuple(table for table in LAKE_TABLES if table != "customers")
"""Those with files for each month."""
PARQUET_BYTES_PER_ROW = 12
"""Of the transactions' files; 12.2 were measured, of 216,000 rows in three months."""


class LakeFile(NamedTuple):
    """Which file of a slice.

    Attributes
    ----------
    month
        ``2024-01``; None for customers, who are of no month.
    """

    table: LakeTable
    month: str | None


@contextmanager
def lake_of(
    spec: DatasetSpec, told: Mapping[str, str], opened: Callable[[LakeFile], Stream]
) -> Iterator[Lake]:
    """Give what writes blocks of consecutive customers as files for each table and month.

    The bytes of a file depend on its rows, the specification, what is told and the version of
    pyarrow, not on the blocks. A table and month without rows has no file.

    Parameters
    ----------
    told
        What the files' metadata say beside the specification and the dataset version: such as the
        run and the licence.
    opened
        Gives the stream of a file, when its first group of rows is written or its end. It gets
        calls of ``write`` with bytes, and is not closed. After an error it gets no more.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    lake = Lake(spec, told, opened)
    try:
        yield lake
        lake.finish()
    except BaseException:
        lake.give_up()
        raise


class Lake:
    """Blocks as rows of Parquet files: see `lake_of`."""

    def __init__(
        self, spec: DatasetSpec, told: Mapping[str, str], opened: Callable[[LakeFile], Stream]
    ) -> None:
        self._tables = {
            table: parquet_table(file, spec, decimals=True, told=told)
            for table, file in LAKE_TABLES.items()
        }
        self._opened = opened
        self._files: dict[LakeFile, GroupedFile[Any]] = {}
        days = np.datetime64(spec.start_date, "D") + np.arange(spec.days)
        self._months, self._month_of_day = np.unique(days.astype("M8[M]"), return_inverse=True)

    @property
    def rows(self) -> dict[LakeFile, int]:
        """Rows of each file so far: of all, when the context has been left."""
        return {name: file.rows for name, file in self._files.items()}

    def write(self, block: Block) -> None:
        """Add what the customers of a block do; blocks come in the order of their customers."""
        for name, table in self._tables.items():
            part = table.part(block)
            if name == "customers":
                self._add(LakeFile(name, None), part)
                continue
            month = self._month_of_day[table.day(block)]
            for code, rows in _by_month(month):
                self._add(LakeFile(name, str(self._months[code])), part.take(rows))

    def finish(self) -> None:
        """Write what is left of every file, and its end."""
        for file in self._files.values():
            file.finish()

    def give_up(self) -> None:
        """Let go of files that will not become whole."""
        for file in self._files.values():
            file.give_up()

    def _add(self, name: LakeFile, part: Any) -> None:
        if name not in self._files:
            opened = partial(self._opened, name)
            self._files[name] = self._tables[name.table].file(opened)
        self._files[name].add(part)


def _by_month(month: Int) -> Iterator[tuple[int, Int]]:
    """Give the rows of each month that has some, in their order."""
    order = np.argsort(month.astype(np.uint16), kind="stable")
    ends = np.cumsum(np.bincount(month))
    for code, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        if start < end:
            yield code, order[start:end]
