"""Giving up uploads that nobody will complete, for a bucket without the lifecycle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from accidental_transfers.dataset.lake import LAKE_TABLES
from accidental_transfers.pipeline.keys import OutputKeys, is_joint
from accidental_transfers.pipeline.multipart import MultipartUpload, tidying
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec.files import CSV_FILES
from accidental_transfers.spec.values import RUNS_PREFIX

STALE = timedelta(days=1)
"""An execution takes no longer, and the template's lifecycle waits as long."""


def sweep(bucket: Bucket, output_key: str) -> None:
    """Abort what was left open for a day: uploads of this set, and of runs' joints.

    A fault is logged, and no error: the set is published.
    """
    keys = OutputKeys(output_key)
    texts = {keys.of(file) for file in CSV_FILES}
    tables = tuple(keys.folder(table) for table in LAKE_TABLES)
    before = datetime.now(UTC) - STALE
    with tidying(output_key):
        for upload in [*_open(bucket, keys.stem, before), *_open(bucket, RUNS_PREFIX, before)]:
            is_lakes = upload.key.startswith(tables)
            if upload.key in texts or is_lakes or is_joint(upload.key):
                logger.info("giving up a stale upload", extra={"key": upload.key})
                upload.abort()


def _open(bucket: Bucket, prefix: str, before: datetime) -> Iterator[MultipartUpload]:
    """Uploads of keys that begin with `prefix`, if they were opened before a time."""
    pages = bucket.client.get_paginator("list_multipart_uploads")
    for page in pages.paginate(Bucket=bucket.name, Prefix=prefix):
        for upload in page.get("Uploads", []):
            if upload["Initiated"] < before:
                yield MultipartUpload(bucket, upload["Key"], upload["UploadId"])
