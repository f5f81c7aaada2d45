"""How customers are cut into slices: big enough to join cheaply, small enough for memory."""

from __future__ import annotations

import math

from accidental_transfers.dataset.csv_text import BYTES_PER_ROW
from accidental_transfers.errors import SliceTooLargeError, TooManySlicesError
from accidental_transfers.pipeline.cost import ChildExecutionType
from accidental_transfers.pipeline.lake_slicing import (
    customers_for_files,
    most_customers_in_time,
    require_months_fit,
)
from accidental_transfers.pipeline.run_plan import Slice
from accidental_transfers.spec import DatasetSpec, JobSpec

MEBIBYTE = 2**20

TARGET_BYTES = int(6.5 * MEBIBYTE)
"""Size that parts aim at: more than the 5 MiB from which S3 copies parts by itself, because some
customers have fewer rows than expected."""
MOST_CHOSEN_SLICES = 1_000
"""Where there would be more, the slices are made larger instead."""
MOST_SLICES = 10_000
"""Parts that an S3 multipart upload may have."""

MEMORY_AT_REST = 146 * MEBIBYTE
"""Python with numpy, boto3, Powertools and the model's tables: 142 MiB were measured."""
MEMORY_PER_ROW = BYTES_PER_ROW * 9 / 8
"""Bytes of memory that each row adds to the peak, its text in a buffer that reserves an eighth to
grow into: 150 to 156 were measured."""


def peak_memory(rows: int) -> int:
    """Bytes that a function needs to make a slice of so many rows.

    It is linear in the rows: the text is there once, encoded for the upload.
    """
    return math.ceil(MEMORY_AT_REST + MEMORY_PER_ROW * rows)


def most_customers(spec: DatasetSpec, memory_mb: int) -> int:
    """Customers whose slice fits `memory_mb` MiB even if all of them are the busiest.

    Raises
    ------
    SliceTooLargeError
        If not even one customer fits.
    """
    rows = math.floor((memory_mb * MEBIBYTE - MEMORY_AT_REST) / MEMORY_PER_ROW)
    customers = rows // spec.most_rows_per_customer
    if customers < 1:
        raise SliceTooLargeError(
            f"one customer over {spec.days} days has up to {spec.most_rows_per_customer:,} rows; "
            f"a function of {memory_mb:,} MB holds {max(rows, 0):,}"
        )
    return customers


def customers_per_slice(
    spec: JobSpec, memory_mb: int, children: ChildExecutionType = "EXPRESS"
) -> int:
    """Customers that a slice has: as the spec says, or chosen.

    The choice aims at `TARGET_BYTES`, or where there is Parquet at files worth reading. It takes
    more customers if there would be more than `MOST_CHOSEN_SLICES` slices, and avoids a slice of a
    single customer. It never takes more than fit the memory and the time of a function.

    Parameters
    ----------
    memory_mb : int
        Memory of the function that makes a slice, in MiB.
    children : {"EXPRESS", "STANDARD"}
        How the Map's children run, which decides how long they may.

    Raises
    ------
    SliceTooLargeError
        If what the spec asks for, or even one customer, does not fit the memory.
    TooManySlicesError
        If the slices are more than can be joined.
    """
    most = _most(spec, memory_mb, children)
    size = spec.customers_per_slice or _choose(spec, most)
    if min(size, spec.customers) > most:
        raise SliceTooLargeError(
            f"customers_per_slice: got {size}; allowed: 1 to {most} with {memory_mb:,} MB"
        )
    least = math.ceil(spec.customers / MOST_SLICES)
    if size < least:
        raise TooManySlicesError(
            f"customers_per_slice: {size} makes {math.ceil(spec.customers / size):,} slices of "
            f"{spec.customers:,} customers; allowed: {least} or more, for {MOST_SLICES:,} slices "
            f"at most; {most} fit the memory of {memory_mb:,} MB"
        )
    return size


def _most(spec: JobSpec, memory_mb: int, children: ChildExecutionType) -> int:
    """Give the customers that fit a function, whatever it writes."""
    most = []
    if "csv" in spec.format:
        most.append(most_customers(spec, memory_mb))
    if "parquet" in spec.format:
        require_months_fit(spec, memory_mb)
        most.append(most_customers_in_time(spec, memory_mb, children))
    return min(most)


def _by_size(spec: JobSpec) -> int:
    if "parquet" in spec.format:
        return customers_for_files(spec)
    return math.ceil(TARGET_BYTES / (spec.expected_rows_per_customer * BYTES_PER_ROW))


def _choose(spec: JobSpec, most: int) -> int:
    by_count = math.ceil(spec.customers / MOST_CHOSEN_SLICES)
    size = min(max(_by_size(spec), by_count, 2), most)
    while size < most and spec.customers > 1 and spec.customers % size == 1:
        size += 1
    return size


def cut(customers: int, size: int) -> tuple[Slice, ...]:
    """Cut customers 1 to `customers` into slices of `size`, of which the last has the rest."""
    return tuple(
        Slice(
            index=index,
            first_customer=first,
            last_customer=min(first + size - 1, customers),
        )
        for index, first in enumerate(range(1, customers + 1, size))
    )
