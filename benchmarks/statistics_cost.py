"""Measure what statistics cost: a slice that counts, and the join that adds the counts up.

Prints their share of the CPU time that a slice's handler takes, for a default slice and a large
one, the embedded S3 being a process of its own; and the CPU milliseconds for each receipt and the
peak memory of reading, checking and adding up the receipts of 1,000 and of 10,000 slices.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.pipeline.generate_slice import make_slice
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.receipts import Receipt
from accidental_transfers.pipeline.run_plan import RunPlan, SliceTask
from accidental_transfers.pipeline.slicing import cut
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.share import Total
from accidental_transfers.statistics.tally import Tally
from benchmarks.join_memory import BUCKET, ENVIRONMENT, embedded_s3

ROUNDS = 20
SLICES = {"a default slice": 45, "a large slice": 450}
"""Customers."""
BOUND = 0.10
"""Of a slice's CPU time."""
RECEIPT_BOUND_MS = 0.5
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
    tally.share().model_dump_json()
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


def report_receipts() -> bool:
    """Write some receipts, have ever more of them added up, and tell whether the bound is kept."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        slices = cut(900, 45)
        plan = RunPlan(run="cost", spec=JobSpec(), slices=slices, identity=Identity.here())
        for each in slices:
            make_slice(SliceTask(run=plan.run, **each.model_dump()), plan, Bucket(BUCKET))
            key = RunKeys(plan.run).receipt(each.index)
            Path(folder, f"{each.index:05}.json").write_bytes(Bucket(BUCKET).get(key))
        for count in RECEIPTS:
            # In a process of its own, whose peak is nobody else's.
            command = [sys.executable, "-m", "benchmarks.statistics_cost", str(count), folder]
            kept = subprocess.run(command, check=False).returncode == 0 and kept
    return kept


def add_up(count: int, folder: Path) -> bool:
    """Read, check and add up receipts, the same few again and again; tell of the bound."""
    texts = [file.read_bytes() for file in sorted(folder.iterdir())]
    total = Total()
    start = time.process_time()
    for number in range(count):
        total.add(Receipt.model_validate_json(texts[number % len(texts)]).statistics)
    each = (time.process_time() - start) / count * 1e3
    rows = total.share().rows
    # Not getrusage: its peak still counts what the parent process had before this one began.
    status = Path("/proc/self/status").read_text("ascii")
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024
    print(
        f"{count:,} receipts of {len(texts[0]) / 1e3:.1f} kB, {rows:,} rows: {each:.2f} ms CPU "
        f"each, of {RECEIPT_BOUND_MS} at most; peak {peak:.0f} MB"
    )
    return each < RECEIPT_BOUND_MS


def main() -> int:
    """Measure everything; gives 1 where a bound is not kept."""
    if len(sys.argv) > 1:
        return 0 if add_up(int(sys.argv[1]), Path(sys.argv[2])) else 1
    os.environ |= ENVIRONMENT
    with embedded_s3():
        kept = all([report_slices(), report_receipts()])
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
