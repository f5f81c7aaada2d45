"""A set made again as Parquet: from its own input, since the same input gives the same rows."""

from __future__ import annotations

from pathlib import Path

from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.errors import DatasetFileError, ManifestError
from accidental_transfers.local.formats import PARQUET
from accidental_transfers.local.making import make
from accidental_transfers.local.package.folder import require_whole
from accidental_transfers.local.package.local_set import LocalSet, read_set


def as_parquet(given: LocalSet, scratch: Path) -> LocalSet:
    """Give a set as Parquet: itself, or the same rows in another folder, with card and manifest.

    Raises
    ------
    MissingDependencyError
        If pyarrow is not installed.
    TornSetError
        If a file of the set is not what its manifest says.
    ManifestError
        If another dataset version made it, whose rows this one cannot make.
    DatasetFileError
        If its rows are not those of its input.
    """
    if given.format == PARQUET:
        return given
    said = given.described
    if said.dataset_version != DATASET_VERSION:
        raise ManifestError(
            f"--format: got {PARQUET} for dataset version {said.dataset_version}; allowed is "
            f"version {DATASET_VERSION}, which this program makes"
        )
    require_whole(given)
    made = make(given.spec, str(scratch / f"{given.stem}.{PARQUET}"), lambda *_: None)
    again = read_set(str(made.files["dataset"]))
    if again.described.counts != said.counts:
        raise DatasetFileError(
            f"{given.path('dataset')} does not have the rows of its input: made again, it counts "
            "others"
        )
    return again
