"""Carrying out a planned join as multipart uploads, of which all or none are left behind."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from accidental_transfers.errors import DamagedPartError, StorageUnavailableError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.join import Copy, Joint, Piece, Upload
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.parallel import map_in_order
from accidental_transfers.pipeline.publish import Publication, knowing_own_success, put
from accidental_transfers.pipeline.storage import (
    Bucket,
    StoredObject,
    error_code,
    naming_error,
)

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import (
        CompleteMultipartUploadRequestTypeDef,
        UploadPartCopyRequestTypeDef,
    )


class MultipartUpload:
    """An open multipart upload: the object appears whole on `complete`, or not at all.

    As a context manager it is aborted on leaving, unless it was completed.

    Parameters
    ----------
    content_type : str
        Of the object to be.
    metadata : dict of str to str
        Of the object to be.
    """

    def __init__(
        self, bucket: Bucket, key: str, content_type: str, metadata: dict[str, str]
    ) -> None:
        self._bucket = bucket
        self.key = key
        self._open = True
        self._etags: dict[int, str] = {}
        self._id = bucket.client.create_multipart_upload(
            Bucket=bucket.name,
            Key=key,
            ContentType=content_type,
            Metadata=metadata,
            ChecksumAlgorithm="CRC32",
            ChecksumType="FULL_OBJECT",
        )["UploadId"]

    def put(self, number: int, body: bytes) -> None:
        """Upload bytes as part `number`, from 1."""
        answer = self._bucket.client.upload_part(
            Bucket=self._bucket.name,
            Key=self.key,
            UploadId=self._id,
            PartNumber=number,
            Body=body,
            ChecksumCRC32=crc32.to_base64(zlib.crc32(body)),
        )
        self._etags[number] = answer["ETag"]

    def copy(self, number: int, copy: Copy) -> None:
        """Have S3 copy bytes of an object as part `number`, if it is still the same object."""
        request: UploadPartCopyRequestTypeDef = {
            "Bucket": self._bucket.name,
            "Key": self.key,
            "UploadId": self._id,
            "PartNumber": number,
            "CopySource": {"Bucket": self._bucket.name, "Key": copy.source.key},
            "CopySourceIfMatch": copy.source.etag,
        }
        if not copy.whole:
            request["CopySourceRange"] = f"bytes={copy.start}-{copy.stop - 1}"
        with _unless_changed(copy.source):
            answer = self._bucket.client.upload_part_copy(**request)
        self._etags[number] = answer["CopyPartResult"]["ETag"]

    def complete(self, size: int, *, checksum: int | None = None, only_new: bool = False) -> str:
        """Make the object appear, and return its ETag.

        Parameters
        ----------
        size : int
            Bytes that it must have; S3 refuses others.
        checksum : int, optional
            CRC32 that it must have; S3 refuses others.
        only_new : bool
            Refuse, with ``PreconditionFailed``, where an object of this key exists.
        """
        request: CompleteMultipartUploadRequestTypeDef = {
            "Bucket": self._bucket.name,
            "Key": self.key,
            "UploadId": self._id,
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
        if only_new:
            request["IfNoneMatch"] = "*"
        answer = self._bucket.client.complete_multipart_upload(**request)
        self._open = False
        return answer["ETag"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._open:
            with _tidying(self.key):
                self._bucket.client.abort_multipart_upload(
                    Bucket=self._bucket.name, Key=self.key, UploadId=self._id
                )


@contextmanager
def _tidying(key: str) -> Iterator[None]:
    """Log, and no more, that something could not be cleared away.

    Another error may be on its way and is the one to be told; the bucket's lifecycle clears
    away what is left.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as failure:
        if isinstance(failure, ClientError) and error_code(failure) == "NoSuchUpload":
            return
        logger.warning("something was left behind", extra={"key": key}, exc_info=True)


def _unless_changed(source: StoredObject) -> AbstractContextManager[None]:
    message = f"{source.key} changed while it was joined"
    return naming_error(DamagedPartError, message, "NoSuchKey", "PreconditionFailed", "412")


@dataclass(frozen=True)
class Join:
    """An object to publish and the pieces that it is made of."""

    publication: Publication
    pieces: Sequence[Piece]


def publish_joins(bucket: Bucket, joins: Sequence[Join], joints: str) -> None:
    """Publish objects, none of which appears before all of them are prepared.

    Whatever fails, no upload stays open, and what was not completed stands as it was.

    Parameters
    ----------
    joints : str
        What the keys of temporary objects begin with.
    """
    with ExitStack() as stack:
        prepared = [(join, stack.enter_context(_prepared(bucket, join, joints))) for join in joins]
        for join, upload in prepared:
            _complete(bucket, join.publication, upload)


@contextmanager
def _prepared(bucket: Bucket, join: Join, joints: str) -> Iterator[MultipartUpload | None]:
    """Open an upload and fill it; None where there is nothing to upload."""
    if not join.pieces:
        yield None
        return
    target = join.publication
    with MultipartUpload(bucket, target.key, target.content_type, target.metadata) as upload:
        _fill(upload, join.pieces, bucket, joints)
        yield upload


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


def _fill(upload: MultipartUpload, pieces: Sequence[Piece], bucket: Bucket, joints: str) -> None:
    """Copy in parallel, as it takes no memory; what goes through memory, one after another."""
    numbered = list(enumerate(pieces, start=1))
    copies = [(number, piece) for number, piece in numbered if isinstance(piece, Copy)]
    for _ in map_in_order(lambda each: upload.copy(*each), copies):
        pass
    for number, piece in numbered:
        if isinstance(piece, Upload):
            upload.put(number, _download(piece, bucket))
        elif isinstance(piece, Joint):
            _copy_through_joint(upload, number, piece, bucket, joints)


def _download(piece: Upload, bucket: Bucket) -> bytes:
    def read(source: StoredObject) -> bytes:
        with _unless_changed(source):
            return bucket.get(source.key, source.etag)

    return b"".join(map_in_order(read, piece.sources))


def _copy_through_joint(
    upload: MultipartUpload, number: int, piece: Joint, bucket: Bucket, joints: str
) -> None:
    # Two attempts at the same run may overlap: each has joints of its own.
    key = f"{joints}{uuid4()}"
    try:
        joint = _make_joint(key, piece, bucket)
        upload.copy(number, Copy(joint, piece.padding, joint.size))
    finally:
        with _tidying(key):
            bucket.delete(key)


def _make_joint(key: str, piece: Joint, bucket: Bucket) -> StoredObject:
    size = piece.padding + piece.size
    with MultipartUpload(bucket, key, "application/octet-stream", {}) as joint:
        joint.put(1, bytes(piece.padding) + _download(piece.front, bucket))
        joint.copy(2, piece.back)
        # Its ETag went with a lost answer, so there is nothing for it but another attempt.
        with naming_error(
            StorageUnavailableError, f"the answer for {key} was lost", "NoSuchUpload"
        ):
            return StoredObject(key, size, joint.complete(size))
