"""Slices that write Parquet: files worth reading, in the time and the memory of a function."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.dataset.lake import PARQUET_BYTES_PER_ROW
from accidental_transfers.errors import RowLimitError, SliceTooLargeError
from accidental_transfers.pipeline.cost import ChildExecutionType, Work, slice_seconds
from accidental_transfers.pipeline.lake_slicing import MOST_SECONDS
from accidental_transfers.pipeline.plan import describe, make_plan
from accidental_transfers.pipeline.settings import PlanSettings
from accidental_transfers.pipeline.slicing import MOST_SLICES, customers_per_slice
from accidental_transfers.spec import JobSpec
from tests.pipeline.support import BUCKET

MEMORY = 1_769
MEGABYTE = 1_000_000
BILLION = 1_000_000_000
YEAR = {"start_date": "2024-01-01", "end_date": "2024-12-31"}
TEN_BILLION = JobSpec.parse(
    {
        **YEAR, "customers": 1_000_000, "daily_transactions": {"min": 18, "max": 37},
        "format": "parquet",
    }
)  # fmt: skip


def settings(
    children: ChildExecutionType = "EXPRESS", row_limit: int = 20 * BILLION
) -> PlanSettings:
    return PlanSettings(
        bucket_name=BUCKET,
        row_limit=row_limit,
        slice_memory_mb=MEMORY,
        parquet_memory_mb=MEMORY,
        map_concurrency=200,
        child_execution_type=children,
    )


def file_bytes(spec: JobSpec, customers: int) -> float:
    """Bytes of a whole month's file of a slice."""
    return customers * spec.expected_rows_per_customer / spec.months * PARQUET_BYTES_PER_ROW


@pytest.mark.parametrize("customers", [300_000, 955_566, 1_000_000])
def test_files_of_large_jobs_have_100_to_250_megabytes(customers: int) -> None:
    for period in ({}, {"end_date": "2024-01-31"}, {**YEAR, "end_date": "2024-06-30"}):
        spec = JobSpec.parse({"customers": customers, "format": "parquet", **period})
        size = file_bytes(spec, customers_per_slice(spec, MEMORY))
        whole = file_bytes(spec, customers)
        assert min(100 * MEGABYTE, whole / 8) <= size <= 250 * MEGABYTE, period


def test_files_of_small_jobs_are_not_tiny() -> None:
    default = JobSpec.parse({"format": "parquet"})
    assert customers_per_slice(default, MEMORY) >= default.customers
    ten_million = JobSpec.parse({"customers": 9_556, "format": "parquet"})
    size = file_bytes(ten_million, customers_per_slice(ten_million, MEMORY))
    assert 30 * MEGABYTE <= size <= 60 * MEGABYTE


@given(
    customers=st.integers(1, 1_000_000),
    months=st.integers(1, 36),
    rate=st.floats(0.5, 100),
    children=st.sampled_from(["EXPRESS", "STANDARD"]),
)
def test_a_slice_is_made_in_time(
    customers: int, months: int, rate: float, children: ChildExecutionType
) -> None:
    spec = JobSpec.parse(
        {
            "customers": customers, "start_date": "2024-01-01",
            "end_date": f"{2024 + (months - 1) // 12}-{(months - 1) % 12 + 1:02}-28",
            "daily_transactions": {"min": rate, "max": 2 * rate}, "format": "parquet",
        }
    )  # fmt: skip
    size = customers_per_slice(spec, MEMORY, children)
    rows = min(size, customers) * spec.expected_rows_per_customer
    one = Work(math.ceil(rows), 1, spec.months, spec.format)
    assert slice_seconds(one, MEMORY) <= MOST_SECONDS[children] + 3
    assert math.ceil(customers / size) <= MOST_SLICES


def test_more_months_than_memory_holds_are_refused() -> None:
    ten_years = JobSpec.parse(
        {"customers": 10, "start_date": "2020-01-01", "end_date": "2029-12-31", "format": "parquet"}
    )
    with pytest.raises(SliceTooLargeError, match=r"got 120 months .* allowed: \d+ with a function"):
        customers_per_slice(ten_years, MEMORY)


def test_with_csv_beside_it_a_slice_fits_the_memory_too() -> None:
    both = JobSpec.parse({"customers": 955_566, "format": ["csv", "parquet"]})
    alone = JobSpec.parse({"customers": 955_566, "format": "parquet"})
    assert customers_per_slice(both, MEMORY) < customers_per_slice(alone, MEMORY)
    with pytest.raises(RowLimitError, match="at most 1,000,000,000"):
        make_plan("r", both, settings())
    assert make_plan("r", alone, settings()).slices


@pytest.mark.parametrize("children", ["EXPRESS", "STANDARD"])
def test_ten_billion_rows_keep_every_limit(children: ChildExecutionType) -> None:
    plan = make_plan("r", TEN_BILLION, settings(children))
    answer = describe(plan, plan.slices, settings(children))
    assert answer["expected_rows"] >= 10 * BILLION
    assert answer["slices"] <= MOST_SLICES
    # Between states 256 KiB may pass; the plan and the tasks are objects.
    assert len(str(answer)) < 2_000
    size = file_bytes(TEN_BILLION, plan.slices[0].customers)
    assert 100 * MEGABYTE <= size <= 250 * MEGABYTE
    seconds = answer["expected_seconds"]
    assert seconds / 60 < 10
    assert 0.3 < answer["estimated_cost_usd"] < 2
    assert answer["expected_bytes"] == answer["expected_rows"] * PARQUET_BYTES_PER_ROW
