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
from moto.s3.models import FakeBucket, FakeKey, s3_backends

from tests.pipeline.support import BUCKET

Refusal = tuple[int, str]


@contextmanager
def strict_s3() -> Iterator[None]:
    """Refuse wrong checksums and sizes of uploads, and sources of copies that have changed."""
    truth = BotocoreStubber.__call__

    def strict(
        stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **kwargs: Any
    ) -> AWSResponse | None:
        bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(BUCKET)
        check = _CHECKS.get(event_name.rpartition(".")[-1])
        refusal = check(bucket, request) if check and bucket else None
        if refusal is None:
            return truth(stubber, event_name, request, **kwargs)
        status, code = refusal
        body = f"<Error><Code>{code}</Code><Message>as S3 does</Message></Error>"
        return AWSResponse(request.url, status, {}, MockRawResponse(body))  # type: ignore[arg-type]

    with patch.object(BotocoreStubber, "__call__", strict):
        yield


def _completion(bucket: FakeBucket, request: AWSPreparedRequest) -> Refusal | None:
    url = urlsplit(request.url)
    upload = bucket.multiparts.get(parse_qs(url.query)["uploadId"][0])
    if upload is None:
        return None
    parts = re.findall(rb"<PartNumber>(\d+)</PartNumber>", _bytes(request.body))
    whole = b"".join(upload.parts[int(number)].value for number in parts)
    checksum = base64.b64encode(zlib.crc32(whole).to_bytes(4, "big")).decode()
    if _header(request, "x-amz-checksum-crc32") not in (None, checksum):
        return 400, "BadDigest"
    if _header(request, "x-amz-mp-object-size") not in (None, str(len(whole))):
        return 400, "InvalidRequest"
    return _condition(bucket, unquote(url.path[1:]), _header(request, "If-Match"))


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
