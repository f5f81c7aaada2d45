"""Carrying out planned joins: all pieces of all objects are uploaded, and wait to be completed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from accidental_transfers.errors import DamagedPartError
from accidental_transfers.pipeline.checkpoint import uploads
from accidental_transfers.pipeline.conditional import Condition, Written
from accidental_transfers.pipeline.fill import Part, fill
from accidental_transfers.pipeline.join_plan import Piece, Upload
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.multipart import MultipartUpload
from accidental_transfers.pipeline.publish import Publication
from accidental_transfers.pipeline.storage import Bucket, naming_error


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
    bucket: Bucket, joins: Sequence[Join], keys: RunKeys
) -> Iterator[Sequence[PreparedJoin]]:
    """Upload the pieces of all objects, so that none appears before all of them can.

    Whatever fails, no upload stays open, and an object that was not completed is as it was. If the
    process is killed over a long join, the next attempt goes on where it was.

    Parameters
    ----------
    keys : RunKeys
        Of the run, for temporary objects.
    """
    # An upload has a part at least, be it empty.
    wanted = [(join.publication, join.pieces or [Upload(())]) for join in joins]
    with uploads(bucket, wanted, keys) as opened:
        parts = [
            Part(upload, number, piece)
            for upload, (_, pieces) in zip(opened, wanted, strict=True)
            for number, piece in enumerate(pieces, start=1)
            if number not in upload.filled
        ]
        fill(parts, bucket, keys.joints)
        yield [
            PreparedJoin(publication, upload)
            for upload, (publication, _) in zip(opened, wanted, strict=True)
        ]
