"""`generate` makes card and manifest as the job does."""

import json
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.local.cli import main
from tests.card.card_page import Page, text_of
from tests.pipeline.support import DENSE, embedded_bucket, manifest_of, set_environment

OF_A_BUCKET = {"etag", "version_id", "parts"}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(DENSE))
    file = tmp_path / "dense.csv"
    assert main(["generate", "--spec", str(spec), "-o", str(file)]) == 0
    return file


def manifest_beside(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.with_suffix(".manifest.json").read_text())
    return found


def test_the_manifest_is_the_jobs_without_what_is_a_buckets(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch)
    with embedded_bucket() as bucket:
        of_the_job = manifest_of(bucket, DENSE)
    mine = manifest_beside(made)
    del of_the_job["run"]
    names = {"dense.csv", "dense.accidents.csv", "dense.customers.csv", "dense.outcomes.csv"}
    assert {each.pop("key") for each in mine["files"].values()} == names
    for each in of_the_job["files"].values():
        del each["key"]
        for name in OF_A_BUCKET:
            del each[name]
    card, of_the_jobs = mine.pop("card"), of_the_job.pop("card")
    assert card["key"] == "dense.html"
    assert of_the_jobs.keys() - card.keys() == OF_A_BUCKET - {"parts"}
    assert mine == of_the_job


def test_the_card_is_the_one_that_card_draws(made: Path) -> None:
    """It knows the manifest, and says nothing of folders that its reader does not have."""
    page = made.with_suffix(".html")
    first = page.read_text("utf-8")
    assert str(made.parent) not in first
    assert "dataset version" in text_of(Page(first).section("provenance"))
    assert main(["card", str(made)]) == 0
    assert page.read_text("utf-8").splitlines()[:60] == first.splitlines()[:60]


def test_verify_knows_a_set_that_was_made_here(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(made)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("dense.manifest.json: one set")
    with made.with_suffix(".customers.csv").open("a") as stream:
        stream.write("one more\n")
    assert main(["verify", str(made)]) == 1
    assert "dense.manifest.json: 1 of 5 files differ" in capsys.readouterr().out
