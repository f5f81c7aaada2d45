"""Publishing an object: what it is to be, and knowing one's own success after a lost answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from accidental_transfers.errors import OutputExistsError
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.storage import Bucket, error_code

_ALREADY_THERE = {"PreconditionFailed", "412"}
_UPLOAD_IS_OVER = {"NoSuchUpload"}


@dataclass(frozen=True)
class Publication:
    """An object to publish.

    Attributes
    ----------
    run : str
        The run that makes it; it goes into the object's metadata, as do the rows.
    size : int
        Bytes.
    crc32 : int
        Checksum of all its bytes, as `zlib.crc32` gives it.
    only_new : bool
        Whether another run's object of this key is to stand.
    """

    key: str
    run: str
    rows: int
    size: int
    crc32: int
    content_type: str
    only_new: bool

    @property
    def metadata(self) -> dict[str, str]:
        """What the object carries: by it, a run knows its own."""
        return {"run": self.run, "rows": str(self.rows)}


@contextmanager
def knowing_own_success(bucket: Bucket, publication: Publication) -> Iterator[None]:
    """Pass over a refusal where the object that stands there is this run's own.

    An answer that got lost is retried by the client, and the second attempt is refused because
    of the first one's success; the same holds for a run that is run again.

    Raises
    ------
    OutputExistsError
        If the object that stands there is another run's, and is to stand.
    """
    try:
        yield
    except ClientError as error:
        if error_code(error) not in _ALREADY_THERE | _UPLOAD_IS_OVER:
            raise
        stored = bucket.head(publication.key)
        found = (stored.metadata.get("run"), stored.size) if stored else None
        if found == (publication.run, publication.size):
            logger.info("published before", extra={"key": publication.key})
        elif error_code(error) in _ALREADY_THERE:
            raise OutputExistsError(
                f"{bucket.url(publication.key)} came into being in the meantime, not by run "
                f"{publication.run}; allowed with if_exists 'fail': a key where nothing is"
            ) from error
        else:
            raise


def put(bucket: Bucket, publication: Publication, body: bytes) -> None:
    """Publish an object that fits one request.

    Raises
    ------
    OutputExistsError
        If another run's object stands there, and is to stand.
    """
    with knowing_own_success(bucket, publication):
        bucket.put(
            publication.key,
            body,
            publication.content_type,
            checksum=publication.crc32,
            metadata=publication.metadata,
            only_new=publication.only_new,
        )
