"""Whatever fails leaves the old objects and no upload; a success whose answer is lost is one."""

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from accidental_transfers.errors import (
    DamagedPartError,
    OutputContestedError,
    StorageRefusedError,
    StorageUnavailableError,
)
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.register import Register
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
    publish_within,
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
    with pytest.raises(StorageUnavailableError, match=f"{OUTPUT} changed while run r published"):
        concatenated("r")
    assert concatenated("r")["rows"] > 0, "the next attempt succeeds"


@pytest.mark.slow
def test_every_write_is_over_what_was_seen_and_over_nothing_else(
    bucket: Bucket, requests: Requests
) -> None:
    made(bucket, "one", SMALL)
    concatenated("one")
    first = writes_of(requests)
    assert {conditions for _, conditions in first[:-1]} == {("*", None)}

    stood = [head.etag for key in PUBLISHED if (head := bucket.head(key))]
    made(bucket, "two", SMALL | {"seed": 8})
    concatenated("two")
    second = writes_of(requests)[len(first) :]
    assert dict(second)[PUBLISHED[-1]] == (None, stood[-1])
    assert [conditions[1] for key, conditions in second if key in PUBLISHED] == stood
    assert {conditions[0] for _, conditions in second} == {None}


def writes_of(requests: Requests) -> list[tuple[str, tuple[str | None, str | None]]]:
    """What was made to appear outside the runs' own folders, and under which conditions."""
    completed = requests.of("CompleteMultipartUpload")
    put = [
        request
        for request in requests.of("PutObject")
        if not request["Key"].startswith(("runs/one", "runs/two"))
    ]
    ordered = sorted([*completed, *put], key=requests.position)
    return [
        (request["Key"], (request.get("IfNoneMatch"), request.get("IfMatch")))
        for request in ordered
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("status", "code"), [(412, "PreconditionFailed"), (404, "NoSuchKey")])
def test_a_claim_and_a_commit_whose_answers_were_lost_are_made(
    bucket: Bucket, faults: Faults, status: int, code: str
) -> None:
    made(bucket, "r", SMALL | {"if_exists": "fail"})
    for _ in range(2):
        faults.on("PUT", "/runs/.outputs/", answer=refusal(status, code))
    assert concatenated("r")["rows"] > 0
    assert Register.read(bucket, OutputKeys(OUTPUT)).committed == "r"


@pytest.mark.slow
def test_a_run_that_began_later_wins_and_the_other_says_so(bucket: Bucket, faults: Faults) -> None:
    made(bucket, "slow", SMALL)
    made(bucket, "quick", SMALL | {"seed": 8})

    def overtaken(_request: Any, truth: Any) -> Any:
        publish_within(bucket, "quick")
        return truth

    # It has claimed, and completed the first of its files.
    faults.on("POST", OUTPUT, "uploadId=", answer=overtaken)
    with pytest.raises(OutputContestedError, match=f"{OUTPUT}: run quick began to publish"):
        concatenated("slow")
    assert bucket.get(OUTPUT) == text_of(SMALL | {"seed": 8}, "dataset")
    assert {head.metadata["run"] for key in PUBLISHED if (head := bucket.head(key))} == {"quick"}
    assert open_uploads(bucket) == []


@pytest.mark.slow
def test_a_run_that_another_one_overtook_before_its_claim_is_worth_another_attempt(
    bucket: Bucket, faults: Faults
) -> None:
    made(bucket, "slow", SMALL)
    made(bucket, "quick", SMALL | {"seed": 8})

    def overtaken(_request: Any, truth: Any) -> Any:
        publish_within(bucket, "quick")
        return truth

    faults.on("PUT", "labeled.csv", "partNumber=1", answer=overtaken)
    with pytest.raises(StorageUnavailableError, match="run quick began to publish before"):
        concatenated("slow")
    assert bucket.get(OUTPUT) == text_of(SMALL | {"seed": 8}, "dataset")
    concatenated("slow")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")
