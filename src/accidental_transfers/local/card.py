"""The subcommand ``card``: draw what a dataset looks like, as a page for a browser."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from accidental_transfers.card.page import render
from accidental_transfers.dataset.read import Files, read_files
from accidental_transfers.errors import OutputExistsError
from accidental_transfers.local.files import write_text
from accidental_transfers.local.named_set import MANIFEST, measured
from accidental_transfers.statistics.from_frames import statistics_of_files


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "card",
        help="draw a dataset card",
        description="Draw what a dataset's CSV file holds: one page that opens in any browser. "
        "Companions beside the file tell more: what happened, who the customers are, how it was "
        "made.",
    )
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a dataset to draw")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE.html",
        help="default: beside the CSV, of its name",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="say nothing unless something is wrong"
    )


def run(options: argparse.Namespace) -> int:
    """Draw the card of a dataset.

    Returns
    -------
    The exit status: 0.

    Raises
    ------
    DatasetFileError
        If the file is no dataset.
    OutputExistsError
        If the card would replace the dataset.
    OutputError
        If the card cannot be written.
    """
    files = read_files(options.file)
    output = options.output or options.file.with_suffix(".html")
    if output == options.file:
        raise OutputExistsError(f"--output: got {output}; allowed is another file than the dataset")
    for remark in () if options.quiet else remarks(files):
        sys.stderr.write(f"{remark}\n")
    page = render(statistics_of_files(files), about(options.file))
    write_text(output, page, "--output")
    if not options.quiet:
        sys.stderr.write(f"{output}\n")
    return 0


def remarks(files: Files) -> list[str]:
    """Name the columns that are not the dataset's, and those that it has and the file lacks."""
    said = {
        "ignored": list(files.unknown.columns),
        "missing, and counted as empty": list(files.missing),
    }
    return [f"{what}: {', '.join(columns)}" for what, columns in said.items() if columns]


def about(file: Path) -> dict[str, Any]:
    """Tell what is known of a dataset: its size, its checksum and, if it has one, its manifest.

    A manifest with another size or checksum describes another file, and is left out.
    """
    size, crc32 = measured(file)
    own = {"location": str(file), "bytes": size, "crc32": crc32}
    manifest = _manifest(file.with_name(f"{file.stem}{MANIFEST}"))
    matches = all(manifest.get(name) == own[name] for name in ("bytes", "crc32"))
    return {**manifest, **own} if matches else own


def _manifest(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        found = json.loads(file.read_text("utf-8"))
    except ValueError:
        # Some other program's file; the card says that it knows of no manifest.
        return {}
    return found if isinstance(found, dict) else {}
