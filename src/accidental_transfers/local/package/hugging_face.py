"""A folder for Hugging Face: README.md, whose head says what ``load_dataset`` reads."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from accidental_transfers.card.disclosures import ATTRIBUTION, LICENCE, LIMITS, SOURCES
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
from accidental_transfers.local.package.words import TITLE, description

METADATA = "README.md"
URL = "https://huggingface.co/datasets/"
TYPES: dict[ColumnType, str] = {
    TEXT: "string",
    CATEGORY: "string",
    TIMESTAMP: "timestamp[s]",
    DECIMAL: "float64",
    NUMBER: "float64",
    INTEGER: "int64",
    BOOLEAN: "bool",
}
_POWERS = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"]


def metadata(given: LocalSet, id_: str | None) -> str:
    """Write README.md."""
    tables = [
        {
            "name": table,
            "file": given.name_of(file),
            "meaning": MEANINGS[file],
            "columns": [(column.name, TYPES[column.type], column.meaning)
                        for column in given.columns(file)],
        }
        for file, table in TABLES.items()
        # `load_dataset` takes a table without rows for an error.
        if given.named[file].rows
    ]  # fmt: skip
    said = given.described
    shown: dict[str, Any] = {
        "title": TITLE,
        "description": description(given),
        "size": size_category(said.rows),
        "tables": tables,
        "card": given.name_of("card"),
        "manifest": given.manifest.name,
        "id": id_ or "OWNER/NAME",
        "said": [LICENCE, ATTRIBUTION, SOURCES],
        "limits": LIMITS,
        "citation": citation(said.model_dump(), given.spec.customers, given.days),
    }
    return _environment().get_template("hugging_face.md").render(shown)


def upload(folder: Path, id_: str | None) -> str:
    """Tell the command that uploads a folder."""
    return f"hf upload {id_ or 'OWNER/NAME'} {folder} --repo-type dataset"


def size_category(rows: int) -> str:
    """Name the size of a dataset in Hugging Face's words: ``10K<n<100K``."""
    above = bisect_right([1000 * 10**power for power in range(len(_POWERS))], rows)
    if above == 0:
        return f"n<{_POWERS[0]}"
    if above == len(_POWERS):
        return f"n>{_POWERS[-1]}"
    return f"{_POWERS[above - 1]}<n<{_POWERS[above]}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("accidental_transfers.local.package"),
        autoescape=False,  # noqa: S701 - Markdown, of words of our own and of the file's name
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
