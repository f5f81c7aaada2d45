"""What a run costs, estimated from list prices of us-east-1, without free tiers and storage."""

import platform
from typing import Literal

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

ROWS_PER_CPU_SECOND = 1_000_000
"""What the generator reaches at least on one core."""
MB_PER_CORE = 1_769
"""Lambda gives one core per so much memory;
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html."""
COLD_START_SECONDS = 1.5
REQUEST_SECONDS = 0.5
"""What a slice spends on reading the plan and on uploading."""
OTHER_FUNCTIONS_GB_SECONDS = 10.0
"""Planning and joining together, whatever the slices; own estimate."""
JOINING_GB_SECONDS_PER_SLICE = 0.08
"""460 seconds for 10,000 slices, of 1,769 MB (docs/decisions/joining-in-time.md)."""
PARENT_TRANSITIONS = 7
CHILD_TRANSITIONS = 3
"""A child's start, its one state and its end."""
EXPRESS_CHILD_GB = 64 / 1024
"""Least memory that Express is billed for."""
WRITES_PER_SLICE = 6
"""Four parts and a receipt, and the copy of the dataset's part into the whole."""
READS_PER_SLICE = 5
"""The plan, the receipt, and the companions' three parts, which are joined in memory."""
WRITES_PER_RUN = 27
"""The plan, the Map's items and results, the uploads, the card, the manifest, the register and the
listings."""


def estimate_usd(
    rows: int,
    slices: int,
    slice_memory_mb: int,
    child_execution_type: ChildExecutionType,
) -> float:
    """Dollars that a run costs, as if every slice had a cold start.

    Parameters
    ----------
    rows, slices : int
        Of the whole run.
    slice_memory_mb : int
        Memory of the function that makes a slice, in MiB.
    child_execution_type : {"EXPRESS", "STANDARD"}
        How the Map's children run.
    """
    terms = cost_terms(rows, slices, slice_memory_mb, child_execution_type, _architecture())
    return sum(terms.values())


def slice_seconds(rows: int, slices: int, slice_memory_mb: int) -> float:
    """Seconds that all slices take together, as if each had a cold start."""
    cores = min(slice_memory_mb / MB_PER_CORE, 1.0)
    return rows / (ROWS_PER_CPU_SECOND * cores) + slices * (COLD_START_SECONDS + REQUEST_SECONDS)


def other_gb_seconds(slices: int) -> float:
    """GB-seconds of planning and joining so many slices."""
    return OTHER_FUNCTIONS_GB_SECONDS + slices * JOINING_GB_SECONDS_PER_SLICE


def cost_terms(
    rows: int,
    slices: int,
    slice_memory_mb: int,
    child_execution_type: ChildExecutionType,
    architecture: str,
) -> dict[str, float]:
    """Dollars that a run costs, by what is paid for; see `estimate_usd`."""
    seconds = slice_seconds(rows, slices, slice_memory_mb)
    gb_seconds = seconds * slice_memory_mb / 1024 + other_gb_seconds(slices)
    children = {
        "EXPRESS": slices * EXPRESS_PER_REQUEST
        + seconds * EXPRESS_CHILD_GB * EXPRESS_PER_GB_SECOND,
        "STANDARD": slices * CHILD_TRANSITIONS * STANDARD_PER_TRANSITION,
    }
    return {
        "functions": gb_seconds * LAMBDA_PER_GB_SECOND[architecture],
        "states": PARENT_TRANSITIONS * STANDARD_PER_TRANSITION + children[child_execution_type],
        "requests": (slices * WRITES_PER_SLICE + WRITES_PER_RUN) * S3_PER_WRITE
        + slices * READS_PER_SLICE * S3_PER_READ,
    }


def _architecture() -> str:
    """Lambda's name for the processor here: planning and slicing run on the same one."""
    return "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
