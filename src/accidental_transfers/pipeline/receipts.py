"""Receipts: what each slice says it made, and the proof that together they are the whole run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accidental_transfers.errors import DamagedPartError, IncompleteRunError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.identity import Identity, require_own_code
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.run_plan import RunId, RunPlan, Slice
from accidental_transfers.pipeline.storage import JSON, Bucket, StoredObject
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from accidental_transfers.statistics.naming import named
from accidental_transfers.statistics.share import Share, Total
from accidental_transfers.statistics.statistics import Statistics

NAMED_IN_ERRORS = 10
"""Slices that an error names one by one."""

HexCrc32 = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
"""A CRC32 as people compare it: eight hexadecimal digits."""

_DOCUMENT = ConfigDict(frozen=True, extra="forbid", strict=True)


class Part(BaseModel):
    """What a slice contributed to one of the CSV files.

    Attributes
    ----------
    rows : int
        Lines, without a header.
    bytes : int
        Size, with the header where there is one.
    crc32 : str
        Eight hexadecimal digits.
    etag : str
        As S3 answered the upload.
    """

    model_config = _DOCUMENT

    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    crc32: HexCrc32
    etag: str


class Receipt(BaseModel):
    """What a slice made. It is written last: where it stands, all parts of the slice do.

    Attributes
    ----------
    plan : str
        Digest of the plan that it was made for.
    identity : Identity
        What made it.
    statistics : Share
        The slice's share of the dataset's.
    """

    model_config = _DOCUMENT

    run: RunId
    plan: str
    slice: Slice
    identity: Identity
    parts: dict[CsvFile, Part]
    statistics: Share

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


def prove_complete(plan: RunPlan, bucket: Bucket) -> Ledger:
    """Prove that every planned slice is there exactly once and unchanged.

    Receipts are read a few at a time, so that memory holds little more than their sum.

    Raises
    ------
    IncompleteRunError
        Naming the slices that are missing, foreign or doubled, and their customers.
    OtherCodeError
        Naming the slice that other code made.
    DamagedPartError
        Naming the slice whose part is not what its receipt says.
    """
    _require_all_receipts(plan, bucket)
    stored = {file: _objects(bucket, RunKeys(plan.run).parts(file)) for file in CSV_FILES}
    ledger, total = Ledger(), Total()
    for expected, receipt in zip(plan.slices, _receipts(plan, bucket), strict=True):
        _require_own(receipt, expected, plan)
        _enter(ledger, receipt, stored, bucket)
        _count(total, receipt, plan)
    ledger.statistics = named(total.share(), plan.spec.start_date, plan.spec.accidents)
    return ledger


def _enter(
    ledger: Ledger,
    receipt: Receipt,
    stored: Mapping[CsvFile, Mapping[str, StoredObject]],
    bucket: Bucket,
) -> None:
    """Prove that a receipt's parts are there, and enter them in the ledger."""
    for file, part in receipt.parts.items():
        key = RunKeys(receipt.run).part(file, receipt.slice.index)
        found = _require_unchanged(part, stored[file].get(key), receipt.slice, key, bucket)
        ledger.parts[file].append(found)


def _count(total: Total, receipt: Receipt, plan: RunPlan) -> None:
    """Add what a receipt counts."""
    owner = f"run {plan.run}: the receipt of {receipt.slice}"
    if receipt.statistics.days > plan.spec.days:
        raise IncompleteRunError(
            f"{owner} counts {receipt.statistics.days:,} days; allowed: {plan.spec.days:,} at most"
        )
    try:
        total.add(receipt.statistics)
    except ValueError as error:
        raise IncompleteRunError(f"{owner} has examples that cannot be read: {error}") from error


def _objects(bucket: Bucket, prefix: str) -> dict[str, StoredObject]:
    return {found.key: found for found in bucket.list(prefix)}


def _require_all_receipts(plan: RunPlan, bucket: Bucket) -> None:
    keys = RunKeys(plan.run)
    expected = {keys.receipt(part.index): part for part in plan.slices}
    present = {found.key for found in bucket.list(keys.receipts)}
    missing = [str(part) for key, part in expected.items() if key not in present]
    if missing:
        raise IncompleteRunError(
            f"run {plan.run}: {len(missing)} of {len(expected)} slices were not made: "
            f"{_some(missing)}"
        )
    foreign = sorted(present - expected.keys())
    if foreign:
        raise IncompleteRunError(
            f"run {plan.run} has {len(expected)} slices, but there are also {_some(foreign)}"
        )


def _some(names: list[str]) -> str:
    rest = len(names) - NAMED_IN_ERRORS
    return ", ".join(names[:NAMED_IN_ERRORS]) + (f" and {rest} more" if rest > 0 else "")


def _receipts(plan: RunPlan, bucket: Bucket) -> Iterator[Receipt]:
    keys = [RunKeys(plan.run).receipt(part.index) for part in plan.slices]
    # The threads only fetch: a receipt is several times larger once it is parsed.
    for key, text in zip(keys, map_in_order(bucket.get, keys), strict=True):
        try:
            yield Receipt.model_validate_json(text)
        except ValidationError as error:
            require_own_code(text, bucket.url(key))
            raise IncompleteRunError(f"{bucket.url(key)} is not a receipt: {error}") from error


def _require_own(receipt: Receipt, expected: Slice, plan: RunPlan) -> None:
    """Refuse a receipt that is not of this slice, run, plan and code."""
    receipt.identity.require(plan.identity, f"run {plan.run}: {expected}")
    differences = [
        f"it is of {receipt.slice}" if receipt.slice != expected else "",
        f"it is of run {receipt.run}" if receipt.run != plan.run else "",
        "it was made for another plan" if receipt.plan != plan.digest else "",
        "it lacks parts" if receipt.parts.keys() != set(CSV_FILES) else "",
    ]
    found = ", ".join(filter(None, differences))
    if found:
        raise IncompleteRunError(
            f"run {plan.run}: the receipt of {expected} is not its own: {found}"
        )


def _require_unchanged(
    part: Part, stored: StoredObject | None, owner: Slice, key: str, bucket: Bucket
) -> StoredPart:
    if stored is None:
        raise DamagedPartError(f"{owner}: its part {bucket.url(key)} is gone")
    if stored.size != part.bytes or not _same_text(part, stored, bucket):
        raise DamagedPartError(
            f"{owner}: {bucket.url(key)} has {stored.size:,} bytes and ETag {stored.etag}; its "
            f"receipt says {part.bytes:,} bytes, ETag {part.etag} and CRC32 {part.crc32}"
        )
    return StoredPart(owner, stored, part.rows, crc32.from_hex(part.crc32))


def _same_text(part: Part, stored: StoredObject, bucket: Bucket) -> bool:
    """Tell whether the bytes are those of the receipt.

    If a KMS key encrypts the bucket, every upload of the same bytes gets another ETag. A slice
    that was executed twice may then leave the object of one attempt and the receipt of the
    other: the checksum decides.
    """
    if stored.etag == part.etag:
        return True
    head = bucket.head(stored.key)
    return head is not None and head.crc32 == crc32.to_base64(crc32.from_hex(part.crc32))
