"""The three functions on LocalStack: the same bytes, by copies that it checks."""

import hashlib
import json
from typing import Any

from accidental_transfers.pipeline.join_plan import MINIMUM_PART
from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.lakes import FEBRUARY, JANUARY, PEOPLE, files, lake_made, manifest, tagged
from tests.pipeline.support import (
    DENSE,
    OUTPUT,
    PUBLISHED,
    concatenated,
    keys,
    made,
    open_uploads,
    text_of,
)

TWO_LARGE_SLICES = {"customers": 90, "customers_per_slice": 45}
"""Their parts have more than 5 MiB each: S3 itself joins them."""


def test_small_parts_are_joined_and_published(bucket: Bucket) -> None:
    check(bucket, DENSE)


def test_large_parts_are_copied_and_published(bucket: Bucket) -> None:
    check(bucket, TWO_LARGE_SLICES)
    parts = list(bucket.list("runs/r/dataset/"))
    assert all(part.size > MINIMUM_PART for part in parts)
    assert len(parts) == 2


def test_a_run_that_is_run_again_publishes_the_same(bucket: Bucket) -> None:
    check(bucket, DENSE)
    before = {key: bucket.get(key) for key in PUBLISHED}
    concatenated("r")
    assert {key: bucket.get(key) for key in PUBLISHED} == before


def test_a_lake_is_published_grows_and_stays_as_it_is(bucket: Bucket) -> None:
    first = lake_made(bucket, "jan", **JANUARY)
    both = lake_made(bucket, "feb", **FEBRUARY)
    assert both["lake"]["months"]["2024-01"] == first["lake"]["months"]["2024-01"]
    assert list(both["lake"]["months"]) == ["2024-01", "2024-02"]
    for file in files(both):
        body = bucket.get(file["key"], file["etag"])
        assert hashlib.sha256(body).hexdigest() == file["sha256"]
    assert tagged(bucket) == set()
    # A late attempt leaves what was committed alone.
    made(bucket, "feb", {**PEOPLE, **FEBRUARY, "format": "parquet"})
    concatenated("feb")
    assert manifest(bucket) == both
    assert tagged(bucket) == set()


def test_an_upload_of_today_is_nobodys_to_give_up(bucket: Bucket) -> None:
    bucket.client.create_multipart_upload(Bucket=bucket.name, Key=OUTPUT)
    made(bucket, "r", DENSE)
    concatenated("r")
    assert open_uploads(bucket) == [OUTPUT]


def check(bucket: Bucket, spec: dict[str, Any]) -> None:
    made(bucket, "r", spec)
    answer = concatenated("r")
    assert bucket.get(OUTPUT) == text_of(spec, "dataset")
    manifest = json.loads(bucket.get(answer["companions"]["manifest"]))
    assert (manifest["run"], manifest["crc32"]) == ("r", answer["crc32"])
    assert sorted(keys(bucket, "data/")) == sorted(PUBLISHED)
    assert open_uploads(bucket) == []
