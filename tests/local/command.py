"""The command in a process of its own, as a person runs it."""

import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "accidental_transfers.local"]
ROOT = Path(__file__).parents[2]
PATHS = {"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"}


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of Bash, in which ``$command`` is the command."""
    return subprocess.run(
        ["bash", "-c", f"command='{' '.join(COMMAND)}'; {line}"],
        cwd=folder,
        env={**PATHS, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
