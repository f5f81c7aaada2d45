"""The formats of a dataset's file: which one is meant, and what writes it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, get_args

from accidental_transfers.dataset.parquet import parquet_rows
from accidental_transfers.dataset.table import Table
from accidental_transfers.errors import OutputError
from accidental_transfers.local.written import CountedText
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CsvFile

Format = Literal["csv", "csv.gz", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
CSV, GZIPPED, PARQUET = FORMATS
OTHERS = ("gz", "zip", "zst", "json", "jsonl", "xlsx", "feather", "arrow", "avro", "orc")
"""What names of files end in that are something else."""
WriteRows = Callable[[Table, bool], None]
"""Writes a table, with the header if it is the first."""


def format_of(asked: Format | None, output: str, option: str) -> Format:
    """Choose the format: what is asked for, or else what the name says, or else CSV.

    Raises
    ------
    OutputError
        If the name says something else.
    """
    said = said_by(output)
    chosen = asked or said or CSV
    is_other = output.endswith(tuple(f".{each}" for each in OTHERS)) and said is None
    if is_other or (said is not None and said != chosen):
        raise OutputError(
            f"{option}: got {output} for {chosen}; allowed is a name in .{chosen}, or another "
            f"--format: {', '.join(FORMATS)}"
        )
    return chosen


def said_by(name: str) -> Format | None:
    """Tell the format that a file's name ends in, if it is one of a dataset."""
    return next((each for each in FORMATS if name.endswith(f".{each}")), None)


def beside(format_: Format) -> Format:
    """Give the format of the companions: CSV, unless the dataset is something with types."""
    return PARQUET if format_ == PARQUET else CSV


def stem_of(name: str, format_: Format) -> str:
    """Give what the names of all files of the set begin with."""
    ending = f".{format_}"
    return name.removesuffix(ending) if name.endswith(ending) else Path(name).stem


@contextmanager
def rows_written(
    format_: Format, spec: DatasetSpec, text: CountedText, file: CsvFile = "dataset"
) -> Iterator[WriteRows]:
    """Give what writes the rows that a file has of tables, one after the other.

    Raises
    ------
    MissingDependencyError
        If Parquet is asked for, and pyarrow is not installed.
    """
    if format_ == CSV:
        yield lambda table, header: table.write(file, text, header)
    elif format_ == GZIPPED:
        # Neither its name nor the time, so that the same dataset has the same bytes.
        with gzip.GzipFile("", "wb", fileobj=_Bytes(text), mtime=0) as zipped:
            lines = _Zipped(zipped, text)
            yield lambda table, header: table.write(file, lines, header)
    else:
        with parquet_rows(_Bytes(text), spec, file) as rows:

            def write(table: Table, header: bool) -> None:
                text.lines += header + sum(rows.write(block) for block in table.blocks)

            yield write


class _Bytes(io.RawIOBase):
    """A file for what writes bytes."""

    def __init__(self, file: CountedText) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.bytes

    def write(self, given: Any, /) -> int:
        content = bytes(given)
        self._file.write_bytes(content)
        return len(content)


class _Zipped:
    """A file for text that is compressed."""

    def __init__(self, zipped: gzip.GzipFile, file: CountedText) -> None:
        self._zipped, self._file = zipped, file

    def write(self, text: str, /) -> None:
        self._file.lines += text.count("\n")
        self._zipped.write(text.encode("ascii"))

    def writelines(self, lines: Any, /) -> None:
        self.write("".join(lines))
