"""A run that failed is resumed through the state machine: it makes what is missing, then joins."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.dataset.table import Table
from accidental_transfers.local.embedded_aws import EmbeddedAws
from accidental_transfers.local.serve import prepare
from accidental_transfers.pipeline import storage
from accidental_transfers.pipeline.generate_slice import make_slice
from accidental_transfers.pipeline.run_plan import RunPlan, SliceTask
from tests.integration.support import OUTPUT_KEY, Bucket, library_text

pytestmark = [
    pytest.mark.slow,
    # Metrics that are switched off are kept until there are a hundred of one name, and then gone.
    pytest.mark.filterwarnings("ignore:No application metrics to publish"),
]

FORTY = {"seed": 7, "customers": 40, "end_date": "2024-01-02", "customers_per_slice": 1}
A_THOUSAND = {"seed": 7, "customers": 1_000, "end_date": "2024-01-01", "customers_per_slice": 1}


class Slices:
    """The slices that the state machine has made, and those that it shall not."""

    def __init__(self, aws: EmbeddedAws, patch: pytest.MonkeyPatch) -> None:
        self.made: Counter[int] = Counter()
        self._broken: set[int] = set()
        self._real = aws.functions.handlers["GenerateSliceFunction"]
        patch.setitem(aws.functions.handlers, "GenerateSliceFunction", self._handler)

    @contextmanager
    def broken(self, *slices: int) -> Iterator[None]:
        self._broken = set(slices)
        yield
        self._broken = set()
        self.made.clear()

    def _handler(self, task: dict[str, Any], context: Any) -> Any:
        if task["index"] in self._broken:
            raise ValueError("broken")
        answer = self._real(task, context)
        self.made[task["index"]] += 1
        return answer


@pytest.fixture
def slices(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Slices:
    return Slices(aws, monkeypatch)


def make_all(bucket: Bucket, run: str, lacking: set[int]) -> None:
    """Make all slices of a run that was planned, but some."""
    stored = storage.Bucket(bucket.name)
    plan = RunPlan.load(stored, run)
    for part in plan.slices:
        if part.index not in lacking:
            make_slice(SliceTask(run=run, **part.model_dump()), plan, stored)


def test_what_is_missing_or_damaged_is_made_and_nothing_else(
    aws: EmbeddedAws, bucket: Bucket, slices: Slices
) -> None:
    with slices.broken(3, 17, 38):
        failed = aws.execute(FORTY, run="night")
        assert (failed.status, failed.error) == ("FAILED", "IncompleteRunError")
        # A failed slice stops the Map: which others were made first is a matter of chance.
        make_all(bucket, "night", {3, 17, 38})
    bucket.write("runs/night/dataset/00020.csv", b"damaged")
    hint = failed.cause.rpartition("start an execution with the input ")[2]

    resumed = aws.execute(json.loads(hint), run="morning")
    assert resumed.succeeded, resumed
    assert slices.made == {3: 1, 17: 1, 20: 1, 38: 1}
    assert resumed.output["run"] == "night"
    assert bucket.read(OUTPUT_KEY) == library_text(FORTY, Table.write_csv)
    manifest = json.loads(bucket.read(resumed.output["companions"]["manifest"]))
    assert manifest["run"] == "night"

    slices.made.clear()
    again = aws.execute(json.loads(hint), run="noon")
    assert (again.output, slices.made) == (resumed.output, {})


def test_a_run_of_a_thousand_slices_of_which_three_are_missing_makes_three(
    aws: EmbeddedAws, bucket: Bucket, slices: Slices
) -> None:
    aws.functions.call("PlanFunction", {"run": "night", "spec": A_THOUSAND})
    make_all(bucket, "night", {0, 500, 999})
    resumed = aws.execute({"resume": "night"})
    assert resumed.succeeded, resumed
    assert slices.made == {0: 1, 500: 1, 999: 1}
    assert bucket.read(OUTPUT_KEY) == library_text(A_THOUSAND, Table.write_csv)


def test_a_join_that_failed_is_all_that_is_repeated(
    aws: EmbeddedAws, slices: Slices, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = aws.functions.handlers
    with monkeypatch.context() as patch:

        def failing(_event: Any, _context: Any) -> Any:
            raise MemoryError("Runtime.OutOfMemory")

        patch.setitem(handlers, "ConcatenatePartsFunction", failing)
        failed = aws.execute(FORTY, run="night")
    assert failed.error == "MemoryError"
    assert failed.cause.endswith('start an execution with the input {"resume":"night"}')
    slices.made.clear()
    assert aws.execute({"resume": "night"}).succeeded
    assert slices.made == {}


def test_what_cannot_be_resumed_says_so_and_not_how(aws: EmbeddedAws, bucket: Bucket) -> None:
    unknown = aws.execute({"resume": "never"})
    assert (unknown.status, unknown.error) == ("FAILED", "UnknownRunError")
    both = aws.execute({"resume": "never", "seed": 7})
    assert (both.error, both.cause) == (
        "SpecError",
        "seed: unknown field; allowed are resume",
    )
    assert "start an execution" not in unknown.cause + both.cause
    assert bucket.keys() == []


def test_the_example_of_an_input_resumes_the_run_of_the_other_examples(
    aws: EmbeddedAws, events: Path, slices: Slices
) -> None:
    prepare(aws, json.loads((events / "plan.json").read_text()))
    slices.made.clear()
    outcome = aws.execute(json.loads((events / "resume.json").read_text()))
    assert outcome.succeeded, outcome
    assert (outcome.output["run"], slices.made) == ("example", {})
