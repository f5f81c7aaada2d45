"""What the pipeline relies on S3 to refuse, and the embedded S3 lets pass."""

import zlib
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accidental_transfers.errors import DamagedPartError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.multipart import MultipartUpload
from accidental_transfers.pipeline.storage import CSV, Bucket, StoredObject, error_code
from tests.pipeline.support import BUCKET, keys

KEY, BODY = "data/x.csv", b"a,b\n1,2\n"


def refused(request: Callable[..., Any], **arguments: Any) -> str:
    """Give the code of S3's refusal, which must come."""
    with pytest.raises(ClientError) as refusal:
        request(Bucket=BUCKET, Key=KEY, **arguments)
    return error_code(refusal.value)


def put(bucket: Bucket, body: bytes) -> str:
    return bucket.client.put_object(Bucket=BUCKET, Key=KEY, Body=body)["ETag"]


def opened(bucket: Bucket) -> dict[str, Any]:
    """Open an upload as the pipeline does, give it one part, and say how to complete it."""
    client = bucket.client
    upload = client.create_multipart_upload(
        Bucket=BUCKET, Key=KEY, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT"
    )["UploadId"]
    part = client.upload_part(
        Bucket=BUCKET, Key=KEY, UploadId=upload, PartNumber=1, Body=BODY, ChecksumAlgorithm="CRC32"
    )
    return {
        "UploadId": upload,
        "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        "ChecksumType": "FULL_OBJECT",
        "MpuObjectSize": len(BODY),
        "ChecksumCRC32": crc32.to_base64(zlib.crc32(BODY)),
    }


def test_a_put_can_ask_for_a_key_where_nothing_stands(bucket: Bucket) -> None:
    bucket.client.put_object(Bucket=BUCKET, Key=KEY, Body=BODY, IfNoneMatch="*")
    code = refused(bucket.client.put_object, Body=b"other", IfNoneMatch="*")
    assert code == "PreconditionFailed"
    assert bucket.get(KEY) == BODY


def test_a_put_can_ask_for_the_object_that_it_replaces(bucket: Bucket) -> None:
    first = put(bucket, b"one")
    put(bucket, b"two")
    assert refused(bucket.client.put_object, Body=BODY, IfMatch=first) == "PreconditionFailed"
    assert bucket.get(KEY) == b"two"


def test_a_put_cannot_replace_what_is_not_there(bucket: Bucket) -> None:
    code = refused(bucket.client.put_object, Body=BODY, IfMatch='"0"')
    assert code in {"NoSuchKey", "PreconditionFailed"}
    assert keys(bucket) == []


def test_a_complete_can_ask_for_a_key_where_nothing_stands(bucket: Bucket) -> None:
    put(bucket, b"one")
    upload = opened(bucket)
    complete = bucket.client.complete_multipart_upload
    assert refused(complete, **upload, IfNoneMatch="*") == "PreconditionFailed"
    assert bucket.get(KEY) == b"one"


def test_a_complete_can_ask_for_the_object_that_it_replaces(bucket: Bucket) -> None:
    first = put(bucket, b"one")
    second = put(bucket, b"two")
    upload = opened(bucket)
    complete = bucket.client.complete_multipart_upload
    assert refused(complete, **upload, IfMatch=first) == "PreconditionFailed"
    assert bucket.get(KEY) == b"two"
    complete(Bucket=BUCKET, Key=KEY, **upload, IfMatch=second)
    assert bucket.get(KEY) == BODY


def test_a_conditional_complete_over_a_younger_object_conflicts(bucket: Bucket) -> None:
    upload = opened(bucket)
    younger = put(bucket, b"two")
    complete = bucket.client.complete_multipart_upload
    assert refused(complete, **upload, IfMatch=younger) == "ConditionalRequestConflict"
    assert bucket.get(KEY) == b"two"


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"MpuObjectSize": len(BODY) + 1}, {"InvalidRequest"}),
        ({"ChecksumCRC32": crc32.to_base64(7)}, {"BadDigest", "InvalidRequest"}),
    ],
    ids=["size", "checksum"],
)
def test_a_complete_of_other_bytes_is_refused(
    bucket: Bucket, wrong: dict[str, Any], codes: set[str]
) -> None:
    upload = opened(bucket) | wrong
    assert refused(bucket.client.complete_multipart_upload, **upload) in codes
    assert keys(bucket) == []


def test_bytes_with_another_checksum_are_refused(bucket: Bucket) -> None:
    wrong = crc32.to_base64(zlib.crc32(BODY) ^ 1)
    assert refused(bucket.client.put_object, Body=BODY, ChecksumCRC32=wrong) in {
        "BadDigest",
        "InvalidRequest",
    }
    assert keys(bucket) == []


def test_a_source_that_changed_is_not_copied(bucket: Bucket) -> None:
    etag = put(bucket, BODY)
    put(bucket, BODY[::-1])
    with (
        MultipartUpload.opened(bucket, "data/whole.csv", CSV, {}) as upload,
        pytest.raises(DamagedPartError, match=f"{KEY} changed"),
    ):
        upload.copy(1, StoredObject(KEY, len(BODY), etag), 0, len(BODY))


def test_a_source_that_changed_is_not_read(bucket: Bucket) -> None:
    etag = put(bucket, BODY)
    put(bucket, BODY[::-1])
    assert refused(bucket.client.get_object, IfMatch=etag) in {"PreconditionFailed", "412"}


def test_an_upload_that_was_left_open_is_taken_up(bucket: Bucket) -> None:
    one = MultipartUpload.opened(bucket, KEY, CSV, {"run": "r"})
    one.put(1, BODY)
    again = MultipartUpload.left_open(bucket, KEY, one.id, [len(BODY)])
    assert again
    assert again.filled == {1}
    again.complete(len(BODY), checksum=zlib.crc32(BODY))
    assert bucket.get(KEY) == BODY
    assert MultipartUpload.left_open(bucket, KEY, one.id, [len(BODY)]) is None
