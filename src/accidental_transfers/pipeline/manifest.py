"""The manifest: what a published dataset is, and how it was made.

The models say what a manifest may hold, to the code and to others: their JSON Schema is published
in ``docs/schemas``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from accidental_transfers.model.accidents import (
    ACCIDENTS,
    kind_names_of,
    usual_or_among,
)
from accidental_transfers.pipeline.crc32 import to_hex
from accidental_transfers.pipeline.identity import HexSha256, Versions
from accidental_transfers.pipeline.lake import Lake, lake_of_run
from accidental_transfers.pipeline.publish import Published
from accidental_transfers.pipeline.receipts import HexCrc32, Ledger, StoredPart
from accidental_transfers.pipeline.run_plan import RunId, RunPlan, Slice
from accidental_transfers.pipeline.with_keys import WithKeys
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from accidental_transfers.spec.values import Seed
from accidental_transfers.statistics.compared import compared
from accidental_transfers.statistics.statistics import Statistics

_DOCUMENT = ConfigDict(frozen=True, extra="forbid", strict=True)

_COMPARED = compared(JobSpec(), Statistics())
"""A comparison of nothing: it has every name that any other has."""
RATES = tuple(_COMPARED["rates"])
TRANSACTION_TYPES = tuple(_COMPARED["shares"]["transaction_type"])

_USUAL = usual_or_among(())
_OPTIONAL = [accident for accident in ACCIDENTS if accident.is_optional]
_LABELS = WithKeys(
    tuple(accident.name for accident in _USUAL), tuple(accident.name for accident in _OPTIONAL)
)
_KINDS = WithKeys(kind_names_of(_USUAL), kind_names_of(_OPTIONAL))
_RATES = WithKeys(RATES, tuple(accident.probability.field for accident in _OPTIONAL))

Count = Annotated[int, Field(ge=0)]


class Events(BaseModel):
    """How often something happened, and the rows it has."""

    model_config = _DOCUMENT

    events: Count = Field(description="How often it happened.")
    rows: Count = Field(description="Rows that it has.")


class Counts(BaseModel):
    """What is in the dataset."""

    model_config = _DOCUMENT

    transaction_type: Annotated[dict[str, Count], WithKeys(TRANSACTION_TYPES)] = Field(
        description="Rows."
    )
    accident: Annotated[dict[str, Count], _LABELS] = Field(description="Rows by label.")
    kind: Annotated[dict[str, Events], _KINDS] = Field(
        description="Accidents and the honest payments that look like them."
    )


class Comparison(BaseModel):
    """A rate or a share: the mean over customers that was asked for, and what it turned out to be.

    What it turned out to be is null where there is nothing to tell it from.
    """

    model_config = _DOCUMENT

    requested: float = Field(ge=0, description="What the spec asks for.")
    realised: Annotated[float, Field(ge=0)] | None = Field(description="What the rows have.")


class Shares(BaseModel):
    """Shares of rows."""

    model_config = _DOCUMENT

    transaction_type: Annotated[dict[str, Comparison], WithKeys(TRANSACTION_TYPES)] = Field(
        description="Of all rows."
    )
    entity_type: Annotated[dict[str, dict[str, Comparison]], WithKeys(TRANSACTION_TYPES)] = Field(
        description="Of the transaction type's rows."
    )


class Compared(BaseModel):
    """What was asked for, as the mean over customers, and what it turned out to be."""

    model_config = _DOCUMENT

    rates: Annotated[dict[str, Comparison], _RATES] = Field(
        description="Payments a day; the part of rows in the home city; accidents per payment. It "
        "is null of accidents that cannot happen to every payment: no column says which numbers "
        "were entered, typed or picked from a list."
    )
    shares: Shares


class ResolvedSpec(JobSpec):
    """The input with its defaults and dates resolved; a dry run has no manifest."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    period: None = Field(None, description="always null")
    dry_run: Literal[False] = Field(False, description="always false")


class FilePart(Slice):
    """What one slice contributed to a file."""

    rows: Count = Field(description="Lines, without the header.")
    bytes: Count = Field(description="Size, with the header where there is one.")
    crc32: HexCrc32 = Field(description="Of the part.")


class StoredFile(BaseModel):
    """A published file, and the version of its object that belongs to this set."""

    model_config = _DOCUMENT

    key: str = Field(description="Of the object in the bucket.")
    bytes: Count = Field(description="Size.")
    crc32: HexCrc32 = Field(description="Checksum, eight hexadecimal digits.")
    etag: str = Field(description="As S3 answers it, in its quotes.")
    version_id: str | None = Field(description="Null in a bucket that keeps no versions.")


class File(StoredFile):
    """A published CSV file."""

    rows: Count = Field(description="Lines, without the header.")
    parts: list[FilePart] = Field(
        min_length=1, description="In order; the file is their concatenation."
    )


CsvFiles = (
    Annotated[dict[CsvFile, File], WithKeys(CSV_FILES)]
    | Annotated[dict[CsvFile, File], WithKeys(())]
)


class Description(BaseModel):
    """What a published dataset is, and how it was made."""

    model_config = _DOCUMENT

    run: RunId = Field(description="The name of the execution.")
    dataset_version: Annotated[int, Field(ge=1)] = Field(
        description="The same version, spec and seed give the same bytes."
    )
    seed: Seed = Field(description="Of the spec.")
    rows: Count = Field(description="Transactions, without the header.")
    bytes: Count = Field(
        description="Of the whole CSV file; without one, of the transactions' Parquet files."
    )
    crc32: HexCrc32 = Field(
        description="Of the whole CSV file; without one, of the transactions' Parquet files behind "
        "each other."
    )
    counts: Counts
    compared: Compared
    spec: ResolvedSpec
    versions: Versions
    code_sha256: HexSha256 = Field(description="Of the code and the facts that shaped the bytes.")
    files: CsvFiles = Field(description="The CSV files, all or none.")
    lake: Lake | None = Field(
        description="The Parquet files, those of months of earlier runs among them; all else here "
        "tells of the run.",
    )


class Manifest(Description):
    """What a published dataset is, and how it was made; it names the files that are one set."""

    model_config = _DOCUMENT | {"title": "Manifest of a dataset of labelled transactions"}

    card: StoredFile


def description(
    plan: RunPlan,
    ledger: Ledger,
    published: Mapping[CsvFile, Published],
    before: Lake | None = None,
) -> Description:
    """Describe a dataset whose files are published.

    Parameters
    ----------
    before : Lake, optional
        The one whose other months are kept.
    """
    files = {file: _file(each, ledger.parts[file]) for file, each in published.items()}
    lake = lake_of_run(plan, ledger).over(before) if ledger.lake else None
    size, checksum = ledger.measured()
    statistics = ledger.statistics
    return Description(
        run=plan.run,
        dataset_version=plan.identity.dataset_version,
        seed=plan.spec.seed,
        rows=statistics.rows,
        bytes=size,
        crc32=to_hex(checksum),
        counts=Counts.model_validate(
            {
                "transaction_type": statistics.by_type,
                "accident": statistics.by_label,
                "kind": statistics.by_kind,
            }
        ),
        compared=Compared.model_validate(compared(plan.spec, statistics)),
        spec=ResolvedSpec.model_validate(plan.spec.model_dump()),
        versions=plan.identity.versions,
        code_sha256=plan.identity.code_sha256,
        files=files,
        lake=lake,
    )


def manifest(about: Description, card: Published) -> Manifest:
    """Name the whole set: the described files, and the card."""
    return Manifest(**dict(about), card=StoredFile(**_stored(card)))


def encode(document: Manifest) -> bytes:
    """Give the bytes of a manifest."""
    return json.dumps(document.model_dump(mode="json"), indent=1).encode("ascii")


def _file(published: Published, parts: Sequence[StoredPart]) -> File:
    return File(
        **_stored(published),
        rows=published.publication.rows,
        parts=[_part(part) for part in parts],
    )


def _stored(published: Published) -> dict[str, Any]:
    return {
        "key": published.publication.key,
        "bytes": published.publication.size,
        "crc32": to_hex(published.publication.crc32),
        "etag": published.etag,
        "version_id": published.version_id,
    }


def _part(part: StoredPart) -> FilePart:
    return FilePart(
        **part.slice.model_dump(),
        rows=part.rows,
        bytes=part.object.size,
        crc32=to_hex(part.crc32),
    )
