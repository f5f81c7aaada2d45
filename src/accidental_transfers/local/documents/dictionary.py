"""docs/dictionary.md: every column and every field of what a job makes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from accidental_transfers.dataset.column import BOOLEAN, Coded, Column
from accidental_transfers.dataset.columns import COLUMNS
from accidental_transfers.dataset.companion_columns import CompanionColumn, companion_columns
from accidental_transfers.dataset.generate import generate
from accidental_transfers.dataset.table import Table
from accidental_transfers.local.documents.library import with_every_column
from accidental_transfers.local.documents.parts import table
from accidental_transfers.local.documents.schema_fields import fields_of
from accidental_transfers.local.documents.schemas import PlainSchema
from accidental_transfers.model.accidents import ACCIDENTS, KINDS, LABEL_OF_KIND
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.pipeline.manifest import Manifest
from accidental_transfers.pipeline.receipts import Receipt
from accidental_transfers.spec.files import CsvFile

CUSTOMERS = 10
"""Of the dataset from which the examples are."""
FEW = 6
"""Names that are listed in a cell."""


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    made = generate(with_every_column(customers=CUSTOMERS))
    return {
        "transactions": _transactions(made),
        "entity types": _entity_types(),
        "accidents": _companion("accidents", made),
        "kinds": _kinds(),
        "customers": _companion("customers", made),
        "outcomes": _companion("outcomes", made),
        "manifest": _fields(Manifest),
        "receipts": _fields(Receipt),
    }


def _transactions(made: Table) -> str:
    example = _example("dataset", made)
    rows = (
        (*_told(each), each.allowed or _values(each, made), f"`{example[each.name]}`")
        for each in COLUMNS
    )
    return table(("column", "type", "meaning", "values", "example"), rows)


def _companion(file: CsvFile, made: Table) -> str:
    example = _example(file, made)
    rows = (
        (*_told(each), each.allowed, each.empty or "never", _shown(example[each.name]))
        for each in companion_columns(file, made.spec.accidents)
    )
    return table(("column", "type", "meaning", "values", "empty where", "example"), rows)


def _told(column: Column | CompanionColumn) -> tuple[str, str, str]:
    return f"`{column.name}`", column.type.name, column.meaning


def _shown(value: str) -> str:
    return f"`{value}`" if value else ""


def _values(column: Column, made: Table) -> str:
    """Say which values a column has whose type or names tell it."""
    if column.type is BOOLEAN:
        return "True or False"
    values = column.values(made.blocks[0])
    names = sorted(set(values.names)) if isinstance(values, Coded) else []
    return ", ".join(names) if len(names) <= FEW else f"one of {len(names)} names"


def _example(file: CsvFile, made: Table) -> dict[str, str]:
    """Give the first row of a file that has the most values."""
    text = io.StringIO()
    made.write(file, text)
    text.seek(0)
    return max(csv.DictReader(text), key=lambda row: sum(map(bool, row.values())))


def _entity_types() -> str:
    facts = reference()
    rows = (
        (
            each.name,
            ", ".join(entity.name for entity in facts.entity_types
                      if entity.transaction_type == code),
        )
        for code, each in enumerate(facts.transaction_types)
    )  # fmt: skip
    return table(("transaction type", "entity types"), rows)


def _kinds() -> str:
    labels = ("", *(each.column for each in ACCIDENTS))
    rows = (
        (f"`{kind.name}`", _shown(labels[label]) or "none", kind.meaning)
        for kind, label in zip(KINDS, LABEL_OF_KIND, strict=True)
    )
    return table(("kind", "label", "meaning"), rows)


def _fields(model: type[BaseModel]) -> str:
    schema: Mapping[str, Any] = model.model_json_schema(
        schema_generator=PlainSchema, mode="serialization"
    )
    rows: Iterable[tuple[str, str, str]] = (
        (f"`{each.path}`", each.type, each.meaning) for each in fields_of(schema)
    )
    return table(("field", "type", "meaning"), rows)
