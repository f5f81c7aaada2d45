"""A set on this machine: what its manifest says of it, and the columns that its files have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from accidental_transfers.dataset.arrow import pyarrow
from accidental_transfers.dataset.column import Column
from accidental_transfers.dataset.columns import columns_of
from accidental_transfers.dataset.companion_columns import CompanionColumn, companion_columns
from accidental_transfers.errors import DatasetFileError, ManifestError, SpecError
from accidental_transfers.local.formats import FORMATS, PARQUET, Format, said_by, stem_of
from accidental_transfers.local.named_set import NamedFile, NamedSet
from accidental_transfers.local.verify import S3, manifest_of
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import CSV_FILES, CsvFile

TABLES: dict[CsvFile, str] = {
    "dataset": "transactions",
    "accidents": "accidents",
    "customers": "customers",
    "outcomes": "outcomes",
}
"""What the tables are called for those who load them."""
MEANINGS: dict[str, str] = {
    "dataset": "One row is one transaction, in order of customer and time.",
    "accidents": "The truth about every accident, honest look-alike and what was sent again.",
    "customers": "Every customer's home, own number and true parameters.",
    "outcomes": "What came of accidents, and of the honest payments that were taken for one.",
    "card": "The dataset card: a page that shows what is in the dataset.",
    "manifest": "The complete input, counts and checksums, and what made the dataset.",
}
"""What each file of a set holds."""


class Counted(BaseModel):
    """What a manifest counts: rows by transaction type and label, events and rows by kind."""

    transaction_type: dict[str, int]
    accident: dict[str, int]
    kind: dict[str, dict[str, int]]


class Described(NamedSet):
    """A manifest with what it says of the dataset."""

    dataset_version: int
    seed: int | str
    rows: int
    crc32: str
    counts: Counted
    spec: dict[str, Any]
    versions: dict[str, str]


@dataclass(frozen=True)
class LocalSet:
    """A set on this machine.

    Attributes
    ----------
    manifest
        Its path; all other files stand beside it.
    format
        Of the dataset.
    """

    manifest: Path
    described: Described
    spec: JobSpec
    format: Format

    @property
    def stem(self) -> str:
        """What the names of all files begin with."""
        return stem_of(self.name_of("dataset"), self.format)

    @property
    def named(self) -> dict[str, NamedFile]:
        """What the manifest says of every other file, by what it holds."""
        return self.described.all

    def name_of(self, file: str) -> str:
        """Give the name of a file."""
        return self.named[file].name

    def path(self, file: str) -> Path:
        """Give the path of a file."""
        return self.manifest.parent / self.name_of(file)

    def columns(self, file: CsvFile) -> Sequence[Column | CompanionColumn]:
        """Give the columns of a table."""
        accidents = self.spec.accidents
        return columns_of(accidents) if file == "dataset" else companion_columns(file, accidents)

    @property
    def days(self) -> tuple[str, str]:
        """The first day and the last."""
        return self.spec.start_date.isoformat(), self.spec.end_date.isoformat()


def read_set(target: str) -> LocalSet:
    """Read what a manifest says of its set, and see that the tables have the columns it means.

    Parameters
    ----------
    target
        The path of the dataset, or of its manifest.

    Raises
    ------
    ManifestError
        If there is no manifest, or it is not one of a set that this version can describe.
    DatasetFileError
        If a table has other columns, or cannot be read; if there is no transaction.
    """
    if target.startswith(S3):
        raise ManifestError(
            f"TARGET: got {target}; allowed is a set on this machine: remote download fetches one"
        )
    manifest = Path(manifest_of(target))
    described = _described(manifest)
    try:
        spec = JobSpec.parse(described.spec)
    except SpecError as error:
        raise ManifestError(f"{manifest}: its spec is not one of this version: {error}") from error
    found = LocalSet(manifest, described, spec, _format(described, manifest))
    for file in CSV_FILES:
        _require_columns(found, file)
    if not described.rows:
        raise DatasetFileError(f"{found.path('dataset')} has no transaction: nothing to package")
    return found


def _described(manifest: Path) -> Described:
    try:
        described = Described.parse(manifest.read_bytes(), str(manifest))
    except OSError as error:
        raise ManifestError(f"{manifest} cannot be read: {error.strerror}") from error
    lacking = [file for file in CSV_FILES if file not in described.files]
    if lacking and described.lake is not None:
        raise ManifestError(
            f"{manifest} is of a lake, which has files for each month; allowed is a set of one "
            "file for each table, as `accidental-transfers generate --format parquet` makes it"
        )
    if lacking:
        raise ManifestError(f"{manifest} names no file of {', '.join(lacking)}")
    return described


def _format(described: Described, manifest: Path) -> Format:
    name = described.files["dataset"].name
    format_ = said_by(name)
    if format_ is None:
        raise ManifestError(
            f"{manifest} names {name}; allowed is a dataset whose name ends in "
            f".{', .'.join(FORMATS)}, so that others can tell what it is"
        )
    return format_


def _require_columns(found: LocalSet, file: CsvFile) -> None:
    path, expected = found.path(file), [column.name for column in found.columns(file)]
    there = _header(path)
    if there != expected:
        raise DatasetFileError(
            f"{path} has the columns {', '.join(there)}; this version knows "
            f"{', '.join(expected)}, and cannot say what others mean"
        )


def _header(path: Path) -> list[str]:
    import pandas as pd

    try:
        if said_by(path.name) == PARQUET:
            _, parquet = pyarrow()
            return list(parquet.read_schema(path).names)
        return list(pd.read_csv(path, nrows=0).columns)
    except (OSError, ValueError) as error:
        raise DatasetFileError(f"{path} cannot be read: {error}") from error
