"""The bucket: the few things that the pipeline asks of S3."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from accidental_transfers.errors import AccidentalTransfersError, StorageUnavailableError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.conditional import Condition, Written, lasting

if TYPE_CHECKING:
    from botocore.awsrequest import AWSResponse
    from botocore.model import OperationModel
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import (
        GetObjectRequestTypeDef,
        HeadObjectRequestTypeDef,
        PutObjectRequestTypeDef,
    )

CSV = "text/csv; charset=us-ascii"
JSON = "application/json"
HTML = "text/html; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"

CONNECTIONS = 48
"""Requests that may be under way at once: far below what S3 takes of one prefix in a second, 3,500
writes; https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html."""

_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=5,
    # S3 answers a copy only when it is done, and one part may have 5 GiB.
    read_timeout=120,
    max_pool_connections=CONNECTIONS,
)

_REDIRECTION = 300
_ANSWERED = {
    "CompleteMultipartUpload": "ETag",
    "CreateMultipartUpload": "UploadId",
    "GetObject": "ETag",
    "HeadObject": "ETag",
    "PutObject": "ETag",
    "UploadPart": "ETag",
    "UploadPartCopy": "CopyPartResult",
}
"""What S3 says in each of its answers; one without it comes from something in between."""


def s3_client(owner: str | None = None) -> S3Client:
    """The client of this process, made when it is first needed; it obeys ``AWS_ENDPOINT_URL``.

    Parameters
    ----------
    owner : str, optional
        Account that owns the buckets: S3 refuses every request to a bucket of another.
    """
    return _client_at(os.environ.get("AWS_ENDPOINT_URL"), owner)


@cache
def _client_at(endpoint: str | None, owner: str | None) -> S3Client:
    client = boto3.client("s3", endpoint_url=endpoint, config=_CONFIG)
    client.meta.events.register("after-call.s3", _require_whole)
    if owner is not None:
        # Here and not with each request, so that none can be without it.
        client.meta.events.register("before-parameter-build.s3", partial(_expect, owner))
    return client


def _expect(owner: str, params: dict[str, Any], model: OperationModel, **_: Any) -> None:
    known = model.input_shape.members if model.input_shape else {}
    names = {"ExpectedBucketOwner", "ExpectedSourceBucketOwner"} & known.keys()
    params.update(dict.fromkeys(names, owner))


def _require_whole(
    http_response: AWSResponse, parsed: dict[str, Any], model: OperationModel, **_: Any
) -> None:
    """Refuse a success that says nothing."""
    expected = _ANSWERED.get(model.name)
    if http_response.status_code < _REDIRECTION and expected and expected not in parsed:
        raise StorageUnavailableError(
            f"{model.name}: something answered {http_response.status_code} in S3's place, without "
            f"{expected}"
        )


def error_code(error: ClientError) -> str:
    """The code by which S3 names an error, such as ``NoSuchKey``."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def naming_error(
    named: type[AccidentalTransfersError], message: str, *codes: str
) -> Iterator[None]:
    """Replace S3's errors of certain codes by an error of this package."""
    try:
        yield
    except ClientError as error:
        if error_code(error) not in codes:
            raise
        raise named(f"{message}: {error}") from error


@dataclass(frozen=True)
class StoredObject:
    """An object as the bucket lists it.

    Attributes
    ----------
    size : int
        Bytes.
    etag : str
        As S3 answers it, in its quotes.
    """

    key: str
    size: int
    etag: str


@dataclass(frozen=True)
class ObjectHead(StoredObject):
    """An object's head: what a listing does not tell.

    Attributes
    ----------
    metadata : dict of str to str
        What the writer noted, such as the run.
    crc32 : str or None
        Checksum of the whole object in base64, if S3 has one.
    version_id : str or None
        None in a bucket that keeps no versions.
    """

    metadata: dict[str, str]
    crc32: str | None
    version_id: str | None


class Bucket:
    """One bucket of S3.

    Parameters
    ----------
    name : str
        Its name.
    owner : str, optional
        Account that owns it.
    """

    def __init__(self, name: str, owner: str | None = None) -> None:
        self.name = name
        self.client = s3_client(owner)

    def url(self, key: str) -> str:
        """The address of an object as people write it."""
        return f"s3://{self.name}/{key}"

    def put(
        self,
        key: str,
        body: bytes,
        content_type: str,
        *,
        checksum: int | None = None,
        metadata: dict[str, str] | None = None,
        tagging: str | None = None,
        condition: Condition | None = None,
    ) -> Written:
        """Write an object in one request.

        Parameters
        ----------
        checksum : int, optional
            CRC32 of the body, where it is known already; S3 refuses a body that differs.
        tagging : str, optional
            The object's tags, as a query is written.
        condition : Condition, optional
            Refuse, with one of `conditional.REFUSALS`, where it does not hold.
        """
        request: PutObjectRequestTypeDef = {
            "Bucket": self.name,
            "Key": key,
            "Body": body,
            "ContentType": content_type,
            "ChecksumAlgorithm": "CRC32",
            "Metadata": metadata or {},
        }
        if checksum is not None:
            request["ChecksumCRC32"] = crc32.to_base64(checksum)
        if tagging is not None:
            request["Tagging"] = tagging
        if condition is not None:
            request = {**request, **condition}
        answer = self.client.put_object(**request)
        return Written(answer["ETag"], lasting(answer.get("VersionId")))

    def get(self, key: str, etag: str | None = None) -> bytes:
        """Read a whole object, and with an `etag` only that version of its bytes."""
        request: GetObjectRequestTypeDef = {"Bucket": self.name, "Key": key}
        if etag is not None:
            request["IfMatch"] = etag
        return self.client.get_object(**request)["Body"].read()

    def find(self, key: str) -> bytes | None:
        """Read a whole object, or None where there is none."""
        found = self.find_with_etag(key)
        return None if found is None else found[0]

    def find_with_etag(self, key: str) -> tuple[bytes, str] | None:
        """Read a whole object and its ETag, or None where there is none."""
        try:
            answer = self.client.get_object(Bucket=self.name, Key=key)
        except self.client.exceptions.NoSuchKey:
            return None
        return answer["Body"].read(), answer["ETag"]

    def head(self, key: str, version_id: str | None = None) -> ObjectHead | None:
        """Look at an object, or at a version of it, without reading it; None if there is none."""
        request: HeadObjectRequestTypeDef = {
            "Bucket": self.name,
            "Key": key,
            "ChecksumMode": "ENABLED",
        }
        if version_id is not None:
            request["VersionId"] = version_id
        try:
            answer = self.client.head_object(**request)
        except ClientError as error:
            if error_code(error) == "404":
                return None
            raise
        return ObjectHead(
            key=key,
            size=answer["ContentLength"],
            etag=answer["ETag"],
            metadata=answer["Metadata"],
            crc32=answer.get("ChecksumCRC32"),
            version_id=lasting(answer.get("VersionId")),
        )

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """All objects whose keys begin with `prefix`, in the order of their keys."""
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.name, Prefix=prefix):
            for entry in page.get("Contents", []):
                yield StoredObject(entry["Key"], entry["Size"], entry["ETag"])

    def list_times(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys that begin with `prefix`, and when each object was written."""
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.name, Prefix=prefix):
            for entry in page.get("Contents", []):
                yield entry["Key"], entry["LastModified"]

    def tag(self, key: str, tag: str) -> None:
        """Give an object one tag, ``name=value``, in place of those that it has."""
        name, _, value = tag.partition("=")
        self.client.put_object_tagging(
            Bucket=self.name, Key=key, Tagging={"TagSet": [{"Key": name, "Value": value}]}
        )

    def untag(self, key: str) -> None:
        """Take all tags from an object."""
        self.client.delete_object_tagging(Bucket=self.name, Key=key)

    def delete(self, key: str) -> None:
        """Delete an object; it need not exist."""
        self.client.delete_object(Bucket=self.name, Key=key)
