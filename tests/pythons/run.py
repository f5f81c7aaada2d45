"""``make pythons``: the same bytes by the library and the command, on every Python there is here.

Each gets an environment of its own with what the library needs, in the locked versions. It is
made once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
ENVIRONMENTS = ROOT / ".venv-pythons"
LOCK = ROOT / "src" / "requirements-local.txt"
CHECK = Path(__file__).with_name("check.py")
USABLE = "import sys, venv; print('%d.%d' % sys.version_info[:2])"


def main() -> int:
    """Check each version; one that is not here is named. Gives the exit status."""
    expected, failed = answer_of(Path(sys.executable)), 0
    for version in VERSIONS:
        began, found = time.monotonic(), python_of(version)
        if found is None:
            print(f"{version}: skipped, it is not on this machine", flush=True)
            continue
        try:
            is_same = answer_of(environment_of(version, found)) == expected
            verdict = "the same bytes" if is_same else "OTHER BYTES"
        except subprocess.CalledProcessError as error:
            is_same, verdict = False, f"FAILED\n{error.stderr}"
        failed += not is_same
        print(f"{version}: {verdict}, {time.monotonic() - began:.1f} s", flush=True)
    return int(failed > 0)


def python_of(version: str) -> Path | None:
    """Find an interpreter; each is tried, because a version manager's shim may fail."""
    folder = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    on_path = shutil.which(f"python{version}")
    named = [*([Path(on_path)] if on_path else []), *folder.glob(f"{version}.*/bin/python3")]
    for candidate in named:
        tried = subprocess.run(
            [candidate, "-c", USABLE], capture_output=True, text=True, check=False
        )
        if tried.stdout.strip() == version:
            return candidate
    return None


def environment_of(version: str, python: Path) -> Path:
    """Make an environment for an interpreter, unless there is one for the lock; its interpreter."""
    wanted = needed()
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:12]
    folder = ENVIRONMENTS / f"{version}-{digest}"
    if not (folder / "made").exists():
        for former in ENVIRONMENTS.glob(f"{version}-*"):
            shutil.rmtree(former)
        run([python, "-m", "venv", "--without-pip", folder])
        (folder / "requirements.txt").write_text(wanted, "utf-8")
        run([sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check",
             "--python", folder / "bin" / "python", "install", "--no-deps", "--require-hashes",
             "--no-compile", "-r", folder / "requirements.txt"])  # fmt: skip
        (folder / "made").touch()
    return folder / "bin" / "python"


def needed() -> str:
    """Give the part of the lock that the library needs, with its hashes."""
    blocks: dict[str, list[str]] = {}
    for line in LOCK.read_text("utf-8").splitlines():
        if line and line[0] not in " #":
            blocks[str(canonicalize_name(Requirement(line.removesuffix("\\")).name))] = own = []
        if blocks:
            own.append(line)
    library = closure("accidental-transfers")
    return "\n".join(line for name, lines in blocks.items() if name in library for line in lines)


def closure(name: str) -> set[str]:
    """Name what a distribution needs, and what that needs; wherever it is installed."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        for wanted in filter(is_always, map(Requirement, requires(each) or ())):
            known = str(canonicalize_name(wanted.name))
            if known not in found:
                found.add(known)
                waiting.append(known)
    return found


def is_always(wanted: Requirement) -> bool:
    """Whether a distribution needs another one here, without any extra."""
    return wanted.marker is None or wanted.marker.evaluate({"extra": ""})


def answer_of(python: Path) -> Any:
    """Give what the check finds with an interpreter: a checksum for each file."""
    with tempfile.TemporaryDirectory() as folder:
        return json.loads(run([python, "-W", "error", CHECK, folder]))


def run(command: list[Any]) -> str:
    """Run a command with this checkout's package."""
    return subprocess.run(
        list(map(str, command)),
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
