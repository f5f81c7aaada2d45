"""Only a run that is proven whole is published."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from accidental_transfers.errors import (
    LONGEST_MESSAGE,
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
    embedded_bucket,
    keys,
    made,
    open_uploads,
    planned,
    set_environment,
    text_of,
)
from tests.statistics.support import share_of

Change = Callable[[dict[str, Any]], Any]


def rewrite(bucket: Bucket, key: str, change: Change) -> None:
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
    "no statistics": (
        lambda bucket: rewrite(bucket, RECEIPT, lambda receipt: receipt.pop("statistics")),
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
        r"slice 1 .* contradicts itself: \d+ rows of dataset, but \d+ in its statistics",
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


def other_rows(**rows: int) -> Change:
    """Say other numbers of rows of some files."""

    def change(receipt: dict[str, Any]) -> None:
        for file, more in rows.items():
            receipt["parts"][file]["rows"] += more

    return change


CONTRADICTIONS: dict[str, tuple[Change, str]] = {
    "a row more": (other_rows(dataset=1), r"[\d,]+ rows of dataset, but [\d,]+ in its statistics"),
    "a row less": (other_rows(dataset=-1), r"[\d,]+ rows of dataset, but [\d,]+ in its statistics"),
    "10^30 rows": (other_rows(dataset=10**30), r"rows of dataset do not fit into [\d,]+ bytes"),
    "an accident more": (other_rows(accidents=1), r"accidents, but \d+ in its statistics"),
    "a customer more": (other_rows(customers=1), r"4 customers, but 5 in its file"),
    "an outcome more": (other_rows(outcomes=1), r"[\d,]+ outcomes, but [\d,]+ in its statistics"),
}


@pytest.fixture(scope="module")
def dense() -> dict[str, bytes]:
    """The objects of a run in which everything happens."""
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch)
        with embedded_bucket() as bucket:
            made(bucket, "r", DENSE)
            return {key: bucket.get(key) for key in keys(bucket)}


@pytest.mark.parametrize(("change", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_receipt_that_contradicts_itself_is_refused(
    bucket: Bucket, dense: dict[str, bytes], change: Change, said: str
) -> None:
    for key, body in dense.items():
        bucket.put(key, body, CSV)
    rewrite(bucket, RECEIPT, change)
    with pytest.raises(IncompleteRunError, match=said) as refused:
        concatenated("r")
    assert r"the receipt of slice 1 (customers 5 to 8) contradicts itself" in str(refused.value)
    assert keys(bucket, "data/") == []


def test_another_slice_s_statistics_are_refused_though_they_count_as_many_rows(
    bucket: Bucket,
) -> None:
    made(bucket, "r", SMALL)
    other = json.loads(bucket.get("runs/r/receipts/00002.json"))["statistics"]
    rewrite(bucket, RECEIPT, lambda receipt: receipt.update(statistics=other))
    with pytest.raises(IncompleteRunError, match="month in its statistics is that of customer_003"):
        concatenated("r")
    assert keys(bucket, "data/") == []


def test_slices_that_another_plan_of_the_run_left_are_not_joined(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    bucket.delete("runs/r/plan.json")
    planned("r", SMALL | {"seed": 7})
    with pytest.raises(IncompleteRunError, match=r"slice 0 .* was made for another plan"):
        concatenated("r")
    assert keys(bucket, "data/") == []


@pytest.mark.slow
def test_a_receipt_of_any_size_is_refused_in_a_short_message(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    rewrite(
        bucket,
        RECEIPT,
        lambda receipt: receipt.update({f"field_{n:05}": "x" * 300 for n in range(28_000)}),
    )
    with pytest.raises(IncompleteRunError, match="characters more") as refused:
        concatenated("r")
    assert len(str(refused.value)) <= LONGEST_MESSAGE


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
