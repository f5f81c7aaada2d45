"""Conditional writes: an object is replaced only where what a run saw still stands there.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

REFUSALS = {
    "412",
    "404",
    "ConditionalRequestConflict",
    "NoSuchKey",
    "NoSuchUpload",
    "PreconditionFailed",
}
"""Codes by which S3 refuses a conditional write, because something else stands there.

``NoSuchKey`` says that nothing stands there any more, ``NoSuchUpload`` that an upload was completed
or aborted before, ``ConditionalRequestConflict`` that an object came while the upload was open.
"""

_NO_VERSION = "null"
"""The version id of what was written without versioning: the next write replaces it."""


class Condition(TypedDict, total=False):
    """What a write asks for of the object that stands there."""

    IfMatch: str
    IfNoneMatch: str


def only_over(etag: str | None) -> Condition:
    """The condition that the object of an ETag still stands there, or that none does."""
    return {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}


@dataclass(frozen=True)
class Written:
    """What S3 answers to a write.

    Attributes
    ----------
    etag : str
        In its quotes.
    version_id : str or None
        None in a bucket that keeps no versions.
    """

    etag: str
    version_id: str | None


def lasting(version_id: str | None) -> str | None:
    """A version id by which the object can be read later, or None."""
    return None if version_id == _NO_VERSION else version_id
