"""The schema of the Parquet file, in docs/library.md."""

from __future__ import annotations

from typing import Any

from accidental_transfers.dataset.columns import COLUMNS
from accidental_transfers.dataset.parquet_tables import dataset_schema
from accidental_transfers.local.documents.parts import table
from accidental_transfers.model.accidents import ACCIDENTS
from accidental_transfers.spec import DatasetSpec


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    return {"parquet": _parquet()}


def with_every_column(**fields: Any) -> DatasetSpec:
    """Give the specification of a dataset with all columns, optional ones as well."""
    optional = (each.probability.field for each in ACCIDENTS if each.is_optional)
    given: dict[str, Any] = {**dict.fromkeys(optional, (0.01, 0.1)), **fields}
    return DatasetSpec(**given)


def _parquet() -> str:
    schema = dataset_schema(with_every_column())
    pandas = schema.empty_table().to_pandas().dtypes
    rows = (
        (f"`{each.name}`", f"`{type_name(schema.field(each.name).type)}`", f"`{pandas[each.name]}`")
        for each in COLUMNS
    )
    return table(("column", "type in the file", "in pandas"), rows)


def type_name(type_: Any) -> str:
    """Name a type of pyarrow, a dictionary by what it holds."""
    return f"dictionary of {type_.value_type}" if hasattr(type_, "value_type") else str(type_)
