"""Filling open uploads with their pieces: those of all objects at once, in bounded memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from uuid import uuid4

from accidental_transfers.errors import StorageUnavailableError
from accidental_transfers.pipeline.join_plan import Copy, Joint, Piece, Upload
from accidental_transfers.pipeline.multipart import MultipartUpload, tidying, unless_changed
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.storage import CONNECTIONS, Bucket, StoredObject, naming_error

READS = CONNECTIONS // 2
"""Sources of a piece that are downloaded at once. One piece at a time passes through memory: it has
up to 15 MiB, which the client holds several times."""
COPIES = CONNECTIONS - READS
"""Copies at once. S3 does the work, and they take no memory."""


@dataclass(frozen=True)
class Part:
    """A piece, and the part of an open upload that it is to be."""

    upload: MultipartUpload
    number: int
    piece: Piece


def fill(parts: Iterable[Part], bucket: Bucket, joints: str) -> None:
    """Upload parts: those that S3 copies, beside those that pass through memory.

    On an error nothing new is started, and it is raised only when nothing is under way any more.

    Parameters
    ----------
    joints : str
        What the keys of temporary objects begin with.
    """
    failed = Event()

    def make(part: Part) -> None:
        if failed.is_set():
            return
        try:
            upload(part, bucket, joints)
        except BaseException:
            failed.set()
            raise

    every = list(parts)
    copies = [part for part in every if isinstance(part.piece, Copy)]
    others = [part for part in every if not isinstance(part.piece, Copy)]
    with ThreadPoolExecutor(2) as pool:
        lanes = [
            pool.submit(_all, make, copies, COPIES),
            pool.submit(_all, make, others, 1),
        ]
    for lane in lanes:
        lane.result()


def _all(make: Callable[[Part], None], parts: Iterable[Part], at_once: int) -> None:
    for _ in map_in_order(make, parts, at_once):
        pass


def upload(part: Part, bucket: Bucket, joints: str) -> None:
    """Upload one part; ``joints`` as in `fill`."""
    match part.piece:
        case Copy():
            _copy(part.upload, part.number, part.piece)
        case Upload():
            part.upload.put(part.number, _download(part.piece, bucket))
        case Joint():
            _copy_through_joint(part.upload, part.number, part.piece, bucket, joints)


def _copy(upload: MultipartUpload, number: int, piece: Copy) -> None:
    upload.copy(number, piece.source, piece.start, piece.stop)


def _download(piece: Upload, bucket: Bucket) -> bytes:
    def read(source: StoredObject) -> bytes:
        with unless_changed(source):
            return bucket.get(source.key, source.etag)

    # Not joined from a list, which would hold every byte twice.
    whole = io.BytesIO()
    for text in map_in_order(read, piece.sources, READS):
        whole.write(text)
    return whole.getvalue()


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
    with MultipartUpload.opened(bucket, key, "application/octet-stream", {}) as joint:
        joint.put(1, bytes(piece.padding) + _download(piece.front, bucket))
        _copy(joint, 2, piece.back)
        # The ETag was in the answer that got lost: only another attempt can have one.
        with naming_error(
            StorageUnavailableError, f"the answer for {key} was lost", "NoSuchUpload"
        ):
            return StoredObject(key, size, joint.complete(size).etag)
