"""What is locked, and what the project asks for."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LAMBDA = ROOT / "src" / "requirements.txt"
LAMBDA_PARQUET = ROOT / "src" / "requirements-parquet.txt"
LOCAL = ROOT / "src" / "requirements-local.txt"
TESTS = ROOT / "tests" / "requirements.txt"
LOCALSTACK = ROOT / "tests" / "localstack" / "requirements.txt"
LOCKS = (LAMBDA, LAMBDA_PARQUET, LOCAL, TESTS, LOCALSTACK)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = {
    extra: {str(canonicalize_name(wanted.name)): wanted for wanted in map(Requirement, listed)}
    for extra, listed in PROJECT["project"]["optional-dependencies"].items()
}


def requirements(lock: Path) -> Iterator[Requirement]:
    """The pinned requirements of a lock, without their hashes."""
    for line in lock.read_text().splitlines():
        if line and not line.startswith((" ", "#")):
            yield Requirement(line.removesuffix("\\"))


def pins(lock: Path) -> dict[str, str]:
    """The locked version of every distribution that applies to this Python."""
    return {
        str(canonicalize_name(item.name)): str(item.specifier).removeprefix("==")
        for item in requirements(lock)
        if item.marker is None or item.marker.evaluate()
    }


def group(name: str) -> Iterator[Requirement]:
    """The requirements of a dependency group, those of the groups it includes as well."""
    entries: list[Any] = PROJECT["dependency-groups"][name]
    for entry in entries:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from group(entry["include-group"])


def name_of(path: Path) -> str:
    """A file, as people name it."""
    return str(path.relative_to(ROOT))
