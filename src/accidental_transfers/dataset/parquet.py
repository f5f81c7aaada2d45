"""Parquet: the CSV's rows with their types, some hundred thousand at a time.

Text that repeats without end, as recipients do, is text, not a category: readers would give two
such columns categories of their own, which cannot be compared. In the file both are dictionaries.
Amounts are floating-point numbers, which every reader takes for numbers: the nearest to the cents,
and the same that reading the CSV gives. A decimal would be an object for each row in pandas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.arrow import pyarrow, schema_of_columns
from accidental_transfers.dataset.block import CUSTOMER_DIGITS, Block
from accidental_transfers.dataset.column import CATEGORY, Coded, Column
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.companion_parquet import companion_schema, companion_table
from accidental_transfers.dataset.files import beside, written_aside
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CSV_FILES, CsvFile

if TYPE_CHECKING:
    import pyarrow as pa

    from accidental_transfers.dataset.blocks import Blocks

PARQUET = ".parquet"
ROWS_PER_GROUP = 1 << 18
"""Rows that are compressed together, and that a reader may skip: some 3 MB of the file."""
ROWS_PER_COMPANION_GROUP = 1 << 16
"""Of a companion: enough to compress well, and few enough to wait for them beside the dataset's."""
SORTED_BY = ("customer_id", "timestamp")
NUMBERED = {"transaction_id": "DELTA_BYTE_ARRAY", "timestamp": "DELTA_BINARY_PACKED"}
"""Columns whose values go on from row to row, and how that is written; of the others, values
repeat."""


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
    stream: BinaryIO | RawIOBase, spec: DatasetSpec, file: CsvFile = "dataset"
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
        rows.finish()
    except BaseException:
        rows.give_up()
        raise


class ParquetRows:
    """Blocks as rows of a Parquet file: see `parquet_rows`."""

    def __init__(self, stream: BinaryIO | RawIOBase, spec: DatasetSpec, file: CsvFile) -> None:
        _, parquet = pyarrow()
        self._table, schema = _content(file, spec)
        self._group = ROWS_PER_GROUP if file == "dataset" else ROWS_PER_COMPANION_GROUP
        self._held: list[pa.Table] = []
        numbered = {name: how for name, how in NUMBERED.items() if name in schema.names}
        self._writer = parquet.ParquetWriter(
            stream,
            schema,
            compression="zstd",
            use_dictionary=[name for name in schema.names if name not in numbered],
            column_encoding=numbered or None,
            sorting_columns=_sorting(schema, spec),
        )

    def write(self, block: Block) -> int:
        """Add the rows that the file has of a block, and tell how many they are."""
        pa, _ = pyarrow()
        rows = self._table(block)
        self._held.append(rows)
        while sum(map(len, self._held)) >= self._group:
            held = pa.concat_tables(self._held)
            self._write_group(held.slice(0, self._group))
            self._held = [held.slice(self._group)]
        return len(rows)

    def finish(self) -> None:
        """Write what is left, and the end of the file."""
        pa, _ = pyarrow()
        if any(map(len, self._held)):
            self._write_group(pa.concat_tables(self._held))
        self._writer.close()

    def give_up(self) -> None:
        """Let go of a file that will not become whole, even if no more can be written to it."""
        with suppress(OSError, ValueError):
            self._writer.close()

    def _write_group(self, rows: pa.Table) -> None:
        # In one piece, so that pages end where they do whatever the blocks were.
        self._writer.write_table(rows.combine_chunks(), row_group_size=self._group)


def _content(file: CsvFile, spec: DatasetSpec) -> tuple[Callable[[Block], pa.Table], pa.Schema]:
    """Give what makes a file's rows of a block, and their schema."""
    if file == "dataset":
        schema = schema_of(spec)
        return partial(_dataset_table, columns_of(spec.accidents), schema), schema
    return partial(companion_table, file, spec), companion_schema(file, spec)


def _dataset_table(columns: Sequence[Column], schema: pa.Schema, block: Block) -> pa.Table:
    pa, _ = pyarrow()
    arrays = [_array(column, column.values(block)) for column in columns]
    return pa.Table.from_arrays(arrays, schema=schema)


def schema_of(spec: DatasetSpec) -> pa.Schema:
    """Give the dataset's schema: see `arrow.schema_of_columns`.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    return schema_of_columns(
        columns_of(spec.accidents), spec, categories=pa.dictionary(pa.int32(), pa.string())
    )


def _sorting(schema: pa.Schema, spec: DatasetSpec) -> Sequence[Any] | None:
    """Tell the order of the rows, where it is that of the ids as text, too."""
    _, parquet = pyarrow()
    if spec.customers >= 10**CUSTOMER_DIGITS or not set(SORTED_BY) <= set(schema.names):
        return None
    return [parquet.SortingColumn(schema.get_field_index(name)) for name in SORTED_BY]


def _array(column: Column, values: Coded | npt.NDArray[np.generic]) -> pa.Array:
    pa, _ = pyarrow()
    if isinstance(values, Coded):
        if column.type is CATEGORY:
            return _dictionary(_with_names_once(values))
        return _dictionary(values).dictionary_decode()
    if values.dtype.kind == "S":
        return _texts(values)
    return pa.array(values.astype("M8[ms]") if values.dtype.kind == "M" else values)


def _dictionary(values: Coded) -> pa.Array:
    pa, _ = pyarrow()
    codes = pa.array(values.codes.astype(np.int32))
    return pa.DictionaryArray.from_arrays(codes, pa.array(values.names))


def _with_names_once(values: Coded) -> Coded:
    """Give names that are all different, as categories must be: cities may have the same."""
    place: dict[str, int] = {}
    code = [place.setdefault(name, len(place)) for name in values.names]
    return Coded(list(place), np.array(code)[values.codes])


def _texts(values: npt.NDArray[np.generic]) -> pa.Array:
    """Take ASCII texts that are padded with NUL bytes, without making each one in Python."""
    pa, _ = pyarrow()
    lengths = np.strings.str_len(values.astype(np.bytes_, copy=False))
    ends = np.append(0, np.cumsum(lengths)).astype(np.int32)
    text = values.tobytes().translate(None, b"\0")
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)
