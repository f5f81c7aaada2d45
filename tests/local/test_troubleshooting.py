"""The page about troubles has every error, with what to do, and its messages are the real ones."""

import re
from pathlib import Path

import pytest

from accidental_transfers.local import cli
from accidental_transfers.local.documents import ROOT
from accidental_transfers.local.documents.troubleshooting import every_error

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
SHOWN = re.findall(r"^\$ accidental-transfers (.*)\n(.*)$", PAGE, re.MULTILINE)


def test_every_error_has_a_section_in_the_order_of_the_tree() -> None:
    assert list(SECTIONS) == list(every_error())


@pytest.mark.parametrize("error", every_error())
def test_a_section_says_what_the_error_means_and_what_to_do(error: str) -> None:
    meaning, end, remedy = SECTIONS[error].partition(f"<!-- /{error} -->")
    assert f"<!-- {error} -->" in meaning
    assert end
    assert len(re.sub(r"^```.*?^```", "", remedy, flags=re.MULTILINE | re.DOTALL).split()) > 5


@pytest.mark.parametrize(("command", "told"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_message_is_what_the_command_says(
    command: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.csv").write_text("name,value\na,1\n")
    assert cli.main(command.split()) == cli.EXIT_REFUSED
    assert capsys.readouterr().err == f"{told}\n"
