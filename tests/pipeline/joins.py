"""Joins of a run "r", for tests of how they are carried out."""

import zlib
from collections.abc import Sequence

from accidental_transfers.pipeline.conditional import only_over
from accidental_transfers.pipeline.join import Join, prepared
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.publish import Publication
from accidental_transfers.pipeline.storage import CSV, Bucket, StoredObject


def stored(bucket: Bucket, key: str, body: bytes) -> StoredObject:
    """Put an object, as the bucket lists it."""
    return StoredObject(key, len(body), bucket.put(key, body, CSV).etag)


def publication(whole: bytes, key: str = "data/x.csv") -> Publication:
    """What bytes are to be published as."""
    return Publication(key, "r", 2, whole.count(b"\n"), len(whole), zlib.crc32(whole), CSV)


def join_over(bucket: Bucket, joins: Sequence[Join]) -> None:
    """Carry out joins over what stands there."""
    with prepared(bucket, joins, RunKeys("r")) as ready:
        for each in ready:
            stood = bucket.head(each.publication.key)
            each.complete(only_over(stood.etag if stood else None))
