"""The plan of a join: how parts become one object, with as little downloaded as possible.

S3 can copy ranges of objects into a multipart upload, but every part of an upload except the last
must have at least 5 MiB. So sources of that size are copied. Smaller neighbours are gathered, in
order, and uploaded as one part. Where fewer than 5 MiB of small sources stand in front of a big
one, a joint makes one part of both (see `Joint`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from accidental_transfers.pipeline.storage import StoredObject

MINIMUM_PART = 5 * 2**20
MAXIMUM_PART = 5 * 2**30
"""Sizes that S3 takes as a part of a multipart upload, in bytes;
https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html."""


@dataclass(frozen=True)
class Copy:
    """Bytes `start` to `stop` (excluded) of an object, copied inside S3."""

    source: StoredObject
    start: int
    stop: int

    @property
    def size(self) -> int:
        """Bytes that it contributes."""
        return self.stop - self.start

    @property
    def downloaded(self) -> int:
        """Bytes of it that pass through memory."""
        return 0

    def __str__(self) -> str:
        return f"copy {self.source.key} [{self.start:,}, {self.stop:,})"


@dataclass(frozen=True)
class Upload:
    """Small objects, downloaded and uploaded as one part."""

    sources: tuple[StoredObject, ...]

    @property
    def size(self) -> int:
        """Bytes that it contributes."""
        return sum(source.size for source in self.sources)

    @property
    def downloaded(self) -> int:
        """Bytes of it that pass through memory."""
        return self.size

    def __str__(self) -> str:
        return f"upload {', '.join(source.key for source in self.sources)} ({self.size:,} bytes)"


@dataclass(frozen=True)
class Joint:
    """Too few bytes for a part of their own, in front of a copy: both become one part.

    A temporary object is made of two parts: `front`, uploaded behind as much padding as a part
    must have, and `back`, copied inside S3. What follows the padding is then copied as one part
    of the whole. So `back` is never downloaded.

    Attributes
    ----------
    padding : int
        Bytes in front of `front`.
    """

    front: Upload
    back: Copy
    padding: int

    @property
    def size(self) -> int:
        """Bytes that it contributes."""
        return self.front.size + self.back.size

    @property
    def downloaded(self) -> int:
        """Bytes of it that pass through memory."""
        return self.front.size

    def __str__(self) -> str:
        return f"joint of {self.front} and {self.back}"


Piece = Copy | Upload | Joint
"""What one part of the multipart upload is made of."""


def plan_join(
    sources: Iterable[StoredObject],
    *,
    minimum_part: int = MINIMUM_PART,
    maximum_part: int = MAXIMUM_PART,
) -> list[Piece]:
    """Plan the parts of the upload that is the concatenation of `sources`.

    No source of `minimum_part` bytes is downloaded, no piece but the last is smaller, no upload
    is three times as large, and up to `maximum_part` a source there are at most as many pieces
    as sources.

    Parameters
    ----------
    sources : iterable of StoredObject
        In order; empty ones are skipped.
    minimum_part, maximum_part : int
        Bytes that a part may have; the maximum is at least three times the minimum.

    Returns
    -------
    list of Piece
        In order; none if there is not a single byte.
    """
    pieces: list[Piece] = []
    front: tuple[StoredObject, ...] = ()
    filled = (source for source in sources if source.size > 0)
    for is_big, group in groupby(filled, key=lambda source: source.size >= minimum_part):
        if is_big:
            copies = _copies(group, maximum_part - minimum_part)
            if front:
                padding = minimum_part - sum(source.size for source in front)
                pieces.append(Joint(Upload(front), next(copies), padding))
                front = ()
            pieces.extend(copies)
        else:
            uploads, front = _gather(group, minimum_part)
            pieces.extend(uploads)
    if front:
        pieces.append(Upload(front))
    return pieces


def _copies(sources: Iterable[StoredObject], maximum: int) -> Iterator[Copy]:
    """Copy every source whole, or where it is larger than `maximum` in even ranges."""
    for source in sources:
        count = -(-source.size // maximum)
        edges = [source.size * number // count for number in range(count + 1)]
        for start, stop in pairwise(edges):
            yield Copy(source, start, stop)


def _gather(
    sources: Iterable[StoredObject], minimum: int
) -> tuple[list[Upload], tuple[StoredObject, ...]]:
    """Gather neighbours into uploads that are big enough; a rest is added to the last upload.

    Returns
    -------
    The uploads, and the sources that are too small for even one.
    """
    uploads: list[Upload] = []
    gathered: list[StoredObject] = []
    size = 0
    for source in sources:
        gathered.append(source)
        size += source.size
        if size >= minimum:
            uploads.append(Upload(tuple(gathered)))
            gathered, size = [], 0
    if uploads:
        uploads[-1] = Upload((*uploads[-1].sources, *gathered))
        gathered = []
    return uploads, tuple(gathered)
