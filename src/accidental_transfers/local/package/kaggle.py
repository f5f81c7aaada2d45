"""A folder for Kaggle: dataset-metadata.json, as its API documents it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accidental_transfers.card.disclosures import ATTRIBUTION, LICENCE, LICENCE_NAME, SOURCES
from accidental_transfers.card.usage import citation
from accidental_transfers.dataset.column import (
    BOOLEAN,
    CATEGORY,
    DECIMAL,
    INTEGER,
    NUMBER,
    TEXT,
    TIMESTAMP,
    ColumnType,
)
from accidental_transfers.local.package.local_set import MEANINGS, TABLES, LocalSet
from accidental_transfers.local.package.words import SUBTITLE, TITLE, description

METADATA = "dataset-metadata.json"
URL = "https://www.kaggle.com/datasets/"
LONGEST_NAME = 50
"""Characters of a dataset's name in its address."""
TYPES: dict[ColumnType, str] = {
    TEXT: "string",
    CATEGORY: "string",
    TIMESTAMP: "datetime",
    DECIMAL: "decimal",
    NUMBER: "numeric",
    INTEGER: "integer",
    BOOLEAN: "boolean",
}


def metadata(given: LocalSet, id_: str | None) -> str:
    """Write dataset-metadata.json."""
    return json.dumps(_document(given, id_), indent=1) + "\n"


def upload(folder: Path, id_: str | None) -> str:  # noqa: ARG001
    """Tell the command that uploads a folder."""
    return f"kaggle datasets create --path {folder}"


def _document(given: LocalSet, id_: str | None) -> dict[str, Any]:
    cited = citation(given.described.model_dump(), given.spec.customers, given.days)
    said = [description(given), LICENCE, ATTRIBUTION, SOURCES, f"To cite it:\n\n```\n{cited}\n```"]
    return {
        "title": TITLE,
        "subtitle": SUBTITLE,
        "description": "\n\n".join(said),
        "id": id_ or f"OWNER/{_name(given.stem)}",
        "licenses": [{"name": LICENCE_NAME}],
        "keywords": ["finance", "banking", "tabular", "binary classification"],
        "resources": list(_resources(given)),
    }


def _name(stem: str) -> str:
    """Make a name for an address of a file's name."""
    plain = re.sub(r"[^a-z0-9]+", "-", f"accidental-transfers-{stem.lower()}")
    return plain[:LONGEST_NAME].strip("-")


def _resources(given: LocalSet) -> Iterator[dict[str, Any]]:
    """Tell of each file; of a table, all its columns in their order."""
    for file in TABLES:
        fields = [
            {"name": column.name, "description": column.meaning, "type": TYPES[column.type]}
            for column in given.columns(file)
        ]
        yield {
            "path": given.name_of(file),
            "description": MEANINGS[file],
            "schema": {"fields": fields},
        }
    yield {"path": given.name_of("card"), "description": MEANINGS["card"]}
    yield {"path": given.manifest.name, "description": MEANINGS["manifest"]}
