"""Athena's tables have the lake's columns, and its simple reader takes every line of the CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any

import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.athena import (
    athena_columns,
    csv_statement,
    parquet_statements,
)
from accidental_transfers.dataset.csv_text import SPECIAL
from accidental_transfers.dataset.lake import BY_MONTH, LAKE_TABLES, LakeTable
from accidental_transfers.dataset.parquet_tables import parquet_table
from accidental_transfers.model.accidents import ACCIDENTS, KIND_NAMES
from accidental_transfers.model.aftermath_tables import OUTCOMES, rules
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.slips import Slip
from tests.samples import PROBABILITIES, fixed, text_of

SPEC = DatasetSpec.parse(
    {
        "customers": 60,
        "seed": 3,
        "end_date": "2024-02-15",
        "wrong_payee_accident_probability": fixed(0.02),
        **dict.fromkeys(PROBABILITIES, fixed(0.05)),
    }
)
TABLES: list[LakeTable] = list(LAKE_TABLES)


def vocabulary() -> Iterator[str]:
    """Every text that a field may have, but for ids, numbers, times and amounts."""
    facts = reference()
    return chain(
        recipients().names,
        facts.type_names,
        (entity.name for entity in facts.entity_types),
        *((city.name, city.state) for city in facts.cities),
        KIND_NAMES,
        OUTCOMES,
        rules().reasons,
        (slip.name.lower() for slip in Slip),
    )


def test_no_text_that_there_is_needs_quotes() -> None:
    texts = list(vocabulary())
    assert len(texts) > 40_000
    # The reader of delimited text would take a backslash for an escape.
    assert [text for text in texts if SPECIAL.search(text) or "\\" in text] == []


def is_boolean(text: str) -> bool:
    return text in {"True", "False"}


def is_timestamp(text: str) -> bool:
    return bool(datetime.strptime(text, "%Y-%m-%d %H:%M:%S"))  # noqa: DTZ007 - it has no zone


def is_decimal(text: str) -> bool:
    return 0 <= Decimal(text) < 10**10 and re.fullmatch(r"\d+\.\d\d", text) is not None


READ: dict[str, Callable[[str], object]] = {
    "string": lambda text: text == text.strip(),
    "boolean": is_boolean,
    "timestamp": is_timestamp,
    "decimal(12,2)": is_decimal,
    "bigint": str.isdecimal,
    "double": lambda text: float(text) >= 0,
}
"""What Athena's reader of delimited text takes for a value of each type; nothing else is one."""


@pytest.mark.parametrize("table", TABLES)
def test_a_line_cut_at_its_commas_has_a_value_of_its_type_in_every_column(table: LakeTable) -> None:
    columns = athena_columns(table, SPEC.accidents)
    written = text_of(partial(generate(SPEC).write, LAKE_TABLES[table]))
    header, *lines = written.splitlines()
    assert header.split(",") == [column.name for column in columns]
    assert len(lines) >= SPEC.customers
    empty: set[str] = set()
    for line in lines:
        fields = line.split(",")
        assert len(fields) == len(columns), line
        for column, field in zip(columns, fields, strict=True):
            assert not field or READ[column.type](field), (column.name, line)
            empty |= set() if field else {column.name}
    assert empty <= {field.name for field in schema_of(table) if field.nullable}


def schema_of(table: LakeTable) -> Any:
    return parquet_table(LAKE_TABLES[table], SPEC, decimals=True).schema


PARQUET_TYPES = {
    "string": "string",
    "dictionary<values=string, indices=int32, ordered=0>": "string",
    "timestamp[ms]": "timestamp",
    "decimal128(12, 2)": "decimal(12,2)",
    "bool": "boolean",
    "int64": "bigint",
    "double": "double",
}


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_are_those_of_the_parquet_files(table: LakeTable) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    written = [(field.name, PARQUET_TYPES[str(field.type)]) for field in schema_of(table)]
    columns = [(column.name, column.type) for column in athena_columns(table, SPEC.accidents)]
    assert columns == written
    # A dataset without the optional accidents lacks columns, and has no other ones.
    assert set(columns) <= {(column.name, column.type) for column in athena_columns(table)}


def test_a_statement_for_the_csv_skips_its_header_and_takes_types() -> None:
    statement = csv_statement("transactions", "s3://mine/it's/", ACCIDENTS)
    assert statement.startswith("CREATE EXTERNAL TABLE transactions (\n  `customer_id` string,\n")
    assert "  `timestamp` timestamp,\n" in statement
    assert "  `is_wrong_payee_accident` boolean\n)" in statement
    assert "FIELDS TERMINATED BY ','" in statement
    assert "LOCATION 's3://mine/it''s/'" in statement
    assert "'skip.header.line.count' = '1'" in statement


def test_statements_for_the_lake_place_every_month_at_its_run() -> None:
    months = {"2024-02": "r2", "2024-01": "r1"}
    for table in BY_MONTH:
        create, add = parquet_statements(table, "s3://mine/x", months, "r2", ACCIDENTS).split(
            ";\n"
        )[:2]
        assert "PARTITIONED BY (`month` string)\nSTORED AS PARQUET" in create
        assert add.split("\n")[-2:] == [
            f"  PARTITION (month = '2024-01') LOCATION 's3://mine/x/{table}/run=r1/month=2024-01/'",
            f"  PARTITION (month = '2024-02') LOCATION 's3://mine/x/{table}/run=r2/month=2024-02/'",
        ]
    customers = parquet_statements("customers", "s3://mine/x", months, "r2", ACCIDENTS)
    assert "PARTITION" not in customers
    assert "LOCATION 's3://mine/x/customers/run=r2/'" in customers
