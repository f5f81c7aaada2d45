"""The formats of ``generate``: what a name says is what is written, and nothing else."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from accidental_transfers import generate
from accidental_transfers.local.cli import main
from tests.local.command import shell
from tests.samples import text_of

FIELDS = ["--customers", "3", "--seed", "7", "--end-date", "2024-01-20"]
TABLE = generate(customers=3, seed=7, end_date="2024-01-20")
COMPANIONS = {"three.accidents.csv", "three.customers.csv", "three.outcomes.csv"}


def made(folder: Path, *options: str) -> set[str]:
    assert main(["generate", *FIELDS, "-q", *options]) == 0
    return {path.name for path in folder.iterdir()}


def test_a_name_in_csv_gz_is_compressed_and_the_same_bytes_twice(tmp_path: Path) -> None:
    output = tmp_path / "three.csv.gz"
    names = made(tmp_path, "-o", str(output))
    assert names == {"three.csv.gz", *COMPANIONS, "three.html", "three.manifest.json"}
    first = output.read_bytes()
    assert gzip.decompress(first).decode() == text_of(TABLE.write_csv)
    made(tmp_path, "-o", str(output))
    assert output.read_bytes() == first


def test_a_name_in_parquet_is_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    output = tmp_path / "three.parquet"
    names = made(tmp_path, "-o", str(output))
    companions = {name.replace(".csv", ".parquet") for name in COMPANIONS}
    assert names == {"three.parquet", *companions, "three.html", "three.manifest.json"}
    card = (tmp_path / "three.html").read_text("utf-8")
    assert "pd.read_parquet(&#39;three.parquet&#39;)" in card
    assert "read_csv" not in card
    TABLE.to_parquet(tmp_path / "library.parquet", companions=True)
    read, expected = (pd.read_parquet(each) for each in (output, tmp_path / "library.parquet"))
    pd.testing.assert_frame_equal(read, expected)
    for name in (output.name, *companions):
        library = tmp_path / name.replace("three", "library")
        assert (tmp_path / name).read_bytes() == library.read_bytes()


@pytest.mark.parametrize("format_", ["csv", "csv.gz", "parquet"])
def test_the_manifest_counts_what_is_there(tmp_path: Path, format_: str) -> None:
    if format_ == "parquet":
        pytest.importorskip("pyarrow")
    output = tmp_path / f"three.{format_}"
    made(tmp_path, "-o", str(output))
    manifest = json.loads((tmp_path / "three.manifest.json").read_text())
    assert manifest["rows"] == TABLE.rows == manifest["files"]["dataset"]["rows"]
    assert manifest["bytes"] == output.stat().st_size
    assert manifest["files"]["outcomes"]["rows"] == len(TABLE.outcomes())
    assert main(["verify", str(output)]) == 0


@pytest.mark.parametrize(
    ("options", "name"),
    [(["--format", "csv.gz"], "mine.csv.gz"), (["--format", "csv"], "mine.csv"), ([], "mine.csv")],
)
def test_a_format_names_the_file_where_nobody_does(
    options: list[str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert name in made(tmp_path, "--output-key", "data/mine.csv", *options)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("three.parquet", ["--format", "csv"]),
        ("three.csv", ["--format", "parquet"]),
        ("three.csv", ["--format", "csv.gz"]),
        ("three.csv.gz", ["--format", "csv"]),
        ("three.xlsx", []),
        ("three.gz", []),
        ("three.json", ["--format", "parquet"]),
    ],
)
def test_a_name_that_says_something_else_is_refused(
    name: str, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", *FIELDS, "-o", str(tmp_path / name), *options]) == 2
    said = capsys.readouterr().err.strip()
    assert name in said
    assert "allowed is a name in ." in said
    assert len(said.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_name_that_says_nothing_gets_what_is_asked_for(tmp_path: Path) -> None:
    assert "three.csv.gz" in made(tmp_path, "-o", str(tmp_path / "three.csv.gz"))
    made(tmp_path, "-o", str(tmp_path / "plain"))
    assert (tmp_path / "plain").read_text() == text_of(TABLE.write_csv)
    made(tmp_path, "-o", str(tmp_path / "zipped"), "--format", "csv.gz")
    assert gzip.decompress((tmp_path / "zipped").read_bytes()).startswith(b"customer_id,")


def test_standard_output_takes_any_format(tmp_path: Path) -> None:
    options = " ".join(FIELDS)
    ended = shell(f"$command generate {options} -o - --format csv.gz | gunzip | wc -l", tmp_path)
    assert int(ended.stdout) == TABLE.rows + 1
    cut = shell(f"$command generate {options} -o - --format csv.gz | head -c 1 | wc -c", tmp_path)
    assert (cut.stdout.strip(), cut.stderr) == ("1", "")
