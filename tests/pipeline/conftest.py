"""A bucket of the embedded S3, and what the functions' environment says."""

from collections.abc import Iterator

import pytest

from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import Faults, Requests, embedded_bucket, set_environment


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    set_environment(monkeypatch)
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
