"""A published set in a bucket, read by the reader's rule of ``docs/reading.md``."""

from __future__ import annotations

import base64

from botocore.exceptions import BotoCoreError, ClientError

from accidental_transfers.errors import ManifestError
from accidental_transfers.local.named_set import Finding, NamedFile, NamedSet
from accidental_transfers.pipeline.storage import Bucket, ObjectHead

MOST_READINGS = 5
"""Readings of a set that is being replaced under the reader's eyes."""


def verify_stored(bucket: str, key: str) -> tuple[NamedSet, list[Finding]]:
    """Check the objects that a manifest in a bucket names.

    Raises
    ------
    ManifestError
        If there is no manifest, or the bucket cannot be read.
    """
    try:
        return _verify(Bucket(bucket), key)
    except (ClientError, BotoCoreError) as error:
        raise ManifestError(f"s3://{bucket}/{key} cannot be read: {error}") from error


def _verify(bucket: Bucket, key: str) -> tuple[NamedSet, list[Finding]]:
    """Read the manifest, then what it names; begin again where a set took its place meanwhile."""
    text, etag = _manifest(bucket, key)
    for _ in range(MOST_READINGS):
        named = NamedSet.parse(text, bucket.url(key))
        findings = [_of_object(bucket, what, file) for what, file in named.all.items()]
        before = etag
        text, etag = _manifest(bucket, key)
        if etag == before or not any(finding.problem for finding in findings):
            break
    return named, findings


def _manifest(bucket: Bucket, key: str) -> tuple[bytes, str]:
    found = bucket.find_with_etag(key)
    if found is None:
        raise ManifestError(f"there is no {bucket.url(key)}; allowed is a set that was published")
    return found


def _of_object(bucket: Bucket, what: str, named: NamedFile) -> Finding:
    place, current = bucket.url(named.key), bucket.head(named.key)
    found = current
    if named.version_id is not None:
        place = f"{place} (version {named.version_id})"
        if current is None or current.version_id != named.version_id:
            found = bucket.head(named.key, named.version_id)
    if found is None:
        return Finding(what, place, "is not there")
    if found.etag != named.etag:
        return Finding(what, place, f"has ETag {found.etag}; the manifest says ETag {named.etag}")
    remark = "" if found == current else ", but its key now holds something else"
    return Finding(what, place, named.difference(found.size, _crc32(found, named)), remark)


def _crc32(found: ObjectHead, named: NamedFile) -> str:
    """The checksum that S3 has; where it has none, the ETag has proven the bytes."""
    return named.crc32 if found.crc32 is None else base64.b64decode(found.crc32).hex()
