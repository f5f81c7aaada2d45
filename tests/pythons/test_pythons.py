"""The oldest Python that is promised is the one that is checked, and the library needs no more."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tests.pythons import run

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_checkers_aim_at_the_oldest_python_that_is_promised() -> None:
    promised = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [version for version in run.VERSIONS if version in promised] == list(run.VERSIONS)
    assert "3.10" not in promised
    # ruff takes it from requires-python.
    assert PROJECT["tool"]["mypy"]["python_version"] == run.VERSIONS[0]


def test_an_environment_has_what_the_library_needs_and_no_aws() -> None:
    names = {line.split("==")[0] for line in run.needed().splitlines() if line[0] != " "}
    assert {"numpy", "pandas", "pydantic", "pydantic-core", "rich", "jinja2", "markupsafe"} <= names
    assert names.isdisjoint({"boto3", "moto", "pyarrow", "scikit-learn", "cryptography"})


def test_a_python_that_is_not_here_is_skipped_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.python_of("2.5") is None
    monkeypatch.setattr(run, "VERSIONS", ("2.5",))
    monkeypatch.setattr(run, "answer_of", lambda _: {})
    assert run.main() == 0
    assert capsys.readouterr().out == "2.5: skipped, it is not on this machine\n"


def test_other_bytes_and_a_crash_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter([{"library.csv": "one"}, {"library.csv": "another"}])
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    monkeypatch.setattr(run, "VERSIONS", (version,))
    monkeypatch.setattr(run, "python_of", lambda _: Path(sys.executable))
    monkeypatch.setattr(run, "environment_of", lambda _, python: python)
    monkeypatch.setattr(run, "answer_of", lambda _: next(answers))
    assert run.main() == 1
    assert "OTHER BYTES" in capsys.readouterr().out
    with pytest.raises(subprocess.CalledProcessError):
        run.run([sys.executable, "-c", "import no_such_module"])


def test_continuous_integration_runs_it() -> None:
    steps = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert "make pythons" in steps
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
