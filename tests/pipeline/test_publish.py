"""Whatever fails leaves the old objects and no upload; a success whose answer is lost is one."""

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from accidental_transfers.errors import (
    DamagedPartError,
    OutputExistsError,
    StorageRefusedError,
)
from accidental_transfers.pipeline.storage import CSV, Bucket
from accidental_transfers.spec.files import CSV_FILES
from tests.pipeline.support import (
    OUTPUT,
    PUBLISHED,
    SMALL,
    Faults,
    Requests,
    concatenated,
    made,
    open_uploads,
    refusal,
    text_of,
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("PUT", [".outcomes.csv", "partNumber=1"]),
        ("POST", [".outcomes.csv", "uploads"]),
        ("POST", ["labeled.csv", "uploadId="]),
        ("PUT", ["labeled.csv", "partNumber=1"]),
    ],
    ids=["last upload's part", "last upload", "first completion", "first upload's part"],
)
def test_whatever_fails_the_old_objects_stand_and_no_upload_stays_open(
    bucket: Bucket, faults: Faults, method: str, words: list[str]
) -> None:
    for key in PUBLISHED:
        bucket.put(key, b"old", CSV)
    made(bucket, "r", SMALL)

    def denied(request: Any, truth: Any) -> Any:
        if "uploadId=" in words:
            # The embedded S3 has done it by now; the real one would not have.
            bucket.put(OUTPUT, b"old", CSV)
        return refusal(403, "AccessDenied")(request, truth)

    faults.on(method, *words, answer=denied)
    with pytest.raises(StorageRefusedError, match="AccessDenied"):
        concatenated("r")
    assert [bucket.get(key) for key in PUBLISHED] == [b"old"] * len(PUBLISHED)
    left = open_uploads(bucket)
    # An upload whose opening was answered by an error has no id to abort it by.
    assert left == (
        ["data/synthetic_transactions_labeled.outcomes.csv"] if "uploads" in words else []
    )


@pytest.mark.slow
def test_the_error_that_is_told_is_the_first_one(bucket: Bucket, faults: Faults) -> None:
    made(bucket, "r", SMALL)
    faults.on("PUT", "labeled.csv", "partNumber=1", answer=refusal(403, "AccessDenied"))
    faults.on("DELETE", "uploadId=", answer=refusal(403, "AbortDenied"))
    with pytest.raises(StorageRefusedError, match="AccessDenied"):
        concatenated("r")


def test_a_part_that_changes_while_it_is_joined_is_damage(bucket: Bucket, faults: Faults) -> None:
    made(bucket, "r", SMALL)
    faults.on("GET", "/dataset/00001.csv", answer=refusal(412, "PreconditionFailed"))
    with pytest.raises(DamagedPartError, match=r"dataset/00001\.csv changed while it was joined"):
        concatenated("r")
    assert open_uploads(bucket) == []


@pytest.mark.slow
def test_a_checksum_that_s3_does_not_find_is_damage(bucket: Bucket, faults: Faults) -> None:
    made(bucket, "r", SMALL)
    faults.on("POST", "labeled.csv", "uploadId=", answer=refusal(400, "BadDigest"))
    with pytest.raises(DamagedPartError, match="CRC32 of their receipts"):
        concatenated("r")


@pytest.mark.slow
@pytest.mark.parametrize("if_exists", ["replace", "fail"])
@pytest.mark.parametrize(("status", "code"), [(404, "NoSuchUpload"), (412, "PreconditionFailed")])
def test_success_whose_answer_was_lost_is_success(
    bucket: Bucket, faults: Faults, if_exists: str, status: int, code: str
) -> None:
    made(bucket, "r", SMALL | {"if_exists": if_exists})
    for key in PUBLISHED[: len(CSV_FILES)]:
        faults.on("POST", key, "uploadId=", answer=refusal(status, code))
    concatenated("r")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")
    assert open_uploads(bucket) == []


@pytest.mark.slow
@pytest.mark.parametrize("document", [".html", ".manifest.json"])
def test_a_document_whose_answer_was_lost_is_success(
    bucket: Bucket, faults: Faults, document: str
) -> None:
    def lost(request: Any, _truth: Any) -> Any:
        raise ConnectionClosedError(endpoint_url=request.url)

    made(bucket, "r", SMALL | {"if_exists": "fail"})
    faults.on("PUT", document, answer=lost)
    assert concatenated("r")["rows"] > 0


@pytest.mark.slow
def test_an_upload_that_is_gone_without_its_object_is_an_error(
    bucket: Bucket, faults: Faults
) -> None:
    made(bucket, "r", SMALL)

    def gone(request: Any, truth: Any) -> Any:
        bucket.delete(OUTPUT)
        return refusal(404, "NoSuchUpload")(request, truth)

    faults.on("POST", "labeled.csv", "uploadId=", answer=gone)
    with pytest.raises(StorageRefusedError, match="NoSuchUpload"):
        concatenated("r")


@pytest.mark.slow
@pytest.mark.parametrize("key", PUBLISHED)
def test_with_if_exists_fail_what_came_in_the_meantime_stands(bucket: Bucket, key: str) -> None:
    made(bucket, "r", SMALL | {"if_exists": "fail"})
    bucket.put(key, b"of another run", CSV, metadata={"run": "other"})
    with pytest.raises(OutputExistsError, match=f"{key} came into being in the meantime"):
        concatenated("r")
    assert bucket.get(key) == b"of another run"
    assert open_uploads(bucket) == []


@pytest.mark.slow
def test_with_if_exists_fail_every_request_that_publishes_says_so(
    bucket: Bucket, requests: Requests
) -> None:
    made(bucket, "r", SMALL | {"if_exists": "fail"})
    concatenated("r")
    completed = requests.of("CompleteMultipartUpload")
    assert [request["IfNoneMatch"] for request in completed] == ["*"] * len(CSV_FILES)
    assert requests.of("PutObject")[-1]["IfNoneMatch"] == "*"


@pytest.mark.slow
def test_with_if_exists_fail_a_run_that_is_run_again_succeeds(bucket: Bucket) -> None:
    made(bucket, "r", SMALL | {"if_exists": "fail"})
    first = concatenated("r")
    assert concatenated("r") == first
    assert open_uploads(bucket) == []
