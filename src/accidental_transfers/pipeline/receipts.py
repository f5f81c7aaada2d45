"""Receipts: what each slice says it made, and the proof that together they are the whole run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accidental_transfers.errors import DamagedPartError, IncompleteRunError, RunError, some
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.identity import HexSha256, Identity, require_own_code
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.receipt_checks import contradictions
from accidental_transfers.pipeline.run_plan import RunId, RunPlan, Slice
from accidental_transfers.pipeline.storage import JSON, Bucket, StoredObject
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from accidental_transfers.statistics.statistics import Statistics

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
    statistics : Statistics
        The slice's share of the dataset's.
    """

    model_config = _DOCUMENT

    run: RunId
    plan: HexSha256
    slice: Slice
    identity: Identity
    parts: dict[CsvFile, Part]
    statistics: Statistics

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


def prove_complete(plan: RunPlan, bucket: Bucket) -> Ledger:
    """Prove that every planned slice is there exactly once and unchanged.

    Receipts are read a few at a time, so that memory holds little more than their sum.

    Raises
    ------
    IncompleteRunError
        Naming the slices that are missing, foreign, doubled or wrong, and their customers.
    OtherCodeError
        Naming the slice that other code made.
    DamagedPartError
        Naming the slice whose part is not what its receipt says.
    """
    made = set(_slices_with_receipt(plan, bucket))
    missing = [str(part) for part in plan.slices if part not in made]
    if missing:
        raise IncompleteRunError(
            f"run {plan.run}: {len(missing)} of {len(plan.slices)} slices were not made: "
            f"{some(missing)}"
        )
    ledger = Ledger()
    ledger.statistics = Statistics.total(_entered(ledger, plan, bucket))
    return ledger


def slices_to_make(plan: RunPlan, bucket: Bucket) -> list[Slice]:
    """Give the slices without a receipt that `prove_complete` would accept.

    Raises
    ------
    IncompleteRunError
        If there are receipts of slices that the plan has not.
    """
    listing, proven = Listing.of(plan, bucket), set()
    for expected, text in _texts(_slices_with_receipt(plan, bucket), plan, bucket):
        try:
            listing.prove(expected, _read(text, expected, plan, bucket))
            proven.add(expected)
        except RunError as error:
            logger.warning("a slice is to be made again", extra={"reason": str(error)})
    return [part for part in plan.slices if part not in proven]


def _entered(ledger: Ledger, plan: RunPlan, bucket: Bucket) -> Iterator[Statistics]:
    """Prove one receipt after the other, enter its parts in the ledger, yield its statistics."""
    listing = Listing.of(plan, bucket)
    for expected, text in _texts(plan.slices, plan, bucket):
        receipt = _read(text, expected, plan, bucket)
        for file, part in listing.prove(expected, receipt).items():
            ledger.parts[file].append(part)
        yield receipt.statistics


@dataclass(frozen=True)
class Listing:
    """The parts of a run that are in the bucket, by file and key."""

    plan: RunPlan
    bucket: Bucket
    objects: dict[CsvFile, dict[str, StoredObject]]

    @classmethod
    def of(cls, plan: RunPlan, bucket: Bucket) -> Self:
        """List them."""
        keys = RunKeys(plan.run)
        listed = {file: bucket.list(keys.parts(file)) for file in CSV_FILES}
        return cls(
            plan, bucket, {file: {o.key: o for o in found} for file, found in listed.items()}
        )

    def prove(self, owner: Slice, receipt: Receipt) -> dict[CsvFile, StoredPart]:
        """Hold a receipt's parts against those that are there."""
        found = {}
        for file, part in receipt.parts.items():
            key = RunKeys(self.plan.run).part(file, owner.index)
            stored = self.objects[file].get(key)
            found[file] = _require_unchanged(part, stored, owner, key, self.bucket)
        return found


def _slices_with_receipt(plan: RunPlan, bucket: Bucket) -> list[Slice]:
    keys = RunKeys(plan.run)
    planned = {keys.receipt(part.index): part for part in plan.slices}
    present = {found.key for found in bucket.list(keys.receipts)}
    foreign = sorted(present - planned.keys())
    if foreign:
        raise IncompleteRunError(
            f"run {plan.run} has {len(planned)} slices, but there are also {some(foreign)}"
        )
    return [part for key, part in planned.items() if key in present]


def _texts(slices: Sequence[Slice], plan: RunPlan, bucket: Bucket) -> Iterator[tuple[Slice, bytes]]:
    keys = [RunKeys(plan.run).receipt(part.index) for part in slices]
    # The threads only fetch: a receipt is several times larger once it is parsed.
    return zip(slices, map_in_order(bucket.get, keys), strict=True)


def _read(text: bytes, expected: Slice, plan: RunPlan, bucket: Bucket) -> Receipt:
    """Read the receipt of a slice; refuse one that is not its own, or contradicts itself."""
    url = bucket.url(RunKeys(plan.run).receipt(expected.index))
    try:
        receipt = Receipt.model_validate_json(text)
    except ValidationError as error:
        require_own_code(text, url)
        raise IncompleteRunError(f"{url} is not a receipt: {error}") from error
    _require_own(receipt, expected, plan)
    receipt.require_consistent()
    return receipt


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
