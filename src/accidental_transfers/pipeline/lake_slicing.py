"""How customers are cut into slices that write Parquet: files worth reading, soon enough done."""

from __future__ import annotations

import math

from accidental_transfers.dataset.lake import PARQUET_BYTES_PER_ROW
from accidental_transfers.errors import SliceTooLargeError
from accidental_transfers.pipeline.cost import MB_PER_CORE, ChildExecutionType, Work
from accidental_transfers.spec import DatasetSpec, JobSpec

MEBIBYTE = 2**20
TARGET_ROWS = 150_000_000 // PARQUET_BYTES_PER_ROW
"""A month's rows in a file of a large job: 150 MB are few requests, and enough to read at once."""
LEAST_ROWS = 32_000_000 // PARQUET_BYTES_PER_ROW
"""Below 32 MB, a file takes longer to open than to read; own estimate."""
USUAL_SLICES = 8
"""As many as there are, where files can still be large enough: the Map's usual concurrency."""
MOST_SECONDS: dict[ChildExecutionType, int] = {"EXPRESS": 140, "STANDARD": 420}
"""Of a slice: an Express child has five minutes, a function fifteen, and both are to be enough for
a second attempt."""

MEMORY_AT_REST = 310 * MEBIBYTE
"""250 MB of a slice of a lake were measured, whatever its rows (`python -m benchmarks.formats`),
and 60 of boto3 and Powertools."""
MEMORY_PER_MONTH = 40 * MEBIBYTE
"""16 MB were measured, of rows that wait for their row group; of three files, up to 8 MiB each wait
to be sent."""


def require_months_fit(spec: DatasetSpec, memory_mb: int) -> None:
    """Make sure that the files of all months can be open at once.

    Raises
    ------
    SliceTooLargeError
        If the function's memory is too small for the period.
    """
    most = (memory_mb * MEBIBYTE - MEMORY_AT_REST) // MEMORY_PER_MONTH
    if spec.months > most:
        raise SliceTooLargeError(
            f"start_date and end_date: got {spec.months} months as Parquet, of which each "
            f"takes memory; allowed: {max(most, 0)} with a function of {memory_mb:,} MB, and later "
            "months by other executions"
        )


def most_customers_in_time(spec: JobSpec, memory_mb: int, children: ChildExecutionType) -> int:
    """Customers of a slice that is made in time, one at least."""
    cores = min(memory_mb / MB_PER_CORE, 1.0)
    rows = MOST_SECONDS[children] * cores / Work.of(spec, slices=1).cpu_seconds_per_row
    return max(int(rows / spec.expected_rows_per_customer), 1)


def customers_for_files(spec: DatasetSpec) -> int:
    """Customers whose rows of a month make a file worth reading."""
    of_month = spec.expected_rows / spec.months
    rows = min(max(of_month / USUAL_SLICES, LEAST_ROWS), TARGET_ROWS)
    return max(math.ceil(rows * spec.months / spec.expected_rows_per_customer), 1)
