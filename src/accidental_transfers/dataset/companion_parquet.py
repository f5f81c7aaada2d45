"""The companions for Parquet: a block's rows with their types, read from their own text.

What a companion says is said in one place, which writes its CSV. Kinds, outcomes and the like are
text here, and no dictionaries: those would depend on which rows a block happens to have.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accidental_transfers.dataset.arrow import pyarrow, schema_of_columns
from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.blocks import Blocks
from accidental_transfers.dataset.companion_columns import companion_columns
from accidental_transfers.model.arrays import Int
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CsvFile

if TYPE_CHECKING:
    import pyarrow as pa


def companion_schema(
    file: CsvFile,
    spec: DatasetSpec,
    decimals: bool = False,
    told: Mapping[str, str] | None = None,
) -> pa.Schema:
    """Give the schema of a companion: see `arrow.schema_of_columns`.

    Times have no zone, in milliseconds; what may be empty is nullable.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    columns = companion_columns(file, spec.accidents)
    return schema_of_columns(columns, spec, pa.string(), decimals, told)


@dataclass(frozen=True)
class Lines:
    """Lines of a companion, which are read some thousand at a time."""

    lines: Sequence[str]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, rows: slice) -> Lines:
        return Lines(self.lines[rows])

    def take(self, rows: Int) -> Lines:
        """Give some rows."""
        return Lines([self.lines[row] for row in rows.tolist()])


def companion_lines(file: CsvFile, block: Block) -> Lines:
    """Give the lines that a companion has of a block."""
    text = io.StringIO()
    Blocks([block], block.accidents).write(file, text, header=False)
    return Lines(text.getvalue().splitlines())


def companion_table(schema: pa.Schema, parts: Sequence[Lines]) -> pa.Table:
    """Read lines as a table of a companion's schema: see `companion_schema`.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    from pyarrow import csv

    lines = [line for part in parts for line in part.lines]
    if not lines:
        return schema.empty_table()
    text = "\n".join(lines).encode("ascii")
    read = csv.read_csv(
        io.BytesIO(text),
        # In this thread: whoever makes datasets side by side has processes for it. In one piece.
        read_options=csv.ReadOptions(
            use_threads=False, block_size=len(text), column_names=schema.names
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict(zip(schema.names, schema.types, strict=True)),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    return pa.Table.from_arrays(read.columns, schema=schema)
