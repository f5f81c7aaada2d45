"""Carrying out a planned join: all pieces are uploaded, and then wait to be completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import uuid4

from accidental_transfers.errors import DamagedPartError, StorageUnavailableError
from accidental_transfers.pipeline.conditional import Condition, Written
from accidental_transfers.pipeline.join_plan import Copy, Joint, Piece, Upload
from accidental_transfers.pipeline.multipart import MultipartUpload, tidying, unless_changed
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.publish import Publication
from accidental_transfers.pipeline.storage import Bucket, StoredObject, naming_error


@dataclass(frozen=True)
class Join:
    """An object to publish and the pieces that it is made of."""

    publication: Publication
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class PreparedJoin:
    """An object whose pieces are all uploaded: one request makes it appear."""

    publication: Publication
    upload: MultipartUpload

    def complete(self, condition: Condition) -> Written:
        """Make the object appear, if a condition holds.

        Raises
        ------
        DamagedPartError
            If the pieces do not have the checksum of the object.
        """
        target = self.publication
        damaged = f"the parts of {target.key} do not have the CRC32 of their receipts"
        with naming_error(DamagedPartError, damaged, "BadDigest"):
            return self.upload.complete(target.size, checksum=target.crc32, condition=condition)


@contextmanager
def prepared(
    bucket: Bucket, joins: Sequence[Join], joints: str
) -> Iterator[Sequence[PreparedJoin]]:
    """Upload the pieces of all objects, so that none appears before all of them can.

    Whatever fails, no upload stays open, and an object that was not completed is as it was.

    Parameters
    ----------
    joints : str
        What the keys of temporary objects begin with.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(_prepared(bucket, join, joints)) for join in joins]


@contextmanager
def _prepared(bucket: Bucket, join: Join, joints: str) -> Iterator[PreparedJoin]:
    target = join.publication
    with MultipartUpload(bucket, target.key, target.content_type, target.metadata) as upload:
        # An upload has a part at least, be it empty.
        _fill(upload, join.pieces or [Upload(())], bucket, joints)
        yield PreparedJoin(target, upload)


def _fill(upload: MultipartUpload, pieces: Sequence[Piece], bucket: Bucket, joints: str) -> None:
    """Upload all pieces: copies in parallel, and what takes memory one after another."""
    numbered = list(enumerate(pieces, start=1))
    copies = [(number, piece) for number, piece in numbered if isinstance(piece, Copy)]
    for _ in map_in_order(lambda each: _copy(upload, *each), copies):
        pass
    for number, piece in numbered:
        if isinstance(piece, Upload):
            upload.put(number, _download(piece, bucket))
        elif isinstance(piece, Joint):
            _copy_through_joint(upload, number, piece, bucket, joints)


def _copy(upload: MultipartUpload, number: int, piece: Copy) -> None:
    upload.copy(number, piece.source, piece.start, piece.stop)


def _download(piece: Upload, bucket: Bucket) -> bytes:
    def read(source: StoredObject) -> bytes:
        with unless_changed(source):
            return bucket.get(source.key, source.etag)

    return b"".join(map_in_order(read, piece.sources))


def _copy_through_joint(
    upload: MultipartUpload, number: int, piece: Joint, bucket: Bucket, joints: str
) -> None:
    # Two attempts at the same run may overlap: each has joints of its own.
    key = f"{joints}{uuid4()}"
    try:
        joint = _make_joint(key, piece, bucket)
        upload.copy(number, joint, piece.padding, joint.size)
    finally:
        with tidying(key):
            bucket.delete(key)


def _make_joint(key: str, piece: Joint, bucket: Bucket) -> StoredObject:
    size = piece.padding + piece.size
    with MultipartUpload(bucket, key, "application/octet-stream", {}) as joint:
        joint.put(1, bytes(piece.padding) + _download(piece.front, bucket))
        _copy(joint, 2, piece.back)
        # The ETag was in the answer that got lost: only another attempt can have one.
        with naming_error(
            StorageUnavailableError, f"the answer for {key} was lost", "NoSuchUpload"
        ):
            return StoredObject(key, size, joint.complete(size).etag)
