"""The command behind `make run`."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from accidental_transfers.dataset.table import Table
from accidental_transfers.local.embedded_aws import EmbeddedAws, embedded_aws
from tests.integration.support import THREE_SLICES, library_text


def run(event: Path, output: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "accidental_transfers.local.run"]
    return subprocess.run(
        [*command, "--event", str(event), "--output", str(output)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def event(tmp_path: Path) -> Path:
    file = tmp_path / "event.json"
    file.write_text(json.dumps({**THREE_SLICES, "output_key": "deep/down/few.csv"}))
    return file


@pytest.mark.slow
def test_a_run_leaves_the_dataset_and_its_companions_and_tells_what_they_are(
    event: Path, tmp_path: Path
) -> None:
    done = run(event, tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    files = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    names = {"accidents.csv", "customers.csv", "outcomes.csv", "csv", "html", "manifest.json"}
    assert set(files) == {f"few.{name}" for name in names}
    assert files["few.csv"] == library_text(THREE_SLICES, Table.write_csv)

    assert b"pd.read_csv(" in files["few.html"]
    assert b"s3://accidentaltransferproject" not in files["few.html"]

    rows = files["few.csv"].count(b"\n") - 1
    assert f"rows {rows:,} of about" in done.stdout
    assert "slices 3 of 3" in done.stdout
    summary = [line.split(None, 1) for line in done.stdout.splitlines() if line.startswith("  ")]
    told = dict(summary)
    assert told["rows"] == f"{rows:,}"
    assert told["customers"] == "6"
    assert told["sha256"] == hashlib.sha256(files["few.csv"]).hexdigest()
    assert "burst" in told["labels"]
    assert "s3://accidentaltransferproject/deep/down/few.csv" in done.stdout

    evaluate = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "evaluate", f"OUT={tmp_path / 'out'}"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f'evaluate "{tmp_path / "out" / "few.csv"}"' in evaluate.stdout


def test_a_folder_that_is_a_file_is_refused_before_the_job(tmp_path: Path) -> None:
    event, out = tmp_path / "event.json", tmp_path / "out"
    event.write_text("{}")
    out.write_text("mine")
    for folder in (out, out / "below"):
        done = run(event, folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"OutputError: --output: {out} is a file; allowed is a folder\n"
    assert out.read_text() == "mine"


@pytest.mark.slow
def test_a_failed_execution_tells_its_error_and_leaves_nothing(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"customers": 0}')
    done = run(event, tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith("SpecError: customers: got 0")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("content", [None, "{,}"])
def test_an_event_that_is_not_json_is_told_so(tmp_path: Path, content: str | None) -> None:
    event = tmp_path / "event.json"
    if content is not None:
        event.write_text(content)
    done = run(event, tmp_path / "out")
    assert done.returncode == 2
    assert str(event) in done.stderr


@pytest.mark.slow
def test_neither_credentials_nor_endpoints_of_the_user_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = {
        "AWS_PROFILE": "mine",
        "AWS_ACCESS_KEY_ID": "AKIAMINE",
        "AWS_ENDPOINT_URL": "https://example.com",
        "no_proxy": "*",
    }
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    with embedded_aws() as aws:
        assert isinstance(aws, EmbeddedAws)
        assert not theirs.items() & os.environ.items()
        assert os.environ["AWS_ACCESS_KEY_ID"] == "local"
    assert theirs.items() <= os.environ.items()
