"""What moto leaves out of S3's conditional writes: `If-Match` on CompleteMultipartUpload."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.s3.exceptions import MissingKey, PreconditionFailed
from moto.s3.responses import S3Response


@contextmanager
def conditional_completes() -> Iterator[None]:
    """Have moto refuse a completion whose `If-Match` does not hold, as it refuses a put."""
    complete: Any = S3Response._key_response_post

    def conditional(
        response: Any, request: Any, body: bytes, bucket: str, query: Any, key: str
    ) -> Any:
        wanted = response.headers.get("If-Match")
        if wanted is not None and "uploadId" in query:
            stands = response.backend.get_object(bucket, key)
            if stands is None:
                raise MissingKey
            if stands.etag != wanted:
                raise PreconditionFailed("If-Match")
        return complete(response, request, body, bucket, query, key)

    with patch.object(S3Response, "_key_response_post", conditional):
        yield
