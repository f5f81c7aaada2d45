"""Measure the generator: rows per CPU-second beside the usual row loop, and peak memory.

Run with `make bench`. Machines differ and are shared, so the two ways are measured in turn, in
the same process, and the ratio is the figure to quote.
"""

from __future__ import annotations

import io
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from row_loop import make_csv
from rich.console import Console
from rich.table import Table as Printed

from accidental_transfers import DatasetSpec
from accidental_transfers.simulation import simulate

ROUNDS = 5
SLICE_CUSTOMERS = 45
LOOP_CUSTOMERS = 30
DEFAULT = DatasetSpec()


def write_slices(spec: DatasetSpec, customers_per_slice: int) -> int:
    """Make every slice of a dataset as CSV text in a buffer of its own; gives the rows."""
    rows = 0
    for first in range(1, spec.customers + 1, customers_per_slice):
        buffer = io.StringIO()
        last = min(first + customers_per_slice - 1, spec.customers)
        for table in simulate(spec, first, last):
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
        "model and CSV text, default slices": lambda: write_slices(DEFAULT, SLICE_CUSTOMERS),
        "model alone": lambda: draw_only(DEFAULT),
        "row loop and DataFrame.to_csv": lambda: make_csv(LOOP_CUSTOMERS, 91, 7)[0],
    }
    write_slices(DatasetSpec(customers=SLICE_CUSTOMERS), SLICE_CUSTOMERS)  # builds the tables
    figures: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            figures[name].append(rows_per_cpu_second(work))
    return figures


def slice_peak(customers: int, rate: float) -> None:
    """Make one slice the way its Lambda does, and print rows and peak memory in MB."""
    spec = DatasetSpec(customers=customers, daily_transactions={"min": rate, "max": rate})
    buffer = io.StringIO()
    rows = 0
    for table in simulate(spec, 1, customers):
        table.write_csv(buffer, header=False)
        rows += table.rows
    text = buffer.getvalue()
    buffer.close()
    encoded = text.encode("ascii")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(rows, len(encoded), peak)  # noqa: T201


def measure_peak(customers: int, rate: float) -> tuple[int, float]:
    """Measure a slice's rows and peak memory in a process of its own."""
    command = [sys.executable, __file__, "slice", str(customers), str(rate)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    rows, _, peak = answer.split()
    return int(rows), float(peak)


def report() -> None:
    """Measure everything and print it as tables."""
    console = Console()
    figures = measure_speed()
    loop = figures["row loop and DataFrame.to_csv"]
    speed = Printed("way", "rows per CPU-second (median)", "least", "most", "times the row loop")
    for name, values in figures.items():
        ratio = statistics.median(a / b for a, b in zip(values, loop, strict=True))
        speed.add_row(
            name,
            f"{statistics.median(values):,.0f}",
            f"{min(values):,.0f}",
            f"{max(values):,.0f}",
            f"{ratio:.1f}",
        )
    console.print(speed)
    memory = Printed("slice", "rows", "peak memory of its process, MB")
    for name, customers, rate in (
        ("default", SLICE_CUSTOMERS, 11.5),
        ("a million rows", 900, 12.3),
    ):
        rows, peak = measure_peak(customers, rate)
        memory.add_row(name, f"{rows:,}", f"{peak:,.0f}")
    console.print(memory)


if __name__ == "__main__":
    if sys.argv[1:2] == ["slice"]:
        slice_peak(int(sys.argv[2]), float(sys.argv[3]))
    else:
        report()
