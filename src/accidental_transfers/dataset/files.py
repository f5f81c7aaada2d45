"""A table's files: each appears under its name when everything is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from accidental_transfers.errors import OutputError
from accidental_transfers.spec.files import CSV_FILES, ENDING, CsvFile, ending

if TYPE_CHECKING:
    from accidental_transfers.dataset.blocks import Blocks


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Give a file to write that takes a path's place when everything went well.

    What a symbolic link points to is replaced, not the link. A device or a pipe is written itself.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    target = path.resolve()
    is_special = target.exists() and not (target.is_file() or target.is_dir())
    partial = target if is_special else target.with_name(f"{target.name}.part")
    try:
        yield partial
        if partial != target:
            partial.replace(target)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if partial != target:
            partial.unlink(missing_ok=True)


def write_csv_files(blocks: Blocks, path: Path, companions: bool) -> None:
    """Write the dataset's CSV, and its companions beside it.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    files = CSV_FILES if companions else CSV_FILES[:1]
    with ExitStack() as stack:
        streams = {file: stack.enter_context(_text(beside(path, file))) for file in files}
        # One after the other, so that each block is made once for all files.
        for position, part in enumerate(blocks.iter_parts()):
            for file, stream in streams.items():
                part.write(file, stream, header=position == 0)


def beside(path: Path, file: CsvFile, format_: str = ENDING) -> Path:
    """Name a file of the dataset that is at a path, in some format: see `spec.files.ending`."""
    if file == "dataset":
        return path
    return path.with_name(path.name.removesuffix(format_) + ending(file, format_))


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    with written_aside(path) as partial, partial.open("w", encoding="ascii", newline="") as stream:
        yield stream
