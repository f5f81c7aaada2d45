"""A run of a lake may die at any of its requests: whoever comes next completes what it left."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError

from accidental_transfers.pipeline.concatenate_parts import publish
from accidental_transfers.pipeline.generate_slice import make_slice
from accidental_transfers.pipeline.proof import prove_complete
from accidental_transfers.pipeline.run_plan import RunPlan, Slice, SliceTask
from accidental_transfers.pipeline.settle import settle
from accidental_transfers.spec import JobSpec
from tests.protocol.crashes import DEATHS
from tests.protocol.lake_crashes import (
    LakeAftermath,
    LakeCrash,
    carry_out_lake,
    every_lake_crash,
    requests_of_a_lake_run,
)
from tests.protocol.lake_invariants import LakeWatch, files_of
from tests.protocol.lake_runs import quick_lake
from tests.protocol.lake_s3 import LakeS3Model
from tests.protocol.runs import Dead, Process, bucket_of, run_identity

pytestmark = pytest.mark.slow

EVERY = 11
"""Of the crashes, one in so many here; the campaign has them all."""
SLICE = Slice(index=0, first_customer=1, last_customer=1)
SLICE_REQUESTS = 10
"""That an undisturbed slice makes at least: seven files, some in pieces, and a receipt."""


@pytest.fixture(scope="module")
def carried_out() -> Iterator[list[tuple[LakeCrash, LakeAftermath]]]:
    with quick_lake():
        crashes = list(every_lake_crash(requests_of_a_lake_run()))[::EVERY]
        yield [(crash, carry_out_lake(crash)) for crash in crashes]


def test_no_crash_harms_a_lake(carried_out: list[tuple[LakeCrash, LakeAftermath]]) -> None:
    assert len(carried_out) > 200
    assert [(crash, after) for crash, after in carried_out if after.wrong] == []


def test_whoever_comes_next_completes_it(
    carried_out: list[tuple[LakeCrash, LakeAftermath]],
) -> None:
    for crash, after in carried_out:
        assert after.outcome == "success", crash
        assert after.owners["2024-02"] == crash.next_run, crash
        january = {"dead"} if crash.next_run == "dead" else {"dead", "before", None}
        assert after.owners["2024-01"] in january, crash
        if after.had_committed:
            assert after.owners["2024-01"] == "dead", crash


@contextmanager
def in_few_pieces() -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(quick_lake())
        stack.enter_context(patch("accidental_transfers.pipeline.streamed.PIECE_BYTES", 6_000))
        stack.enter_context(patch("accidental_transfers.pipeline.proof.map_in_order", map))
        yield


class Stage:
    """A run of one slice, which is made by the real function over the model of S3."""

    def __init__(self) -> None:
        self.s3, self.late = LakeS3Model(keeps_versions=True), list[Callable[[], Any]]()
        spec = {"customers": 1, "start_date": "2024-01-31", "end_date": "2024-02-01"}
        parsed = JobSpec.parse({**spec, "preset": "dense", "format": "parquet"})
        self.plan = RunPlan(run="r", spec=parsed, slices=(SLICE,), identity=run_identity())
        self.plan.store(bucket_of(Process(self.s3)))
        self.watch = LakeWatch(self.s3)

    def make(self, fault: tuple[int, str] | None = None) -> int:
        """Make the slice, or die over it; say how many requests it took."""
        process = Process(self.s3, late=self.late, fault=fault)
        task = SliceTask(run="r", plan=self.plan.digest, **SLICE.model_dump())
        make_slice(task, self.plan, bucket_of(process))
        return process.sent

    def join(self) -> dict[str, str]:
        """Publish, have late requests land, and give the checksums of all files."""
        bucket = bucket_of(Process(self.s3))
        ledger = prove_complete(self.plan, bucket)
        publish(self.plan, ledger, bucket)
        settle(self.plan, bucket, lambda _: None)
        for request in self.late:
            try:
                request()
            except ClientError:
                continue
        assert self.watch.look() == []
        assert self.watch.about is not None
        return {file["key"]: file["sha256"] for file in files_of(self.watch.about)}


def test_a_slice_that_dies_at_any_request_is_made_by_the_next_attempt() -> None:
    with in_few_pieces():
        undisturbed = Stage()
        requests = undisturbed.make()
        expected = undisturbed.join()
        assert requests >= SLICE_REQUESTS
        for request in range(1, requests + 1):
            stage = Stage()
            with pytest.raises(Dead):
                stage.make((request, DEATHS[request % len(DEATHS)]))
            stage.make()
            assert stage.join() == expected
