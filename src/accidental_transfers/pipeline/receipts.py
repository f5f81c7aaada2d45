"""Receipts: what each slice says that it made, and the ledger of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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


class Receipt(BaseModel):
    """What a slice made. It is written last: where it stands, all parts of the slice do."""

    model_config = _DOCUMENT

    run: RunId = Field(description="The name of the execution.")
    plan: HexSha256 = Field(description="Digest of the plan that it was made for.")
    slice: Slice
    identity: Identity
    parts: dict[CsvFile, Part] = Field(description="The slice's part of each CSV file.")
    statistics: Share

    @property
    def rows(self) -> dict[CsvFile, int]:
        """Lines of each file's part, without a header."""
        return {file: part.rows for file, part in self.parts.items()}

    @property
    def sizes(self) -> dict[CsvFile, int]:
        """Bytes of each file's part."""
        return {file: part.bytes for file, part in self.parts.items()}

    def require_consistent(self) -> None:
        """Make sure that all of its counts fit together.

        Raises
        ------
        IncompleteRunError
            Naming those that do not.
        """
        wrong = list(contradictions(self.slice, self.rows, self.sizes, self.statistics))
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


@dataclass
class Ledger:
    """All parts of a run in the order of the slices, and the sum of what the receipts count."""

    parts: dict[CsvFile, list[StoredPart]] = field(
        default_factory=lambda: {file: [] for file in CSV_FILES}
    )
    statistics: Statistics = field(default_factory=Statistics)

    def rows(self, file: CsvFile) -> int:
        """Rows of a whole file, without its header."""
        return sum(part.rows for part in self.parts[file])

    def bytes(self, file: CsvFile) -> int:
        """Bytes of a whole file."""
        return sum(part.object.size for part in self.parts[file])

    def crc32(self, file: CsvFile) -> int:
        """CRC32 of a whole file, combined from its parts'."""
        return crc32.combine_all((part.crc32, part.object.size) for part in self.parts[file])
