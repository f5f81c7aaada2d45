"""Files that are named on a command line: what they may not hold is said with the option."""

from pathlib import Path

import pytest

from accidental_transfers.errors import InputFileError
from accidental_transfers.local.cli import main
from accidental_transfers.local.files import read_json

TWICE = '{"customers": 2, "seed": 7, "seed": 8}'


def test_a_key_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(TWICE)
    with pytest.raises(InputFileError, match=r"^--spec: got .*spec\.json; .* seed twice"):
        read_json(spec, "--spec")


def test_so_is_one_of_an_object_within(tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text('{"daily_transactions": {"min": 3, "max": 5, "min": 4}}')
    with pytest.raises(InputFileError, match="min twice"):
        read_json(spec, "--spec")


def test_the_command_refuses_it_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, output = tmp_path / "spec.json", tmp_path / "x.csv"
    spec.write_text(TWICE)
    assert main(["generate", "--spec", str(spec), "--output", str(output)]) == 2
    said = capsys.readouterr().err.strip()
    assert "seed twice" in said
    assert len(said.splitlines()) == 1
    assert not output.exists()


def test_json_that_is_too_deep_is_no_traceback(tmp_path: Path) -> None:
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 200_000)
    with pytest.raises(InputFileError, match="readable JSON"):
        read_json(deep, "--spec")
