"""What S3 refuses and the embedded one takes without looking, put in front of the embedded one."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeBucket, FakeKey, FakeMultipart, s3_backends

from tests.pipeline.support import BUCKET

Refusal = tuple[int, str]
_STOOD = "stood"
"""What an upload remembers: the version that stood at its key when it was opened."""


@contextmanager
def strict_s3() -> Iterator[None]:
    """Refuse parts for no open upload, wrong checksums and sizes, and copies of what has changed.

    A completion on a condition is also refused if an object came while the upload was open.
    """
    truth = BotocoreStubber.__call__

    def strict(
        stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **kwargs: Any
    ) -> AWSResponse | None:
        bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(BUCKET)
        refusal = _refusal(bucket, event_name.rpartition(".")[-1], request) if bucket else None
        if refusal is None:
            answer = truth(stubber, event_name, request, **kwargs)
            if bucket and event_name.endswith("CreateMultipartUpload"):
                _note(bucket)
            return answer
        status, code = refusal
        body = f"<Error><Code>{code}</Code><Message>as S3 does</Message></Error>"
        return AWSResponse(request.url, status, {}, MockRawResponse(body))  # type: ignore[arg-type]

    with patch.object(BotocoreStubber, "__call__", strict):
        yield


def _refusal(bucket: FakeBucket, operation: str, request: AWSPreparedRequest) -> Refusal | None:
    if _upload_id(request) not in (None, *bucket.multiparts):
        return 404, "NoSuchUpload"
    check = _CHECKS.get(operation)
    return check(bucket, request) if check else None


def _upload_id(request: AWSPreparedRequest) -> str | None:
    return parse_qs(urlsplit(request.url).query).get("uploadId", [None])[0]


def _completion(bucket: FakeBucket, request: AWSPreparedRequest) -> Refusal | None:
    upload = bucket.multiparts[str(_upload_id(request))]
    parts = re.findall(rb"<PartNumber>(\d+)</PartNumber>", _bytes(request.body))
    whole = b"".join(upload.parts[int(number)].value for number in parts)
    checksum = base64.b64encode(zlib.crc32(whole).to_bytes(4, "big")).decode()
    if _header(request, "x-amz-checksum-crc32") not in (None, checksum):
        return 400, "BadDigest"
    if _header(request, "x-amz-mp-object-size") not in (None, str(len(whole))):
        return 400, "InvalidRequest"
    asks = _header(request, "If-Match") or _header(request, "If-None-Match")
    if asks and _is_younger(bucket, upload):
        return 409, "ConditionalRequestConflict"
    return None


def _is_younger(bucket: FakeBucket, upload: FakeMultipart) -> bool:
    """Tell whether an object came while an upload of its key was open."""
    return _stands(bucket, upload.key_name) not in (None, vars(upload)[_STOOD])


def _note(bucket: FakeBucket) -> None:
    """Note what stands where an upload is opened."""
    for upload in bucket.multiparts.values():
        vars(upload).setdefault(_STOOD, _stands(bucket, upload.key_name))


def _stands(bucket: FakeBucket, key: str) -> str | None:
    stored = bucket.keys.get(key)
    return stored.version_id if isinstance(stored, FakeKey) else None


def _copy(bucket: FakeBucket, request: AWSPreparedRequest) -> Refusal | None:
    source = unquote(_header(request, "x-amz-copy-source") or "")
    key = source.lstrip("/").partition("/")[2]
    return _condition(bucket, key, _header(request, "x-amz-copy-source-if-match"))


def _condition(bucket: FakeBucket, key: str, etag: str | None) -> Refusal | None:
    if etag is None:
        return None
    stored = bucket.keys.get(key)
    if not isinstance(stored, FakeKey):
        return 404, "NoSuchKey"
    return None if stored.etag.strip('"') == etag.strip('"') else (412, "PreconditionFailed")


_CHECKS = {"CompleteMultipartUpload": _completion, "UploadPartCopy": _copy}


def _header(request: AWSPreparedRequest, name: str) -> str | None:
    found = request.headers.get(name)
    return None if found is None else _bytes(found).decode()


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
