import json
from pathlib import Path

import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.local.cli import main
from tests.evaluation.foreign import foreign_frame
from tests.samples import fixed


@pytest.mark.slow
def test_the_questions_are_answered_for_the_own_dataset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """12 customers, some 2 % of whose 12,000 payments are labelled; without bursts."""
    monkeypatch.setenv("COLUMNS", "200")
    spec = DatasetSpec.parse({
        "preset": "dense", "customers": 12, "seed": 7, "accident_probability": fixed(0),
        "mistyped_entity_accident_probability": fixed(0.25),
    })  # fmt: skip
    table, path = generate(spec), tmp_path / "own.csv"
    with path.open("w") as stream:
        table.write_csv(stream)
    with (tmp_path / "own.accidents.csv").open("w") as stream:
        table.write_accidents_csv(stream)
    assert main(["tasks", str(path), "--page", str(tmp_path / "page.md")]) == 0
    found = json.loads((tmp_path / "own.tasks.json").read_text())
    assert found["test_days"] == 31
    judged = {(row["target"], row["by"]): row["found"] for row in found["which_row"]}
    blind, model, best = (
        judged["any", by]["average_precision"]["value"]
        for by in ("a blind guess", "with five minutes more", "who knows the answer")
    )
    assert blind < 0.2
    assert 2 * blind < model < best
    assert best == 1
    assert ("mistyped", "with a day more") in judged
    nearest = next(each for each in found["whom"] if each["by"] == "rule: the nearest number")
    assert 0.3 < nearest["top"][0]["value"] <= nearest["top"][1]["value"] <= 1
    assert "accidental-transfers tasks own.csv --page page.md" in (tmp_path / "page.md").read_text()
    printed = capsys.readouterr().out
    for title in ("Which row is an accident?", "Whom did they mean?", "How much did they mean?"):
        assert title in printed


def test_a_dataset_without_companions_is_told_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    foreign_frame(customers=5, days=9).to_csv(path, index=False)
    target = tmp_path / "elsewhere.json"
    assert main(["tasks", str(path), "--json", str(target)]) == 0
    found = json.loads(target.read_text())
    assert found["notes"]["how much"] == "needs the companion .accidents.csv"
    assert found["whom"] == []
    assert not (tmp_path / "data.tasks.json").exists()


def test_a_page_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, page = tmp_path / "data.csv", tmp_path / "nowhere" / "page.md"
    foreign_frame(customers=3, days=9).to_csv(path, index=False)
    assert main(["tasks", str(path), "--page", str(page)]) == 2
    assert f"OutputError: --page: {page} cannot be written" in capsys.readouterr().err
