"""Where an output that the user names leads: what stands there decides how it is written.

A regular file, or nothing yet, is written aside and renamed. A symbolic link is what it leads to. A
device, a pipe and what the shell has opened are written straight, and never replaced.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from accidental_transfers.errors import OutputError

STANDARD_OUTPUT = "-"
MOST_LINKS = 40
"""Symbolic links that lead on to each other, as many as Linux follows."""
CLOSED_PIPE = {errno.EPIPE, errno.EINVAL} if os.name == "nt" else {errno.EPIPE}
"""What a system says of a pipe that nobody reads any more; to Windows it is an invalid argument."""
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")


@dataclass(frozen=True)
class RegularFile:
    """A place for a file in a folder that is there."""

    path: Path


@dataclass(frozen=True)
class Straight:
    """What is written to as it is.

    Attributes
    ----------
    descriptor : int or None
        Of what this process has open already; None for a device or a pipe with a name.
    """

    name: str
    descriptor: int | None = None


Destination = RegularFile | Straight


def destination(named: str, option: str) -> Destination:
    """Find out where a name leads.

    Parameters
    ----------
    option : str
        The option that names it.

    Raises
    ------
    OutputError
        If no file can be there.
    """
    if named == STANDARD_OUTPUT:
        return Straight("standard output", 1)
    if not named or named.endswith(("/", os.sep)):
        raise OutputError(f"{option}: got {named!r}; allowed is the name of a file, or -")
    try:
        return _found(_followed(Path(named)), named, option)
    except OSError as error:
        raise cannot_be_written(named, error, option) from error


def cannot_be_written(name: object, error: OSError, option: str) -> OutputError:
    """Say that, and why, a file cannot be written."""
    return OutputError(f"{option}: {name} cannot be written: {error.strerror or error}")


def is_closed_pipe(error: BaseException | None) -> bool:
    """Whether an error of a pipe only says that who read it has seen enough."""
    return isinstance(error, BrokenPipeError) or (
        isinstance(error, OSError) and error.errno in CLOSED_PIPE
    )


def _followed(path: Path) -> Path:
    """Follow symbolic links, one at a time, up to what the shell has opened."""
    for _ in range(MOST_LINKS):
        if _DESCRIPTOR.fullmatch(str(path)) or not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(f"more than {MOST_LINKS} symbolic links lead on to each other")


def _found(path: Path, named: str, option: str) -> Destination:
    if opened := _DESCRIPTOR.fullmatch(str(path)):
        return Straight(named, int(opened[1]))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise OutputError(
                f"{option}: {named} cannot be written: there is no folder {path.parent}"
            ) from None
        return RegularFile(path)
    if stat.S_ISDIR(mode):
        raise OutputError(f"{option}: {named} is a folder; allowed is the name of a file, or -")
    return RegularFile(path) if stat.S_ISREG(mode) else Straight(named)
