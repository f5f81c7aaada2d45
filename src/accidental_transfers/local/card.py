"""The command ``card``: what a dataset on this machine looks like, as a page for a browser."""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from pathlib import Path
from typing import Any

from accidental_transfers.card.page import render
from accidental_transfers.statistics.from_frames import statistics_from_csv

CHUNK = 2**20


class CardError(Exception):
    """The card cannot be written where it was asked for."""


def add_command(commands: Any) -> None:
    """Add the command to a parser's."""
    parser = commands.add_parser(
        "card",
        help="draw a dataset card",
        description="Draw what a dataset's CSV file holds: one page that opens in any browser. "
        "Companions beside the file tell more: what happened, who the customers are, how it was "
        "made.",
    )
    parser.set_defaults(run=_run)
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument(
        "--output", type=Path, metavar="FILE.html", help="default: beside the CSV, of its name"
    )


def _run(options: argparse.Namespace) -> int:
    output = options.output or options.file.with_suffix(".html")
    if output == options.file:
        raise CardError(f"--output: got {output}; allowed is another file than the dataset")
    page = render(statistics_from_csv(options.file), about(options.file))
    try:
        output.write_text(page, "utf-8")
    except OSError as error:
        raise CardError(f"--output: {output} cannot be written: {error.strerror}") from error
    sys.stderr.write(f"{output}\n")
    return 0


def about(file: Path) -> dict[str, Any]:
    """Tell what is known of a dataset: its own size and checksum, and its manifest if there is one.

    A manifest that is another file's, by its checksum, says nothing about this one.
    """
    crc32 = 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            crc32 = zlib.crc32(chunk, crc32)
    own = {"location": str(file), "bytes": file.stat().st_size, "crc32": f"{crc32:08x}"}
    manifest = _manifest(file.with_name(f"{file.stem}.manifest.json"))
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
