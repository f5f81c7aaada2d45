"""moto's S3 as schedules need it, with the refusals that it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from moto.s3.models import s3_backends

from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import embedded_bucket
from tests.protocol.s3_model import S3, Version, refusal

ACCOUNT_ID = "123456789012"
"""Whose buckets moto keeps."""


class MotoS3(S3):
    """boto3's operations over moto, and a look at what stands there."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__()
        self.bucket = bucket
        self.exceptions = bucket.client.exceptions
        # When uploads were opened and objects came, in requests: moto completes over younger ones.
        self.opened: dict[str, int] = {}
        self.came: dict[str, int] = {}

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return getattr(self.bucket.client, operation)  # type: ignore[no-any-return]

    def put_object(self, **request: Any) -> Any:
        return self._came(request, self.bucket.client.put_object(**request))

    def create_multipart_upload(self, **request: Any) -> Any:
        answer = self.bucket.client.create_multipart_upload(**request)
        self.opened[answer["UploadId"]] = self.requests
        return answer

    def complete_multipart_upload(self, **request: Any) -> Any:
        is_younger = self.came.get(request["Key"], -1) > self.opened[request["UploadId"]]
        if is_younger and request.keys() & {"IfMatch", "IfNoneMatch"}:
            raise refusal(409, "ConditionalRequestConflict")
        return self._came(request, self.bucket.client.complete_multipart_upload(**request))

    def _came(self, request: dict[str, Any], answer: Any) -> Any:
        self.came[request["Key"]] = self.requests
        self.on_write()
        return answer

    def history(self, key: str) -> Sequence[Version]:
        """All versions of an object, in order."""
        stored = s3_backends[ACCOUNT_ID]["aws"].get_bucket(self.bucket.name)
        return [_version(found) for found in stored.keys.getlist(key, [])]

    def forget(self, key: str) -> None:
        """Delete an object and its versions."""
        stored = s3_backends[ACCOUNT_ID]["aws"].get_bucket(self.bucket.name)
        stored.keys.pop(key)


def _version(stored: Any) -> Version:
    metadata = {name.removeprefix("x-amz-meta-"): text for name, text in stored.metadata.items()}
    lasting = stored.version_id if stored._is_versioned else None
    return Version(stored.value, stored.etag, metadata, lasting)


@contextmanager
def moto_s3(*, keeps_versions: bool) -> Iterator[MotoS3]:
    """An empty bucket of moto's."""
    with embedded_bucket() as bucket:
        if keeps_versions:
            bucket.client.put_bucket_versioning(
                Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
            )
        yield MotoS3(bucket)
