"""What ConcatenateParts publishes: the library's bytes, their card and their manifest."""

import json
import zlib
from typing import Any, Literal

import pytest

from accidental_transfers.pipeline.crc32 import to_hex
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.storage import CSV, HTML, JSON, Bucket
from accidental_transfers.spec.files import CSV_FILES
from tests.card.card_page import Page
from tests.pipeline.support import (
    COMPANIONS,
    OUTPUT,
    PUBLISHED,
    SMALL,
    Requests,
    concatenated,
    keys,
    made,
    manifest_of,
    open_uploads,
    text_of,
)
from tests.samples import USUAL


@pytest.mark.slow
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
    for file, key in zip(CSV_FILES, PUBLISHED, strict=False):
        assert bucket.get(key) == text_of(spec, file)
    whole = bucket.get(OUTPUT)
    assert answer == {
        "run": "r",
        "bucket": bucket.name,
        "key": OUTPUT,
        "rows": whole.count(b"\n") - 1,
        "bytes": len(whole),
        "crc32": to_hex(zlib.crc32(whole)),
        "companions": dict(zip([*CSV_FILES[1:], "card", "manifest"], COMPANIONS, strict=True)),
    }
    assert keys(bucket, "data/") == sorted(PUBLISHED)
    assert open_uploads(bucket) == []


@pytest.mark.slow
def test_a_part_of_five_mebibytes_is_never_read(bucket: Bucket, requests: Requests) -> None:
    made(bucket, "r", {"customers": 90, "customers_per_slice": 45})
    concatenated("r")
    read = {request["Key"] for request in requests.of("GetObject")}
    assert not [key for key in read if "/dataset/" in key]
    assert len([copy for copy in requests.of("UploadPartCopy") if copy["Key"] == OUTPUT]) == 2


@pytest.mark.slow
def test_objects_say_what_they_are_and_whose(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    rows = concatenated("r")["rows"]
    for key, content_type in zip(PUBLISHED, [*[CSV] * len(CSV_FILES), HTML, JSON], strict=True):
        head = bucket.client.head_object(Bucket=bucket.name, Key=key)
        assert head["ContentType"] == content_type
        assert head["Metadata"]["run"] == "r"
    dataset = bucket.head(OUTPUT)
    assert dataset is not None
    assert dataset.metadata["rows"] == str(rows)


@pytest.mark.slow
def test_the_card_shows_the_dataset_and_no_place_that_its_reader_does_not_have(
    bucket: Bucket,
) -> None:
    made(bucket, "r", SMALL)
    answer = concatenated("r")
    html = bucket.get(answer["companions"]["card"]).decode()
    page = Page(html)
    strip = page.strip()
    assert strip["transactions"][0] == f"{answer['rows']:,}"
    assert strip["customers"][0] == "3"
    assert strip["CRC32"] == [answer["crc32"], "seed 2024"]
    assert repr(OUTPUT.rpartition("/")[2]) in "".join(page.section("loading").itertext())
    assert bucket.url("") not in html


@pytest.mark.slow
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
    assert manifest["counts"]["accident"].keys() == {accident.name for accident in USUAL}
    for file, key in zip(CSV_FILES, PUBLISHED, strict=False):
        described = manifest["files"][file]
        text = bucket.get(key)
        assert described["key"] == key
        assert described["bytes"] == len(text)
        assert described["crc32"] == to_hex(zlib.crc32(text))
        assert sum(part["bytes"] for part in described["parts"]) == len(text)
        assert [part["first_customer"] for part in described["parts"]] == [1, 2, 3]


@pytest.mark.slow
def test_a_run_that_is_run_again_publishes_the_same(bucket: Bucket) -> None:
    for _ in range(2):
        made(bucket, "r", SMALL)
        answer = concatenated("r")
        objects = {key: bucket.get(key) for key in PUBLISHED}
    assert concatenated("r") == answer
    assert {key: bucket.get(key) for key in PUBLISHED} == objects


@pytest.mark.slow
def test_an_older_object_is_replaced(bucket: Bucket) -> None:
    bucket.put(OUTPUT, b"old", CSV)
    made(bucket, "r", SMALL)
    concatenated("r")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")


@pytest.mark.slow
def test_the_manifest_comes_last_and_then_the_commit(bucket: Bucket, requests: Requests) -> None:
    made(bucket, "r", SMALL)
    concatenated("r")
    completed = [request["Key"] for request in requests.of("CompleteMultipartUpload")]
    assert completed == PUBLISHED[: len(CSV_FILES)]
    register = OutputKeys(OUTPUT).register
    claimed, *documents, committed = requests.of("PutObject")[-4:]
    assert claimed["Key"] == committed["Key"] == register
    assert [document["Key"] for document in documents] == COMPANIONS[-2:]
    writes = [name for name in requests.names() if name != "ListMultipartUploads"]
    assert writes[-4:] == ["CompleteMultipartUpload", *["PutObject"] * 3]
    assert requests.names()[-2:] == ["ListMultipartUploads"] * 2, "the sweep comes after"


@pytest.mark.slow
@pytest.mark.parametrize("versioning", ["Enabled", "Suspended", None])
def test_the_manifest_names_the_version_of_every_file(
    bucket: Bucket, versioning: Literal["Enabled", "Suspended"] | None
) -> None:
    if versioning is not None:
        bucket.client.put_bucket_versioning(
            Bucket=bucket.name, VersioningConfiguration={"Status": versioning}
        )
    manifest = manifest_of(bucket, SMALL)
    named = [*manifest["files"].values(), manifest["card"]]
    assert [file["key"] for file in named] == PUBLISHED[:-1]
    for file in named:
        head = bucket.head(file["key"])
        assert head is not None
        assert (file["etag"], file["version_id"]) == (head.etag, head.version_id)
        assert (file["version_id"] is not None) == (versioning == "Enabled")
        assert file["crc32"] == to_hex(zlib.crc32(bucket.get(file["key"])))


@pytest.mark.slow
def test_a_run_that_published_before_writes_nothing(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    answer = concatenated("r")
    with Requests().of_client(bucket) as seen:
        assert concatenated("r") == answer
    assert {"PutObject", "CreateMultipartUpload"}.isdisjoint(seen.names())
