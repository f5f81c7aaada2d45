"""A published set in a bucket, read by the reader's rule of ``docs/reading.md``."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from accidental_transfers.errors import ManifestError, TornSetError
from accidental_transfers.local.named_set import Finding, NamedFile, NamedSet
from accidental_transfers.pipeline.storage import Bucket, ObjectHead, naming_error

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

MOST_READINGS = 5
"""Readings of a set that is being replaced under the reader's eyes."""
_REPLACED = ("NoSuchVersion", "NoSuchKey", "PreconditionFailed", "412")
"""S3's words for an object that is not the manifest's any more."""
CHUNK = 2**20


@dataclass(frozen=True)
class Manifest:
    """A manifest as it was read.

    Attributes
    ----------
    text : bytes
        All of it.
    named : NamedSet
        What it names.
    """

    text: bytes
    named: NamedSet


def readings(bucket: Bucket, key: str) -> Iterator[Manifest]:
    """Read a manifest, and again as often as another has taken its place since.

    Whoever reads the files that it names goes on to the next reading where they are not what it
    says, and stops where they are. Without a next one, the set is torn.

    Raises
    ------
    ManifestError
        If there is no manifest.
    """
    before = None
    for _ in range(MOST_READINGS):
        found = bucket.find_with_etag(key)
        if found is None:
            raise ManifestError(
                f"there is no {bucket.url(key)}; allowed is a set that was published"
            )
        text, etag = found
        if etag == before:
            return
        yield Manifest(text, NamedSet.parse(text, bucket.url(key)))
        before = etag


def read_file(bucket: Bucket, named: NamedFile) -> Iterator[bytes]:
    """Read a file as the manifest names it: its version, or where there are none, its ETag.

    Raises
    ------
    TornSetError
        If it is not there any more.
    """
    request: GetObjectRequestTypeDef = {"Bucket": bucket.name, "Key": named.key}
    if named.version_id is not None:
        request["VersionId"] = named.version_id
    elif named.etag is not None:
        request["IfMatch"] = named.etag
    gone = f"{bucket.url(named.key)} is not there any more as the manifest names it"
    with naming_error(TornSetError, gone, *_REPLACED):
        answer = bucket.client.get_object(**request)
    yield from answer["Body"].iter_chunks(CHUNK)


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
    for manifest in readings(bucket, key):
        named = manifest.named
        findings = [_of_object(bucket, what, file) for what, file in named.all.items()]
        if not any(finding.problem for finding in findings):
            break
    return named, findings


def _of_object(bucket: Bucket, what: str, named: NamedFile) -> Finding:
    place, current = bucket.url(named.key), bucket.head(named.key)
    found = current
    if named.version_id is not None:
        place = f"{place} (version {named.version_id})"
        if current is None or current.version_id != named.version_id:
            found = bucket.head(named.key, named.version_id)
    if found is None:
        return Finding(what, place, "is not there")
    if named.etag is not None and found.etag != named.etag:
        return Finding(what, place, f"has ETag {found.etag}; the manifest says ETag {named.etag}")
    remark = "" if found == current else ", but its key now holds something else"
    return Finding(what, place, named.difference(found.size, _crc32(found, named)), remark)


def _crc32(found: ObjectHead, named: NamedFile) -> str:
    """The checksum that S3 has; where it has none, the ETag has proven the bytes."""
    return named.crc32 if found.crc32 is None else base64.b64decode(found.crc32).hex()
