"""Only a whole run is published, whole, and whatever fails leaves the old object and no upload."""

import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from accidental_transfers.pipeline.crc32 import to_hex
from accidental_transfers.pipeline.errors import (
    DamagedPartError,
    EventError,
    IncompleteRunError,
    OutputExistsError,
    UnknownRunError,
)
from accidental_transfers.pipeline.keys import KINDS
from accidental_transfers.pipeline.storage import CSV, HTML, JSON, Bucket
from accidental_transfers.spec import JobSpec
from tests.card.card_page import Page
from tests.pipeline.support import (
    COMPANIONS,
    OUTPUT,
    SMALL,
    Faults,
    Requests,
    concatenated,
    keys,
    library_texts,
    made,
    open_uploads,
    planned,
    refusal,
)

PUBLISHED = [OUTPUT, *COMPANIONS]


def text_of(spec: dict[str, Any], kind: str) -> bytes:
    resolved = JobSpec.parse(spec)
    return library_texts(resolved, 1, resolved.customers, header=True)[kind]


def rewrite(bucket: Bucket, key: str, change: Callable[[dict[str, Any]], Any]) -> None:
    document = json.loads(bucket.get(key))
    change(document)
    bucket.put(key, json.dumps(document).encode(), JSON)


@pytest.mark.parametrize(
    "spec",
    [
        SMALL,
        {"customers": 90, "customers_per_slice": 45},
        {"customers": 11, "customers_per_slice": 1, "end_date": "2024-01-02"},
    ],
    ids=["small", "parts that are copied", "11 slices"],
)
def test_what_is_published_is_what_the_library_writes(bucket: Bucket, spec: dict[str, Any]) -> None:
    made(bucket, "r", spec)
    answer = concatenated("r")
    for kind, key in zip(KINDS, PUBLISHED, strict=False):
        assert bucket.get(key) == text_of(spec, kind)
    whole = bucket.get(OUTPUT)
    assert answer == {
        "run": "r",
        "bucket": bucket.name,
        "key": OUTPUT,
        "rows": whole.count(b"\n") - 1,
        "bytes": len(whole),
        "crc32": to_hex(zlib.crc32(whole)),
        "companions": dict(
            zip(["accidents", "customers", "card", "manifest"], COMPANIONS, strict=True)
        ),
    }
    assert keys(bucket, "data/") == sorted(PUBLISHED)
    assert open_uploads(bucket) == []


def test_a_part_of_five_mebibytes_is_never_read(bucket: Bucket, requests: Requests) -> None:
    made(bucket, "r", {"customers": 90, "customers_per_slice": 45})
    concatenated("r")
    read = {request["Key"] for request in requests.of("GetObject")}
    assert not [key for key in read if "/dataset/" in key]
    assert len([copy for copy in requests.of("UploadPartCopy") if copy["Key"] == OUTPUT]) == 2


def test_objects_say_what_they_are_and_whose(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    rows = concatenated("r")["rows"]
    for key, content_type in zip(PUBLISHED, [CSV, CSV, CSV, HTML, JSON], strict=True):
        head = bucket.client.head_object(Bucket=bucket.name, Key=key)
        assert head["ContentType"] == content_type
        assert head["Metadata"]["run"] == "r"
    dataset = bucket.head(OUTPUT)
    assert dataset is not None
    assert dataset.metadata["rows"] == str(rows)


def test_the_card_shows_the_dataset(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    answer = concatenated("r")
    page = Page(bucket.get(answer["companions"]["card"]).decode())
    strip = page.strip()
    assert strip["transactions"][0] == f"{answer['rows']:,}"
    assert strip["customers"][0] == "3"
    assert strip["CRC32"] == [answer["crc32"], "seed 2024"]
    assert bucket.url(OUTPUT) in "".join(page.section("loading").itertext())


def test_the_manifest_describes_the_dataset(bucket: Bucket) -> None:
    made(bucket, "r", SMALL | {"seed": "monday"})
    answer = concatenated("r")
    manifest = json.loads(bucket.get(COMPANIONS[-1]))
    assert manifest["run"] == "r"
    assert manifest["seed"] == "monday"
    assert [manifest[name] for name in ("rows", "bytes", "crc32")] == [
        answer[name] for name in ("rows", "bytes", "crc32")
    ]
    assert manifest["spec"]["customers"] == 3
    assert sum(manifest["counts"]["transaction_type"].values()) == answer["rows"]
    assert manifest["counts"]["accident"].keys() == {"burst", "high_amount", "mistyped"}
    for kind, key in zip(KINDS, PUBLISHED, strict=False):
        described = manifest["files"][kind]
        text = bucket.get(key)
        assert described["key"] == key
        assert described["bytes"] == len(text)
        assert described["crc32"] == to_hex(zlib.crc32(text))
        assert sum(part["bytes"] for part in described["parts"]) == len(text)
        assert [part["first_customer"] for part in described["parts"]] == [1, 2, 3]


def test_a_run_that_is_run_again_publishes_the_same(bucket: Bucket) -> None:
    for _ in range(2):
        made(bucket, "r", SMALL)
        answer = concatenated("r")
        objects = {key: bucket.get(key) for key in PUBLISHED}
    assert concatenated("r") == answer
    assert {key: bucket.get(key) for key in PUBLISHED} == objects


def test_an_older_object_is_replaced(bucket: Bucket) -> None:
    bucket.put(OUTPUT, b"old", CSV)
    made(bucket, "r", SMALL)
    concatenated("r")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")


RECEIPT = "runs/r/receipts/00001.json"
PART = "runs/r/dataset/00001.csv"
SPOILT: dict[str, tuple[Callable[[Bucket], Any], type[Exception], str]] = {
    "missing": (
        lambda bucket: bucket.delete(RECEIPT),
        IncompleteRunError,
        r"1 of 3 slices were not made: slice 1 \(customers 2 to 2\)",
    ),
    "doubled": (
        lambda bucket: bucket.put(RECEIPT, bucket.get("runs/r/receipts/00002.json"), JSON),
        IncompleteRunError,
        r"the receipt of slice 1 \(customers 2 to 2\) .* is of slice 2 \(customers 3 to 3\)",
    ),
    "foreign": (
        lambda bucket: rewrite(bucket, RECEIPT, lambda receipt: receipt.update(run="other")),
        IncompleteRunError,
        r"the receipt of slice 1 .* is of run other",
    ),
    "of other code": (
        lambda bucket: rewrite(bucket, RECEIPT, lambda receipt: receipt.update(version="0")),
        IncompleteRunError,
        r"the receipt of slice 1 .* version 0 made it",
    ),
    "one too many": (
        lambda bucket: bucket.put("runs/r/receipts/00003.json", b"{}", JSON),
        IncompleteRunError,
        r"has 3 slices, but there are also runs/r/receipts/00003.json",
    ),
    "not a receipt": (
        lambda bucket: bucket.put(RECEIPT, b"{}", JSON),
        IncompleteRunError,
        r"00001.json is not a receipt",
    ),
    "part gone": (
        lambda bucket: bucket.delete(PART),
        DamagedPartError,
        r"slice 1 \(customers 2 to 2\): its part .*00001.csv is gone",
    ),
    "part changed": (
        lambda bucket: bucket.put(PART, bucket.get(PART)[::-1], CSV),
        DamagedPartError,
        r"slice 1 \(customers 2 to 2\): .*00001.csv has .* its receipt says",
    ),
    "part cut short": (
        lambda bucket: bucket.put(PART, bucket.get(PART)[:-1], CSV),
        DamagedPartError,
        r"slice 1 \(customers 2 to 2\): .*00001.csv has .* its receipt says",
    ),
}


@pytest.mark.parametrize(("spoil", "error", "message"), SPOILT.values(), ids=SPOILT)
def test_a_run_that_is_not_whole_is_not_published(
    bucket: Bucket, spoil: Callable[[Bucket], Any], error: type[Exception], message: str
) -> None:
    bucket.put(OUTPUT, b"old", CSV)
    made(bucket, "r", SMALL)
    spoil(bucket)
    with pytest.raises(error, match=message):
        concatenated("r")
    assert bucket.get(OUTPUT) == b"old"
    assert keys(bucket, "data/") == [OUTPUT]
    assert open_uploads(bucket) == []


def test_slices_that_another_plan_of_the_run_left_are_not_joined(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    planned("r", SMALL | {"seed": 7})
    with pytest.raises(IncompleteRunError, match=r"slice 0 .* was made for another plan"):
        concatenated("r")
    assert keys(bucket, "data/") == []


def test_many_missing_slices_are_named_and_counted(bucket: Bucket) -> None:
    made(bucket, "r", {"customers": 15, "customers_per_slice": 1, "end_date": "2024-01-01"})
    for key in keys(bucket, "runs/r/receipts/")[1:]:
        bucket.delete(key)
    with pytest.raises(IncompleteRunError, match=r"14 of 15 .*slice 10 .* and 4 more"):
        concatenated("r")


def test_the_same_text_put_twice_is_no_damage_whatever_its_etag(bucket: Bucket) -> None:
    """As it happens where a key of KMS encrypts and a slice was executed twice."""
    made(bucket, "r", SMALL)
    rewrite(
        bucket, RECEIPT, lambda receipt: receipt["parts"]["dataset"].update(etag='"of another put"')
    )
    concatenated("r")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")


@pytest.mark.usefixtures("bucket")
def test_a_run_that_was_never_planned_has_nothing_to_join() -> None:
    with pytest.raises(UnknownRunError, match="run 'r' was never planned"):
        concatenated("r")


@pytest.mark.usefixtures("bucket")
def test_a_run_must_be_named() -> None:
    with pytest.raises(EventError, match="run: got 'a/b'"):
        concatenated("a/b")


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("PUT", [".customers.csv", "partNumber=1"]),
        ("POST", [".customers.csv", "uploads"]),
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
    with pytest.raises(ClientError, match="AccessDenied"):
        concatenated("r")
    assert [bucket.get(key) for key in PUBLISHED] == [b"old"] * len(PUBLISHED)
    left = open_uploads(bucket)
    # An upload whose opening was answered by an error has no id to abort it by.
    assert left == (
        ["data/synthetic_transactions_labeled.customers.csv"] if "uploads" in words else []
    )


def test_the_error_that_is_told_is_the_first_one(bucket: Bucket, faults: Faults) -> None:
    made(bucket, "r", SMALL)
    faults.on("PUT", "labeled.csv", "partNumber=1", answer=refusal(403, "AccessDenied"))
    faults.on("DELETE", "uploadId=", answer=refusal(403, "AbortDenied"))
    with pytest.raises(ClientError, match="AccessDenied"):
        concatenated("r")


def test_a_part_that_changes_while_it_is_joined_is_damage(bucket: Bucket, faults: Faults) -> None:
    made(bucket, "r", SMALL)
    faults.on("GET", "/dataset/00001.csv", answer=refusal(412, "PreconditionFailed"))
    with pytest.raises(DamagedPartError, match=r"dataset/00001\.csv changed while it was joined"):
        concatenated("r")
    assert open_uploads(bucket) == []


def test_a_checksum_that_s3_does_not_find_is_damage(bucket: Bucket, faults: Faults) -> None:
    made(bucket, "r", SMALL)
    faults.on("POST", "labeled.csv", "uploadId=", answer=refusal(400, "BadDigest"))
    with pytest.raises(DamagedPartError, match="CRC32 of their receipts"):
        concatenated("r")


@pytest.mark.parametrize("if_exists", ["replace", "fail"])
@pytest.mark.parametrize(("status", "code"), [(404, "NoSuchUpload"), (412, "PreconditionFailed")])
def test_success_whose_answer_was_lost_is_success(
    bucket: Bucket, faults: Faults, if_exists: str, status: int, code: str
) -> None:
    made(bucket, "r", SMALL | {"if_exists": if_exists})
    for key in PUBLISHED[:3]:
        faults.on("POST", key, "uploadId=", answer=refusal(status, code))
    concatenated("r")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")
    assert open_uploads(bucket) == []


@pytest.mark.parametrize("document", [".html", ".manifest.json"])
def test_a_document_whose_answer_was_lost_is_success(
    bucket: Bucket, faults: Faults, document: str
) -> None:
    def lost(request: Any, _truth: Any) -> Any:
        raise ConnectionClosedError(endpoint_url=request.url)

    made(bucket, "r", SMALL | {"if_exists": "fail"})
    faults.on("PUT", document, answer=lost)
    assert concatenated("r")["rows"] > 0


def test_an_upload_that_is_gone_without_its_object_is_an_error(
    bucket: Bucket, faults: Faults
) -> None:
    made(bucket, "r", SMALL)

    def gone(request: Any, truth: Any) -> Any:
        bucket.delete(OUTPUT)
        return refusal(404, "NoSuchUpload")(request, truth)

    faults.on("POST", "labeled.csv", "uploadId=", answer=gone)
    with pytest.raises(ClientError, match="NoSuchUpload"):
        concatenated("r")


@pytest.mark.parametrize("key", PUBLISHED)
def test_with_if_exists_fail_what_came_in_the_meantime_stands(bucket: Bucket, key: str) -> None:
    made(bucket, "r", SMALL | {"if_exists": "fail"})
    bucket.put(key, b"of another run", CSV, metadata={"run": "other"})
    with pytest.raises(OutputExistsError, match=f"{key} came into being in the meantime"):
        concatenated("r")
    assert bucket.get(key) == b"of another run"
    assert open_uploads(bucket) == []


def test_with_if_exists_fail_every_request_that_publishes_says_so(
    bucket: Bucket, requests: Requests
) -> None:
    made(bucket, "r", SMALL | {"if_exists": "fail"})
    concatenated("r")
    completed = requests.of("CompleteMultipartUpload")
    assert [request["IfNoneMatch"] for request in completed] == ["*"] * 3
    assert requests.of("PutObject")[-1]["IfNoneMatch"] == "*"


def test_with_if_exists_fail_a_run_that_is_run_again_succeeds(bucket: Bucket) -> None:
    made(bucket, "r", SMALL | {"if_exists": "fail"})
    first = concatenated("r")
    assert concatenated("r") == first
    assert open_uploads(bucket) == []


def test_the_manifest_comes_last(bucket: Bucket, requests: Requests) -> None:
    made(bucket, "r", SMALL)
    concatenated("r")
    completed = [request["Key"] for request in requests.of("CompleteMultipartUpload")]
    assert completed == PUBLISHED[:3]
    names = requests.names()
    assert names[-1] == "PutObject"
    assert requests.of("PutObject")[-1]["Key"] == COMPANIONS[-1]
