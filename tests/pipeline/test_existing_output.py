"""With ``if_exists: fail``, what counts as a dataset that stands there; Plan and the join agree."""

import pytest

from accidental_transfers.errors import OutputExistsError
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.register import Entry
from accidental_transfers.pipeline.storage import CSV, JSON, Bucket
from tests.pipeline.support import (
    COMPANIONS,
    OUTPUT,
    PUBLISHED,
    SMALL,
    concatenated,
    keys,
    made,
    open_uploads,
    planned,
)

FAIL = SMALL | {"if_exists": "fail"}


def put_of(bucket: Bucket, run: str, *which: str) -> None:
    for key in which:
        bucket.put(key, run.encode(), CSV, metadata={"run": run})


def say(bucket: Bucket, committed: str | None, publishing: str | None) -> None:
    """Put a register."""
    entry = Entry(committed=committed, publishing=publishing, nonce="n")
    bucket.put(OutputKeys(OUTPUT).register, entry.model_dump_json().encode(), JSON)


def check_refused(bucket: Bucket, words: str) -> None:
    """Plan refuses, and writes nothing."""
    before = keys(bucket)
    with pytest.raises(OutputExistsError, match=words):
        planned("r", FAIL)
    assert keys(bucket) == before


def check_free(bucket: Bucket) -> None:
    made(bucket, "r", FAIL)
    concatenated("r")
    assert {head.metadata["run"] for key in PUBLISHED if (head := bucket.head(key))} == {"r"}


def test_a_set_that_a_run_committed_stands(bucket: Bucket) -> None:
    made(bucket, "older", SMALL)
    concatenated("older")
    check_refused(bucket, f"{OUTPUT} exists, made by run older")


@pytest.mark.parametrize("key", PUBLISHED)
def test_what_is_left_of_a_committed_set_stands(bucket: Bucket, key: str) -> None:
    say(bucket, "older", None)
    put_of(bucket, "older", key)
    check_refused(bucket, f"{key} exists, made by run older")


def test_a_set_without_a_register_stands(bucket: Bucket) -> None:
    put_of(bucket, "older", *PUBLISHED)
    check_refused(bucket, f"{OUTPUT} exists, made by run older")


@pytest.mark.slow
def test_a_set_of_a_run_with_an_odd_name_stands_and_can_be_replaced(bucket: Bucket) -> None:
    put_of(bucket, "not / a run", *PUBLISHED)
    check_refused(bucket, f"{OUTPUT} exists, made by run not / a run")
    made(bucket, "r", SMALL)
    assert concatenated("r")["rows"] > 0


@pytest.mark.parametrize("key", PUBLISHED)
def test_a_file_that_no_run_made_stands(bucket: Bucket, key: str) -> None:
    bucket.put(key, b"mine", CSV)
    check_refused(bucket, f"{key} exists, made by run unknown")


def test_a_set_stands_although_a_run_began_to_replace_it_and_died(bucket: Bucket) -> None:
    say(bucket, "older", "dead")
    put_of(bucket, "older", *PUBLISHED)
    check_refused(bucket, f"{OUTPUT} exists, made by run older")


def test_a_register_that_nobody_can_read_says_nothing(bucket: Bucket) -> None:
    bucket.put(OutputKeys(OUTPUT).register, b"{}", JSON)
    put_of(bucket, "older", *PUBLISHED)
    check_refused(bucket, f"{OUTPUT} exists, made by run older")
    for key in PUBLISHED:
        bucket.delete(key)
    check_free(bucket)


@pytest.mark.slow
@pytest.mark.parametrize("count", range(1, len(PUBLISHED) + 1))
@pytest.mark.parametrize("committed", [None, "older"])
def test_what_a_dead_run_left_does_not_count(
    bucket: Bucket, count: int, committed: str | None
) -> None:
    say(bucket, committed, "dead")
    if committed:
        put_of(bucket, committed, *PUBLISHED)
    put_of(bucket, "dead", *PUBLISHED[:count])
    check_free(bucket)


@pytest.mark.slow
def test_a_torn_set_without_a_register_does_not_count(bucket: Bucket) -> None:
    put_of(bucket, "older", *COMPANIONS)
    put_of(bucket, "dead", OUTPUT)
    check_free(bucket)


@pytest.mark.slow
def test_what_came_after_the_plan_stands(bucket: Bucket) -> None:
    made(bucket, "r", FAIL)
    made(bucket, "other", SMALL | {"seed": 8})
    concatenated("other")
    with pytest.raises(OutputExistsError, match=f"{OUTPUT} exists, made by run other"):
        concatenated("r")
    assert open_uploads(bucket) == []


@pytest.mark.slow
def test_a_run_that_is_run_again_succeeds(bucket: Bucket) -> None:
    made(bucket, "r", FAIL)
    first = concatenated("r")
    assert planned("r", FAIL)["slices"] == 3
    assert concatenated("r") == first
    assert open_uploads(bucket) == []
