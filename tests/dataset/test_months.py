"""A year grows month by month: what is made apart is what is made at once."""

from collections.abc import Callable
from datetime import date
from typing import TextIO

import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.table import Table
from tests.samples import text_of

MONTHS = [
    (date(2024, 1, 1), date(2024, 1, 31)),
    (date(2024, 2, 1), date(2024, 2, 29)),
    (date(2024, 3, 1), date(2024, 3, 31)),
]

Write = Callable[[Table, TextIO], None]


def lines(write: Write, first: date, last: date) -> list[str]:
    """The header and the lines of one of a dataset's files."""
    table = generate(DatasetSpec(customers=60, seed=7, start_date=first, end_date=last))
    return text_of(lambda stream: write(table, stream)).splitlines()


def in_order(rows: list[str]) -> list[str]:
    """Rows by customer; those of each customer stay as they are."""
    return sorted(rows, key=lambda row: row.partition("-")[0].partition(",")[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "write", [Table.write_csv, Table.write_accidents_csv, Table.write_outcomes_csv]
)
def test_three_months_made_apart_are_the_quarters_rows(write: Write) -> None:
    header, *quarter = lines(write, MONTHS[0][0], MONTHS[-1][1])
    apart = [lines(write, *month) for month in MONTHS]
    assert all(month[0] == header for month in apart)
    assert all(len(month) > 100 for month in apart)
    assert in_order([row for month in apart for row in month[1:]]) == quarter


def test_every_month_is_about_the_same_people() -> None:
    january, february, _ = (lines(Table.write_customers_csv, *month) for month in MONTHS)
    assert january == february
    assert len(january) == 61


@pytest.mark.slow
def test_a_day_is_the_same_whatever_the_period() -> None:
    year = lines(Table.write_csv, date(2024, 1, 1), date(2024, 12, 31))
    alone = lines(Table.write_csv, date(2024, 11, 29), date(2024, 11, 29))
    assert alone[1:] == [row for row in year if ",2024-11-29 " in row]
    assert len(alone) > 300
