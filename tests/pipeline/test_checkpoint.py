"""A long join whose process was killed goes on where it was."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from accidental_transfers.errors import StorageUnavailableError
from accidental_transfers.pipeline.checkpoint import LONG
from accidental_transfers.pipeline.join import Join
from accidental_transfers.pipeline.join_plan import plan_join
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.multipart import MultipartUpload
from accidental_transfers.pipeline.storage import CSV, Bucket, StoredObject
from tests.pipeline.joins import join_over, publication, stored
from tests.pipeline.support import Faults, Requests, keys, open_uploads, refusal

PART = 64
"""Bytes that stand for 5 MiB."""
TARGET = "data/x.csv"
CHECKPOINT = RunKeys("r").checkpoint


class KilledError(BaseException):
    """The process ends here, and tidies nothing."""


@pytest.fixture(autouse=True)
def small_parts() -> Iterator[None]:
    with patch("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", PART):
        yield


def parts_of(bucket: Bucket, count: int, letter: str = "a") -> list[StoredObject]:
    """Put parts that S3 itself can join."""
    return [
        stored(bucket, f"runs/r/dataset/{index:05}.csv", f"{index:063}{letter}".encode())
        for index in range(count)
    ]


def join(bucket: Bucket, parts: list[StoredObject]) -> bytes:
    whole = b"".join(bucket.get(part.key) for part in parts)
    join_over(bucket, [Join(publication(whole), plan_join(parts, minimum_part=PART))])
    return whole


@contextmanager
def killed_after(copies: int) -> Iterator[None]:
    """End the process over a later copy."""
    truth, made = MultipartUpload.copy, iter(range(copies))

    def copy(upload: MultipartUpload, number: int, source: StoredObject, *ends: int) -> None:
        if next(made, None) is None:
            raise KilledError
        truth(upload, number, source, *ends)

    with (
        patch.object(MultipartUpload, "copy", copy),
        patch.object(MultipartUpload, "abort", lambda _: None),
        patch("accidental_transfers.pipeline.checkpoint._forget", lambda *_: None),
        pytest.raises(KilledError),
    ):
        yield


def test_the_next_attempt_makes_only_what_is_missing(bucket: Bucket, requests: Requests) -> None:
    parts = parts_of(bucket, 120)
    with killed_after(70):
        join(bucket, parts)
    assert open_uploads(bucket) == [TARGET]
    before = len(requests.of("UploadPartCopy"))
    assert join(bucket, parts) == bucket.get(TARGET)
    assert (before, len(requests.of("UploadPartCopy"))) == (70, 120)
    assert len(requests.of("CreateMultipartUpload")) == 1
    assert open_uploads(bucket) == []
    assert keys(bucket, "runs/r/joints/") == []


def test_parts_that_were_made_anew_are_another_upload(bucket: Bucket) -> None:
    with killed_after(70):
        join(bucket, parts_of(bucket, 120))
    other = parts_of(bucket, 120, "b")
    assert join(bucket, other) == bucket.get(TARGET)
    assert open_uploads(bucket) == []


def test_an_upload_that_is_over_is_opened_anew(bucket: Bucket) -> None:
    parts = parts_of(bucket, 120)
    with killed_after(70):
        join(bucket, parts)
    left = json.loads(bucket.get(CHECKPOINT))["uploads"][TARGET]["upload"]
    MultipartUpload(bucket, TARGET, left).abort()
    assert join(bucket, parts) == bucket.get(TARGET)


@pytest.mark.parametrize("spoilt", [b"", b"{", b'{"uploads": {"data/x.csv": 7}}', b"[]"])
def test_a_checkpoint_that_cannot_be_read_is_none(bucket: Bucket, spoilt: bytes) -> None:
    bucket.put(CHECKPOINT, spoilt, CSV)
    assert join(bucket, parts_of(bucket, 120)) == bucket.get(TARGET)
    assert keys(bucket, "runs/r/joints/") == []


def test_an_upload_that_ends_under_an_attempt_is_worth_another_one(
    bucket: Bucket, faults: Faults
) -> None:
    """As it does where two attempts overlap and the other one fails."""
    parts = parts_of(bucket, 120)
    faults.on("PUT", "uploadId=", answer=refusal(404, "NoSuchUpload"))
    with pytest.raises(StorageUnavailableError, match=f"the upload of {TARGET} is over"):
        join(bucket, parts)
    assert open_uploads(bucket) == []
    assert join(bucket, parts) == bucket.get(TARGET)


def test_a_short_join_asks_for_nothing_more(bucket: Bucket, requests: Requests) -> None:
    join(bucket, parts_of(bucket, LONG - 1))
    assert not [put for put in requests.of("PutObject") if put["Key"] == CHECKPOINT]
    assert not [get for get in requests.of("GetObject") if get["Key"] == CHECKPOINT]
    assert requests.of("DeleteObject") == []


def test_a_long_join_that_is_not_killed_leaves_nothing(bucket: Bucket, requests: Requests) -> None:
    join(bucket, parts_of(bucket, LONG))
    assert [put for put in requests.of("PutObject") if put["Key"] == CHECKPOINT]
    assert keys(bucket, "runs/r/joints/") == []
