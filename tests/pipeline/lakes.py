"""Small lakes: runs that leave Parquet, and what stands in the bucket afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import concatenated, made

PEOPLE = {"preset": "dense", "customers": 5, "customers_per_slice": 2, "output_key": "data/x.csv"}
"""Three slices in which everything happens."""
STEM = "data/x"
MANIFEST = f"{STEM}.manifest.json"
JANUARY = {"start_date": "2024-01-01", "end_date": "2024-01-31"}
FEBRUARY = {"start_date": "2024-02-01", "end_date": "2024-02-29"}
BOTH_MONTHS = {"start_date": "2024-01-01", "end_date": "2024-02-29"}


def lake_made(bucket: Bucket, run: str, **fields: Any) -> dict[str, Any]:
    """Make and publish a lake; gives its manifest."""
    made(bucket, run, {**PEOPLE, "format": "parquet", **fields})
    concatenated(run)
    return manifest(bucket)


def manifest(bucket: Bucket) -> dict[str, Any]:
    stands: dict[str, Any] = json.loads(bucket.get(MANIFEST))
    return stands


def files(about: dict[str, Any]) -> list[dict[str, Any]]:
    """Every Parquet file that a manifest names."""
    lake = about["lake"]
    tables = [table for month in lake["months"].values() for table in month["tables"].values()]
    return [file for table in [*tables, lake["customers"]["files"]] for file in table]


def tagged(bucket: Bucket) -> set[str]:
    """The Parquet files that the lifecycle would expire."""
    found = set()
    for stored in bucket.list(STEM):
        tags = bucket.client.get_object_tagging(Bucket=bucket.name, Key=stored.key)["TagSet"]
        if tags == [{"Key": "lake", "Value": "unnamed"}]:
            found.add(stored.key)
    return found


def downloaded(bucket: Bucket, about: dict[str, Any], folder: Path) -> Path:
    """Store the files that a manifest names under their keys."""
    for file in files(about):
        place = folder / file["key"]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(bucket.get(file["key"], file["etag"]))
    return folder / STEM


def table(lake: Path, name: str) -> str:
    """How SQL names a table of a lake, without what its folders are called."""
    return f"read_parquet('{lake}/{name}/**/*.parquet', hive_partitioning=false)"


def rows(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.sql(query).fetchall()
