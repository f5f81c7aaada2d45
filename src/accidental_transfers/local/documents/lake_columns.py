"""The tables of docs/lake-columns.md: the columns of a lake, with their types."""

from __future__ import annotations

from collections.abc import Iterator

from accidental_transfers.dataset.arrow import ARROW_NAMES
from accidental_transfers.dataset.column import CATEGORY, DECIMAL, Column
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.companion_columns import CompanionColumn, companion_columns
from accidental_transfers.dataset.lake import LAKE_TABLES, LakeTable
from accidental_transfers.local.documents.parts import table
from accidental_transfers.model.accidents import ACCIDENTS


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    head = ("column", "type", "may be empty", "value")
    return {name: table(head, _rows(name)) for name in LAKE_TABLES}


def _rows(name: LakeTable) -> Iterator[tuple[str, str, str, str]]:
    """Describe the columns of a table, with those that only some datasets have."""
    file = LAKE_TABLES[name]
    columns = columns_of(ACCIDENTS) if file == "dataset" else companion_columns(file, ACCIDENTS)
    for column in columns:
        empty = "yes" if isinstance(column, CompanionColumn) and column.may_be_empty else ""
        yield f"`{column.name}`", f"`{_type_name(column)}`", empty, column.meaning


def _type_name(column: Column | CompanionColumn) -> str:
    if column.type is CATEGORY:
        return "dictionary of string" if isinstance(column, Column) else "string"
    return ARROW_NAMES.get(column.type) or str(DECIMAL.sql)
