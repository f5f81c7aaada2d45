"""Slices: all customers exactly once, parts of a good size, and never more than memory holds."""

import math
import tracemalloc
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accidental_transfers.dataset.csv_text import BYTES_PER_ROW
from accidental_transfers.dataset.generate import customers_at_a_time, simulate
from accidental_transfers.errors import SliceTooLargeError, TooManySlicesError
from accidental_transfers.pipeline.parts import TextParts
from accidental_transfers.pipeline.slicing import (
    MEBIBYTE,
    customers_per_slice,
    cut,
    most_customers,
    peak_memory,
)
from accidental_transfers.spec import JobSpec
from accidental_transfers.statistics.tally import Tally

SPECS = st.builds(
    lambda customers, days, rate: JobSpec.parse(
        {
            "customers": customers,
            "start_date": "2024-01-01",
            "end_date": f"{2024 + days // 366}-12-{1 + days % 31:02}",
            "daily_transactions": {"min": rate, "max": 2 * rate},
        }
    ),
    st.integers(1, 50_000),
    st.integers(0, 3_000),
    st.floats(0.1, 100),
)
MEMORY = st.integers(128, 10_240)


def chosen(memory_mb: int = 1024, **fields: Any) -> int:
    return customers_per_slice(JobSpec.parse(fields), memory_mb)


@given(st.integers(1, 5_000), st.integers(1, 6_000))
def test_a_cut_covers_all_customers_once_and_in_order(customers: int, size: int) -> None:
    slices = cut(customers, size)
    covered = [
        customer
        for part in slices
        for customer in range(part.first_customer, part.last_customer + 1)
    ]
    assert covered == list(range(1, customers + 1))
    assert [part.index for part in slices] == list(range(len(slices)))
    assert all(part.customers == size for part in slices[:-1])
    assert 1 <= slices[-1].customers <= size


@given(SPECS, MEMORY)
def test_a_chosen_slice_fits_memory_even_of_the_busiest_customers(
    spec: JobSpec, memory_mb: int
) -> None:
    try:
        size = customers_per_slice(spec, memory_mb)
    except (SliceTooLargeError, TooManySlicesError):
        assume(False)
    assert peak_memory(size * spec.most_rows_per_customer) <= memory_mb * MEBIBYTE


@given(SPECS)
def test_slices_are_at_most_a_thousand_and_none_has_one_customer(spec: JobSpec) -> None:
    assume(most_customers(spec, 10_240) > math.ceil(spec.customers / 1_000))
    slices = cut(spec.customers, customers_per_slice(spec, 10_240))
    assert len(slices) <= 1_000
    assert spec.customers == 1 or all(part.customers > 1 for part in slices)


@given(SPECS)
def test_parts_are_of_the_size_that_is_joined_without_a_download(spec: JobSpec) -> None:
    size = customers_per_slice(spec, 10_240)
    assume(2 < size < spec.customers)
    bytes_per_customer = spec.expected_rows_per_customer * BYTES_PER_ROW
    assert size * bytes_per_customer >= 6.5 * MEBIBYTE
    at_least = max(6.5 * MEBIBYTE / bytes_per_customer, spec.customers / 1_000)
    # One for rounding up, some so that no customer is left alone.
    assert size <= at_least + 10


def test_the_default_job_has_parts_of_five_to_eight_mebibytes() -> None:
    size = chosen()
    assert 5.5 * MEBIBYTE < size * 91 * 11.5 * BYTES_PER_ROW < 7.5 * MEBIBYTE
    assert 18 <= len(cut(900, size)) <= 26


def test_no_customer_is_left_alone() -> None:
    size = chosen()
    assert cut(size + 1, chosen(customers=size + 1))[-1].customers == size + 1


def test_one_customer_is_one_slice() -> None:
    assert len(cut(1, chosen(customers=1))) == 1


@pytest.mark.parametrize("size", [1, 7, 50, 900, 5_000])
def test_what_the_spec_asks_for_is_what_it_gets(size: int) -> None:
    assert chosen(4_096, customers_per_slice=size) == size


def test_a_slice_that_does_not_fit_is_refused_with_what_would() -> None:
    with pytest.raises(SliceTooLargeError, match=r"got 900; allowed: 1 to (\d+) with 256 MB"):
        chosen(256, customers_per_slice=900)


def test_a_customer_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SliceTooLargeError, match=r"one customer over 3660 days has up to .* rows"):
        chosen(
            128,
            start_date="2020-01-01",
            end_date="2030-01-07",
            daily_transactions={"min": 100, "max": 200},
        )


def test_more_slices_than_can_be_joined_are_refused() -> None:
    with pytest.raises(TooManySlicesError, match=r"1 makes 10,001 slices .*; allowed: 2 or more"):
        chosen(customers=10_001, customers_per_slice=1)


def test_a_slice_of_a_million_rows_stays_under_320_megabytes() -> None:
    assert peak_memory(1_000_000) < 320e6


JANUARY: dict[str, Any] = {"end_date": date(2024, 1, 31)}


@pytest.mark.slow
def test_the_text_is_never_there_twice() -> None:
    made_and_measured(1)  # loads the tables
    block = customers_at_a_time(JobSpec(**JANUARY))
    rows, peaks = zip(*(made_and_measured(count * block) for count in (1, 4)), strict=True)
    slope = (peaks[1] - peaks[0]) / (rows[1] - rows[0])
    # An eighth is what a buffer reserves to grow into; companions come on top.
    assert BYTES_PER_ROW < slope < 1.4 * BYTES_PER_ROW


def made_and_measured(customers: int) -> tuple[int, int]:
    """Rows of a slice, and the bytes that were allocated at the peak of making it."""
    spec = JobSpec(customers=customers, **JANUARY)
    (whole,) = cut(customers, customers)
    tracemalloc.start()
    try:
        written, tally = TextParts(whole), Tally()
        for table in simulate(spec, whole.first_customer, whole.last_customer):
            written.write(table)
            tally.add(*table.blocks)
        lines = written._texts["dataset"].encoded().count(b"\n")
        return lines - 1, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
