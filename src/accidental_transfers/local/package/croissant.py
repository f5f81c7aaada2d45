"""Croissant: what a dataset is, in JSON-LD that programs for machine learning read.

Written for version 1.1 (http://mlcommons.org/croissant/1.1) with the vocabulary for responsible AI
1.0 (http://mlcommons.org/croissant/RAI/1.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from accidental_transfers.card.disclosures import ATTRIBUTION, LICENCE_URL
from accidental_transfers.card.usage import citation
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
from accidental_transfers.local.formats import CSV, GZIPPED, PARQUET, said_by
from accidental_transfers.local.package.folder import Copied
from accidental_transfers.local.package.local_set import MEANINGS, TABLES, LocalSet
from accidental_transfers.local.package.words import TITLE, description, responsible_ai
from accidental_transfers.spec.files import CsvFile

CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
TYPES: dict[ColumnType, str] = {
    TEXT: "sc:Text",
    CATEGORY: "sc:Text",
    TIMESTAMP: "sc:DateTime",
    DECIMAL: "sc:Float",
    NUMBER: "sc:Float",
    INTEGER: "sc:Integer",
    BOOLEAN: "sc:Boolean",
}
_ENCODINGS = {
    CSV: ["text/csv"],
    GZIPPED: ["application/gzip", "text/csv"],
    PARQUET: ["application/x-parquet"],
    "html": ["text/html"],
    "json": ["application/json"],
}
KEYS: dict[CsvFile, str] = {
    "dataset": "transaction_id",
    "accidents": "transaction_id",
    "customers": "customer_id",
    "outcomes": "transaction_id",
}
"""The column by which a row is known."""
TRANSACTION = {"field": {"@id": "transactions/transaction_id"}}
"""What the key of a companion about transactions refers to. (That their customers are those of
another companion is not said: mlcroissant 1.1 cannot follow a reference to a reference.)"""

_OWN_TERMS = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field",
    "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset",
    "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _OWN_TERMS},
}
"""What the document's words stand for, as version 1.1 has it."""


def croissant(given: LocalSet, files: Mapping[str, Copied], url: str | None) -> dict[str, Any]:
    """Describe a set.

    Parameters
    ----------
    files
        As they are beside the document.
    url
        Where the dataset will be; None if that is not known.

    Returns
    -------
    The document, ready for JSON. Its only date is today's in UTC, as the day of publication.
    """
    said = given.described
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": TITLE,
        "description": description(given),
        "license": LICENCE_URL,
        **({"url": url} if url else {}),
        "version": f"{said.dataset_version}.0.0",
        "datePublished": datetime.now(UTC).date().isoformat(),
        "creator": {"@type": "sc:Organization", "name": "accidental-transfers"},
        "creditText": ATTRIBUTION,
        "citeAs": citation(said.model_dump(), given.spec.customers, given.days),
        "keywords": ["synthetic data", "payments", "fraud", "accidental transfers", "tabular"],
        "inLanguage": "en",
        "isLiveDataset": False,
        **responsible_ai(given),
        "distribution": [_file(what, copied) for what, copied in files.items()],
        "recordSet": [_record_set(given, file, files[file]) for file in TABLES],
    }


def _file(what: str, copied: Copied) -> dict[str, Any]:
    encoding = said_by(copied.name) or copied.name.rpartition(".")[2]
    return {
        "@type": "cr:FileObject",
        "@id": copied.name,
        "name": copied.name,
        "description": MEANINGS[what],
        "contentUrl": copied.name,
        "contentSize": f"{copied.bytes} B",
        "encodingFormat": _ENCODINGS[encoding],
        "sha256": copied.sha256,
    }


def _record_set(given: LocalSet, file: CsvFile, copied: Copied) -> dict[str, Any]:
    table = TABLES[file]
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": MEANINGS[file],
        "key": {"@id": f"{table}/{KEYS[file]}"},
        "field": [
            {
                **_field(table, column, copied),
                **({"references": TRANSACTION} if _is_reference(file, column.name) else {}),
            }
            for column in given.columns(file)
        ],
    }


def _is_reference(file: CsvFile, column: str) -> bool:
    return file in ("accidents", "outcomes") and column == KEYS[file]


def _field(table: str, column: Column | CompanionColumn, copied: Copied) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": TYPES[column.type],
        "source": {"fileObject": {"@id": copied.name}, "extract": {"column": column.name}},
    }
