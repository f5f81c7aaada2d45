"""Only a run that is proven whole is published."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from accidental_transfers.errors import (
    DamagedPartError,
    EventError,
    IncompleteRunError,
    UnknownRunError,
)
from accidental_transfers.pipeline.storage import CSV, JSON, Bucket
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.packing import pack, pack_bytes
from tests.pipeline.support import (
    DENSE,
    OUTPUT,
    SMALL,
    concatenated,
    keys,
    made,
    open_uploads,
    planned,
    text_of,
)
from tests.statistics.support import share_of


def rewrite(bucket: Bucket, key: str, change: Callable[[dict[str, Any]], Any]) -> None:
    document = json.loads(bucket.get(key))
    change(document)
    bucket.put(key, json.dumps(document).encode(), JSON)


def counting(text: str) -> Callable[[Bucket], None]:
    """Have the receipt count something else."""
    return lambda bucket: rewrite(
        bucket, RECEIPT, lambda receipt: receipt["statistics"].update(counts=text)
    )


FOUR_DAYS = SMALL | {"end_date": "2024-01-04"}
FIRST = "runs/r/receipts/00000.json"
RECEIPT = "runs/r/receipts/00001.json"
PART = "runs/r/dataset/00001.csv"
SPOILT: dict[str, tuple[Callable[[Bucket], Any], type[Exception], str]] = {
    "missing": (
        lambda bucket: bucket.delete(RECEIPT),
        IncompleteRunError,
        r"1 of 3 slices were not made: slice 1 \(customers 2 to 2\)",
    ),
    "doubled": (
        lambda bucket: bucket.put(RECEIPT, bucket.get("runs/r/receipts/00002.json"), JSON),
        IncompleteRunError,
        r"the receipt of slice 1 \(customers 2 to 2\) .* is of slice 2 \(customers 3 to 3\)",
    ),
    "foreign": (
        lambda bucket: rewrite(bucket, RECEIPT, lambda receipt: receipt.update(run="other")),
        IncompleteRunError,
        r"the receipt of slice 1 .* is of run other",
    ),
    "one too many": (
        lambda bucket: bucket.put("runs/r/receipts/00003.json", b"{}", JSON),
        IncompleteRunError,
        r"has 3 slices, but there are also runs/r/receipts/00003.json",
    ),
    "not a receipt": (
        lambda bucket: bucket.put(RECEIPT, b"{}", JSON),
        IncompleteRunError,
        r"00001.json is not a receipt",
    ),
    "counts cut off": (
        counting(pack(np.arange(9))),
        IncompleteRunError,
        r"00001.json is not a receipt(.*\n)*.*customers: got 0 ",
    ),
    "a negative count": (
        counting(pack_bytes(b"\1\0\0\0" + b"\xff" * 13)),
        IncompleteRunError,
        r"00001.json is not a receipt(.*\n)*.*numbers from 0",
    ),
    "a day too many": (
        lambda bucket: rewrite(
            bucket,
            RECEIPT,
            lambda receipt: receipt.update(
                statistics=share_of(JobSpec.parse(FOUR_DAYS), 2, 2).model_dump(mode="json")
            ),
        ),
        IncompleteRunError,
        r"slice 1 .* counts 4 days; allowed: 3 at most",
    ),
    "part gone": (
        lambda bucket: bucket.delete(PART),
        DamagedPartError,
        r"slice 1 \(customers 2 to 2\): its part .*00001.csv is gone",
    ),
    "part changed": (
        lambda bucket: bucket.put(PART, bucket.get(PART)[::-1], CSV),
        DamagedPartError,
        r"slice 1 \(customers 2 to 2\): .*00001.csv has .* its receipt says",
    ),
    "part cut short": (
        lambda bucket: bucket.put(PART, bucket.get(PART)[:-1], CSV),
        DamagedPartError,
        r"slice 1 \(customers 2 to 2\): .*00001.csv has .* its receipt says",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("spoil", "error", "message"), SPOILT.values(), ids=SPOILT)
def test_a_run_that_is_not_whole_is_not_published(
    bucket: Bucket, spoil: Callable[[Bucket], Any], error: type[Exception], message: str
) -> None:
    bucket.put(OUTPUT, b"old", CSV)
    made(bucket, "r", SMALL)
    spoil(bucket)
    with pytest.raises(error, match=message):
        concatenated("r")
    assert bucket.get(OUTPUT) == b"old"
    assert keys(bucket, "data/") == [OUTPUT]
    assert open_uploads(bucket) == []


def test_slices_that_another_plan_of_the_run_left_are_not_joined(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    planned("r", SMALL | {"seed": 7})
    with pytest.raises(IncompleteRunError, match=r"slice 0 .* was made for another plan"):
        concatenated("r")
    assert keys(bucket, "data/") == []


@pytest.mark.slow
def test_examples_that_cannot_be_read_are_named_with_their_slice(bucket: Bucket) -> None:
    made(bucket, "r", DENSE)
    rewrite(bucket, FIRST, lambda receipt: receipt["statistics"].update(examples="AAAA"))
    with pytest.raises(IncompleteRunError, match=r"slice 0 .* examples that cannot be read"):
        concatenated("r")


@pytest.mark.slow
def test_many_missing_slices_are_named_and_counted(bucket: Bucket) -> None:
    made(bucket, "r", {"customers": 15, "customers_per_slice": 1, "end_date": "2024-01-01"})
    for key in keys(bucket, "runs/r/receipts/")[1:]:
        bucket.delete(key)
    with pytest.raises(IncompleteRunError, match=r"14 of 15 .*slice 10 .* and 4 more"):
        concatenated("r")


@pytest.mark.slow
def test_the_same_text_put_twice_is_no_damage_whatever_its_etag(bucket: Bucket) -> None:
    """As it happens where a key of KMS encrypts and a slice was executed twice."""
    made(bucket, "r", SMALL)
    rewrite(
        bucket, RECEIPT, lambda receipt: receipt["parts"]["dataset"].update(etag='"of another put"')
    )
    concatenated("r")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")


@pytest.mark.usefixtures("bucket")
def test_a_run_that_was_never_planned_has_nothing_to_join() -> None:
    with pytest.raises(UnknownRunError, match="run 'r' was never planned"):
        concatenated("r")


@pytest.mark.usefixtures("bucket")
def test_a_run_must_be_named() -> None:
    with pytest.raises(EventError, match="run: got 'a/b'"):
        concatenated("a/b")
