"""Every request says whose the bucket has to be: a name that somebody else took is no bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from accidental_transfers.local.embedded_aws import EmbeddedAws
from accidental_transfers.pipeline import storage

pytestmark = pytest.mark.slow

ACCOUNT = "123456789012"
COPIED = {"customers": 90, "customers_per_slice": 45}
"""Two slices, whose parts are large enough to be copied."""


@contextmanager
def watched(owner: str) -> Iterator[list[tuple[str, dict[str, str]]]]:
    """The requests of the functions' client: operation and headers."""
    seen: list[tuple[str, dict[str, str]]] = []

    def see(model: Any, params: dict[str, Any], **_: Any) -> None:
        seen.append((model.name, dict(params["headers"])))

    events = storage.s3_client(owner).meta.events
    events.register("before-call.s3", see)
    yield seen
    events.unregister("before-call.s3", see)


def test_every_request_of_every_function_names_the_owner_of_the_bucket(aws: EmbeddedAws) -> None:
    with watched(ACCOUNT) as seen:
        assert aws.execute(COPIED, run="r").succeeded
        assert aws.execute({"resume": "r"}).succeeded
    operations = {operation for operation, _ in seen}
    assert operations >= {
        "CompleteMultipartUpload",
        "CreateMultipartUpload",
        "GetObject",
        "ListObjectsV2",
        "PutObject",
        "UploadPart",
        "UploadPartCopy",
    }
    for operation, headers in seen:
        assert headers["x-amz-expected-bucket-owner"] == ACCOUNT, operation
        if operation == "UploadPartCopy":
            assert headers["x-amz-source-expected-bucket-owner"] == ACCOUNT


def test_the_functions_know_the_account_by_their_environment(aws: EmbeddedAws) -> None:
    for function in aws.deployment.functions.values():
        assert function["Environment"]["Variables"]["BUCKET_OWNER"] == ACCOUNT
