"""The tutorial runs as it stands, and prints what it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accidental_transfers.local import cli
from tests.integration.documented import commands, words
from tests.pages import BLOCK

ROOT = Path(__file__).parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.md"


def test_every_block_of_python_is_one_that_the_tests_run() -> None:
    text = TUTORIAL.read_text("utf-8")
    assert text.count("```python") == len(BLOCK.findall(text)) > 8


@pytest.mark.slow
def test_the_tutorial_prints_what_it_says_and_its_command_makes_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "OMP_NUM_THREADS": "1",  # more would not be faster beside other tests
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.pages", str(TUTORIAL)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    of_library = (tmp_path / "payments.csv").rename(tmp_path / "of library.csv")
    (command,) = (each for each in commands(TUTORIAL) if " generate " in each)
    monkeypatch.chdir(tmp_path)
    assert cli.main([*words(command)[1:], "--quiet"]) == os.EX_OK
    assert (tmp_path / "payments.csv").read_bytes() == of_library.read_bytes()
