"""What a run costs, estimated from list prices of us-east-1, without free tiers and storage."""

from __future__ import annotations

import math
import platform
from dataclasses import dataclass
from typing import Literal

from accidental_transfers.dataset.lake import BY_MONTH, PARQUET_BYTES_PER_ROW
from accidental_transfers.pipeline.streamed import PIECE_BYTES
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import Format

ChildExecutionType = Literal["EXPRESS", "STANDARD"]

LAMBDA_PER_GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""Dollars; https://aws.amazon.com/lambda/pricing/. The time of a cold start is billed, too."""
S3_PER_WRITE = 0.005 / 1_000
"""Dollars per PUT, COPY, POST or LIST; https://aws.amazon.com/s3/pricing/."""
S3_PER_READ = 0.0004 / 1_000
"""Dollars per GET or HEAD; https://aws.amazon.com/s3/pricing/."""
S3_PER_GB_MONTH = 0.023
"""Dollars; https://aws.amazon.com/s3/pricing/. No run's estimate has it."""
STANDARD_PER_TRANSITION = 25 / 1_000_000
"""Dollars; https://aws.amazon.com/step-functions/pricing/."""
EXPRESS_PER_REQUEST = 1 / 1_000_000
"""Dollars; https://aws.amazon.com/step-functions/pricing/."""
EXPRESS_PER_GB_SECOND = 0.00001667
"""Dollars; https://aws.amazon.com/step-functions/pricing/."""

CPU_SECONDS_PER_ROW: dict[Format, float] = {"csv": 1 / 1_000_000, "parquet": 1 / 800_000}
"""What the generator reaches at least on one core, in one format."""
CPU_SECONDS_PER_MODELLED_ROW = 1 / 2_000_000
"""Of these, what goes into the row itself, once whatever the formats."""
MB_PER_CORE = 1_769
"""Lambda gives one core per so much memory;
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html."""
COLD_START_SECONDS = 1.5
REQUEST_SECONDS = 0.5
"""What a slice spends on reading the plan and on uploading."""
OTHER_FUNCTIONS_GB_SECONDS = 10.0
"""Planning and joining together, whatever the slices; own estimate."""
JOINING_SECONDS_PER_SLICE = 0.046
"""460 seconds for 10,000 slices (docs/decisions/joining-in-time.md)."""
JOINING_GB_SECONDS_PER_SLICE = 0.08
"""The same, of 1,769 MB."""
PARENT_TRANSITIONS = 7
CHILD_TRANSITIONS = 3
"""A child's start, its one state and its end."""
EXPRESS_CHILD_GB = 64 / 1024
"""Least memory that Express is billed for."""
WRITES_PER_SLICE = 6
"""Four parts and a receipt, and the copy of the dataset's part into the whole."""
READS_PER_SLICE = 5
"""The plan, the receipt, and the companions' three parts, which are joined in memory."""
WRITES_PER_UPLOAD = 2
"""Opening and completing an upload in pieces."""
WRITES_PER_RUN = 27
"""The plan, the Map's items and results, the uploads, the card, the manifest, the register and the
listings."""


@dataclass(frozen=True)
class Work:
    """What there is to do.

    Attributes
    ----------
    rows, slices : int
        Of the whole run.
    months : int
        That the period touches.
    """

    rows: int
    slices: int
    months: int
    formats: tuple[Format, ...]

    @classmethod
    def of(cls, spec: JobSpec, slices: int, rows: int | None = None) -> Work:
        """Tell it of a specification; rows are fewer where only some slices are left."""
        expected = spec.expected_rows if rows is None else rows
        return cls(expected, slices, spec.months, spec.format)

    @property
    def cpu_seconds_per_row(self) -> float:
        """Seconds of one core."""
        writing = [
            CPU_SECONDS_PER_ROW[each] - CPU_SECONDS_PER_MODELLED_ROW for each in self.formats
        ]
        return CPU_SECONDS_PER_MODELLED_ROW + sum(writing)

    @property
    def requests(self) -> tuple[float, float]:
        """Writes and reads of S3."""
        writes, reads = WRITES_PER_RUN, 0
        if "csv" in self.formats:
            writes, reads = writes + self.slices * WRITES_PER_SLICE, self.slices * READS_PER_SLICE
        if "parquet" in self.formats:
            files = self.slices * (len(BY_MONTH) * self.months + 1)
            pieces = files + self.rows * PARQUET_BYTES_PER_ROW // PIECE_BYTES
            # Each file is looked at no more, and loses its tag when it is committed.
            writes, reads = writes + pieces + WRITES_PER_UPLOAD * files, reads + files
        return writes, reads


def estimate_usd(
    work: Work, slice_memory_mb: int, child_execution_type: ChildExecutionType
) -> float:
    """Dollars that a run costs, as if every slice had a cold start.

    Parameters
    ----------
    slice_memory_mb : int
        Memory of the function that makes a slice, in MiB.
    child_execution_type : {"EXPRESS", "STANDARD"}
        How the Map's children run.
    """
    return sum(cost_terms(work, slice_memory_mb, child_execution_type, _architecture()).values())


def slice_seconds(work: Work, slice_memory_mb: int) -> float:
    """Seconds that all slices take together, as if each had a cold start."""
    cores = min(slice_memory_mb / MB_PER_CORE, 1.0)
    starts = work.slices * (COLD_START_SECONDS + REQUEST_SECONDS)
    return work.rows * work.cpu_seconds_per_row / cores + starts


def run_seconds(work: Work, slice_memory_mb: int, concurrency: int) -> float:
    """Seconds from the first slice's start to the end of the run, so many slices at once."""
    one = slice_seconds(work, slice_memory_mb) / max(work.slices, 1)
    return math.ceil(work.slices / concurrency) * one + work.slices * JOINING_SECONDS_PER_SLICE


def other_gb_seconds(slices: int) -> float:
    """GB-seconds of planning and joining so many slices."""
    return OTHER_FUNCTIONS_GB_SECONDS + slices * JOINING_GB_SECONDS_PER_SLICE


def cost_terms(
    work: Work,
    slice_memory_mb: int,
    child_execution_type: ChildExecutionType,
    architecture: str,
) -> dict[str, float]:
    """Dollars that a run costs, by what is paid for; see `estimate_usd`."""
    seconds, slices = slice_seconds(work, slice_memory_mb), work.slices
    gb_seconds = seconds * slice_memory_mb / 1024 + other_gb_seconds(slices)
    writes, reads = work.requests
    children = {
        "EXPRESS": slices * EXPRESS_PER_REQUEST
        + seconds * EXPRESS_CHILD_GB * EXPRESS_PER_GB_SECOND,
        "STANDARD": slices * CHILD_TRANSITIONS * STANDARD_PER_TRANSITION,
    }
    return {
        "functions": gb_seconds * LAMBDA_PER_GB_SECOND[architecture],
        "states": PARENT_TRANSITIONS * STANDARD_PER_TRANSITION + children[child_execution_type],
        "requests": writes * S3_PER_WRITE + reads * S3_PER_READ,
    }


def _architecture() -> str:
    """Lambda's name for the processor here: planning and slicing run on the same one."""
    return "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
