"""Measure the generator: rows per CPU-second beside the usual row loop, and peak memory.

Run with `make bench`. Machines differ and are shared, so the ways are measured in turn, in the
same process, and the ratio is the figure to quote.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rich.console import Console
from rich.table import Table as Printed

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.parquet import parquet_rows
from benchmarks.row_loop import make_csv

ROUNDS = 5
SLICE_CUSTOMERS = 45
SLICE_ROWS = 47_000
LEAST_SECONDS = 0.3
"""What is shorter is repeated, and measured together."""
SLICES = {"default": (SLICE_CUSTOMERS, 11.5), "a million rows": (900, 12.3)}
"""Customers and payments a day of the slices whose memory is measured."""
FORMATS = {"csv": "slices as CSV", "lake": "a slice of a lake", "file": "one Parquet file"}
FORMAT_ROWS = 3_000_000
"""Of what is written in each format. Those of 100 million take ten minutes:
``python -m benchmarks.formats --rows 100000000``."""


def write_slices(spec: DatasetSpec) -> int:
    """Make every slice of a dataset as CSV text in a buffer of its own; gives the rows."""
    rows = 0
    step = round(SLICE_ROWS / spec.expected_rows_per_customer)
    for first in range(1, spec.customers + 1, step):
        buffer = io.StringIO()
        for table in simulate(spec, first, min(first + step - 1, spec.customers)):
            table.write_csv(buffer, header=False)
            rows += table.rows
        buffer.getvalue()
    return rows


def write_parquet(spec: DatasetSpec) -> int:
    """Make a dataset as Parquet in a buffer; gives the rows."""
    rows = 0
    with parquet_rows(io.BytesIO(), spec) as file:
        for table in simulate(spec, 1, spec.customers):
            file.write(table.blocks[0])
            rows += table.rows
    return rows


def draw_only(spec: DatasetSpec) -> int:
    """Make a dataset's tables without their text; gives the rows."""
    return sum(table.rows for table in simulate(spec, 1, spec.customers))


def rows_per_cpu_second(work: Callable[[], int]) -> float:
    """Time a run, or several of a short one, by the CPU seconds that this process spent."""
    rows, start = 0, time.process_time()
    while (spent := time.process_time() - start) < LEAST_SECONDS:
        rows += work()
    return rows / spent


@dataclass(frozen=True)
class Job:
    """A shape of work, and the same for the row loop, which may be smaller."""

    spec: DatasetSpec
    loop_customers: int

    @property
    def text(self) -> Callable[[], int]:
        """The model and the CSV text."""
        return lambda: write_slices(self.spec)

    @property
    def loop(self) -> Callable[[], int]:
        """The row loop and `to_csv`."""
        return lambda: make_csv(self.loop_customers, self.spec.days, 7)[0]


JOBS = {
    "default": Job(DatasetSpec(), 30),
    "9,000 customers, 1 day": Job(DatasetSpec(customers=9_000, end_date=date(2024, 1, 1)), 2_700),
    "9,000 customers, 7 days": Job(DatasetSpec(customers=9_000, end_date=date(2024, 1, 7)), 400),
    "1 customer, 91 days": Job(DatasetSpec(customers=1), 1),
}


def measure_speed() -> dict[str, list[tuple[float, float]]]:
    """Measure each job and its row loop in turn, several times; and the model alone."""
    ways = {f"{name}: model and CSV text": (job.text, job.loop) for name, job in JOBS.items()}
    ways["default: model and Parquet"] = (
        lambda: write_parquet(DatasetSpec()), JOBS["default"].loop
    )  # fmt: skip
    ways["default: model alone"] = (lambda: draw_only(DatasetSpec()), JOBS["default"].loop)
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    write_slices(DatasetSpec(customers=SLICE_CUSTOMERS))  # builds the tables, once a process
    for _ in range(ROUNDS):
        for name, (ours, loop) in ways.items():
            figures[name].append((rows_per_cpu_second(ours), rows_per_cpu_second(loop)))
    return figures


def measured(module: str, *arguments: float) -> tuple[int, float]:
    """Measure rows and peak memory in MB by a program of this folder, in a process of its own."""
    ((rows, peak),) = _answer(module, *arguments)
    return int(rows), float(peak)


def _answer(module: str, *arguments: float | str) -> list[list[str]]:
    """Give the words of each line that a program of this folder prints."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split() for line in answer.splitlines()]


def formats() -> Printed:
    """Measure CSV and Parquet in turn, each with all that a slice does."""
    *lines, (_, peak) = _answer("benchmarks.formats", "--rows", FORMAT_ROWS)
    csv = float(lines[0][2])
    printed = Printed(
        "format", "rows", "rows per CPU-second", "times the CSV's", "bytes a row",
        caption=f"peak memory of the process: {peak} MB",
    )  # fmt: skip
    for name, rows, speed, size in lines:
        ratio = f"{float(speed) / csv:.2f}"
        printed.add_row(FORMATS[name], f"{int(rows):,}", f"{int(speed):,}", ratio, size)
    return printed


def report() -> None:
    """Measure everything and print it as tables."""
    console = Console()
    speed = Printed("job", "rows per CPU-second: median", "least", "most", "row loop",
                    "times the row loop")  # fmt: skip
    for name, pairs in measure_speed().items():
        values, loop = zip(*pairs, strict=True)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        shown = (statistics.median(values), min(values), max(values), statistics.median(loop))
        speed.add_row(name, *(f"{value:,.0f}" for value in shown), f"{ratio:.1f}")
    console.print(speed)
    memory = Printed("slice", "rows", "peak memory of its process, MB")
    for name, (customers, daily_transactions) in SLICES.items():
        rows, peak = measured("benchmarks.slice_memory", customers, daily_transactions)
        memory.add_row(name, f"{rows:,}", f"{peak:,.0f}")
    console.print(memory)
    console.print(formats())


if __name__ == "__main__":
    report()
