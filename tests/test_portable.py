"""Nothing depends on the system that it runs on: encodings, line ends, pipes, addresses."""

import ast
import errno
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.errors import OutputError
from accidental_transfers.local import destination, serve
from accidental_transfers.local.cli import main
from accidental_transfers.local.destination import Straight
from accidental_transfers.local.written import written_straight

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "src").rglob("*.py"))
OPENING = ("open", "read_text", "write_text")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def openings(module: Path) -> Iterator[tuple[str, ast.Call]]:
    """The calls in a file that open one, whatever they are called on."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in OPENING:
                yield name, node


def texts_in(call: ast.Call) -> set[Any]:
    return {each.value for each in call.args if isinstance(each, ast.Constant)}


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_text_names_its_encoding_and_a_written_one_its_line_ends(module: Path) -> None:
    """Elsewhere the usual encoding is not UTF-8, and a line ends otherwise."""
    for name, call in openings(module):
        keywords = {each.arg for each in call.keywords}
        if name == "read_text":
            assert "utf-8" in texts_in(call), ast.unparse(call)
        elif name == "write_text" and isinstance(call.func, ast.Attribute):
            assert "utf-8" in texts_in(call), ast.unparse(call)
            assert "newline" in keywords, ast.unparse(call)
        elif name == "open" and texts_in(call) & {"r", "w", "x", "a"}:
            assert {"encoding", "newline"} <= keywords, ast.unparse(call)


def test_the_rule_finds_what_it_forbids(tmp_path: Path) -> None:
    for line in ("p.read_text()", "p.write_text(t)", "p.write_text(t, 'utf-8')", "p.open('w')"):
        (tmp_path / "x.py").write_text(line)
        with pytest.raises(AssertionError):
            test_every_text_names_its_encoding_and_a_written_one_its_line_ends(tmp_path / "x.py")


class ClosedPipe(io.RawIOBase):
    """A pipe of Windows that nobody reads any more."""

    def writable(self) -> bool:
        return True

    def write(self, _: Any, /) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destination, "CLOSED_PIPE", {errno.EPIPE, errno.EINVAL})


def write_to_a_closed_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("builtins.open", lambda *_: ClosedPipe())
        with written_straight(Straight("a pipe"), "--output") as text:
            text.write("customer_id\n")


@pytest.mark.usefixtures("on_windows")
def test_on_windows_too_a_reader_of_the_dataset_may_have_seen_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_to_a_closed_pipe(monkeypatch)


class ClosedTerminal(io.StringIO):
    """Standard output of Windows that nobody reads any more."""

    def flush(self) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")


@pytest.mark.parametrize(
    ("known", "status"), [({errno.EPIPE, errno.EINVAL}, 0), ({errno.EPIPE}, 2)]
)
def test_on_windows_too_a_reader_of_what_is_said_may_have_seen_enough(
    known: set[int], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destination, "CLOSED_PIPE", known)
    monkeypatch.setattr("sys.stdout", ClosedTerminal())
    monkeypatch.setattr("accidental_transfers.local.cli._let_go_of_standard_output", lambda: None)
    assert main(["completion", "bash"]) == status


def test_elsewhere_an_invalid_argument_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match="a pipe cannot be written: Invalid argument"):
        write_to_a_closed_pipe(monkeypatch)


@pytest.mark.parametrize(
    ("platform", "host", "file"),
    [
        ("linux", "172.17.0.1", "local-env"),
        ("darwin", "127.0.0.1", "local-env-desktop"),
        ("win32", "127.0.0.1", "local-env-desktop"),
    ],
)
def test_containers_find_the_embedded_s3_where_it_is_served(
    platform: str, host: str, file: str
) -> None:
    assert serve.host_for(platform) == host
    settings = json.loads((ROOT / "events" / f"{file}.json").read_text("utf-8"))
    seen = host if platform == "linux" else "host.docker.internal"
    assert settings["Parameters"] == {"AWS_ENDPOINT_URL_S3": f"http://{seen}:{serve.PORT}"}
