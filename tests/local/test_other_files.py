"""Files that are not this version's own go through `card` and `evaluate`."""

import json
import zlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.local.cli import main
from tests.card.card_page import Page
from tests.samples import LABELS, VERSION_1

SPEC = DatasetSpec(customers=12, end_date=pd.Timestamp(2024, 1, 31).date(), seed=5)
ANOTHER_ORDER = [
    "original_recipient_entity", "timestamp", "is_mistyped_entity_accident", "amount",
    "customer_id", "recipient_entity", "entity_type", "is_high_amount_accident", "city",
    "transaction_type", "is_accident_burst", "transaction_id",
]  # fmt: skip


@pytest.fixture
def rows() -> pd.DataFrame:
    return generate(SPEC).to_frame()


def commands(folder: Path, rows: pd.DataFrame) -> tuple[Page, dict[str, Any]]:
    """Write a file, have its card drawn and have it judged: the page and the scorecard."""
    file = folder / "file.csv"
    rows.to_csv(file, index=False, float_format="%.2f")
    assert main(["card", str(file)]) == 0
    assert main(["evaluate", str(file), "--without-models"]) in (0, 1)
    page = Page(file.with_suffix(".html").read_text("utf-8"))
    return page, json.loads((folder / "file.scorecard.json").read_text("utf-8"))


def values(report: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {(line["item"], line["part"]): line["value"] for line in report["lines"]}


@pytest.mark.slow
def test_a_file_of_version_1(tmp_path: Path, rows: pd.DataFrame) -> None:
    page, report = commands(tmp_path, rows[[*VERSION_1]])
    assert (tmp_path / "file.csv").read_text().startswith(",".join(VERSION_1) + "\n")
    assert page.strip()["transactions"][0] == f"{len(rows):,}"
    assert report["rows"] == len(rows)
    assert report["unknown_columns"] == []
    assert report["missing_columns"] == [name for name in rows if name not in VERSION_1]


def page_without_checksum(folder: Path) -> str:
    checksum = f"{zlib.crc32((folder / 'file.csv').read_bytes()):08x}"
    text = (folder / "file.html").read_text("utf-8")
    assert checksum in text
    return text.replace(checksum, "")


@pytest.mark.slow
def test_columns_in_another_order_change_nothing(tmp_path: Path, rows: pd.DataFrame) -> None:
    assert set(ANOTHER_ORDER) == set(VERSION_1)
    _, expected = commands(tmp_path, rows[[*VERSION_1]])
    page = page_without_checksum(tmp_path)
    _, found = commands(tmp_path, rows[ANOTHER_ORDER])
    assert values(found) == values(expected)
    assert page_without_checksum(tmp_path) == page


@pytest.mark.slow
def test_two_more_columns_are_named(
    tmp_path: Path, rows: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    rows.insert(3, "channel", ["app", "web"] * (len(rows) // 2) + ["app"] * (len(rows) % 2))
    rows["balance"] = 1000 - rows["amount"]
    page, report = commands(tmp_path, rows)
    said = capsys.readouterr()
    assert "ignored: channel, balance" in said.err
    assert "searched for leaks" in said.out
    assert "channel, balance" in said.out
    assert report["unknown_columns"] == ["channel", "balance"]
    assert page.strip()["transactions"][0] == f"{len(rows):,}"


@pytest.mark.slow
def test_what_is_not_needed_may_be_missing(
    tmp_path: Path, rows: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    needed = ["timestamp", "customer_id", "amount", "transaction_type", "is_accident_burst"]
    page, report = commands(tmp_path, rows[needed])
    assert page.strip()["customers"][0] == "12"
    assert (
        "missing, and counted as empty: transaction_id, is_high_amount" in capsys.readouterr().err
    )
    assert "original_recipient_entity" in report["missing_columns"]
    notes = {(line["item"], line["part"]): line["note"] for line in report["lines"]}
    assert notes["home_sd", ""] == "needs the column city"
    assert notes["known_payee", ""] == "needs the column recipient_entity"
    assert notes["share_of_label", "mistyped"] == "needs the column is_mistyped_entity_accident"
    assert values(report)["share_of_label", "burst"] == pytest.approx(
        rows["is_accident_burst"].mean()
    )


@pytest.mark.parametrize("command", ["card", "evaluate"])
@pytest.mark.parametrize(
    ("dropped", "complaint"),
    [
        (["amount", "city"], "lacks the columns amount; it has customer_id"),
        (LABELS,
         "has no labels: it needs one at least of is_accident_burst, is_high_amount_accident"),
    ],
)  # fmt: skip
def test_both_commands_refuse_a_file_in_the_same_words(
    tmp_path: Path, rows: pd.DataFrame, command: str, dropped: list[str], complaint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "file.csv"
    rows.drop(columns=dropped).to_csv(file, index=False)
    assert main([command, str(file)]) == 2
    assert f"{file} {complaint}" in " ".join(capsys.readouterr().err.split("\n"))
