"""Uploads that were left open for a day are given up; everything else stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import (
    OUTPUT,
    PUBLISHED,
    SMALL,
    Faults,
    concatenated,
    keys,
    made,
    open_uploads,
    refusal,
)

JOINT = "runs/killed/joints/0f"


class Clock:
    """When uploads were opened, which the embedded S3 does not tell: now, or as it is set here."""

    def __init__(self) -> None:
        self._opened: dict[str, datetime] = {}

    def open(self, bucket: Bucket, key: str, ago: timedelta) -> str:
        upload = bucket.client.create_multipart_upload(Bucket=bucket.name, Key=key)["UploadId"]
        self._opened[upload] = datetime.now(UTC) - ago
        return upload

    def tell(self, parsed: dict[str, Any], **_: Any) -> None:
        for upload in parsed.get("Uploads", []):
            upload["Initiated"] = self._opened.get(upload["UploadId"], datetime.now(UTC))


@pytest.fixture
def clock(bucket: Bucket) -> Iterator[Clock]:
    clock = Clock()
    events = bucket.client.meta.events
    events.register("after-call.s3.ListMultipartUploads", clock.tell)
    yield clock
    events.unregister("after-call.s3.ListMultipartUploads", clock.tell)


def test_uploads_of_yesterday_are_given_up_and_younger_ones_are_not(
    bucket: Bucket, clock: Clock
) -> None:
    for key in (OUTPUT, PUBLISHED[1], JOINT):
        clock.open(bucket, key, timedelta(days=1, minutes=1))
    clock.open(bucket, OUTPUT, timedelta(hours=23))
    clock.open(bucket, JOINT, timedelta(hours=23))
    made(bucket, "r", SMALL)
    concatenated("r")
    assert sorted(open_uploads(bucket)) == sorted([OUTPUT, JOINT])


@pytest.mark.parametrize(
    "key",
    [
        OUTPUT.replace(".csv", "_2024-01.csv"),
        "data/other.csv",
        "runs/r/map/results.json",
        "elsewhere/joints/x",
    ],
)
def test_what_is_not_the_pipelines_or_not_of_this_set_stays(
    bucket: Bucket, clock: Clock, key: str
) -> None:
    clock.open(bucket, key, timedelta(days=9))
    made(bucket, "r", SMALL)
    concatenated("r")
    assert open_uploads(bucket) == [key]


def test_a_sweep_that_is_refused_is_no_failure(
    bucket: Bucket, clock: Clock, faults: Faults
) -> None:
    clock.open(bucket, OUTPUT, timedelta(days=9))
    made(bucket, "r", SMALL)
    faults.on("GET", "?uploads", answer=refusal(403, "AccessDenied"))
    assert concatenated("r")["rows"] > 0
    assert sorted(keys(bucket, "data/")) == sorted(PUBLISHED)
    assert open_uploads(bucket) == [OUTPUT]
