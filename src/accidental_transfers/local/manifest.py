"""The manifest of a dataset made on this machine: the job's, without what is a bucket's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accidental_transfers.local.written import CountedText
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import CsvFile
from accidental_transfers.statistics.compared import compared
from accidental_transfers.statistics.statistics import Statistics


def description(
    spec: JobSpec, statistics: Statistics, files: Mapping[CsvFile, tuple[str, CountedText]]
) -> dict[str, Any]:
    """Describe a dataset whose CSV files are written.

    Parameters
    ----------
    files
        The name of each, and what was written.

    Returns
    -------
    What a manifest of the job says too. It has no run, no parts, no ETags and no versions of
    objects.
    """
    here = Identity.here().model_dump(mode="json")
    _, dataset = files["dataset"]
    return {
        "dataset_version": here["dataset_version"],
        "seed": spec.seed,
        "rows": dataset.lines - 1,
        "bytes": dataset.bytes,
        "crc32": _hex(dataset),
        "counts": {
            "transaction_type": statistics.by_type,
            "accident": statistics.by_label,
            "kind": statistics.by_kind,
        },
        "compared": compared(spec, statistics),
        "spec": spec.model_dump(mode="json"),
        "versions": here["versions"],
        "code_sha256": here["code_sha256"],
        "files": {
            file: {**stored(name, text), "rows": text.lines - 1}
            for file, (name, text) in files.items()
        },
        "lake": None,
    }


def stored(name: str, text: CountedText) -> dict[str, Any]:
    """Say what a file is, by its name in the dataset's folder."""
    return {"key": name, "bytes": text.bytes, "crc32": _hex(text)}


def _hex(text: CountedText) -> str:
    return f"{text.crc32:08x}"
