"""The join's law: whatever the parts, the object is their concatenation."""

import random
import zlib
from collections.abc import Sequence
from itertools import pairwise
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accidental_transfers.errors import StorageUnavailableError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.join import Join
from accidental_transfers.pipeline.join_plan import (
    MAXIMUM_PART,
    MINIMUM_PART,
    Copy,
    Joint,
    Piece,
    Upload,
    plan_join,
)
from accidental_transfers.pipeline.multipart import MultipartUpload
from accidental_transfers.pipeline.storage import Bucket, StoredObject
from tests.pipeline.joins import join_over, publication, stored
from tests.pipeline.support import Faults, Requests, keys, open_uploads, refusal

SCALED = 64
"""Bytes that stand for 5 MiB where many examples are tried."""

SIZES = st.lists(
    st.sampled_from([0, 1, SCALED - 1, SCALED, SCALED + 1, 40 * SCALED])
    | st.integers(0, 3 * SCALED),
    max_size=12,
)
MANY_SMALL = st.lists(st.integers(0, SCALED // 8), min_size=11, max_size=101)


def sources(sizes: Sequence[int]) -> list[StoredObject]:
    return [
        StoredObject(f"runs/r/dataset/{index:05}.csv", size, f'"{index}"')
        for index, size in enumerate(sizes)
    ]


def ranges(piece: Piece) -> list[tuple[str, int, int]]:
    """What a piece takes: key, first byte, the byte after the last."""
    if isinstance(piece, Copy):
        return [(piece.source.key, piece.start, piece.stop)]
    if isinstance(piece, Upload):
        return [(source.key, 0, source.size) for source in piece.sources]
    return ranges(piece.front) + ranges(piece.back)


def merged(taken: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Put adjacent ranges of one object together."""
    whole: list[tuple[str, int, int]] = []
    for key, start, stop in taken:
        if whole and whole[-1][0] == key and whole[-1][2] == start:
            whole[-1] = (key, whole[-1][1], stop)
        else:
            whole.append((key, start, stop))
    return whole


@given(SIZES | MANY_SMALL, st.integers(3 * SCALED, 50 * SCALED))
def test_a_plan_takes_every_byte_once_and_in_order(sizes: list[int], maximum: int) -> None:
    parts = sources(sizes)
    pieces = plan_join(parts, minimum_part=SCALED, maximum_part=maximum)
    taken = [each for piece in pieces for each in ranges(piece)]
    assert merged(taken) == [(part.key, 0, part.size) for part in parts if part.size]


@given(SIZES | MANY_SMALL, st.integers(3 * SCALED, 50 * SCALED))
def test_every_piece_is_a_part_that_s3_takes(sizes: list[int], maximum: int) -> None:
    pieces = plan_join(sources(sizes), minimum_part=SCALED, maximum_part=maximum)
    assert all(piece.size >= SCALED for piece in pieces[:-1])
    assert all(0 < piece.size <= maximum for piece in pieces)


@given(SIZES | MANY_SMALL)
def test_no_more_pieces_than_parts_and_no_upload_of_three_times_the_minimum(
    sizes: list[int],
) -> None:
    pieces = plan_join(sources(sizes), minimum_part=SCALED)
    assert len(pieces) <= sum(size > 0 for size in sizes)
    assert all(piece.size < 3 * SCALED for piece in pieces if isinstance(piece, Upload))


@given(SIZES | MANY_SMALL)
def test_exactly_the_parts_below_the_minimum_are_downloaded(sizes: list[int]) -> None:
    pieces = plan_join(sources(sizes), minimum_part=SCALED)
    assert sum(piece.downloaded for piece in pieces) == sum(size for size in sizes if size < SCALED)


@pytest.mark.slow
@given(SIZES)
def test_a_joint_stands_only_for_too_little_in_front_of_a_copy(sizes: list[int]) -> None:
    pieces = plan_join(sources(sizes), minimum_part=SCALED)
    for joint in (piece for piece in pieces if isinstance(piece, Joint)):
        assert joint.front.size < SCALED
        assert joint.padding + joint.front.size == SCALED
    for before, piece in pairwise(pieces):
        assert not (isinstance(before, Upload) and isinstance(piece, Joint))


def test_a_plan_can_be_read() -> None:
    small, big = sources([3, MINIMUM_PART])
    assert [str(piece) for piece in plan_join([small, big])] == [
        f"joint of upload {small.key} (3 bytes) and copy {big.key} [0, 5,242,880)"
    ]


def test_an_object_above_five_gibibytes_is_copied_in_even_ranges() -> None:
    pieces = plan_join(sources([12 * 2**30]))
    assert [piece.size for piece in pieces] == [4 * 2**30] * 3
    assert all(piece.size <= MAXIMUM_PART for piece in pieces)


def join(bucket: Bucket, sizes: Sequence[int], minimum: int) -> bytes:
    """Put parts of those sizes, publish their join, and return what it has to be."""
    texts = [random.Random(index).randbytes(size) for index, size in enumerate(sizes)]
    parts = [
        stored(bucket, source.key, text) for source, text in zip(sources(sizes), texts, strict=True)
    ]
    whole = b"".join(texts)
    pieces = plan_join(parts, minimum_part=minimum)
    join_over(bucket, [Join(publication(whole), pieces)])
    return whole


def check_join(bucket: Bucket, sizes: Sequence[int], minimum: int) -> None:
    with Requests().of_client(bucket) as seen:
        whole = join(bucket, sizes, minimum)
    big = {part.key for part in sources(sizes) if part.size >= minimum}

    assert big.isdisjoint(request["Key"] for request in seen.of("GetObject"))
    assert bucket.get("data/x.csv") == whole
    assert open_uploads(bucket) == []
    assert keys(bucket, "runs/r/joints/") == []
    if whole:
        check_requests(seen, whole)


def check_requests(seen: Requests, whole: bytes) -> None:
    """What the embedded S3 takes without looking, and the real one does not."""
    last = seen.of("CompleteMultipartUpload")[-1]
    numbers = [part["PartNumber"] for part in last["MultipartUpload"]["Parts"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert last["ChecksumCRC32"] == crc32.to_base64(zlib.crc32(whole))
    assert last["ChecksumType"] == "FULL_OBJECT"
    assert last["MpuObjectSize"] == len(whole)
    for upload in seen.of("CreateMultipartUpload"):
        assert (upload["ChecksumAlgorithm"], upload["ChecksumType"]) == ("CRC32", "FULL_OBJECT")
    for part in seen.of("UploadPart"):
        assert part["ChecksumCRC32"] == crc32.to_base64(zlib.crc32(part["Body"]))
    for part in seen.of("UploadPartCopy"):
        assert part["CopySourceIfMatch"]


@pytest.mark.slow
def test_the_object_is_the_concatenation(bucket: Bucket) -> None:
    @settings(max_examples=30)
    @given(SIZES | MANY_SMALL)
    @example([])
    @example([0, 0])
    @example([1])
    @example([1, SCALED, 1, SCALED, 1])
    @example([SCALED - 1, SCALED + 1, SCALED - 1, 1, 40 * SCALED])
    @example([SCALED - 1, 1, SCALED - 1, SCALED])
    def holds(sizes: list[int]) -> None:
        check_join(bucket, sizes, SCALED)

    with patch("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", SCALED):
        holds()


@pytest.mark.slow
@pytest.mark.parametrize(
    "sizes",
    [
        [MINIMUM_PART - 1, MINIMUM_PART, 0, 1, MINIMUM_PART + 1, 1],
        [MINIMUM_PART, MINIMUM_PART - 1, 1, 1, MINIMUM_PART + 1, MINIMUM_PART],
        [1] * 50 + [6 * MINIMUM_PART] + [1] * 50,
        [700_000] * 31,
    ],
    ids=["joint", "gathered", "one huge among many small", "many small"],
)
def test_the_object_is_the_concatenation_at_the_sizes_of_s3(
    bucket: Bucket, sizes: list[int]
) -> None:
    check_join(bucket, sizes, MINIMUM_PART)


@pytest.mark.slow
@pytest.mark.parametrize("count", [11, 101])
def test_the_order_is_the_slices_not_the_alphabet_of_their_numbers(
    bucket: Bucket, count: int
) -> None:
    with patch("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", SCALED):
        check_join(bucket, [SCALED + index % 3 for index in range(count)], SCALED)


def test_of_several_objects_none_appears_before_all_are_prepared(
    bucket: Bucket, requests: Requests
) -> None:
    part = stored(bucket, "runs/r/a", b"a" * 9)
    one, two = (publication(b"a" * 9, f"data/{name}.csv") for name in ("one", "two"))
    join_over(bucket, [Join(each, plan_join([part])) for each in (one, two)])
    names = requests.names()
    last_part = len(names) - 1 - names[::-1].index("UploadPart")
    assert last_part < names.index("CompleteMultipartUpload")


def test_objects_are_filled_beside_each_other(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two joins whose copies wait for each other end only if both are under way at once."""
    part = stored(bucket, "runs/r/a", b"a" * 9)
    waiting = Barrier(2, timeout=20)
    truth = MultipartUpload.copy

    def copy(upload: MultipartUpload, *what: Any) -> None:
        waiting.wait()
        truth(upload, *what)

    monkeypatch.setattr(MultipartUpload, "copy", copy)
    targets = [publication(b"a" * 9, f"data/{name}.csv") for name in ("one", "two")]
    join_over(bucket, [Join(each, [Copy(part, 0, 9)]) for each in targets])
    assert {bucket.get(each.key) for each in targets} == {b"a" * 9}


def test_after_a_failure_nothing_new_is_started(
    bucket: Bucket, requests: Requests, faults: Faults
) -> None:
    faults.on("PUT", "/data/two.csv", answer=refusal(403, "AccessDenied"))
    part = stored(bucket, "runs/r/a", b"a" * 9)
    one, two = (publication(b"a" * 9, f"data/{name}.csv") for name in ("one", "two"))
    many = Join(one, [Upload((part,))] * 300)
    with pytest.raises(ClientError, match="AccessDenied"):
        join_over(bucket, [Join(two, [Upload((part,))]), many])
    assert len(requests.of("UploadPart")) < 30
    assert open_uploads(bucket) == []


@pytest.mark.slow
def test_a_joint_whose_answer_was_lost_is_worth_another_attempt(
    bucket: Bucket, faults: Faults
) -> None:
    faults.on("POST", "/joints/", "uploadId=", answer=refusal(404, "NoSuchUpload"))
    with pytest.raises(StorageUnavailableError, match=r"answer for runs/r/joints/.* was lost"):
        join(bucket, [1, MINIMUM_PART], MINIMUM_PART)
    assert keys(bucket, "runs/r/joints/") == []
    assert open_uploads(bucket) == []
    assert join(bucket, [1, MINIMUM_PART], MINIMUM_PART) == bucket.get("data/x.csv")
