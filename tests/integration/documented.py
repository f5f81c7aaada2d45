"""The commands that the documents tell people to type."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from accidental_transfers.local.deployment import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def commands(document: Path) -> list[str]:
    """The lines of a document's blocks of shell, without their comments, continued ones as one."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if shlex.split(line, comments=True)]


def words(command: str) -> list[str]:
    """A command as its program gets it."""
    return shlex.split(command, comments=True)


def made_by_make(command: str) -> str:
    """What make would run for a command, after the parts of .venv are up to date."""
    shown = subprocess.run(
        [*words(command)[:1], "--no-print-directory", "--dry-run", *words(command)[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.replace("\\\n", " ")
