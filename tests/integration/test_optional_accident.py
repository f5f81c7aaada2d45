"""A job that asks for the optional accident: thirteen columns from the slices to the scorecard."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest

from accidental_transfers.dataset.table import Table
from accidental_transfers.local.cli import main
from accidental_transfers.local.embedded_aws import EmbeddedAws
from tests.card.card_page import Page, tables
from tests.integration.support import OUTPUT_KEY, Bucket, library_text
from tests.samples import VERSION_1

FIELD, COLUMN = "wrong_payee_accident_probability", "is_wrong_payee_accident"
LABEL, HONEST = "wrong_payee", "honest_switch"
SPEC: dict[str, Any] = {
    "seed": 9, "customers": 12, "end_date": "2024-01-31", "customers_per_slice": 5,
    FIELD: {"min": 0.15, "max": 0.25}, "lookalikes": 4,
}  # fmt: skip
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "manifest.schema.json"

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(aws: EmbeddedAws, bucket: Bucket, tmp_path: Path) -> Path:
    """What the job published."""
    outcome = aws.execute(SPEC)
    assert outcome.succeeded, outcome
    for key in (OUTPUT_KEY, *outcome.output["companions"].values()):
        name = key.rpartition("/")[2].replace("synthetic_transactions_labeled", "made")
        (tmp_path / name).write_bytes(bucket.read(key))
    return tmp_path


def rows_of(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "made.csv")


def lines_of(file: Path) -> dict[tuple[str, str], Any]:
    assert main(["evaluate", str(file), "--without-models"]) in (0, 1)
    report = json.loads(file.with_suffix(".scorecard.json").read_text("utf-8"))
    assert report["missing_columns"] == report["unknown_columns"] == []
    return {(line["item"], line["part"]): line for line in report["lines"]}


def test_the_parts_and_the_join_agree_with_the_library(folder: Path) -> None:
    for name, write in {
        "made.csv": Table.write_csv,
        "made.accidents.csv": Table.write_accidents_csv,
        "made.customers.csv": Table.write_customers_csv,
    }.items():
        assert (folder / name).read_bytes() == library_text(SPEC, write), name
    rows = list(csv.reader(io.StringIO((folder / "made.csv").read_text())))
    assert tuple(rows[0]) == (*VERSION_1, COLUMN)
    assert {len(row) for row in rows} == {13}
    assert {row[12] for row in rows[1:]} == {"True", "False"}


def test_the_manifest_counts_it_and_keeps_to_its_schema(folder: Path) -> None:
    manifest = json.loads((folder / "made.manifest.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(manifest)
    struck = int(rows_of(folder)[COLUMN].sum())
    assert manifest["counts"]["accident"][LABEL] == struck > 60
    assert manifest["counts"]["kind"][LABEL] == {"events": struck, "rows": struck}
    assert manifest["counts"]["kind"][HONEST]["events"] > 10
    # The mean on a logarithmic axis from 0.15 to 0.25; no column says who was picked from a list.
    asked = {"requested": pytest.approx(0.196, abs=0.001), "realised": None}
    assert manifest["compared"]["rates"][FIELD] == asked


def test_the_card_shows_it_everywhere(folder: Path) -> None:
    html = (folder / "made.html").read_text("utf-8")
    page = Page(html)
    rows = {row[0]: row[1] for row in next(tables(page.section("accidents")))}
    assert rows["wrong payee"] == "wrong payee"
    assert rows["honest switch"] == "none"
    (key,) = page.section("accidents").iterfind("ul[@class='key']")
    assert [mark.tail for mark in key.iter("svg")][-1] == "wrong payee"
    assert "contacts picked wrongly from a list" in html
    assert "A contact, picked from the customer" in "".join(page.section("accidents").itertext())
    assert "Where nothing is realised" in "".join(page.section("provenance").itertext())
    described = {row[0]: row[1:] for row in next(tables(page.section("columns")))}
    assert list(described) == [*VERSION_1, COLUMN]
    assert described[COLUMN][1] in {"True", "False"}
    loading = "".join(page.section("loading").itertext())
    assert f"`{COLUMN}` boolean" in loading
    # Drawn from the file it is the same, but for what only the run knows.
    drawn = folder / "drawn.html"
    assert main(["card", str(folder / "made.csv"), "--output", str(drawn)]) == 0
    again = Page(drawn.read_text("utf-8"))
    for section in ("accidents", "columns"):
        assert [*again.section(section).itertext()] == [*page.section(section).itertext()]


def test_the_scorecard_has_lines_for_it_only_where_the_file_has_it(folder: Path) -> None:
    lines = lines_of(folder / "made.csv")
    share = lines["share_of_label", LABEL]["value"]
    assert share == pytest.approx(rows_of(folder)[COLUMN].mean())
    for item in ("intended_known", "others_as_intended", "one_label"):
        assert lines[item, ""]["value"] == 1, item
    assert LABEL in lines["prone", ""]["also"] or lines["prone", ""]["value"] is None
    assert HONEST in lines["lookalikes", ""]["also"]

    usual = rows_of(folder).query(f"not {COLUMN}").drop(columns=COLUMN)
    usual.to_csv(folder / "usual.csv", index=False)
    without = lines_of(folder / "usual.csv")
    assert not [part for _, part in without if part == LABEL]
    assert without.keys() == {key for key in lines if key[1] != LABEL}


def test_a_file_without_it_is_read_without_a_remark(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = rows_of(folder).query(f"not {COLUMN}").drop(columns=COLUMN)
    usual.to_csv(folder / "usual.csv", index=False)
    capsys.readouterr()
    assert main(["card", str(folder / "usual.csv")]) == 0
    said = capsys.readouterr().err
    assert said.splitlines() == [str(folder / "usual.html")]
    html = (folder / "usual.html").read_text("utf-8")
    assert COLUMN not in html
    assert "wrong payee" not in html
    assert "contacts picked wrongly" not in html
