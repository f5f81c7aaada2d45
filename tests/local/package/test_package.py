"""The command ``package``: a whole folder for a site, or one clear line and nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from accidental_transfers.local.__main__ import main
from accidental_transfers.local.package.hugging_face import size_category
from tests.local.command import shell
from tests.local.package.sets import TABLES, made, package, table

SET = {"four.csv", "four.accidents.csv", "four.customers.csv", "four.outcomes.csv", "four.html",
       "four.manifest.json"}  # fmt: skip


def head_of(readme: Path) -> dict[str, Any]:
    _, head, _ = readme.read_text("utf-8").split("---\n", 2)
    found: dict[str, Any] = yaml.safe_load(head)
    return found


@pytest.mark.parametrize(
    ("site", "metadata"), [("huggingface", "README.md"), ("kaggle", "dataset-metadata.json")]
)
def test_a_folder_has_the_set_unchanged_and_what_the_site_reads(
    site: str, metadata: str, whole: Path, tmp_path: Path
) -> None:
    assert package(whole, site, tmp_path / "new") == 0
    there = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    assert there.keys() == {*SET, "croissant.json", metadata}
    assert all(there[name] == (whole.parent / name).read_bytes() for name in SET)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert main(["verify", str(tmp_path / "new" / "four.csv")]) == 0


def test_hugging_faces_head_names_every_table_with_its_types(whole: Path, tmp_path: Path) -> None:
    package(whole, "huggingface", tmp_path / "new")
    head = head_of(tmp_path / "new" / "README.md")
    assert head["license"] == "cc0-1.0"
    assert head["size_categories"] == ["1K<n<10K"]
    assert head["task_categories"] == ["tabular-classification"]
    assert {each["config_name"] for each in head["configs"]} == TABLES.keys()
    assert [each["config_name"] for each in head["configs"] if each.get("default")] == [
        "transactions"
    ]
    for config, info in zip(head["configs"], head["dataset_info"], strict=True):
        header = (tmp_path / "new" / config["data_files"]).read_text().split("\n")[0]
        assert info["config_name"] == config["config_name"]
        assert [each["name"] for each in info["features"]] == header.split(",")
    types = {each["name"]: each["dtype"] for info in head["dataset_info"]
             for each in info["features"]}  # fmt: skip
    assert types["timestamp"] == types["label_known_at"] == "timestamp[s]"
    assert types["amount"] == "float64"
    assert types["is_accident_burst"] == "bool"
    assert types["position"] == "int64"


def test_hugging_faces_page_says_what_the_card_says(whole: Path, tmp_path: Path) -> None:
    package(whole, "huggingface", tmp_path / "new", "--id", "ada/payments")
    page = (tmp_path / "new" / "README.md").read_text("utf-8")
    assert f"{table().rows:,} transactions of 4 customers, 2024-01-01 to 2024-02-15" in page
    assert 'load_dataset("ada/payments", "transactions", split="train")' in page
    for owed in ("(CC0)", "GeoNames (CC BY 4.0)", "It is synthetic.", "@misc{transactions_"):
        assert owed in page
    said = json.loads((tmp_path / "new" / "croissant.json").read_text("utf-8"))
    assert said["url"] == "https://huggingface.co/datasets/ada/payments"


def test_a_set_that_was_fetched_from_a_bucket_has_its_files_here(
    four: Path, tmp_path: Path
) -> None:
    manifest = four.with_name("four.manifest.json")
    document = json.loads(manifest.read_text("utf-8"))
    document |= {"run": "monday"}
    for named in (*document["files"].values(), document["card"]):
        named |= {"key": f"deep/down/{named['key']}", "etag": '"1"', "version_id": "2"}
    manifest.write_text(json.dumps(document), "utf-8")
    assert package(four, "kaggle", tmp_path / "new") == 0
    said = json.loads((tmp_path / "new" / "dataset-metadata.json").read_text("utf-8"))
    assert {each["path"] for each in said["resources"]} == SET


def test_an_optional_accident_has_its_column_and_its_parameter(tmp_path: Path) -> None:
    file = made(tmp_path, "four.csv", "--wrong-payee-accident-probability", "0.1", "0.1")
    package(file, "huggingface", tmp_path / "new")
    infos = {each["config_name"]: {column["name"]: column["dtype"] for column in each["features"]}
             for each in head_of(tmp_path / "new" / "README.md")["dataset_info"]}  # fmt: skip
    assert infos["transactions"]["is_wrong_payee_accident"] == "bool"
    assert infos["customers"]["wrong_payee_accident_probability"] == "float64"
    sets = json.loads((tmp_path / "new" / "croissant.json").read_text("utf-8"))["recordSet"]
    types = {field["@id"]: field["dataType"] for each in sets for field in each["field"]}
    assert types["transactions/is_wrong_payee_accident"] == "sc:Boolean"
    assert types["customers/wrong_payee_accident_probability"] == "sc:Float"


def test_a_table_without_a_row_is_none_of_hugging_faces(tmp_path: Path) -> None:
    file = made(tmp_path, "four.csv", "--aftermath", "none")
    package(file, "huggingface", tmp_path / "new")
    configs = head_of(tmp_path / "new" / "README.md")["configs"]
    assert [each["config_name"] for each in configs] == ["transactions", "accidents", "customers"]
    assert (tmp_path / "new" / "four.outcomes.csv").exists()


def test_kaggle_gets_what_its_client_checks(whole: Path, tmp_path: Path) -> None:
    """Limits are those of its API's documentation, and of its client where they are narrower."""
    package(whole, "kaggle", tmp_path / "new")
    said = json.loads((tmp_path / "new" / "dataset-metadata.json").read_text("utf-8"))
    assert 6 <= len(said["title"]) <= 50
    assert 20 <= len(said["subtitle"]) <= 80
    owner, name = said["id"].split("/")
    assert (owner, name) == ("OWNER", "accidental-transfers-four")
    assert said["licenses"] == [{"name": "CC0-1.0"}]
    assert {each["path"] for each in said["resources"]} == SET
    known = {"string", "boolean", "numeric", "datetime", "integer", "decimal"}
    for each in said["resources"][:4]:
        fields = each["schema"]["fields"]
        header = (tmp_path / "new" / each["path"]).read_text().split("\n")[0]
        assert [field["name"] for field in fields] == header.split(",")
        assert {field["type"] for field in fields} <= known


def test_a_name_for_kaggle_is_never_too_long(tmp_path: Path) -> None:
    file = made(tmp_path, f"{'Über_' * 12}x.csv")
    package(file, "kaggle", tmp_path / "new")
    said = json.loads((tmp_path / "new" / "dataset-metadata.json").read_text("utf-8"))
    name = said["id"].split("/")[1]
    assert len(name) <= 50
    assert name.replace("-", "").isalnum()
    assert name.isascii()


def test_parquet_stays_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    file = made(tmp_path, "four.parquet")
    assert package(file, "huggingface", tmp_path / "new") == 0
    files = {each["data_files"] for each in head_of(tmp_path / "new" / "README.md")["configs"]}
    assert files == {name.replace(".csv", ".parquet") for name in SET if name.endswith(".csv")}


def test_a_csv_becomes_parquet_where_that_is_asked_for(whole: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    assert package(whole, "huggingface", tmp_path / "new", "--format", "parquet") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    made(tmp_path, "four.parquet")
    expected = {path.name: path.read_bytes() for path in tmp_path.glob("*.parquet")}
    there = {path.name: path.read_bytes() for path in (tmp_path / "new").glob("*.parquet")}
    assert there == expected
    assert main(["verify", str(tmp_path / "new" / "four.parquet")]) == 0
    assert "read_parquet" in (tmp_path / "new" / "four.html").read_text("utf-8")


def test_a_script_is_told_what_was_made(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["package", str(whole), "--for", "kaggle", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["folder"] == "four-kaggle"
    assert said["rows"] == table().rows
    assert said["files"].keys() == SET
    assert main(["package", str(whole), "--for", "huggingface"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[-1] == (
        "to upload it: hf upload OWNER/NAME four-huggingface --repo-type dataset"
    )


def test_sizes_have_hugging_faces_words() -> None:
    sizes = {999: "n<1K", 1000: "1K<n<10K", 1_000_000: "1M<n<10M", 10**12: "n>1T"}
    assert {rows: size_category(rows) for rows in sizes} == sizes


@pytest.mark.slow
def test_help_and_completion_name_what_is_made(tmp_path: Path) -> None:
    said = shell("$command package --help", tmp_path).stdout
    for made_there in ("README.md", "dataset-metadata.json", "croissant.json", "load_dataset"):
        assert made_there in said
    assert "huggingface" in said
    assert "package" in shell("$command completion bash", tmp_path).stdout
