"""`generate --output`: what stands there decides how it is written, and nothing is lost."""

import json
import os
import signal
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest

from accidental_transfers.local.cli import main
from tests.local.command import COMMAND, PATHS, shell

TWO = ["generate", "--customers", "2", "--end-date", "2024-01-05"]
SET = [
    "two.accidents.csv",
    "two.csv",
    "two.customers.csv",
    "two.html",
    "two.manifest.json",
    "two.outcomes.csv",
]
HEADER = "customer_id,transaction_id,timestamp,"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def two(output: object) -> int:
    return main([*TWO, "--output", str(output)])


@pytest.fixture
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("expected") / "two.csv"
    assert two(file) == 0
    return file.read_bytes()


def test_all_files_of_a_set_are_made_and_nothing_else(tmp_path: Path) -> None:
    assert two(tmp_path / "two.csv") == 0
    assert names(tmp_path) == SET


def test_the_short_option_is_the_same(tmp_path: Path, expected: bytes) -> None:
    assert main([*TWO, "-o", str(tmp_path / "two.csv")]) == 0
    assert (tmp_path / "two.csv").read_bytes() == expected


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path, expected: bytes) -> None:
    file = tmp_path / "two.csv"
    file.write_text("before")
    file.chmod(0o640)
    with file.open() as reader:
        assert two(file) == 0
        assert reader.read() == "before"
    assert file.read_bytes() == expected
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_symbolic_link_is_what_it_leads_to(tmp_path: Path, expected: bytes) -> None:
    """As if its end had been named, through a second link and to a file that is not there yet."""
    there = tmp_path / "there"
    there.mkdir()
    (tmp_path / "second").symlink_to("there/two.csv")
    link = tmp_path / "first.csv"
    link.symlink_to("second")
    assert two(link) == 0
    assert link.readlink() == Path("second")
    assert (there / "two.csv").read_bytes() == expected
    assert names(there) == SET
    assert names(tmp_path) == ["first.csv", "second", "there"]


def test_links_that_lead_nowhere_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.csv").symlink_to("other.csv")
    (tmp_path / "other.csv").symlink_to("one.csv")
    assert two(tmp_path / "one.csv") == 2
    assert "OutputError: --output" in capsys.readouterr().err


def test_a_pipe_with_a_name_is_written_to_and_stays(tmp_path: Path, expected: bytes) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    assert two(pipe) == 0
    reader.join(30)
    assert read == [expected]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == ["pipe.csv"]


@pytest.mark.slow
@pytest.mark.parametrize("place", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("into", ["| cat > got.csv", "> got.csv", ">> got.csv"])
def test_what_the_shell_opened_is_written_straight(
    tmp_path: Path, expected: bytes, place: str, into: str
) -> None:
    """Even by root, who could replace /dev/stdout; what stood before `>>` stays."""
    (tmp_path / "link").symlink_to("/dev/stdout")
    (tmp_path / "got.csv").write_text("before\n")
    before = os.lstat("/dev/stdout")
    done = shell(f"$command {' '.join(TWO)} --output {place} {into}", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    kept = b"before\n" if ">>" in into else b""
    assert (tmp_path / "got.csv").read_bytes() == kept + expected
    assert names(tmp_path) == ["got.csv", "link"]
    assert os.lstat("/dev/stdout") == before


def test_a_device_is_written_to_and_stays(capsys: pytest.CaptureFixture[str]) -> None:
    assert two("/dev/null") == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116
    assert two("/dev/full") == 2
    assert "OutputError: --output: /dev/full cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["", ".", "..", "new/", "nowhere/two.csv", "file/two.csv"])
def test_what_can_be_no_file_is_refused_before_the_work(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    output: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A million customers would take minutes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    assert main(["generate", "--customers", "1000000", "--output", output]) == 2
    assert "OutputError: --output: " in capsys.readouterr().err
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("name", ["two.html", "two.accidents.csv"])
def test_a_file_of_the_set_that_cannot_be_one_is_refused(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).mkdir()
    assert two(tmp_path / "two.csv") == 2
    assert name in capsys.readouterr().err
    assert names(tmp_path) == [name]


def test_the_dataset_does_not_take_the_name_of_its_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert two(tmp_path / "two.html") == 2
    assert "which is the name of the card" in capsys.readouterr().err


def test_a_file_of_another_set_stands_when_asked_to_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "two.customers.csv").write_text("mine")
    assert main([*TWO, "--if-exists", "fail", "-o", str(tmp_path / "two.csv")]) == 2
    assert "two.customers.csv exists" in capsys.readouterr().err
    assert names(tmp_path) == ["two.customers.csv"]


@pytest.mark.slow
def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("before")
    done = shell(f"ulimit -f 2; $command {' '.join(TWO)} -o two.csv", tmp_path)
    assert done.returncode == 2
    assert "OutputError: --output: two.csv cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "two.csv").read_text() == "before"
    assert names(tmp_path) == ["two.csv"]


@pytest.mark.slow
def test_ctrl_c_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("before")
    with subprocess.Popen(
        [*COMMAND, "generate", "--customers", "100000", "-o", "two.csv"],
        cwd=tmp_path,
        env=PATHS,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        while len(names(tmp_path)) == 1 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert said == "Interrupted.\n"
    assert names(tmp_path) == ["two.csv"]
    assert (tmp_path / "two.csv").read_text() == "before"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("$command generate --customers 1000 -o - | head -1", 0),
        ("$command generate --help | head -1", 0),
        ("$command completion bash > /dev/full", 2),
        ("$command generate --dry-run > /dev/full", 2),
        ("$command generate --customers 1 -o - >&-", 2),
        ("$command generate --dry-run >&-", 0),
    ],
)
def test_a_closed_and_a_full_pipe_bring_no_traceback(
    tmp_path: Path, line: str, status: int
) -> None:
    done = shell(f"set -o pipefail; {line}", tmp_path)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (status != 0)


def test_scripts_are_told_in_json_what_was_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: bytes
) -> None:
    capsys.readouterr()
    file = tmp_path / "two.csv"
    assert main([*TWO, "--json", "-o", str(file)]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert said.err == ""
    assert told["rows"] == expected.count(b"\n") - 1
    assert told["bytes"] == len(expected)
    assert sorted(Path(path).name for path in told["files"].values()) == SET
    assert main(["generate", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"customers": 900, "expected_rows": 941850}


def test_json_and_the_dataset_do_not_share_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*TWO, "--json", "-o", "-"]) == 2
    assert "--output: got - with --json" in capsys.readouterr().err


def test_quiet_is_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*TWO, "--quiet", "-o", str(tmp_path / "two.csv")]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["evaluate --without-models", "tasks"])
def test_whoever_has_seen_enough_of_a_judgement_is_no_error(tmp_path: Path, command: str) -> None:
    """The judgement itself is written before, and tells what the exit status then does not."""
    assert main(["generate", "-q", "--customers", "4", "-o", str(tmp_path / "few.csv")]) == 0
    done = shell(f"set -o pipefail; $command {command} few.csv | true", tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Traceback" not in done.stderr
    written = {path.name for path in tmp_path.glob("few.*.json")} - {"few.manifest.json"}
    assert written <= {"few.scorecard.json", "few.tasks.json"}
    assert len(written) == 1


@pytest.mark.slow
def test_a_terminal_without_our_letters_gets_others(tmp_path: Path) -> None:
    assert main(["generate", "-q", "--customers", "2", "-o", str(tmp_path / "few.csv")]) == 0
    line = "$command evaluate --without-models few.csv"
    done = shell(line, tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode in {0, 1}
    assert done.stderr == ""
    assert "Scorecard" in done.stdout
