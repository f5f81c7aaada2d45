"""Parquet: the CSV's rows with their types, some hundred thousand at a time.

Text that repeats without end, as recipients do, is text, not a category: readers would give two
such columns categories of their own, which cannot be compared. In the file both are dictionaries.
Amounts are floating-point numbers, which every reader takes for numbers: the nearest to the cents,
and the same that reading the CSV gives. A decimal would be an object for each row in pandas.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import CUSTOMER_DIGITS, Block
from accidental_transfers.dataset.column import (
    BOOLEAN,
    CATEGORY,
    DECIMAL,
    TEXT,
    TIMESTAMP,
    Coded,
    Column,
)
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.files import written_aside
from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.errors import MissingDependencyError
from accidental_transfers.spec import DatasetSpec

if TYPE_CHECKING:
    import pyarrow as pa

    from accidental_transfers.dataset.blocks import Blocks

ROWS_PER_GROUP = 1 << 18
"""Rows that are compressed together, and that a reader may skip: some 3 MB of the file."""
PREFIX = "accidental_transfers."
"""Of the keys in the file's metadata."""
SORTED_BY = ("customer_id", "timestamp")
NUMBERED = {"transaction_id": "DELTA_BYTE_ARRAY", "timestamp": "DELTA_BINARY_PACKED"}
"""Columns whose values go on from row to row, and how that is written; of the others, values
repeat."""


def write_parquet_file(blocks: Blocks, spec: DatasetSpec, path: Path) -> None:
    """Write the dataset to a Parquet file, which appears when everything is written.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    OutputError
        If the file cannot be written.
    """
    # Whoever lacks pyarrow is told before a file is begun.
    _pyarrow()
    with (
        written_aside(path) as partial,
        partial.open("wb") as stream,
        parquet_rows(stream, spec) as rows,
    ):
        for block in blocks.iter_blocks():
            rows.write(block)


@contextmanager
def parquet_rows(stream: BinaryIO | RawIOBase, spec: DatasetSpec) -> Iterator[ParquetRows]:
    """Give what writes a dataset's blocks, one after the other, as one Parquet file.

    The bytes depend on the rows, the specification and the version of pyarrow, not on the blocks.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    rows = ParquetRows(stream, spec)
    try:
        yield rows
        rows.finish()
    except BaseException:
        rows.give_up()
        raise


class ParquetRows:
    """Blocks as rows of a Parquet file: see `parquet_rows`."""

    def __init__(self, stream: BinaryIO | RawIOBase, spec: DatasetSpec) -> None:
        _, parquet = _pyarrow()
        self._columns = columns_of(spec.accidents)
        self._schema = schema_of(spec)
        self._held: list[pa.Table] = []
        repeating = [name for name in self._schema.names if name not in NUMBERED]
        self._writer = parquet.ParquetWriter(
            stream,
            self._schema,
            compression="zstd",
            use_dictionary=repeating,
            column_encoding=NUMBERED,
            sorting_columns=_sorting(self._schema, spec),
        )

    def write(self, block: Block) -> None:
        """Add the rows of a block."""
        pa, _ = _pyarrow()
        arrays = [_array(column, column.values(block)) for column in self._columns]
        self._held.append(pa.Table.from_arrays(arrays, schema=self._schema))
        while sum(map(len, self._held)) >= ROWS_PER_GROUP:
            held = pa.concat_tables(self._held)
            self._write_group(held.slice(0, ROWS_PER_GROUP))
            self._held = [held.slice(ROWS_PER_GROUP)]

    def finish(self) -> None:
        """Write what is left, and the end of the file."""
        pa, _ = _pyarrow()
        if any(map(len, self._held)):
            self._write_group(pa.concat_tables(self._held))
        self._writer.close()

    def give_up(self) -> None:
        """Let go of a file that will not become whole, even if no more can be written to it."""
        with suppress(OSError, ValueError):
            self._writer.close()

    def _write_group(self, rows: pa.Table) -> None:
        # In one piece, so that pages end where they do whatever the blocks were.
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROWS_PER_GROUP)


def schema_of(spec: DatasetSpec) -> pa.Schema:
    """Give the schema: the columns with their meanings, the specification and the version.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = _pyarrow()
    types = {
        TEXT: pa.string(),
        CATEGORY: pa.dictionary(pa.int32(), pa.string()),
        TIMESTAMP: pa.timestamp("ms"),
        DECIMAL: pa.float64(),
        BOOLEAN: pa.bool_(),
    }
    fields = [
        pa.field(column.name, types[column.type], nullable=False,
                 metadata={"meaning": column.meaning})
        for column in columns_of(spec.accidents)
    ]  # fmt: skip
    # Of a job only what makes the data: where it was put is no matter of the data.
    told = spec.model_dump(mode="json", include=set(DatasetSpec.model_fields))
    return pa.schema(
        fields,
        {f"{PREFIX}dataset_version": str(DATASET_VERSION), f"{PREFIX}spec": json.dumps(told)},
    )


def _sorting(schema: pa.Schema, spec: DatasetSpec) -> Sequence[Any] | None:
    """Tell the order of the rows, where it is that of the ids as text, too."""
    _, parquet = _pyarrow()
    if spec.customers >= 10**CUSTOMER_DIGITS:
        return None
    return [parquet.SortingColumn(schema.get_field_index(name)) for name in SORTED_BY]


def _array(column: Column, values: Coded | npt.NDArray[np.generic]) -> pa.Array:
    pa, _ = _pyarrow()
    if isinstance(values, Coded):
        if column.type is CATEGORY:
            return _dictionary(_with_names_once(values))
        return _dictionary(values).dictionary_decode()
    if values.dtype.kind == "S":
        return _texts(values)
    return pa.array(values.astype("M8[ms]") if values.dtype.kind == "M" else values)


def _dictionary(values: Coded) -> pa.Array:
    pa, _ = _pyarrow()
    codes = pa.array(values.codes.astype(np.int32))
    return pa.DictionaryArray.from_arrays(codes, pa.array(values.names))


def _with_names_once(values: Coded) -> Coded:
    """Give names that are all different, as categories must be: cities may have the same."""
    place: dict[str, int] = {}
    code = [place.setdefault(name, len(place)) for name in values.names]
    return Coded(list(place), np.array(code)[values.codes])


def _texts(values: npt.NDArray[np.generic]) -> pa.Array:
    """Take ASCII texts that are padded with NUL bytes, without making each one in Python."""
    pa, _ = _pyarrow()
    lengths = np.strings.str_len(values.astype(np.bytes_, copy=False))
    ends = np.append(0, np.cumsum(lengths)).astype(np.int32)
    text = values.tobytes().translate(None, b"\0")
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _pyarrow() -> tuple[Any, Any]:
    """Load pyarrow, which takes half a second, and which the artefact for AWS does without."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            "Parquet needs pyarrow, which is not installed: "
            "pip install 'accidental-transfers[parquet]'"
        ) from error
    return pa, parquet
