"""The proof that the receipts of a run are the whole run, or which slices are lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import ValidationError

from accidental_transfers.dataset.lake import LAKE_TABLES
from accidental_transfers.errors import DamagedPartError, IncompleteRunError, RunError, some
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.identity import require_own_code
from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.pipeline.lake import own_files
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.receipts import (
    Ledger,
    Part,
    Receipt,
    StoredLakePart,
    StoredPart,
)
from accidental_transfers.pipeline.run_plan import RunPlan, Slice
from accidental_transfers.pipeline.storage import Bucket, StoredObject
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from accidental_transfers.statistics.naming import named
from accidental_transfers.statistics.share import Total


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
    listing, ledger, total = Listing.of(plan, bucket), Ledger(), Total()
    for expected, text in _texts(plan.slices, plan, bucket):
        receipt = _read(text, expected, plan, bucket)
        for file, part in listing.prove(expected, receipt).items():
            ledger.parts[file].append(part)
        ledger.lake += [StoredLakePart(expected, part) for part in receipt.lake]
        _count(total, receipt, plan)
    ledger.statistics = named(total.share(), plan.spec.start_date, plan.spec.accidents)
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
            receipt = _read(text, expected, plan, bucket)
            listing.prove(expected, receipt)
            _count(Total(), receipt, plan)
            proven.add(expected)
        except RunError as error:
            logger.warning("a slice is to be made again", extra={"reason": str(error)})
    return [part for part in plan.slices if part not in proven]


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


@dataclass(frozen=True)
class Listing:
    """The parts of a run that are in the bucket, by key."""

    plan: RunPlan
    bucket: Bucket
    objects: dict[str, StoredObject]

    @classmethod
    def of(cls, plan: RunPlan, bucket: Bucket) -> Self:
        """List them."""
        keys, output = RunKeys(plan.run), OutputKeys(plan.spec.output_key)
        prefixes = {
            "csv": [keys.parts(file) for file in CSV_FILES],
            "parquet": [output.folder(table, plan.run) for table in LAKE_TABLES],
        }
        wanted = [prefix for each in plan.spec.format for prefix in prefixes[each]]
        return cls(
            plan, bucket, {found.key: found for each in wanted for found in bucket.list(each)}
        )

    def prove(self, owner: Slice, receipt: Receipt) -> dict[CsvFile, StoredPart]:
        """Hold a receipt's parts against those that are there; gives those of the CSV files."""
        run, output = self.plan.run, OutputKeys(self.plan.spec.output_key)
        for part in receipt.lake:
            self._require(part, owner, output.lake_file(part.file, run, owner.index))
        keys = {file: RunKeys(run).part(file, owner.index) for file in receipt.parts}
        return {
            file: StoredPart(
                owner,
                self._require(part, owner, keys[file]),
                part.rows,
                crc32.from_hex(part.crc32),
            )
            for file, part in receipt.parts.items()
        }

    def _require(self, part: Part, owner: Slice, key: str) -> StoredObject:
        """Find the object that a receipt's part is, unchanged."""
        stored, url = self.objects.get(key), self.bucket.url(key)
        if stored is None:
            raise DamagedPartError(f"{owner}: its part {url} is gone")
        if stored.size != part.bytes or not _same_text(part, stored, self.bucket):
            raise DamagedPartError(
                f"{owner}: {url} has {stored.size:,} bytes and ETag {stored.etag}; its receipt "
                f"says {part.bytes:,} bytes, ETag {part.etag} and CRC32 {part.crc32}"
            )
        return stored


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
        "" if _has_formats(receipt, plan) else "it has not the parts of the plan's formats",
        "" if _has_own_files(receipt, plan) else "it has Parquet files of others, or one twice",
    ]
    found = ", ".join(filter(None, differences))
    if found:
        raise IncompleteRunError(
            f"run {plan.run}: the receipt of {expected} is not its own: {found}"
        )


def _has_formats(receipt: Receipt, plan: RunPlan) -> bool:
    files = set(CSV_FILES) if "csv" in plan.spec.format else set()
    in_lake = "parquet" in plan.spec.format
    return receipt.parts.keys() == files and bool(receipt.lake) == in_lake


def _has_own_files(receipt: Receipt, plan: RunPlan) -> bool:
    files = [part.file for part in receipt.lake]
    return len(set(files)) == len(files) and own_files(plan).issuperset(files)


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
