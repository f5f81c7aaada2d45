"""The card as a whole: its summary, its columns, and the datasets that it is drawn of."""

import json
from pathlib import Path

import pandas as pd
import pytest

from accidental_transfers.card.page import render
from accidental_transfers.local.card import about
from accidental_transfers.statistics.from_frames import statistics_from_csv
from accidental_transfers.statistics.statistics import Statistics
from tests.card.card_page import Page, number, tables, text_of
from tests.card.drawn_dataset import CUSTOMERS, Dataset

DAYS = 91


def test_the_summary(dataset: Dataset) -> None:
    rows = dataset.rows
    strip = dataset.page.strip()
    assert strip["transactions"][0] == f"{len(rows):,}"
    assert strip["customers"] == [
        f"{CUSTOMERS}",
        f"{len(rows) / CUSTOMERS / DAYS:.1f} transactions a day",
    ]
    assert strip["days"] == [f"{DAYS}", "1 Jan 2024 to 31 Mar 2024"]
    assert number(strip["with a label"][0]) == pytest.approx(100 * rows.labelled.mean(), rel=0.005)
    assert strip["with a label"][1] == f"{rows.labelled.sum():,} transactions"
    assert strip["size"][1] == f"{dataset.file.stat().st_size:,} bytes"


def test_the_columns_have_values_of_one_row(dataset: Dataset) -> None:
    (shown,) = tables(dataset.page.section("columns"))
    values = {row[0]: row[2] for row in shown}
    text = pd.read_csv(dataset.file, dtype=str).set_index("transaction_id", drop=False)
    assert values == text.loc[values["transaction_id"]].to_dict()
    assert list(values) == list(text.columns)


def test_it_is_one_small_file_without_a_network(dataset: Dataset) -> None:
    page = dataset.html
    assert len(page.encode()) < 1_000_000
    assert "<script" not in page
    assert "http" not in page
    assert "url(" not in page


@pytest.mark.parametrize("rows", [0, 1, 2, 30])
def test_a_tiny_dataset_has_a_card(dataset: Dataset, tmp_path: Path, rows: int) -> None:
    file = tmp_path / "tiny.csv"
    lines = dataset.file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[: rows + 1]))
    page = Page(render(statistics_from_csv(file), about(file)))
    assert page.strip()["transactions"][0] == str(rows)


def test_nothing_at_all_has_a_card() -> None:
    nothing = {"location": "none.csv", "bytes": 0, "crc32": "00000000"}
    assert Page(render(Statistics(), nothing)).strip()["transactions"][0] == "0"


def test_the_licence_says_what_may_be_done_with_the_data(dataset: Dataset) -> None:
    licence = text_of(dataset.page.section("licence"))
    limits = text_of(dataset.page.section("limits"))
    assert "free of rights (CC0)" in licence
    assert "GeoNames (CC BY 4.0)" in licence
    assert "no manifest of its own" not in limits


def test_a_manifest_counts_where_it_is_of_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x\n")
    own = about(file)
    assert own["location"] == str(file)
    manifest = tmp_path / "a.manifest.json"
    manifest.write_text(json.dumps({"seed": 7, "bytes": own["bytes"], "crc32": own["crc32"]}))
    assert about(file)["seed"] == 7
    file.write_text("y\n")
    assert "seed" not in about(file)
