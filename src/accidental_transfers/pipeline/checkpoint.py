"""The uploads of a long join: an attempt at it goes on where one before was killed.

A Lambda function that runs out of time tidies nothing up: its uploads stay open, with the parts
they have. The run's folder says which uploads these are, and S3 which parts. Whoever fails in any
other way aborts the uploads, as ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from pydantic import BaseModel, ConfigDict, ValidationError

from accidental_transfers.pipeline.join_plan import Piece
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.multipart import MultipartUpload, tidying
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.publish import Publication
from accidental_transfers.pipeline.storage import JSON, Bucket

LONG = 100
"""Pieces from which on a join is long: fewer are made again within seconds."""

Wanted = tuple[Publication, Sequence[Piece]]
"""An object to be, and what it is made of."""


class Left(BaseModel):
    """An upload that was opened.

    Attributes
    ----------
    pieces : str
        Digest of what it is made of: other pieces are another upload.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    upload: str
    pieces: str


class Checkpoint(BaseModel):
    """The uploads of a run's join, by the keys of the objects that they are to be."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    uploads: dict[str, Left] = {}

    @classmethod
    def load(cls, bucket: Bucket, key: str) -> Checkpoint:
        """Read what the attempt before left; nothing where it cannot be read."""
        try:
            return cls.model_validate_json(bucket.find(key) or b"{}")
        except ValidationError:
            logger.warning("the checkpoint cannot be read", extra={"key": key})
            return cls()


@contextmanager
def uploads(
    bucket: Bucket, wanted: Sequence[Wanted], keys: RunKeys
) -> Iterator[list[MultipartUpload]]:
    """Open the uploads of some objects, or take up those that were left open.

    On leaving, those that were not completed are aborted.
    """
    is_long = sum(len(pieces) for _, pieces in wanted) >= LONG
    left = Checkpoint.load(bucket, keys.checkpoint).uploads if is_long else {}
    with ExitStack() as stack:
        opened = [
            stack.enter_context(_opened(bucket, target, pieces, left.get(target.key)))
            for target, pieces in wanted
        ]
        if is_long:
            stack.callback(_forget, bucket, keys.checkpoint)
            _note(bucket, keys.checkpoint, wanted, opened)
        yield opened


def _opened(
    bucket: Bucket, target: Publication, pieces: Sequence[Piece], left: Left | None
) -> MultipartUpload:
    upload = _taken_up(bucket, target.key, pieces, left) if left else None
    return upload or MultipartUpload.opened(
        bucket, target.key, target.content_type, target.metadata
    )


def _taken_up(
    bucket: Bucket, key: str, pieces: Sequence[Piece], left: Left
) -> MultipartUpload | None:
    if left.pieces != _digest(pieces):
        MultipartUpload(bucket, key, left.upload).abort()
        return None
    upload = MultipartUpload.left_open(bucket, key, left.upload, [piece.size for piece in pieces])
    if upload is not None:
        logger.info("going on", extra={"key": key, "parts": len(upload.filled)})
    return upload


def _note(
    bucket: Bucket, key: str, wanted: Sequence[Wanted], opened: Sequence[MultipartUpload]
) -> None:
    noted = {
        target.key: Left(upload=upload.id, pieces=_digest(pieces))
        for (target, pieces), upload in zip(wanted, opened, strict=True)
    }
    bucket.put(key, Checkpoint(uploads=noted).model_dump_json().encode(), JSON)


def _forget(bucket: Bucket, key: str) -> None:
    with tidying(key):
        bucket.delete(key)


def _digest(pieces: Sequence[Piece]) -> str:
    """Tell pieces apart by their sources, those sources' ETags and their ranges."""
    return hashlib.sha256(repr(pieces).encode()).hexdigest()
