"""Files that the user names on a command line; errors name the option as well."""

import json
import os
from pathlib import Path
from typing import Any

from accidental_transfers.errors import InputFileError, OutputError
from accidental_transfers.model.facts.reading import without_repeated_keys


def read_json(path: Path, option: str) -> Any:
    """Read a file of JSON.

    Parameters
    ----------
    option : str
        The option that names the file.

    Raises
    ------
    InputFileError
        If there is no such file, it is not JSON, or an object in it has a key twice.
    """
    try:
        return json.loads(path.read_text("utf-8"), object_pairs_hook=without_repeated_keys)
    except (OSError, ValueError, RecursionError) as error:
        raise InputFileError(
            f"{option}: got {path}; allowed is a readable JSON file: {error}"
        ) from error


def require_folder(folder: Path, option: str) -> None:
    """Make sure that files can be put into a folder, which may not be there yet.

    Parameters
    ----------
    option : str
        The option that names it.

    Raises
    ------
    OutputError
        If they cannot.
    """
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not there.is_dir():
        raise OutputError(f"{option}: {there} is a file; allowed is a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"{option}: got {folder}; nothing can be written into {there}")


def write_text(path: Path, text: str, option: str) -> None:
    """Write a file of text, with the same line ends on every system.

    Parameters
    ----------
    option : str
        The option that may name another file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{option}: {path} cannot be written: {error.strerror}") from error
