"""A lake is fetched whole, is checked file by file, and is not taken for a CSV."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from accidental_transfers.local.__main__ import main
from accidental_transfers.local.remote.fetching import FetchedSet, fetch_set
from accidental_transfers.local.remote.summary import print_set
from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.lakes import BOTH_MONTHS, JANUARY, PEOPLE, STEM, lake_made
from tests.pipeline.support import concatenated, embedded_bucket, made, set_environment

pytestmark = pytest.mark.slow

FILES = 2 * 3 * 3 + 3
"""Three tables of two months and the customers, of three slices."""
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    set_environment(monkeypatch)
    with embedded_bucket() as made_bucket:
        yield made_bucket


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    def told(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        status = main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return told


def fetched(bucket: Bucket, folder: Path) -> FetchedSet:
    made(bucket, "r", {**PEOPLE, **BOTH_MONTHS, "format": "parquet"})
    return fetch_set(concatenated("r"), folder, Console(file=io.StringIO()))


def test_it_is_fetched_with_its_folders(bucket: Bucket, tmp_path: Path) -> None:
    found = fetched(bucket, tmp_path)
    files = sorted((tmp_path / "x").rglob("*.parquet"))
    assert len(files) == FILES
    assert not list(tmp_path.rglob("*.unfinished"))
    months = (tmp_path / "x" / "transactions" / "run=r").glob("month=*/*.parquet")
    frame = pd.concat(map(pd.read_parquet, sorted(months)))
    assert len(frame) == found.manifest["rows"]
    text = io.StringIO()
    print_set(Console(file=text, width=200), found)
    assert f"{FILES} files in {tmp_path / 'x'}/, months 2024-01, 2024-02" in text.getvalue()


def test_it_is_checked_file_by_file(bucket: Bucket, tmp_path: Path, command: Command) -> None:
    fetched(bucket, tmp_path)
    status, text = command("verify", tmp_path / "x.manifest.json")
    assert (status, text.count("as the manifest says")) == (0, FILES + 1)
    spoilt = next((tmp_path / "x" / "outcomes").rglob("*.parquet"))
    spoilt.write_bytes(spoilt.read_bytes()[::-1])
    status, text = command("verify", tmp_path / "x.manifest.json")
    assert status == 1
    assert f"{spoilt}: has " in text
    assert f"1 of {FILES + 1} files differ" in text


def test_it_is_checked_in_the_bucket(bucket: Bucket, command: Command) -> None:
    lake_made(bucket, "r", **JANUARY)
    assert command("verify", f"s3://{bucket.name}/{STEM}.csv")[0] == 0
    bucket.delete(f"{STEM}/customers/run=r/part-00001.parquet")
    status, text = command("verify", f"s3://{bucket.name}/{STEM}.manifest.json")
    assert status == 1
    assert "customers 1" in text


def test_it_is_not_packaged(bucket: Bucket, tmp_path: Path, command: Command) -> None:
    fetched(bucket, tmp_path)
    status, text = command(
        "package", tmp_path / "x.manifest.json", "--for", "kaggle", "-o", tmp_path / "new"
    )
    assert status == 2
    assert "lake" in text
    assert not (tmp_path / "new").exists()


def test_a_plan_takes_the_format_as_an_option(command: Command) -> None:
    status, text = command("remote", "plan", "--local", "--customers", 9, "--format", "parquet")
    assert (status, "expected_seconds" in text) == (0, True)
    status, text = command("remote", "plan", "--local", "--format", "orc")
    assert status == 2
    assert "format.0: got 'orc'; input should be 'csv' or 'parquet'" in text
