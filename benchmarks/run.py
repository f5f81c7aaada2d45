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

from rich.console import Console
from rich.table import Table as Printed

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from benchmarks.row_loop import make_csv

ROUNDS = 5
SLICE_CUSTOMERS = 45
LOOP_CUSTOMERS = 30
SLICES = {"default": (SLICE_CUSTOMERS, 11.5), "a million rows": (900, 12.3)}
"""Customers and payments a day of the slices whose memory is measured."""


def write_slices(spec: DatasetSpec) -> int:
    """Make every slice of a dataset as CSV text in a buffer of its own; gives the rows."""
    rows = 0
    for first in range(1, spec.customers + 1, SLICE_CUSTOMERS):
        buffer = io.StringIO()
        for table in simulate(spec, first, min(first + SLICE_CUSTOMERS - 1, spec.customers)):
            table.write_csv(buffer, header=False)
            rows += table.rows
        buffer.getvalue()
    return rows


def draw_only(spec: DatasetSpec) -> int:
    """Make a dataset's tables without their text; gives the rows."""
    return sum(table.rows for table in simulate(spec, 1, spec.customers))


def rows_per_cpu_second(work: Callable[[], int]) -> float:
    """Time one run by the CPU seconds that this process spent."""
    start = time.process_time()
    rows = work()
    return rows / (time.process_time() - start)


def measure_speed() -> dict[str, list[float]]:
    """Measure all ways in turn, several times."""
    ways: dict[str, Callable[[], int]] = {
        "model and CSV text": lambda: write_slices(DatasetSpec()),
        "model alone": lambda: draw_only(DatasetSpec()),
        "row loop, to_csv": lambda: make_csv(LOOP_CUSTOMERS, 91, 7)[0],
    }
    write_slices(DatasetSpec(customers=SLICE_CUSTOMERS))  # builds the tables, once a process
    figures: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            figures[name].append(rows_per_cpu_second(work))
    return figures


def measure_peak(customers: int, daily_transactions: float) -> tuple[int, float]:
    """Measure a slice's rows and peak memory in MB, in a process of its own."""
    module = "benchmarks.slice_memory"
    command = [sys.executable, "-m", module, str(customers), str(daily_transactions)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows, peak = answer.split()
    return int(rows), float(peak)


def report() -> None:
    """Measure everything and print it as tables."""
    console = Console()
    figures = measure_speed()
    loop = figures["row loop, to_csv"]
    speed = Printed("way", "rows per CPU-second: median", "least", "most", "times the row loop")
    for name, values in figures.items():
        ratio = statistics.median(ours / theirs for ours, theirs in zip(values, loop, strict=True))
        shown = (statistics.median(values), min(values), max(values))
        speed.add_row(name, *(f"{value:,.0f}" for value in shown), f"{ratio:.1f}")
    console.print(speed)
    memory = Printed("slice", "rows", "peak memory of its process, MB")
    for name, (customers, daily_transactions) in SLICES.items():
        rows, peak = measure_peak(customers, daily_transactions)
        memory.add_row(name, f"{rows:,}", f"{peak:,.0f}")
    console.print(memory)


if __name__ == "__main__":
    report()
