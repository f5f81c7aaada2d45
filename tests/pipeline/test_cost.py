"""What an estimate counts is what a run does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from accidental_transfers.local.deployment import STATE_MACHINE
from accidental_transfers.pipeline import cost
from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import concatenated, made

READS = {"GetObject", "HeadObject"}
FREE = {"AbortMultipartUpload", "DeleteObject"}
OF_THE_MAP = 3
"""Requests of the Map itself, which no function makes: its manifest and its results."""


@contextmanager
def counting(bucket: Bucket) -> Iterator[Counter[str]]:
    """Count what is asked of S3."""
    asked: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        if model.name not in FREE:
            asked["read" if model.name in READS else "write"] += 1

    bucket.client.meta.events.register("before-call.s3", count)
    yield asked
    bucket.client.meta.events.unregister("before-call.s3", count)


def requests_of(bucket: Bucket, run: str, slices: int) -> Counter[str]:
    """Requests of a run of so many slices, whose parts S3 itself copies."""
    spec = {"customers": 45 * slices, "customers_per_slice": 45, "output_key": f"data/{run}.csv"}
    with counting(bucket) as asked:
        made(bucket, run, spec)
        concatenated(run)
    return asked


def test_the_requests_are_those_of_the_functions(bucket: Bucket) -> None:
    two, three = requests_of(bucket, "two", 2), requests_of(bucket, "three", 3)
    each = {kind: three[kind] - two[kind] for kind in ("write", "read")}
    assert each == {"write": cost.WRITES_PER_SLICE, "read": cost.READS_PER_SLICE}
    rest = two["write"] - 2 * cost.WRITES_PER_SLICE + OF_THE_MAP
    assert cost.WRITES_PER_RUN - 5 <= rest <= cost.WRITES_PER_RUN


def test_the_transitions_are_those_of_the_machine() -> None:
    states = json.loads(STATE_MACHINE.read_text())["States"]
    name: str | None = json.loads(STATE_MACHINE.read_text())["StartAt"]
    passed = []
    while name is not None:
        passed.append(name)
        state = states[name]
        name = state.get("Default") or state.get("Next")
    # Its start and its end count as well.
    assert len(passed) + 2 == cost.PARENT_TRANSITIONS
    children = states["GenerateSlices"]["ItemProcessor"]["States"]
    assert len(children) + 2 == cost.CHILD_TRANSITIONS
