"""Multipart uploads: an object that appears whole or not at all, and the tidying behind it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from botocore.exceptions import BotoCoreError, ClientError

from accidental_transfers.errors import DamagedPartError, StorageUnavailableError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.conditional import Condition, Written, lasting
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.storage import (
    Bucket,
    StoredObject,
    error_code,
    naming_error,
)

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import (
        CompleteMultipartUploadRequestTypeDef,
        CreateMultipartUploadRequestTypeDef,
        UploadPartCopyRequestTypeDef,
    )


class MultipartUpload:
    """An open multipart upload: the object appears whole on `complete`, or not at all.

    As a context manager it is aborted on leaving, unless it was completed.

    Parameters
    ----------
    upload_id : str
        By which S3 knows it.
    etags : dict of int to str
        Of the parts that it has, by their numbers.
    """

    def __init__(
        self, bucket: Bucket, key: str, upload_id: str, etags: dict[int, str] | None = None
    ) -> None:
        self._bucket = bucket
        self.key = key
        self.id = upload_id
        self._open = True
        self._etags = etags or {}

    @classmethod
    def opened(
        cls,
        bucket: Bucket,
        key: str,
        content_type: str,
        metadata: dict[str, str],
        tagging: str | None = None,
    ) -> MultipartUpload:
        """Open an upload of an object with this content type, metadata and tags."""
        request: CreateMultipartUploadRequestTypeDef = {
            "Bucket": bucket.name,
            "Key": key,
            "ContentType": content_type,
            "Metadata": metadata,
            "ChecksumAlgorithm": "CRC32",
            "ChecksumType": "FULL_OBJECT",
        }
        if tagging is not None:
            request["Tagging"] = tagging
        answer = bucket.client.create_multipart_upload(**request)
        return cls(bucket, key, answer["UploadId"])

    @classmethod
    def left_open(
        cls, bucket: Bucket, key: str, upload_id: str, sizes: Sequence[int]
    ) -> MultipartUpload | None:
        """Take up an upload that was left open, with its parts of the right sizes.

        Parameters
        ----------
        sizes : sequence of int
            Bytes that its parts are to have.

        Returns
        -------
        None where it is over.
        """
        pages = bucket.client.get_paginator("list_parts").paginate(
            Bucket=bucket.name, Key=key, UploadId=upload_id
        )
        try:
            parts = [part for page in pages for part in page.get("Parts", [])]
        except ClientError as error:
            if error_code(error) != "NoSuchUpload":
                raise
            return None
        expected = dict(enumerate(sizes, start=1))
        etags = {
            part["PartNumber"]: part["ETag"]
            for part in parts
            if part["Size"] == expected.get(part["PartNumber"])
        }
        return cls(bucket, key, upload_id, etags)

    @property
    def filled(self) -> set[int]:
        """The numbers of the parts that it has."""
        return set(self._etags)

    def put(self, number: int, body: bytes) -> None:
        """Upload bytes as part `number`, from 1."""
        with self._unless_over():
            answer = self._bucket.client.upload_part(
                Bucket=self._bucket.name,
                Key=self.key,
                UploadId=self.id,
                PartNumber=number,
                Body=body,
                ChecksumCRC32=crc32.to_base64(zlib.crc32(body)),
            )
        self._etags[number] = answer["ETag"]

    def copy(self, number: int, source: StoredObject, start: int, stop: int) -> None:
        """Have S3 copy bytes `start` to `stop` (excluded) of an object as part `number`.

        Raises
        ------
        DamagedPartError
            If the object is not the same any more.
        """
        request: UploadPartCopyRequestTypeDef = {
            "Bucket": self._bucket.name,
            "Key": self.key,
            "UploadId": self.id,
            "PartNumber": number,
            "CopySource": {"Bucket": self._bucket.name, "Key": source.key},
            "CopySourceIfMatch": source.etag,
        }
        if (start, stop) != (0, source.size):
            request["CopySourceRange"] = f"bytes={start}-{stop - 1}"
        with self._unless_over(), unless_changed(source):
            answer = self._bucket.client.upload_part_copy(**request)
        self._etags[number] = answer["CopyPartResult"]["ETag"]

    def complete(
        self, size: int, *, checksum: int | None = None, condition: Condition | None = None
    ) -> Written:
        """Make the object appear.

        Parameters
        ----------
        size : int
            Bytes that it must have; S3 refuses others.
        checksum : int, optional
            CRC32 that it must have; S3 refuses others.
        condition : Condition, optional
            Refuse, with one of `conditional.REFUSALS`, where it does not hold; the upload then
            stays open.
        """
        request: CompleteMultipartUploadRequestTypeDef = {
            "Bucket": self._bucket.name,
            "Key": self.key,
            "UploadId": self.id,
            "MultipartUpload": {
                "Parts": [
                    {"PartNumber": number, "ETag": self._etags[number]}
                    for number in sorted(self._etags)
                ]
            },
            "MpuObjectSize": size,
            "ChecksumType": "FULL_OBJECT",
        }
        if checksum is not None:
            request["ChecksumCRC32"] = crc32.to_base64(checksum)
        if condition is not None:
            request = {**request, **condition}
        answer = self._bucket.client.complete_multipart_upload(**request)
        self._open = False
        return Written(answer["ETag"], lasting(answer.get("VersionId")))

    def _unless_over(self) -> AbstractContextManager[None]:
        """Name S3's refusal of parts for an upload that another attempt completed or aborted."""
        message = f"the upload of {self.key} is over; another attempt opens its own"
        return naming_error(StorageUnavailableError, message, "NoSuchUpload")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._open:
            self.abort()

    def abort(self) -> None:
        """Have S3 forget the parts."""
        with tidying(self.key):
            self._bucket.client.abort_multipart_upload(
                Bucket=self._bucket.name, Key=self.key, UploadId=self.id
            )


@contextmanager
def tidying(key: str) -> Iterator[None]:
    """Delete what a join no longer needs; that it cannot be deleted is logged, and no error.

    Often another error is on its way, and that is the one to report. The bucket's lifecycle
    deletes what is left.

    Parameters
    ----------
    key : str
        Of what is being deleted, for the log.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as failure:
        if isinstance(failure, ClientError) and error_code(failure) == "NoSuchUpload":
            return
        logger.warning("something was left behind", extra={"key": key}, exc_info=True)


def unless_changed(source: StoredObject) -> AbstractContextManager[None]:
    """Name S3's refusal of an object that is no longer the one that was listed.

    Raises
    ------
    DamagedPartError
        Naming the object.
    """
    message = f"{source.key} changed while it was joined"
    return naming_error(DamagedPartError, message, "NoSuchKey", "PreconditionFailed", "412")
