"""Measure what statistics cost: a slice that counts, and the join that adds the counts up.

Prints their share of the CPU time that a slice's handler takes, for a default slice and a large
one, the embedded S3 being a process of its own; and the seconds and the peak memory of adding up
the receipts of 1,000 and of 10,000 slices.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.pipeline.generate_slice import make_slice
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.run_plan import RunPlan, SliceTask
from accidental_transfers.pipeline.slicing import cut
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.statistics import Statistics
from accidental_transfers.statistics.tally import Tally
from benchmarks.join_memory import BUCKET, embedded_s3

ROUNDS = 20
SLICES = {"a default slice": 45, "a large slice": 450}
"""Customers."""
BOUND = 0.10
RECEIPTS = (1_000, 10_000)


def slice_seconds(task: SliceTask, plan: RunPlan) -> float:
    """Make a slice and put it; gives the CPU seconds."""
    start = time.process_time()
    make_slice(task, plan, Bucket(BUCKET))
    return time.process_time() - start


def counting_seconds(task: SliceTask, plan: RunPlan) -> float:
    """Make a slice's tables once more; gives the CPU seconds of counting and writing it down."""
    seconds = 0.0
    tally = Tally()
    for table in simulate(plan.spec, task.first_customer, task.last_customer):
        for block in table.blocks:
            # The CSV text has asked for them before.
            _ = block.day, block.ids, block.people
            start = time.process_time()
            tally.add(block)
            seconds += time.process_time() - start
    start = time.process_time()
    tally.statistics().model_dump_json()
    return seconds + time.process_time() - start


def report_slices() -> bool:
    """Measure slices in turn, and tell whether the bound is kept."""
    kept = True
    for name, customers in SLICES.items():
        slices = cut(900, customers)
        plan = RunPlan(run="cost", spec=JobSpec(), slices=slices, identity=Identity.here())
        task = SliceTask(run=plan.run, **slices[0].model_dump())
        slice_seconds(task, plan)  # builds the tables, once a process
        counting_seconds(task, plan)
        measured = [
            (slice_seconds(task, plan), counting_seconds(task, plan)) for _ in range(ROUNDS)
        ]
        whole, counting = (statistics.median(column) for column in zip(*measured, strict=True))
        kept = kept and counting / whole < BOUND
        print(
            f"{name}: {counting * 1e3:.1f} of {whole * 1e3:.1f} ms CPU, "
            f"{counting / whole:.1%} of {BOUND:.0%} at most"
        )
    return kept


def report_receipts() -> None:
    """Write some receipts' statistics down, and have ever more of them added up."""
    with tempfile.TemporaryDirectory() as folder:
        for number, part in enumerate(cut(900, 45)):
            tally = Tally()
            for table in simulate(JobSpec(), part.first_customer, part.last_customer):
                for block in table.blocks:
                    tally.add(block)
            Path(folder, f"{number}.json").write_text(tally.statistics().model_dump_json())
        for count in RECEIPTS:
            # In a process of its own, whose peak is nobody else's.
            command = [sys.executable, "-m", "benchmarks.statistics_cost", str(count), folder]
            subprocess.run(command, check=True)


def shares(count: int, folder: Path) -> Iterator[Statistics]:
    """Read as many statistics of default slices, the same few again and again."""
    texts = [file.read_text() for file in sorted(folder.iterdir())]
    for number in range(count):
        yield Statistics.model_validate_json(texts[number % len(texts)])


def add_up(count: int, folder: Path) -> None:
    """Add up receipts, and print seconds and peak memory."""
    start = time.perf_counter()
    whole = Statistics.total(shares(count, folder))
    seconds = time.perf_counter() - start
    # Not getrusage: its peak still counts what the parent process had before this one began.
    status = Path("/proc/self/status").read_text("ascii")
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024
    print(f"{count:,} receipts, {whole.rows:,} rows: {seconds:.1f} s, peak {peak:.0f} MB")


def main() -> int:
    """Measure everything; gives 1 where the bound is not kept."""
    if len(sys.argv) > 1:
        add_up(int(sys.argv[1]), Path(sys.argv[2]))
        return 0
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with embedded_s3():
        kept = report_slices()
    report_receipts()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
