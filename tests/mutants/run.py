"""``make mutants``: break one promise of the protocol after the other, and see the tests notice."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.mutants.mutant import Edit, Mutant
from tests.mutants.mutants import MUTANTS

ROOT = Path(__file__).parents[2]
FAILED = 1
"""What pytest answers where tests failed; it answers otherwise where it could not run them."""


def copy_of_the_project(target: Path) -> None:
    """Copy what git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


@contextmanager
def mutated(copy: Path, edits: Sequence[Edit]) -> Iterator[None]:
    """Break a copy of the project, within the context."""
    originals = {edit.file: (copy / edit.file).read_text("utf-8") for edit in edits}
    for edit in edits:
        text = (copy / edit.file).read_text("utf-8")
        if text.count(edit.old) != 1:
            raise ValueError(f"{edit.file} has not once but {text.count(edit.old)} ×: {edit.old}")
        (copy / edit.file).write_text(text.replace(edit.old, edit.new), "utf-8")
    yield
    for file, text in originals.items():
        (copy / file).write_text(text, "utf-8")


def tests_answer(copy: Path, killers: Sequence[str]) -> int:
    """Run tests in the copy, against its code, up to the first that fails."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *killers],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode


def verdict(copy: Path, mutant: Mutant) -> str:
    """Tell whether the tests notice a mutant."""
    with mutated(copy, mutant.edits):
        answer = tests_answer(copy, mutant.killers)
    return {FAILED: "killed", 0: "SURVIVED"}.get(answer, f"pytest answered {answer}")


def main() -> int:
    """Try the mutants that break what was asked for, and tell whether all were killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("breaks", nargs="?", default="", help="a word of what they break")
    word = parser.parse_args().breaks
    mutants = [mutant for mutant in MUTANTS if word in mutant.breaks]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy_of_the_project(copy)
        killers = sorted({killer for mutant in mutants for killer in mutant.killers})
        if tests_answer(copy, killers) != 0:
            print("the tests fail without any mutant")
            return 1
        verdicts = []
        for mutant in mutants:
            verdicts.append(verdict(copy, mutant))
            print(f"{verdicts[-1]:<10} {mutant.breaks}", flush=True)
    print(f"{verdicts.count('killed')} of {len(mutants)} mutants killed")
    return 0 if set(verdicts) <= {"killed"} else 1


if __name__ == "__main__":
    sys.exit(main())
