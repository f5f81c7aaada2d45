"""A bucket of the embedded S3, and what the functions' environment says."""

from collections.abc import Iterator

import pytest

from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import BUCKET, Faults, Requests, embedded_bucket


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("ROW_LIMIT", "5000000")
    monkeypatch.setenv("SLICE_MEMORY_MB", "1024")
    with embedded_bucket() as made:
        yield made


@pytest.fixture
def requests(bucket: Bucket) -> Iterator[Requests]:
    with Requests().of_client(bucket) as seen:
        yield seen


@pytest.fixture
def faults() -> Iterator[Faults]:
    with Faults().installed() as made:
        yield made
