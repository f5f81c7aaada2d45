"""Making a dataset on this machine: its CSV alone, or all files of the set."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accidental_transfers.card.page import render
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.errors import OutputError, OutputExistsError
from accidental_transfers.local.destination import RegularFile, Straight, destination
from accidental_transfers.local.formats import (
    Format,
    WriteRows,
    beside,
    format_of,
    rows_written,
    stem_of,
)
from accidental_transfers.local.manifest import description, stored
from accidental_transfers.local.named_set import MANIFEST
from accidental_transfers.local.written import FilesAside, written_straight
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from accidental_transfers.statistics.naming import named
from accidental_transfers.statistics.tally import Tally

OPTION = "--output"
Advance = Callable[[int, int], None]
"""Is told of customers and rows that are done."""


@dataclass(frozen=True)
class Made:
    """What was made.

    Attributes
    ----------
    files : dict
        The path of each file of the set; none if it was written straight.
    """

    rows: int
    bytes: int
    crc32: str
    files: Mapping[str, Path]


def make(spec: JobSpec, named_output: str, advance: Advance, asked: Format | None = None) -> Made:
    """Make a dataset where a name leads: with its companions beside a regular file only.

    Raises
    ------
    OutputExistsError
        If the output exists and ``if_exists`` is ``fail``.
    OutputError
        If the output cannot be written.
    """
    format_ = format_of(asked, named_output, OPTION)
    place = destination(named_output, OPTION)
    if isinstance(place, Straight):
        return _straight(spec, place, format_, advance)
    files = _files(place.path, format_)
    if spec.if_exists == "fail":
        _require_free(files)
    return _set(spec, files, format_, advance)


def _formats(format_: Format) -> dict[CsvFile, Format]:
    return {file: format_ if file == "dataset" else beside(format_) for file in CSV_FILES}


def _files(output: Path, format_: Format) -> dict[str, Path]:
    """Name the files of a set; the manifest, which names the others, is last."""
    stem = stem_of(output.name, format_)
    names: dict[str, Path] = {
        file: output.with_name(f"{stem}.{file}.{each}") for file, each in _formats(format_).items()
    }
    names |= {
        "dataset": output,
        "card": output.with_name(f"{stem}.html"),
        "manifest": output.with_name(f"{stem}{MANIFEST}"),
    }
    if len(set(names.values())) < len(names):
        raise OutputError(
            f"{OPTION}: got {output}, which is the name of the card; allowed is FILE.csv"
        )
    return names


def _require_free(files: Mapping[str, Path]) -> None:
    there = [str(path) for path in files.values() if path.exists()]
    if there:
        raise OutputExistsError(
            f"{OPTION}: {there[0]} exists; allowed with --if-exists replace, or another name"
        )


def _straight(spec: JobSpec, place: Straight, format_: Format, advance: Advance) -> Made:
    with written_straight(place, OPTION) as text, rows_written(format_, spec, text) as write:
        _write(spec, [write], advance)
    return Made(max(text.lines - 1, 0), text.bytes, f"{text.crc32:08x}", {})


def _set(spec: JobSpec, files: Mapping[str, Path], format_: Format, advance: Advance) -> Made:
    tally = Tally()
    with FilesAside(OPTION) as aside:
        texts = {name: aside.open(_regular(path)) for name, path in files.items()}
        with ExitStack() as stack:
            writers = [
                stack.enter_context(rows_written(each, spec, texts[file], file))
                for file, each in _formats(format_).items()
            ]
            _write(spec, writers, advance, tally)
        statistics = named(tally.share(), spec.start_date, spec.accidents)
        about = description(
            spec, statistics, {file: (files[file].name, texts[file]) for file in CSV_FILES}
        )
        texts["card"].write(render(statistics, {**about, "location": files["dataset"].name}))
        whole = {**about, "card": stored(files["card"].name, texts["card"])}
        texts["manifest"].write(json.dumps(whole, indent=1))
    return Made(about["rows"], about["bytes"], about["crc32"], files)


def _regular(path: Path) -> RegularFile:
    place = destination(str(path), OPTION)
    if isinstance(place, Straight):
        raise OutputError(f"{OPTION}: {path} would be a file of the set, and is none")
    return place


def _write(
    spec: JobSpec, writers: Sequence[WriteRows], advance: Advance, tally: Tally | None = None
) -> None:
    """Have each writer write the dataset's tables, one after the other; count on the way."""
    for position, table in enumerate(simulate(spec, 1, spec.customers)):
        for write in writers:
            write(table, position == 0)
        if tally:
            for block in table.blocks:
                tally.add(block)
        advance(table.customer_count, table.rows)


def summary(made: Made) -> dict[str, Any]:
    """Tell what was made, ready for JSON."""
    return {
        "rows": made.rows,
        "bytes": made.bytes,
        "crc32": made.crc32,
        "files": {name: str(path) for name, path in made.files.items()},
    }
