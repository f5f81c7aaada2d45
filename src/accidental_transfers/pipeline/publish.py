"""Publishing an object: what it is to be, and how a run recognises an object of its own."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from accidental_transfers.errors import OutputExistsError
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.receipts import Ledger
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.storage import CSV, Bucket, error_code
from accidental_transfers.spec.files import CsvFile

_ALREADY_THERE = {"PreconditionFailed", "412"}
_UPLOAD_IS_OVER = {"NoSuchUpload"}


@dataclass(frozen=True)
class Publication:
    """An object to publish.

    Attributes
    ----------
    run : str
        The run that makes it; it goes into the object's metadata, as do the dataset version and
        the rows.
    size : int
        Bytes.
    crc32 : int
        Checksum of all its bytes, as `zlib.crc32` gives it.
    only_new : bool
        Whether an object of another run with this key must not be replaced.
    """

    key: str
    run: str
    dataset_version: int
    rows: int
    size: int
    crc32: int
    content_type: str
    only_new: bool

    @property
    def metadata(self) -> dict[str, str]:
        """What the object carries: by it, a run knows its own."""
        return {
            "run": self.run,
            "dataset-version": str(self.dataset_version),
            "rows": str(self.rows),
        }


def publication_of(file: CsvFile, plan: RunPlan, ledger: Ledger) -> Publication:
    """What a whole CSV file is to be published as."""
    return Publication(
        key=OutputKeys(plan.spec.output_key).of(file),
        run=plan.run,
        dataset_version=plan.identity.dataset_version,
        rows=ledger.rows(file),
        size=ledger.bytes(file),
        crc32=ledger.crc32(file),
        content_type=CSV,
        only_new=plan.spec.if_exists == "fail",
    )


def publication_of_document(
    key: str, content_type: str, body: bytes, plan: RunPlan, ledger: Ledger
) -> Publication:
    """What a document about the dataset is to be published as."""
    return Publication(
        key=key,
        run=plan.run,
        dataset_version=plan.identity.dataset_version,
        rows=ledger.rows("dataset"),
        size=len(body),
        crc32=zlib.crc32(body),
        content_type=content_type,
        only_new=plan.spec.if_exists == "fail",
    )


@contextmanager
def knowing_own_success(bucket: Bucket, publication: Publication) -> Iterator[None]:
    """Ignore a refusal if the object that stands there is this run's own.

    If the answer to a request gets lost, the client sends the request again, and the second
    attempt is refused because the first one succeeded. The same happens if a run is run again.

    Raises
    ------
    OutputExistsError
        If the object that stands there is another run's, and must not be replaced.
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
                f"{publication.run}; with if_exists 'fail', allowed is a key where nothing stands"
            ) from error
        else:
            raise


def put(bucket: Bucket, publication: Publication, body: bytes) -> None:
    """Publish an object that fits one request.

    Raises
    ------
    OutputExistsError
        If another run's object stands there, and must not be replaced.
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
