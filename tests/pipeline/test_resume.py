"""A run that failed goes on from the slices whose receipts the join would accept."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from accidental_transfers.errors import (
    IncompleteRunError,
    OtherCodeError,
    OtherPlanError,
    OutputExistsError,
    SpecError,
    UnknownRunError,
)
from accidental_transfers.pipeline.storage import CSV, JSON, Bucket
from tests.pipeline.support import (
    OUTPUT,
    SMALL,
    Requests,
    concatenated,
    keys,
    made,
    planned,
    text_of,
)

RECEIPT = "runs/r/receipts/00001.json"


def rewrite(bucket: Bucket, key: str, change: Callable[[Any], object]) -> None:
    document = json.loads(bucket.get(key))
    change(document)
    bucket.put(key, json.dumps(document).encode(), JSON)


def to_make(bucket: Bucket) -> list[int]:
    """Slices that a resumed run would make."""
    answer = planned("later", {"resume": "r"})
    assert (answer["run"], answer["slices_key"]) == ("r", "runs/r/slices.json")
    tasks = json.loads(bucket.get(answer["slices_key"]))
    assert len(tasks) == answer["slices"]
    assert all((task["run"], task["plan"]) == ("r", answer["digest"]) for task in tasks)
    return [task["index"] for task in tasks]


LEFT: dict[str, Callable[[Bucket], object]] = {
    "no receipt": lambda bucket: bucket.delete(RECEIPT),
    "no part": lambda bucket: bucket.delete("runs/r/outcomes/00001.csv"),
    "another part": lambda bucket: bucket.put("runs/r/dataset/00001.csv", b"other", CSV),
    "no JSON": lambda bucket: bucket.put(RECEIPT, b"{", JSON),
    "another slice's": lambda bucket: bucket.put(
        RECEIPT, bucket.get("runs/r/receipts/00002.json"), JSON
    ),
    "a row more": lambda bucket: rewrite(
        bucket, RECEIPT, lambda found: found["parts"]["dataset"].update(rows=10**30)
    ),
    "other code": lambda bucket: rewrite(
        bucket, RECEIPT, lambda found: found["identity"].update(code_sha256="0" * 64)
    ),
}


@pytest.mark.parametrize("spoil", LEFT.values(), ids=LEFT)
def test_what_the_join_would_refuse_is_made_again(
    bucket: Bucket, spoil: Callable[[Bucket], object]
) -> None:
    made(bucket, "r", SMALL)
    spoil(bucket)
    assert to_make(bucket) == [1]


def test_of_a_run_that_is_whole_nothing_is_made_and_nothing_estimated(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    answer = planned("later", {"resume": "r"})
    assert (answer["slices"], answer["expected_rows"], answer["expected_bytes"]) == (0, 0, 0)
    assert json.loads(bucket.get("runs/r/slices.json")) == []
    concatenated("r")
    assert bucket.get(OUTPUT) == text_of(SMALL, "dataset")


def test_of_a_run_that_made_nothing_everything_is_made(bucket: Bucket) -> None:
    first = planned("r", SMALL)
    assert planned("later", {"resume": "r"}) == first
    assert to_make(bucket) == [0, 1, 2]


def test_what_is_asked_for_is_what_the_run_was_asked_for(bucket: Bucket) -> None:
    planned("r", SMALL | {"output_key": "data/mine.csv"})
    before = bucket.get("runs/r/plan.json")
    assert planned("later", {"resume": "r"})["output_key"] == "data/mine.csv"
    assert bucket.get("runs/r/plan.json") == before
    assert keys(bucket, "runs/later/") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"resume": "r", "seed": 7}, "seed: unknown field; allowed are resume"),
        ({"resume": "a/b"}, r"resume: got 'a/b'; .*\(allowed: the run, which is the name of"),
        ({"resume": None}, r"resume: got None"),
        ({"resume": "x" * 1000}, r"resume: got 'x+ … 8\d\d characters more"),
    ],
)
def test_an_input_that_resumes_names_one_run_and_nothing_else(
    bucket: Bucket, given: Any, said: str
) -> None:
    planned("r", SMALL)
    before = keys(bucket)
    with pytest.raises(SpecError, match=said):
        planned("later", given)
    assert keys(bucket) == before


def test_a_file_of_the_input_may_name_its_schema(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    assert planned("later", {"$schema": "resume.schema.json", "resume": "r"})["slices"] == 0


@pytest.mark.usefixtures("bucket")
def test_a_run_that_there_is_not_cannot_be_resumed() -> None:
    with pytest.raises(UnknownRunError, match="run 'r' was never planned"):
        planned("later", {"resume": "r"})


def test_a_run_of_other_code_or_another_s_plan_cannot_be_resumed(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    bucket.put("runs/copy/plan.json", bucket.get("runs/r/plan.json"), JSON)
    with pytest.raises(OtherPlanError, match="the plan of run r, not of copy"):
        planned("later", {"resume": "copy"})
    rewrite(bucket, "runs/r/plan.json", lambda plan: plan["identity"].update(code_sha256="0" * 64))
    with pytest.raises(OtherCodeError, match="the plan of run r was made by code and facts 0000"):
        planned("later", {"resume": "r"})


def test_a_run_with_a_foreign_receipt_cannot_be_resumed(bucket: Bucket) -> None:
    made(bucket, "r", SMALL)
    bucket.put("runs/r/receipts/00003.json", b"{}", JSON)
    with pytest.raises(IncompleteRunError, match=r"there are also runs/r/receipts/00003\.json"):
        planned("later", {"resume": "r"})


def test_what_another_run_published_is_not_touched_by_a_run_that_is_resumed(
    bucket: Bucket,
) -> None:
    planned("r", SMALL | {"if_exists": "fail"})
    made(bucket, "other", SMALL | {"seed": 7})
    concatenated("other")
    before = bucket.get(OUTPUT)
    with pytest.raises(OutputExistsError, match="run other"):
        planned("later", {"resume": "r"})
    assert bucket.get(OUTPUT) == before


def test_no_part_is_read_to_resume_a_run(bucket: Bucket, requests: Requests) -> None:
    made(bucket, "r", SMALL)
    bucket.delete(RECEIPT)
    seen = len(requests.of("GetObject"))
    planned("later", {"resume": "r"})
    read = [request["Key"] for request in requests.of("GetObject")[seen:]]
    assert "runs/r/receipts/00000.json" in read
    assert not [key for key in read if key.endswith(".csv")]
