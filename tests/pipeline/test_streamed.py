"""A streamed object is there whole, once, and with the checksums of its bytes."""

import hashlib
import zlib
from collections.abc import Iterator

import pytest

from accidental_transfers.errors import DamagedPartError, StorageUnavailableError
from accidental_transfers.pipeline.storage import PARQUET, Bucket
from accidental_transfers.pipeline.streamed import PIECE_BYTES, Streamed, StreamedObject
from tests.pipeline.support import embedded_bucket, open_uploads

KEY = "data/x/transactions/run=r/month=2024-01/part-00000.parquet"
TAG = "lake=unnamed"
SMALL = b"few bytes"
LARGE = bytes(range(256)) * (2 * PIECE_BYTES // 256) + b"and a rest"


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with embedded_bucket() as bucket:
        bucket.client.put_bucket_versioning(
            Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
        )
        yield bucket


def streamed(bucket: Bucket, content: bytes, step: int = 1_000_003) -> Streamed:
    """Write bytes a few at a time."""
    stream = StreamedObject(bucket, KEY, PARQUET, TAG)
    for start in range(0, len(content), step):
        stream.write(content[start : start + step])
    return stream.finish()


def versions(bucket: Bucket) -> list[str]:
    listed = bucket.client.list_object_versions(Bucket=bucket.name, Prefix=KEY)
    return [each["VersionId"] for each in listed.get("Versions", [])]


@pytest.mark.parametrize("content", [b"", SMALL, LARGE], ids=["nothing", "one request", "pieces"])
def test_it_has_the_bytes_and_says_what_they_are(bucket: Bucket, content: bytes) -> None:
    done = streamed(bucket, content)
    assert bucket.get(KEY) == content
    assert (done.size, done.crc32) == (len(content), zlib.crc32(content))
    assert done.sha256 == hashlib.sha256(content).hexdigest()
    assert [done.written.version_id] == versions(bucket)
    head = bucket.head(KEY)
    assert head is not None
    assert head.etag == done.written.etag
    tags = bucket.client.get_object_tagging(Bucket=bucket.name, Key=KEY)["TagSet"]
    assert tags == [{"Key": "lake", "Value": "unnamed"}]


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["one request", "pieces"])
def test_the_same_bytes_stay_as_they_are(bucket: Bucket, content: bytes) -> None:
    first = streamed(bucket, content)
    bucket.untag(KEY)
    again = streamed(bucket, content, step=77_777)
    assert again == first
    assert versions(bucket) == [first.written.version_id]
    assert bucket.client.get_object_tagging(Bucket=bucket.name, Key=KEY)["TagSet"] == []
    assert open_uploads(bucket) == []


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["one request", "pieces"])
def test_other_bytes_stay_as_they_are_and_are_told(bucket: Bucket, content: bytes) -> None:
    first = streamed(bucket, b"what a manifest may name" * 3)
    with pytest.raises(DamagedPartError, match=r"part-00000.parquet has other bytes"):
        streamed(bucket, content)
    assert versions(bucket) == [first.written.version_id]
    assert open_uploads(bucket) == []


def test_what_is_given_up_leaves_nothing(bucket: Bucket) -> None:
    stream = StreamedObject(bucket, KEY, PARQUET, TAG)
    stream.write(LARGE)
    assert open_uploads(bucket) == [KEY]
    stream.give_up()
    assert open_uploads(bucket) == []
    assert bucket.head(KEY) is None


def test_two_attempts_at_once_are_worth_a_retry(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    streamed(bucket, b"another attempt's")
    monkeypatch.setattr(bucket, "head", lambda _: None)  # it came after the look
    with pytest.raises(StorageUnavailableError, match="another attempt at once"):
        streamed(bucket, SMALL)
    assert bucket.get(KEY) == b"another attempt's"


def test_memory_holds_one_piece(bucket: Bucket) -> None:
    stream = StreamedObject(bucket, KEY, PARQUET, TAG)
    for _ in range(5):
        stream.write(LARGE[:PIECE_BYTES])
        assert len(stream._held) < PIECE_BYTES
    stream.give_up()
