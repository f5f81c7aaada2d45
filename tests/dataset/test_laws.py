"""The laws of the dataset, for any period, any slicing and any number of customers.

200 random cases in all, each against one world of seven months that is made once: what is asked
for in pieces has the rows, the ids and the companions that the whole has there. One new number in
four is mistyped, so that much follows days later.
"""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.table import Table
from tests.dataset.datasets import as_intended, picked_again
from tests.samples import LABELS, PROBABILITIES, Dataset, fixed

OFTEN: dict[str, Any] = {name: {"min": 0.02, "max": 0.05} for name in PROBABILITIES}
OFTEN["mistyped_entity_accident_probability"] = fixed(0.25)
NEVER: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0))
FIRST, LAST = date(2023, 12, 1), date(2024, 6, 30)
CUSTOMERS = 12
FILES = ("write_csv", "write_accidents_csv", "write_customers_csv", "write_outcomes_csv")
ROWS, ACCIDENTS, PARAMETERS, OUTCOMES = range(4)
BY_DAY = (ROWS, ACCIDENTS, OUTCOMES)
DAYS = st.tuples(st.dates(FIRST, LAST), st.dates(FIRST, LAST)).map(sorted)
laws = settings(max_examples=40, derandomize=True)


def world(first: date, last: date, customers: int = CUSTOMERS, **fields: Any) -> DatasetSpec:
    period = {"start_date": str(first), "end_date": str(last)}
    return DatasetSpec.parse({"customers": customers, "seed": 5, **OFTEN, **period, **fields})


def lines(tables: Iterator[Table]) -> list[list[str]]:
    """The files of tables one after the other, without headers."""
    streams = [io.StringIO() for _ in FILES]
    for table in tables:
        for stream, file in zip(streams, FILES, strict=True):
            getattr(table, file)(stream, header=False)
    return [stream.getvalue().splitlines() for stream in streams]


@cache
def whole() -> list[list[str]]:
    """Seven months of twelve customers: some 30,000 rows, a sixth of them accidents'."""
    files = lines(simulate(world(FIRST, LAST), 1, CUSTOMERS))
    assert len(files[ROWS]) > 24_000
    assert len(files[ACCIDENTS]) > 2_500
    assert len(files[OUTCOMES]) > 1_500
    assert sum(",sent_again," in line for line in files[ACCIDENTS]) > 80
    return files


def day_of(row: str) -> str:
    """By the id, which begins a companion's line and is the second field of a row."""
    return next(field for field in row.split(",") if "-" in field).split("-")[1]


def number_of(row: str) -> int:
    return int(row[len("customer_") : len("customer_") + 3])


def there(rows: list[str], first: date, last: date, customers: range) -> list[str]:
    """What a period has of the whole; it cannot name what follows after its last day."""
    begin, end = f"{first:%Y%m%d}", f"{last:%Y%m%d}"
    chosen = [row for row in rows if begin <= day_of(row) <= end and number_of(row) in customers]
    return [re.sub(r"(?<=,)customer_\d+-(\d+)-\d+$", lambda id_: known(id_, end), row)
            for row in chosen]  # fmt: skip


def known(id_: re.Match[str], end: str) -> str:
    return id_[0] if id_[1] <= end else ""


@pytest.mark.slow
@laws
@given(DAYS, st.integers(1, CUSTOMERS))
def test_days_and_customers_are_stable(days: list[date], customers: int) -> None:
    """A period within another one, and fewer customers, have the same rows, ids and companions."""
    first, last = days
    files = lines(simulate(world(first, last, customers), 1, customers))
    for file in BY_DAY:
        assert files[file] == there(whole()[file], first, last, range(1, customers + 1))
    assert files[PARAMETERS] == whole()[PARAMETERS][:customers]


@pytest.mark.slow
@laws
@given(st.lists(st.dates(FIRST, LAST - timedelta(1)), max_size=4), st.integers(1, CUSTOMERS))
def test_periods_one_after_the_other_are_the_whole(ends: list[date], customer: int) -> None:
    """As a schedule makes them, whenever it runs."""
    ends = [*sorted(set(ends)), LAST]
    begins = [FIRST, *(end + timedelta(1) for end in ends[:-1])]
    parts = [
        lines(simulate(world(first, last), customer, customer))
        for first, last in zip(begins, ends, strict=True)
    ]
    for (first, last), part in zip(zip(begins, ends, strict=True), parts, strict=True):
        for file in BY_DAY:
            assert part[file] == there(whole()[file], first, last, range(customer, customer + 1))


@pytest.mark.slow
@laws
@given(DAYS, st.sets(st.integers(1, CUSTOMERS - 1)))
def test_any_slicing_is_the_whole(days: list[date], ends: set[int]) -> None:
    first, last = days
    last = min(last, first + timedelta(30))
    spec = world(first, last)
    bounds = [0, *sorted(ends), CUSTOMERS]
    slices = [lines(simulate(spec, a + 1, b)) for a, b in pairwise(bounds)]
    for file in BY_DAY:
        joined = [row for part in slices for row in part[file]]
        assert joined == there(whole()[file], first, last, range(1, CUSTOMERS + 1))
    assert [row for part in slices for row in part[PARAMETERS]] == whole()[PARAMETERS]


@pytest.mark.slow
@laws
@given(DAYS, st.integers(0, 2**63 - 1), st.integers(1, 3), st.floats(0.5, 40))
def test_the_twin_is_the_same_without_its_accidents(
    days: list[date], seed: int, customers: int, rate: float
) -> None:
    """The honest rows are the twin's, ids aside; what was struck is what was meant."""
    first, last = days[0], min(days[1], days[0] + timedelta(20))
    given_ = {"seed": seed, "daily_transactions": fixed(rate)}
    often, never = (
        Dataset(world(first, last, customers, **given_, **probabilities))
        for probabilities in (dict.fromkeys(PROBABILITIES, fixed(0.1)), NEVER)
    )
    assert never.accidents.empty
    kept = as_intended(often)
    columns = list(kept.columns)
    assert kept[columns].to_numpy().tolist() == never.rows[columns].to_numpy().tolist()
    # Look-alikes are honest: they are the same in both.
    names = ["kind", "position", "intended_amount", "intended_recipient", "timestamp"]
    assert (
        often.lookalikes[names].to_numpy().tolist() == never.lookalikes[names].to_numpy().tolist()
    )


@pytest.mark.slow
@laws
@given(DAYS, st.integers(1, 3), st.sampled_from(PROBABILITIES), st.floats(0, 0.25))
def test_one_accident_moves_no_other(
    days: list[date], customers: int, name: str, probability: float
) -> None:
    """With another probability of one accident, the others begin with the same payments.

    Only a wrong number is not picked again where the other accident strikes that payment.
    """
    first, last = days[0], min(days[1], days[0] + timedelta(40))
    label = LABELS[PROBABILITIES.index(name)]
    begins = []
    for fields in ({}, {name: fixed(probability)}):
        truth = Dataset(world(first, last, customers, **fields)).accidents
        others = truth[~truth[label] & (truth["position"] == 1) & ~picked_again(truth)]
        begins.append(
            others[["customer_id", "timestamp", "kind", "intended_amount", "entity_type"]]
        )
    assert begins[0].to_numpy().tolist() == begins[1].to_numpy().tolist()


@pytest.mark.slow
def test_a_year_grows_month_by_month_across_a_leap_day_and_a_new_year() -> None:
    """Three months, each asked for alone, of the twelve customers."""
    months = [(date(2023, 12, 1), date(2023, 12, 31)), (date(2024, 1, 1), date(2024, 1, 31)),
              (date(2024, 2, 1), date(2024, 2, 29))]  # fmt: skip
    for first, last in months:
        files = lines(simulate(world(first, last), 1, CUSTOMERS))
        for file in BY_DAY:
            assert files[file] == there(whole()[file], first, last, range(1, CUSTOMERS + 1))
