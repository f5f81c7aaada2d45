"""Whatever a dataset is called, and whatever is in it: the card shows text and no markup."""

from typing import Any

import pandas as pd
import pytest

from accidental_transfers.card.page import render
from accidental_transfers.local.card import about
from accidental_transfers.statistics.from_frames import statistics_from_csv
from tests.card.card_page import Page, tables, text_of
from tests.card.drawn_dataset import Dataset

HOSTILE = """<script>alert("'&amp;'")</script>"""
# Of an address, a card shows what stands behind its last slash.
NAME = HOSTILE.replace("/", "")
COLUMNS = ["transaction_type", "city", "entity_type", "recipient_entity"]
# Of an address, a card shows what stands behind its last slash.
NAME = HOSTILE.replace("/", "")
MANIFEST: dict[str, Any] = {
    "location": f"s3://bucket/{NAME}.csv",
    "crc32": f"crc {HOSTILE}",
    "run": f"run {HOSTILE}",
    "seed": f"seed {HOSTILE}",
    "spec": {"seed": HOSTILE},
    "versions": {f"name {HOSTILE}": f"version {HOSTILE}"},
    "files": {f"kind {HOSTILE}": {"key": f"data/key {NAME}", "rows": 1, "crc32": HOSTILE}},
    "compared": {"rates": {f"rate {HOSTILE}": {"requested": 0.1, "realised": None}}},
}


@pytest.fixture(scope="module")
def html(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("hostile") / "foreign.csv"
    rows = pd.read_csv(dataset.file, dtype=str).head(2000)
    for column in COLUMNS:
        rows[column] = f"{column} {HOSTILE}"
    rows["customer_id"] = f"customer_id {HOSTILE}"
    rows["transaction_id"] += HOSTILE
    rows["original_recipient_entity"] = f"recipient_entity {HOSTILE}?"
    rows.to_csv(file, index=False)
    return render(statistics_from_csv(file), {**about(file), **MANIFEST})


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_nothing_becomes_markup_and_nothing_is_escaped_twice(html: str) -> None:
    assert "<script" not in html
    assert "&amp;lt;" not in html
    assert "&amp;#34;" not in html
    assert "&lt;script&gt;" in html[: html.index("</title>")]


@pytest.mark.parametrize(
    ("section", "column"),
    [
        ("when", "transaction_type"),
        ("amounts", "transaction_type"),
        ("recipients", "transaction_type"),
        ("recipients", "entity_type"),
        ("recipients", "recipient_entity"),
        ("where", "city"),
        *(("accidents", column) for column in COLUMNS),
        *(("columns", column) for column in [*COLUMNS, "customer_id"]),
    ],
)
def test_what_is_in_the_rows_is_shown_as_it_is(page: Page, section: str, column: str) -> None:
    assert f"{column} {HOSTILE}" in text_of(page.section(section))


def test_what_is_known_of_the_file_is_shown_as_it_is(page: Page) -> None:
    assert page.strip()["CRC32"] == [MANIFEST["crc32"], f"seed {MANIFEST['seed']}"]
    assert f"{NAME}.csv" in text_of(page.body)
    assert f"{NAME}.csv" in text_of(page.section("loading"))
    assert "bucket/" not in text_of(page.body)
    origin, rates = tables(page.section("provenance"))
    assert origin == [
        ["run", MANIFEST["run"]],
        ["seed", MANIFEST["seed"]],
        ["CRC32", MANIFEST["crc32"]],
        [f"kind {HOSTILE}, CRC32", f"key {NAME} · 1 rows · {HOSTILE}"],
        [f"version of name {HOSTILE}", f"version {HOSTILE}"],
    ]
    assert rates == [[f"rate {HOSTILE}", "0.1", ""]]


def test_pictures_say_names_as_they_are(page: Page) -> None:
    labels = {svg.get("aria-label") for svg in page.section("amounts").iter("svg")}
    name = f"transaction_type {HOSTILE}"
    assert f"Distribution of {name} amounts on logarithmic axes" in labels
    assert any(title.startswith(f"{name}, ") for title in page.titles("Transactions per day"))
