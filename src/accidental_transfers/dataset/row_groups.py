"""A Parquet file, written a group of rows at a time, as many in each as there are to be."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from accidental_transfers.dataset.arrow import pyarrow

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERED = {"transaction_id": "DELTA_BYTE_ARRAY", "timestamp": "DELTA_BINARY_PACKED"}
"""Columns whose values go on from row to row, and how that is written; of the others, values
repeat. Trino reads these, and so Athena does; newer encodings it would not."""
PRUNED_BY = ("customer_id", "transaction_id", "timestamp")
"""Columns of which groups tell the least and the greatest value, by which readers skip groups."""


class Part(Protocol):
    """Some rows."""

    def __len__(self) -> int: ...
    def __getitem__(self, rows: slice, /) -> Self: ...


class Stream(Protocol):
    """What takes a file's bytes."""

    def write(self, content: bytes, /) -> Any:
        """Take some."""


P = TypeVar("P", bound=Part)


class GroupedFile(Generic[P]):
    """Rows that are held until a group is full, and then written.

    The bytes depend on the rows, the schema and the version of pyarrow, not on the parts.

    Parameters
    ----------
    opened
        Gives the stream. It is called when the first group is written, or the end.
    schema
        What readers are told. A dictionary that is written where it says text is text to them.
    table
        Puts parts together.
    sorted_by
        Gives the columns whose order is that of the rows, by the first group.
    rows_per_group
        Rows that are compressed together, and that a reader may skip.
    """

    def __init__(
        self,
        opened: Callable[[], Stream],
        schema: pa.Schema,
        table: Callable[[Sequence[P]], pa.Table],
        sorted_by: Callable[[pa.Table], Iterable[str]],
        rows_per_group: int,
    ) -> None:
        self.rows = 0
        self._opened, self._schema, self._table = opened, schema, table
        self._sorted_by, self._rows_per_group = sorted_by, rows_per_group
        self._held: list[P] = []
        self._count = 0
        self._bytes: _Bytes | None = None
        self._writer: Any = None

    def add(self, part: P) -> None:
        """Add rows, and write every group that is full."""
        self.rows += len(part)
        self._held.append(part)
        self._count += len(part)
        while self._count >= self._rows_per_group:
            *parts, last = self._held
            self._count -= self._rows_per_group
            end = len(last) - self._count
            self._write([*parts, last[:end]])
            self._held = [last[end:]]

    def finish(self) -> None:
        """Write what is left, and the end of the file."""
        if self._writer is None or self._count:
            self._write(self._held)
        self._writer.add_key_value_metadata(_metadata(self._schema))
        self._writer.close()

    def give_up(self) -> None:
        """Let go of a file that will not become whole, without another byte."""
        if self._bytes:
            self._bytes.end()
            with suppress(OSError, ValueError):
                self._writer.close()

    def _write(self, parts: Sequence[P]) -> None:
        table = self._table(parts)
        if self._writer is None:
            self._bytes = _Bytes(self._opened())
            self._writer = _writer(self._bytes, table, self._sorted_by(table))
        if len(table):
            self._writer.write_table(table, row_group_size=self._rows_per_group)


def _writer(stream: io.RawIOBase, table: pa.Table, sorted_by: Iterable[str]) -> Any:
    _, parquet = pyarrow()
    names = table.schema.names
    numbered = {name: how for name, how in NUMBERED.items() if name in names}
    order = [parquet.SortingColumn(names.index(name)) for name in sorted_by]
    return parquet.ParquetWriter(
        stream,
        table.schema,
        compression="zstd",
        use_dictionary=[name for name in names if name not in numbered],
        column_encoding=numbered or None,
        write_statistics=[name for name in PRUNED_BY if name in names],
        sorting_columns=order or None,
        store_decimal_as_integer=True,
        store_schema=False,  # that of the arrays, which is not what readers are told
    )


def _metadata(schema: pa.Schema) -> dict[bytes | str, bytes]:
    """Give a file's metadata: what the schema says, and the schema for readers that use Arrow."""
    told = base64.b64encode(schema.serialize())
    return {**(schema.metadata or {}), "ARROW:schema": told}


class _Bytes(io.RawIOBase):
    """A stream for what wants to see a file; its end is not that of the stream."""

    def __init__(self, stream: Stream) -> None:
        self._stream: Stream | None = stream

    def writable(self) -> bool:
        return True

    def write(self, given: Any, /) -> int:
        content = bytes(given)
        if self._stream:
            self._stream.write(content)
        return len(content)

    def end(self) -> None:
        """Pass on nothing more."""
        self._stream = None
