"""Files that are being written: counted on the way, and there all at once or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from accidental_transfers.errors import OutputError
from accidental_transfers.local.destination import (
    RegularFile,
    Straight,
    cannot_be_written,
    is_closed_pipe,
)


class CountedText:
    """Text on its way into a file.

    Attributes
    ----------
    bytes : int
        Size of what was written.
    lines : int
        How many ended; of a file that is no text, as many as its CSV has.
    crc32 : int
        As `zlib.crc32` gives it.
    """

    def __init__(self, stream: BinaryIO, name: object, option: str) -> None:
        self._stream, self._name, self._option = stream, name, option
        self.bytes = self.lines = self.crc32 = 0

    def write(self, text: str, /) -> None:
        """Write text.

        Raises
        ------
        OutputError
            If it does not fit there.
        BrokenPipeError
            If nobody reads any more.
        """
        encoded = text.encode("utf-8", "replace")
        self.lines += encoded.count(b"\n")
        self.write_bytes(encoded)

    def write_bytes(self, content: bytes) -> None:
        """Write what is no text of lines: whoever does counts the lines.

        Raises
        ------
        OutputError, BrokenPipeError
            As `write`.
        """
        self.bytes += len(content)
        self.crc32 = zlib.crc32(content, self.crc32)
        with self._naming_errors():
            self._stream.write(content)

    def writelines(self, lines: Iterable[str], /) -> None:
        """Write lines, which have their ends."""
        self.write("".join(lines))

    def close(self) -> None:
        """Write what is still held, and close."""
        with self._naming_errors():
            self._stream.close()

    @contextlib.contextmanager
    def _naming_errors(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise cannot_be_written(self._name, error, self._option) from error


@contextlib.contextmanager
def written_straight(place: Straight, option: str) -> Iterator[CountedText]:
    """Write to a device, a pipe or what the shell has opened.

    Who reads a pipe may have seen enough, as in ``… | head``: that is no error.

    Raises
    ------
    OutputError
        If it cannot be written to.
    """
    try:
        opened = place.name if place.descriptor is None else os.dup(place.descriptor)
        stream = open(opened, "wb")  # noqa: PTH123, SIM115
    except OSError as error:
        raise cannot_be_written(place.name, error, option) from error
    text = CountedText(stream, place.name, option)
    try:
        try:
            yield text
        finally:
            text.close()
    except (BrokenPipeError, OutputError) as failed:
        if not (is_closed_pipe(failed) or is_closed_pipe(failed.__cause__)):
            raise


class FilesAside:
    """Files that appear under their names together, when all of them are written.

    Until then they have names of their own beside them. If anything goes wrong, even at the
    keyboard, nothing is left of them, and what stood there before still does.
    """

    def __init__(self, option: str) -> None:
        self._option = option
        self._files: dict[Path, tuple[Path, CountedText]] = {}

    def open(self, place: RegularFile) -> CountedText:
        """Begin a file.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        aside = place.path.with_name(f".{place.path.name}.{os.getpid()}.part")
        try:
            stream = aside.open("wb")
        except OSError as error:
            raise cannot_be_written(place.path, error, self._option) from error
        text = CountedText(stream, place.path, self._option)
        self._files[place.path] = aside, text
        return text

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._appear()
        finally:
            self._clear()

    def _appear(self) -> None:
        for _, text in self._files.values():
            text.close()
        for path, (aside, _) in self._files.items():
            try:
                if path.exists():
                    shutil.copymode(path, aside)
                aside.replace(path)
            except OSError as error:
                raise cannot_be_written(path, error, self._option) from error

    def _clear(self) -> None:
        for aside, text in self._files.values():
            with contextlib.suppress(OSError, OutputError):
                text.close()
            aside.unlink(missing_ok=True)
