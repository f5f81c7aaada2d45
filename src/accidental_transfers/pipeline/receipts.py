"""Receipts: what each slice says that it made, and the ledger of all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from accidental_transfers.dataset.lake import LAKE_TABLES, LakeFile, LakeTable
from accidental_transfers.errors import IncompleteRunError, some
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.identity import HexSha256, Identity
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.receipt_checks import contradictions
from accidental_transfers.pipeline.run_plan import RunId, Slice
from accidental_transfers.pipeline.storage import JSON, Bucket, StoredObject
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from accidental_transfers.statistics.share import Share
from accidental_transfers.statistics.statistics import Statistics

HexCrc32 = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
"""A CRC32 as people compare it: eight hexadecimal digits."""

_DOCUMENT = ConfigDict(frozen=True, extra="forbid", strict=True)


class Part(BaseModel):
    """What a slice contributed to one of the CSV files."""

    model_config = _DOCUMENT

    rows: int = Field(ge=0, description="Lines, without a header.")
    bytes: int = Field(ge=0, description="Size, with the header where there is one.")
    crc32: HexCrc32 = Field(description="Checksum, eight hexadecimal digits.")
    etag: str = Field(description="As S3 answered the upload.")


class LakePart(Part):
    """A Parquet file of a slice."""

    table: LakeTable = Field(description="The table that it has rows of.")
    month: Annotated[str, Field(pattern=r"^\d{4}-\d\d$")] | None = Field(
        description="Such as 2024-01; null of the customers, who have no month."
    )
    sha256: HexSha256 = Field(description="Of the whole file.")
    version_id: str | None = Field(description="Null in a bucket that keeps no versions.")

    @property
    def file(self) -> LakeFile:
        """Which of the slice's files it is."""
        return LakeFile(self.table, self.month)


class Receipt(BaseModel):
    """What a slice made. It is written last: where it stands, all parts of the slice do."""

    model_config = _DOCUMENT

    run: RunId = Field(description="The name of the execution.")
    plan: HexSha256 = Field(description="Digest of the plan that it was made for.")
    slice: Slice
    identity: Identity
    parts: dict[CsvFile, Part] = Field(
        description="The slice's part of each CSV file; empty if there are none."
    )
    lake: tuple[LakePart, ...] = Field(
        default=(), description="The slice's Parquet files; empty if there are none."
    )
    statistics: Share

    @property
    def rows(self) -> list[dict[CsvFile, int]]:
        """Rows of each file, as each format has them."""
        in_csv = {file: part.rows for file, part in self.parts.items()}
        in_lake: Counter[CsvFile] = Counter(dict.fromkeys(LAKE_TABLES.values(), 0))
        for part in self.lake:
            in_lake[LAKE_TABLES[part.table]] += part.rows
        return [*([in_csv] if self.parts else []), *([dict(in_lake)] if self.lake else [])]

    @property
    def sizes(self) -> dict[CsvFile, int]:
        """Bytes of each CSV file's part."""
        return {file: part.bytes for file, part in self.parts.items()}

    @property
    def bytes(self) -> int:
        """Bytes of the dataset's own rows, as everything that has them."""
        texts = [part.bytes for file, part in self.parts.items() if file == "dataset"]
        return sum(texts) + sum(each.bytes for each in self.lake if each.table == "transactions")

    def require_consistent(self) -> None:
        """Make sure that all of its counts fit together.

        Raises
        ------
        IncompleteRunError
            Naming those that do not.
        """
        wrong = list(contradictions(self.slice, self.rows, self.sizes, self.statistics))
        wrong += ["it has no part at all"] * (not self.rows)
        if wrong:
            raise IncompleteRunError(
                f"run {self.run}: the receipt of {self.slice} contradicts itself: {some(wrong)}"
            )

    def store(self, bucket: Bucket) -> None:
        """Write the receipt; the same slice gives the same bytes."""
        key = RunKeys(self.run).receipt(self.slice.index)
        bucket.put(key, self.model_dump_json().encode(), JSON)


@dataclass(frozen=True)
class StoredPart:
    """A part that is proven to be what its receipt says.

    Attributes
    ----------
    crc32 : int
        As `zlib.crc32` gives it.
    """

    slice: Slice
    object: StoredObject
    rows: int
    crc32: int


@dataclass(frozen=True)
class StoredLakePart:
    """A Parquet file that is proven to be what its receipt says."""

    slice: Slice
    part: LakePart


@dataclass
class Ledger:
    """All parts of a run in the order of the slices, and the sum of what the receipts count."""

    parts: dict[CsvFile, list[StoredPart]] = field(
        default_factory=lambda: {file: [] for file in CSV_FILES}
    )
    lake: list[StoredLakePart] = field(default_factory=list)
    statistics: Statistics = field(default_factory=Statistics)

    def measured(self) -> tuple[int, int]:
        """Bytes and CRC32 of the transactions: in CSV, or else of the Parquet files in order."""
        if self.parts["dataset"]:
            return self.bytes("dataset"), self.crc32("dataset")
        pairs = [
            (crc32.from_hex(each.part.crc32), each.part.bytes)
            for each in self.lake
            if each.part.table == "transactions"
        ]
        return sum(size for _, size in pairs), crc32.combine_all(pairs)

    def rows(self, file: CsvFile) -> int:
        """Rows of a whole CSV file, without its header."""
        return sum(part.rows for part in self.parts[file])

    def bytes(self, file: CsvFile) -> int:
        """Bytes of a whole file."""
        return sum(part.object.size for part in self.parts[file])

    def crc32(self, file: CsvFile) -> int:
        """CRC32 of a whole file, combined from its parts'."""
        return crc32.combine_all((part.crc32, part.object.size) for part in self.parts[file])
