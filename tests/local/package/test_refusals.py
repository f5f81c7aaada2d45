"""What cannot be packaged is said in one line, and nothing half-written is left."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.local.__main__ import main
from tests.local.package.sets import made, package

Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    def said(target: object, output: Path | None = None, *options: str) -> str:
        before = sorted(tmp_path.rglob("*"))
        place = output or tmp_path / "new"
        assert main(["package", str(target), "--for", "kaggle", "-o", str(place), *options]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.splitlines()) == 1
        assert sorted(tmp_path.rglob("*")) == before
        return told.err

    return said


def rewritten(manifest: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(manifest.read_text("utf-8"))
    change(document)
    manifest.write_text(json.dumps(document), "utf-8")


def test_a_file_that_is_not_the_manifests(four: Path, refused: Refused) -> None:
    with four.with_name("four.outcomes.csv").open("a", encoding="ascii") as stream:
        stream.write("one more\n")
    said = refused(four)
    assert "TornSetError" in said
    assert "four.outcomes.csv has" in said
    assert "the manifest says" in said


@pytest.mark.parametrize("lost", ["four.csv", "four.customers.csv", "four.html"])
def test_a_file_that_is_not_there(lost: str, four: Path, refused: Refused) -> None:
    four.with_name(lost).unlink()
    assert lost in refused(four)


def test_a_dataset_without_a_manifest(four: Path, refused: Refused) -> None:
    four.with_name("four.manifest.json").unlink()
    assert "four.manifest.json cannot be read: No such file" in refused(four)


def test_a_manifest_that_says_too_little(four: Path, refused: Refused) -> None:
    rewritten(four.with_name("four.manifest.json"), lambda document: document.pop("seed"))
    assert "seed: Field required" in refused(four)


def test_a_manifest_of_fewer_files(four: Path, refused: Refused) -> None:
    manifest = four.with_name("four.manifest.json")
    rewritten(manifest, lambda document: document["files"].pop("outcomes"))
    assert "names no file of outcomes" in refused(four)


def test_a_spec_and_columns_of_another_version(four: Path, refused: Refused) -> None:
    manifest = four.with_name("four.manifest.json")
    wrong = {"wrong_payee_accident_probability": {"min": 0.1, "max": 0.1}}
    rewritten(manifest, lambda document: document["spec"].update(wrong))
    assert "this version knows" in refused(four)
    rewritten(manifest, lambda document: document["spec"].update(of_tomorrow=1))
    said = refused(four)
    assert "ManifestError" in said
    assert "of_tomorrow" in said


def test_rows_that_cannot_be_made_again(four: Path, refused: Refused) -> None:
    pytest.importorskip("pyarrow")
    parquet, manifest = (None, "--format", "parquet"), four.with_name("four.manifest.json")
    rewritten(manifest, lambda document: document["spec"].update(seed=8))
    assert "does not have the rows of its input" in refused(four, *parquet)
    rewritten(manifest, lambda document: document.update(dataset_version=1))
    assert "allowed is version 2" in refused(four, *parquet)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("s3://bucket/data/four.csv", "remote download"),
        ("four.xlsx", "allowed is the dataset (.csv, .csv.gz, .parquet)"),
        ("nowhere/four.csv", "cannot be read"),
    ],
)
def test_what_is_no_set_here(target: str, said: str, refused: Refused) -> None:
    assert said in refused(target)


def test_a_dataset_without_a_transaction(tmp_path: Path, refused: Refused) -> None:
    spec = {"customers": 2, "seed": 6, "end_date": "2024-01-01",
            "daily_transactions": {"min": 0.1, "max": 0.1}}  # fmt: skip
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    options = ["--spec", str(tmp_path / "spec.json"), "-o", str(tmp_path / "none.csv"), "-q"]
    assert main(["generate", *options]) == 0
    assert "has no transaction" in refused(tmp_path / "none.csv")


def test_a_name_that_tells_nothing(tmp_path: Path, refused: Refused) -> None:
    made(tmp_path, "plain")
    assert "names plain; allowed is" in refused(tmp_path / "plain.manifest.json")


def test_a_folder_where_something_is(four: Path, tmp_path: Path, refused: Refused) -> None:
    assert "where something is" in refused(four, tmp_path)
    assert "where something is" in refused(four, four)
    assert "there is no folder" in refused(four, tmp_path / "no" / "folder")


def test_an_empty_folder_is_taken(four: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert package(four, "kaggle", tmp_path / "empty") == 0
    assert len(list((tmp_path / "empty").iterdir())) == 8


@pytest.mark.parametrize("id_", ["payments", "ada/tiny", "ada/a b c d e f", "ada/" + "x" * 51])
def test_an_id_that_a_site_would_refuse(
    id_: str, four: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        package(four, "kaggle", four.with_name("new"), "--id", id_)
    assert "allowed is OWNER/NAME" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("failure", "status"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 2)]
)
def test_what_breaks_off_leaves_nothing(
    failure: BaseException,
    status: int,
    four: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_off(*_: object) -> None:
        raise failure

    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr("accidental_transfers.local.package.kaggle.metadata", break_off)
    assert package(four, "kaggle", tmp_path / "new") == status
    assert sorted(tmp_path.rglob("*")) == before
