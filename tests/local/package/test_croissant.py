"""Croissant: mlcroissant has nothing to say against it, and reads every table by it."""

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accidental_transfers.dataset.columns import COLUMN_OF
from tests.local.package.sets import TABLES, made, package, table

mlcroissant: Any = pytest.importorskip("mlcroissant")

# mlcroissant's own.
pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph:DeprecationWarning",
    "ignore:The inplace keyword in DataFrame.reset_index:DeprecationWarning",
)

FORMATS = ["csv", "csv.gz", "parquet"]
RAI = "http://mlcommons.org/croissant/RAI/1.0"


@pytest.fixture(scope="module", params=FORMATS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "parquet":
        pytest.importorskip("pyarrow")
    place = tmp_path_factory.mktemp("croissant")
    output = place / "packaged"
    assert package(made(place, f"four.{request.param}"), "huggingface", output) == 0
    return output


def document(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "croissant.json").read_text("utf-8"))
    return found


def test_it_is_valid_without_a_warning(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
    issues = dataset.metadata.ctx.issues
    assert (issues.errors, issues.warnings, caplog.records) == (set(), set(), [])
    assert dataset.metadata.ctx.is_v1_1()
    assert RAI in document(folder)["conformsTo"]


@pytest.mark.slow
def test_its_records_are_the_rows_with_their_types(folder: Path) -> None:
    dataset, rows = mlcroissant.Dataset(jsonld=folder / "croissant.json"), table()
    frames = {"transactions": rows.to_frame(), "accidents": rows.accidents(),
              "customers": rows.customers(), "outcomes": rows.outcomes()}  # fmt: skip
    for name, expected in frames.items():
        records = list(dataset.records(name))
        assert len(records) == len(expected) > 0
        assert list(records[0]) == [f"{name}/{column}" for column in expected]
        for column in expected:
            found = [record[f"{name}/{column}"] for record in records]
            assert found == values(expected[column]), (name, column)


def values(column: pd.Series) -> list[Any]:
    """What a column's values are as records: bytes for text, None where there is none."""
    texts = column.dtype in ("str", "category")
    return [None if pd.isna(each) else each.encode() if texts else each for each in column]


def test_every_file_has_its_sha256_and_size(folder: Path) -> None:
    said = {file["contentUrl"]: file for file in document(folder)["distribution"]}
    there = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert said.keys() == there.keys() - {"croissant.json", "README.md"}
    for name, file in said.items():
        assert file["sha256"] == hashlib.sha256(there[name]).hexdigest()
        assert file["contentSize"] == f"{len(there[name])} B"


def test_a_file_that_was_changed_is_told_by_it(folder: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    spoilt.mkdir()
    for path in folder.iterdir():
        (spoilt / path.name).write_bytes(path.read_bytes())
    name = document(folder)["recordSet"][2]["field"][0]["source"]["fileObject"]["@id"]
    with (spoilt / name).open("ab") as stream:
        stream.write(b"\n")
    dataset = mlcroissant.Dataset(jsonld=spoilt / "croissant.json")
    with pytest.raises(mlcroissant.GenerationError) as failed:
        next(iter(dataset.records("customers")))
    assert "is not identical with" in str(failed.value.__cause__)


def test_it_says_what_a_reader_wants_to_know(folder: Path) -> None:
    said = document(folder)
    assert said["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert "GeoNames" in said["creditText"]
    assert said["citeAs"].startswith("@misc{transactions_")
    assert said["version"] == "2.0.0"
    assert "url" not in said
    wanted = ("dataCollection", "dataBiases", "dataLimitations", "personalSensitiveInformation",
              "dataUseCases", "dataSocialImpact", "dataAnnotationProtocol")  # fmt: skip
    assert all(said[f"rai:{each}"] for each in wanted)
    assert "synthetic" in str(said["rai:dataLimitations"])
    assert said["rai:personalSensitiveInformation"][0].startswith("None.")


def test_mlcroissant_knows_every_term_of_responsible_ai(folder: Path) -> None:
    metadata = mlcroissant.Dataset(jsonld=folder / "croissant.json").metadata.to_json()
    own = {key for key in document(folder) if key.startswith("rai:")}
    assert own <= metadata.keys()


def test_columns_mean_there_what_they_mean_here(folder: Path) -> None:
    sets = {each["name"]: each for each in document(folder)["recordSet"]}
    assert sets.keys() == TABLES.keys()
    for field in sets["transactions"]["field"]:
        assert field["description"] == COLUMN_OF[field["name"]].meaning
    assert all(field["description"] for each in sets.values() for field in each["field"])
    refers = {each["field"][0]["@id"] for each in sets.values() if "references" in each["field"][0]}
    assert refers == {"accidents/transaction_id", "outcomes/transaction_id"}
