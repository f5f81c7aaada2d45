"""The table: what pandas would write, what the companions say, and that all of it agrees."""

import io
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.generate import simulate
from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import (
    LABELS,
    TYPES,
    Dataset,
    default_sample,
    fixed,
    text_of,
)


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


@pytest.mark.slow
def test_the_csv_is_byte_for_byte_what_pandas_writes(dataset: Dataset) -> None:
    written = dataset.table.to_frame().to_csv(index=False, float_format="%.2f")
    assert dataset.csv == written


@pytest.mark.slow
def test_rows_stand_by_customer_and_time_with_ids_that_count_them(dataset: Dataset) -> None:
    rows = dataset.rows
    number = rows["customer_id"].str.removeprefix("customer_").astype(int)
    assert number.is_monotonic_increasing
    assert number.between(1, dataset.spec.customers).all()
    date = pd.to_datetime(rows["timestamp"]).dt.strftime("%Y%m%d")
    position = rows.groupby([number, date]).cumcount() + 1
    ids = [f"customer_{n:03d}-{d}-{p:04d}" for n, d, p in zip(number, date, position, strict=True)]
    assert rows["transaction_id"].tolist() == ids
    assert rows.groupby("customer_id")["timestamp"].is_monotonic_increasing.all()
    day = pd.to_datetime(rows["timestamp"]).dt.date
    assert day.between(dataset.spec.start_date, dataset.spec.end_date).all()


def test_a_row_has_one_label_at_most_and_always_its_intended_recipient(dataset: Dataset) -> None:
    rows = dataset.rows
    assert (rows[dataset.labels].sum(axis=1) <= 1).all()
    differs = rows["recipient_entity"] != rows["original_recipient_entity"]
    assert (differs == dataset.misdirected).all()
    assert (rows["amount"] > 0).all()
    assert rows["transaction_type"].isin(TYPES).all()


def test_no_customer_has_more_rows_than_planned_for(dataset: Dataset) -> None:
    assert dataset.rows.groupby("customer_id").size().le(dataset.spec.most_rows_per_customer).all()


def test_some_of_these_datasets_are_what_they_are_here_for() -> None:
    assert dataset_of("nothing at all").table.rows == 0
    rare = dataset_of("next to nothing")
    assert 0 < rare.rows["customer_id"].nunique() < rare.spec.customers
    leap = dataset_of("a leap day")
    assert "2024-02-29" in set(leap.rows["timestamp"].dt.strftime("%Y-%m-%d"))
    assert dataset_of("enormous amounts").rows["amount"].max() > 100_000
    many = dataset_of("three blocks")
    assert len(many.table.blocks) == 3
    none = dataset_of("no accidents")
    assert none.accidents.empty
    assert not none.rows[LABELS].to_numpy().any()


@pytest.mark.slow
@settings(max_examples=25)
@given(
    st.fixed_dictionaries(
        {
            "seed": st.integers(0, 2**63 - 1),
            "customers": st.integers(1, 4),
            "start_date": st.dates(
                pd.Timestamp(2007, 1, 1).date(), pd.Timestamp(2099, 1, 1).date()
            ),
            "daily_transactions": st.floats(0.1, 60).map(fixed),
            "accident_probability": st.floats(0.001, 0.25).map(fixed),
        }
    ),
    st.integers(0, 12),
)
def test_the_csv_is_what_pandas_writes_for_any_spec(given: dict[str, Any], days: int) -> None:
    start = given["start_date"]
    spec = DatasetSpec.parse(given | {"end_date": start + pd.Timedelta(days=days).to_pytimedelta()})
    table = generate(spec)
    assert text_of(table.write_csv) == table.to_frame().to_csv(index=False, float_format="%.2f")


@pytest.mark.slow
def test_all_text_is_plain_lines() -> None:
    sample = default_sample()
    for text in (
        sample.csv,
        text_of(sample.table.write_accidents_csv),
        text_of(sample.table.write_customers_csv),
        text_of(sample.table.write_outcomes_csv),
    ):
        assert text.isascii()
        assert text.endswith("\n")
        assert "\r" not in text
        assert '"' not in text
    header, first = (line.split(",") for line in sample.csv.splitlines()[:2])
    row = dict(zip(header, first, strict=True))
    assert (row["customer_id"], row["transaction_id"]) == (
        "customer_001",
        "customer_001-20240101-0001",
    )
    for name, pattern in {
        "timestamp": r"2024-01-01 \d\d:\d\d:\d\d",
        "transaction_type": r"[A-Z][A-Za-z/ ]+",
        "amount": r"\d+\.\d\d",
        **dict.fromkeys(LABELS, r"True|False"),
        "city": r"[A-Z][A-Za-z. ]+",
        "entity_type": r".+",
        "recipient_entity": r".+",
        "original_recipient_entity": r".+",
    }.items():
        assert re.fullmatch(pattern, row[name]), name


def test_without_headers_parts_can_be_put_one_below_the_other() -> None:
    spec = DatasetSpec(customers=5)
    whole = generate(spec)
    parts = [table for first in range(1, 6) for table in simulate(spec, first, first)]
    for name in ("write_csv", "write_accidents_csv", "write_customers_csv", "write_outcomes_csv"):
        pieces = []
        for position, part in enumerate(parts):
            stream = io.StringIO()
            getattr(part, name)(stream, header=position == 0)
            pieces.append(stream.getvalue())
        assert "".join(pieces) == text_of(getattr(whole, name)), name


def test_ids_grow_when_three_digits_are_not_enough() -> None:
    spec = DatasetSpec.parse({"customers": 1_000_000, "end_date": "2024-01-05"})
    for number, name in ((7, "customer_007"), (999, "customer_999"), (1000, "customer_1000"),
                         (1_000_000, "customer_1000000")):  # fmt: skip
        (table,) = simulate(spec, number, number)
        text = text_of(table.write_csv)
        assert text.splitlines()[1].startswith(f"{name},{name}-20240101-0001,")
        assert text == table.to_frame().to_csv(index=False, float_format="%.2f")


def test_the_default_labels_one_to_three_percent_of_about_a_million_rows() -> None:
    sample = default_sample()
    scaled = sample.table.rows * 900 / sample.spec.customers
    assert 930_000 <= scaled <= 1_100_000
    assert 0.01 <= sample.rows[LABELS].any(axis=1).mean() <= 0.03
    # Accidents and look-alikes add about one row in a hundred.
    paid = sample.spec.days * sample.customers["daily_transactions"].sum()
    assert sample.table.rows / paid == pytest.approx(1.01, abs=0.01)


def test_the_bound_for_memory_holds_on_the_busiest_day() -> None:
    spec = DatasetSpec.parse(
        {
            "customers": 400,
            "end_date": "2024-01-01",
            "daily_transactions": fixed(200),
            "accident_probability": fixed(0.25),
        }
    )
    most = max(
        int(np.diff(block.starts).max())
        for table in simulate(spec, 1, 400)
        for block in table.blocks
    )
    assert most <= spec.most_rows_per_customer
