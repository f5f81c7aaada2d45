"""Measure what the aftermath costs: the share of a slice's CPU time that it takes.

Every slice of the default job is made and put the way its Lambda does it, with an aftermath and
without, in turn. Which of them comes first changes from slice to slice: what the first has left in
the processor's caches serves the second. The embedded S3 is a process of its own, so that what it
costs is not counted. Gives 1 where the bound is not kept.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

from accidental_transfers.model.aftermath import Aftermath
from accidental_transfers.pipeline.generate_slice import make_slice
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.run_plan import RunPlan, SliceTask
from accidental_transfers.pipeline.slicing import cut
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec import JobSpec
from benchmarks.join_memory import BUCKET, ENVIRONMENT, embedded_s3

ROUNDS = 6
SLICE_CUSTOMERS = 45
BOUND = 0.03


def plan(aftermath: Aftermath) -> RunPlan:
    """Plan the default job with an aftermath or without."""
    slices = cut(JobSpec().customers, SLICE_CUSTOMERS)
    spec = JobSpec(aftermath=aftermath)
    return RunPlan(run="aftermath-cost", spec=spec, slices=slices, identity=Identity.here())


def seconds(index: int, of: RunPlan) -> float:
    """Make a slice and put it; gives the CPU seconds."""
    task = SliceTask(run=of.run, **of.slices[index].model_dump())
    start = time.process_time()
    make_slice(task, of, Bucket(BUCKET))
    return time.process_time() - start


def measure() -> tuple[float, float]:
    """Give the CPU seconds of a slice, and the part of them that the aftermath takes."""
    full, none = plan("full"), plan("none")
    seconds(0, full), seconds(0, none)  # builds the tables, once a process
    pairs = [
        _pair(index, full, none, full_first=(turn + index) % 2 == 0)
        for turn in range(ROUNDS)
        for index in range(len(full.slices))
    ]
    more = statistics.median(with_ - without for with_, without in pairs)
    whole = statistics.median(with_ for with_, _ in pairs)
    return whole, more / whole


def _pair(index: int, full: RunPlan, none: RunPlan, *, full_first: bool) -> tuple[float, float]:
    """Measure a slice with an aftermath and without."""
    if full_first:
        return seconds(index, full), seconds(index, none)
    without = seconds(index, none)
    return seconds(index, full), without


def main() -> int:
    """Print the share, and tell by 1 that it is too large."""
    os.environ |= ENVIRONMENT
    with embedded_s3():
        whole, share = measure()
    print(
        f"{share * whole * 1e3:.1f} of {whole * 1e3:.1f} ms CPU a slice, "
        f"{share:.1%} of {BOUND:.0%} at most"
    )
    return int(share > BOUND)


if __name__ == "__main__":
    sys.exit(main())
