"""A folder that appears with all that is in it, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accidental_transfers.errors import OutputError, OutputExistsError, TornSetError
from accidental_transfers.local.destination import cannot_be_written
from accidental_transfers.local.named_set import NamedFile, measured
from accidental_transfers.local.package.local_set import LocalSet

OPTION = "--output"


@dataclass(frozen=True)
class Copied:
    """A file in the folder.

    Attributes
    ----------
    sha256
        64 hexadecimal digits.
    """

    name: str
    bytes: int
    sha256: str


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Give a folder to fill that takes a path's place when everything went well.

    Raises
    ------
    OutputExistsError
        If there is something at that path, other than an empty folder.
    OutputError
        If it cannot be written.
    """
    target = output.resolve()
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _require_free(target, output)
        aside.mkdir()
        try:
            yield aside
            if target.is_dir():
                # Windows renames nothing to what is there, be it empty.
                target.rmdir()
            aside.rename(target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise cannot_be_written(output, error, OPTION) from error


def _require_free(target: Path, output: Path) -> None:
    is_free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if not is_free:
        raise OutputExistsError(
            f"{OPTION}: got {output}, where something is; allowed is a folder that is not there "
            "yet, or empty"
        )
    if not target.parent.is_dir():
        raise OutputError(
            f"{OPTION}: {output} cannot be written: there is no folder {target.parent}"
        )


def copied_set(given: LocalSet, folder: Path) -> dict[str, Copied]:
    """Copy all files of a set, its manifest too, each checked on the way.

    A file is read once, for the copy, for what the manifest says of it and for its SHA-256.

    Returns
    -------
    What was copied, by what it holds.

    Raises
    ------
    TornSetError
        If a file is not what the manifest says.
    """
    made = {what: _copied(given.path(what), folder, named) for what, named in given.named.items()}
    return {**made, "manifest": _copied(given.manifest, folder, None)}


def require_whole(given: LocalSet) -> None:
    """Go on only if every file of a set is what its manifest says.

    Raises
    ------
    TornSetError
        If one is not.
    """
    for what, named in given.named.items():
        _checked(given.path(what), named)


def _copied(source: Path, folder: Path, named: NamedFile | None) -> Copied:
    digest = hashlib.sha256()
    with (folder / source.name).open("xb") as stream:
        size = _checked(source, named, digest.update, stream.write)
    return Copied(source.name, size, digest.hexdigest())


def _checked(source: Path, named: NamedFile | None, *also: Callable[[bytes], object]) -> int:
    """Read a file to its end, as `measured` does, and give its size."""
    if not os.access(source, os.R_OK):
        raise TornSetError(f"{source} cannot be read; the manifest names it")
    size, crc32 = measured(source, *also)
    difference = named.difference(size, crc32) if named else ""
    if difference:
        raise TornSetError(f"{source} {difference}")
    return size
