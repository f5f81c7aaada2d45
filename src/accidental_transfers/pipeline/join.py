"""Carrying out planned joins: the uploads of all objects are filled, then all are completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accidental_transfers.errors import DamagedPartError
from accidental_transfers.pipeline.checkpoint import uploads
from accidental_transfers.pipeline.fill import Part, fill
from accidental_transfers.pipeline.join_plan import Piece
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.multipart import MultipartUpload
from accidental_transfers.pipeline.publish import Publication, knowing_own_success, put
from accidental_transfers.pipeline.storage import Bucket, naming_error


@dataclass(frozen=True)
class Join:
    """An object to publish and the pieces that it is made of."""

    publication: Publication
    pieces: Sequence[Piece]


def publish_joins(bucket: Bucket, joins: Sequence[Join], keys: RunKeys) -> None:
    """Publish objects, none of which appears before all of them are prepared.

    Whatever fails, no upload stays open, and an object that was not completed is as it was. If the
    process is killed over a long join, the next attempt goes on where it was.

    Parameters
    ----------
    keys : RunKeys
        Of the run, for temporary objects.
    """
    wanted = [(join.publication, join.pieces) for join in joins if join.pieces]
    with uploads(bucket, wanted, keys) as opened:
        parts = [
            Part(upload, number, piece)
            for upload, (_, pieces) in zip(opened, wanted, strict=True)
            for number, piece in enumerate(pieces, start=1)
            if number not in upload.filled
        ]
        fill(parts, bucket, keys.joints)
        upload_of = {upload.key: upload for upload in opened}
        for join in joins:
            _complete(bucket, join.publication, upload_of.get(join.publication.key))


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
