"""Columns as fields of Arrow, for what writes Parquet: types, meanings, and what made the data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from accidental_transfers.dataset.column import (
    BOOLEAN,
    CATEGORY,
    DECIMAL,
    INTEGER,
    NUMBER,
    TEXT,
    TIMESTAMP,
    Column,
    ColumnType,
)
from accidental_transfers.dataset.companion_columns import CompanionColumn
from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.errors import MissingDependencyError
from accidental_transfers.spec import DatasetSpec

if TYPE_CHECKING:
    import pyarrow as pa

PREFIX = "accidental_transfers."
"""Of the keys in a file's metadata."""


def pyarrow() -> tuple[Any, Any]:
    """Load pyarrow, which takes half a second, and which the artefact for AWS does without.

    Returns
    -------
    ``pyarrow`` and ``pyarrow.parquet``.

    Raises
    ------
    MissingDependencyError
        If it is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            "Parquet needs pyarrow, which is not installed: "
            "pip install 'accidental-transfers[parquet]'"
        ) from error
    return pa, parquet


def schema_of_columns(
    columns: Iterable[Column | CompanionColumn], spec: DatasetSpec, categories: pa.DataType
) -> pa.Schema:
    """Give the schema of a file: its columns with their meanings, the specification, the version.

    Parameters
    ----------
    categories
        What categories are in this file.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    """
    pa, _ = pyarrow()
    types = {
        TEXT: pa.string(),
        CATEGORY: categories,
        TIMESTAMP: pa.timestamp("ms"),
        DECIMAL: pa.float64(),
        BOOLEAN: pa.bool_(),
        INTEGER: pa.int64(),
        NUMBER: pa.float64(),
    }
    return pa.schema([_field(column, types) for column in columns], _metadata(spec))


def _field(column: Column | CompanionColumn, types: dict[ColumnType, pa.DataType]) -> pa.Field:
    pa, _ = pyarrow()
    nullable = isinstance(column, CompanionColumn) and column.may_be_empty
    meaning = {"meaning": column.meaning}
    return pa.field(column.name, types[column.type], nullable=nullable, metadata=meaning)


def _metadata(spec: DatasetSpec) -> dict[str, str]:
    # Of a job only what makes the data: where it was put is no matter of the data.
    told = spec.model_dump(mode="json", include=set(DatasetSpec.model_fields))
    return {f"{PREFIX}dataset_version": str(DATASET_VERSION), f"{PREFIX}spec": json.dumps(told)}
