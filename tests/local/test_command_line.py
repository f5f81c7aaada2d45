"""The command line: what was meant is suggested, and a shell can complete it."""

import os
import re
import shlex
import shutil
import signal
import sys
from pathlib import Path

import pytest

from accidental_transfers import __version__
from accidental_transfers.dataset.version import DATASET_VERSION
from accidental_transfers.local import __main__ as command
from accidental_transfers.local.cli import main
from accidental_transfers.spec import JobSpec
from tests.local.command import shell

COMMANDS = [
    "generate", "card", "evaluate", "tasks", "facts", "verify", "package", "completion"
]  # fmt: skip
STARTED = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == interrupted:
            os.kill(os.getpid(), signal.SIGINT)

interrupted = sys.argv.pop(1)
sys.meta_path.insert(0, Interrupting())
from accidental_transfers.local.__main__ import main
sys.exit(main())
"""
COMMANDS = [
    "generate", "card", "evaluate", "tasks", "facts", "verify", "package", "completion"
]  # fmt: skip


def refused(*arguments: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)


@pytest.mark.parametrize(
    ("arguments", "suggested"),
    [
        (["genrate"], "did you mean generate?"),
        (["generate", "--custmers", "5"], "did you mean --customers?"),
        (["generate", "--end_date=2024-02-02"], "did you mean --end-date?"),
        (["evaluate", "x.csv", "--without-model"], "did you mean --without-models?"),
        (["facts", "chek"], "check"),
    ],
)
def test_a_slip_of_the_pen_is_named_in_one_line(
    arguments: list[str], suggested: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(*arguments)
    said = capsys.readouterr().err
    assert suggested in said
    assert len(said.splitlines()) == 1


def test_nothing_is_suggested_where_nothing_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    refused("generate", "--xyzzy")
    assert "did you mean" not in capsys.readouterr().err


def test_an_abbreviation_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    refused("generate", "--custom", "5")
    assert "did you mean --customers?" in capsys.readouterr().err


def test_a_field_of_a_file_is_suggested_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text('{"custmers": 5}')
    assert main(["generate", "--spec", str(spec), "-o", str(tmp_path / "x.csv")]) == 2
    assert capsys.readouterr().err.endswith("; did you mean customers?\n")


def test_the_version_names_the_code_and_the_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    wanted = f"accidental-transfers {__version__} (dataset version {DATASET_VERSION})\n"
    assert capsys.readouterr().out == wanted


@pytest.mark.parametrize("command", [[], *([each] for each in COMMANDS)])
def test_every_help_names_the_exit_codes(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--help"])
    said = capsys.readouterr().out
    assert re.findall(r"^  (\d+)  ", said, re.MULTILINE) == ["0", "1", "2", "130"]


def completion(shell_name: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell_name]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_completion_knows_every_command_and_every_field(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = completion(name, capsys)
    assert [command for command in COMMANDS if command not in said] == []
    hyphens = "-l " if name == "fish" else "--"
    fields = [f"{hyphens}{field.replace('_', '-')}" for field in JobSpec.model_fields]
    assert [field for field in fields if field not in said] == []


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["gen"], ["generate"]),
        (["generate", "--custom"], ["--customers", "--customers-per-slice"]),
        (["completion", ""], ["-h", "--help", "bash", "zsh", "fish"]),
        (["facts", "ch"], ["check"]),
        (["card", "--output", "x"], []),
    ],
)
def test_bash_completes(
    tmp_path: Path, words: list[str], completed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "completion").write_text(completion("bash", capsys))
    line = (
        f"source completion; COMP_WORDS=(accidental-transfers {' '.join(words[:-1])} "
        f"'{words[-1]}'); COMP_CWORD={len(words)}; _accidental_transfers; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    assert shell(line, tmp_path).stdout.split() == completed


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_another_shell_reads_its_completion(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    (tmp_path / "completion").write_text(completion(name, capsys))
    assert shell(f"{name} -n completion", tmp_path).returncode == 0


def test_ctrl_c_is_told_in_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("accidental_transfers.local.card.read_files", interrupted)
    assert command.main(["card", str(tmp_path / "x.csv")]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


@pytest.mark.slow
@pytest.mark.parametrize("module", ["pydantic", "numpy", "rich", "accidental_transfers.local.cli"])
def test_ctrl_c_during_the_imports_is_told_in_the_same_word(module: str, tmp_path: Path) -> None:
    """As the script that pip installs starts it; the signal comes as the module is looked for."""
    (tmp_path / "started.py").write_text(STARTED)
    done = shell(f"{sys.executable} started.py {module} generate --dry-run", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


@pytest.mark.parametrize(
    "line",
    [
        "card .",
        "card ''",
        "card folder.csv",
        "card bytes.csv",
        "evaluate .",
        "evaluate bytes.csv",
        "tasks folder.csv",
        "verify .",
        "verify folder.csv",
        "facts check nowhere",
        "facts check bytes.csv",
        "generate --spec .",
        "generate --spec bytes.csv",
        "generate --seed '' -o x.csv",
        "generate --customers 9999999999999999999999 -o x.csv",
        "generate --lookalikes nan -o x.csv",
    ],
)
def test_what_a_person_may_type_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe")
    assert main(shlex.split(line)) == 2
    assert capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bytes.csv", "folder.csv"]


def test_a_terminal_shows_rows_their_rate_and_the_time_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    line = ["generate", "--customers", "100", "--end-date", "2024-02-29", "-o"]
    assert main([*line, str(tmp_path / "x.csv")]) == 0
    said = capsys.readouterr().err
    assert re.search(r"[1-9][\d,]+ rows .*[1-9][\d,]+ rows/s .*\d:\d\d.* left", said)
    assert main([*line, str(tmp_path / "x.csv"), "--quiet"]) == 0
    assert capsys.readouterr().err == ""
