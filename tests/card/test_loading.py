"""The card says how to load what there is: the CSV, the Parquet files, or both."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accidental_transfers.card.page import render
from accidental_transfers.dataset.athena import csv_statement, parquet_statements
from accidental_transfers.dataset.generate import generate
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.statistics.statistics import Statistics
from accidental_transfers.statistics.tally import statistics_of
from tests.card.card_page import Page, text_of
from tests.lakes import put_lake

SPEC = DatasetSpec.parse({"customers": 4, "seed": "lake", "end_date": "2024-02-20"})
MONTHS = {"2023-12": "r0", "2024-01": "r1", "2024-02": "r1"}
LAKE: dict[str, Any] = {
    "months": {month: {"run": run} for month, run in MONTHS.items()},
    "customers": {"run": "r1"},
}


@pytest.fixture(scope="module")
def facts() -> Statistics:
    return statistics_of(generate(SPEC).blocks)


def blocks(facts: Statistics, **about: Any) -> dict[str, str]:
    """The pieces of code of a card, by their headings."""
    known = {"location": "s3://mine/data/x.csv", "bytes": 1, "crc32": "0" * 8, "run": "r1"}
    page = Page(render(facts, {**known, **about}))
    panel = page.section("loading").find("div[@class='panel']")
    assert panel is not None
    texts = ["".join(pre.itertext()).strip() for pre in panel.iter("pre")]
    return dict(zip(headings(page), texts, strict=True))


def headings(page: Page) -> list[str]:
    return [text_of(each) for each in page.section("loading").iter("h3")]


def test_a_csv_has_a_statement_with_its_types(facts: Statistics) -> None:
    found = blocks(facts, spec=SPEC.model_dump(mode="json"))
    assert list(found) == ["pandas", "DuckDB", "Athena"]
    folder = "s3://YOUR-BUCKET/athena/x/"
    statement = csv_statement("transactions", folder, SPEC.accidents)
    assert found["Athena"].endswith(f"aws s3 cp x.csv {folder}\n{statement.strip()}")


def test_a_file_of_somebody_else_has_none(facts: Statistics) -> None:
    assert list(blocks(facts)) == ["pandas", "DuckDB"]


@pytest.mark.parametrize("files", [{}, {"dataset": {}}], ids=["alone", "beside the CSV"])
def test_a_lake_is_read_by_month(facts: Statistics, files: dict[str, Any]) -> None:
    found = blocks(facts, spec={}, files=files, lake=LAKE)
    assert ("Athena" in found) == bool(files)
    *_, pandas, duckdb, athena = found
    assert all(heading.startswith("Parquet in ") for heading in (pandas, duckdb, athena))
    root = "s3://YOUR-BUCKET/x"
    statements = parquet_statements("transactions", root, MONTHS, "r1", SPEC.accidents)
    assert found[athena] == statements.strip()
    assert "run=r0/month=2023-12/" in found[athena]


def test_what_it_says_of_a_lake_runs(
    facts: Statistics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    duckdb: Any = pytest.importorskip("duckdb")
    put_lake(tmp_path / "x", "r1", SPEC)
    monkeypatch.chdir(tmp_path)
    code, sql, _ = blocks(facts, spec={}, files={}, lake=LAKE).values()
    made: dict[str, pd.DataFrame] = {}
    exec(code, made)  # noqa: S102
    days = (day for day in facts.by_date if day.startswith("2024-01"))
    january = sum(sum(facts.by_date[day].values()) for day in days)
    assert len(made["frame"]) == january > 0
    counted = duckdb.connect().execute(sql).df()
    assert counted.month.tolist() == ["2024-01", "2024-02"]
    assert counted.transactions.sum() == facts.rows
