"""The companions for Parquet: a block's rows with their types, read from their own text.

What a companion says is said in one place, which writes its CSV. Kinds, outcomes and the like are
text here, and no dictionaries: those would depend on which rows a block happens to have.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from accidental_transfers.dataset.arrow import pyarrow, schema_of_columns
from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.blocks import Blocks
from accidental_transfers.dataset.companion_columns import companion_columns
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CsvFile

if TYPE_CHECKING:
    import pyarrow as pa


def companion_schema(file: CsvFile, spec: DatasetSpec) -> pa.Schema:
    """Give the schema of a companion: see `arrow.schema_of_columns`.

    Times have no zone, in milliseconds; what may be empty is nullable.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    return schema_of_columns(companion_columns(file, spec.accidents), spec, categories=pa.string())


def companion_table(file: CsvFile, spec: DatasetSpec, block: Block) -> pa.Table:
    """Give the rows that a companion has of a block: as many as in its CSV, of `companion_schema`.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    from pyarrow import csv

    text = io.StringIO()
    Blocks([block], spec.accidents).write(file, text)
    schema = companion_schema(file, spec)
    read = csv.read_csv(
        io.BytesIO(text.getvalue().encode("ascii")),
        # In this thread: whoever makes datasets side by side has processes for it.
        read_options=csv.ReadOptions(use_threads=False),
        convert_options=csv.ConvertOptions(
            column_types=dict(zip(schema.names, schema.types, strict=True)),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    return pa.Table.from_arrays(read.columns, schema=schema)
