"""Carrying out planned joins: the uploads of all objects are filled, then all are completed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass

from accidental_transfers.errors import DamagedPartError
from accidental_transfers.pipeline.fill import Part, fill
from accidental_transfers.pipeline.join_plan import Piece
from accidental_transfers.pipeline.multipart import MultipartUpload
from accidental_transfers.pipeline.publish import Publication, knowing_own_success, put
from accidental_transfers.pipeline.storage import Bucket, naming_error


@dataclass(frozen=True)
class Join:
    """An object to publish and the pieces that it is made of."""

    publication: Publication
    pieces: Sequence[Piece]


def publish_joins(bucket: Bucket, joins: Sequence[Join], joints: str) -> None:
    """Publish objects, none of which appears before all of them are prepared.

    Whatever fails, no upload stays open, and an object that was not completed is as it was.

    Parameters
    ----------
    joints : str
        What the keys of temporary objects begin with.
    """
    with ExitStack() as stack:
        opened = [(join, stack.enter_context(_opened(bucket, join))) for join in joins]
        parts = [
            Part(upload, number, piece)
            for join, upload in opened
            if upload
            for number, piece in enumerate(join.pieces, start=1)
        ]
        fill(parts, bucket, joints)
        for join, upload in opened:
            _complete(bucket, join.publication, upload)


def _opened(bucket: Bucket, join: Join) -> AbstractContextManager[MultipartUpload | None]:
    """Open an upload; None where there is nothing to upload."""
    if not join.pieces:
        return nullcontext()
    target = join.publication
    return MultipartUpload(bucket, target.key, target.content_type, target.metadata)


def _complete(bucket: Bucket, target: Publication, upload: MultipartUpload | None) -> None:
    if upload is None:
        put(bucket, target, b"")
        return
    damaged = f"the parts of {target.key} do not have the CRC32 of their receipts"
    with (
        knowing_own_success(bucket, target),
        naming_error(DamagedPartError, damaged, "BadDigest"),
    ):
        upload.complete(target.size, checksum=target.crc32, only_new=target.only_new)
