"""The subcommand ``generate``: make a dataset and its companions on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from accidental_transfers.errors import OutputError, SpecError
from accidental_transfers.local.destination import STANDARD_OUTPUT
from accidental_transfers.local.formats import CSV, FORMATS, PARQUET, Format, stem_of
from accidental_transfers.local.making import OPTION, Advance, make, summary
from accidental_transfers.local.spec_options import add_spec_options, spec_of
from accidental_transfers.spec import JobSpec


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "generate",
        help="make a dataset",
        description="Make a dataset and its companions, the same bytes as the job on AWS, with "
        "its card\nand its manifest.",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "-o",
        OPTION,
        metavar="FILE",
        help="where the dataset goes, and what it leads to if it is a symbolic link; all other "
        "files go beside it. A device, a pipe or - (standard output) gets the dataset alone "
        "(default: the name in output_key, in this folder)",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="what the dataset is written as; Parquet needs pyarrow (default: what the name of "
        "--output ends in, or else csv)",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="say nothing unless something is wrong"
    )
    parser.add_argument(
        "--json", action="store_true", help="say on standard output what was made, as JSON"
    )
    add_spec_options(parser, without=("format",))


def run(options: argparse.Namespace) -> int:
    """Make the dataset that the options ask for.

    Returns
    -------
    The exit status: 0.

    Raises
    ------
    SpecError, InputFileError
        If what is asked for is not acceptable.
    OutputExistsError
        If the output exists and ``if_exists`` is ``fail``.
    OutputError
        If the output cannot be written.
    """
    spec = spec_of(options)
    if spec.dry_run:
        _print_estimate(spec, as_json=options.json)
        return 0
    asked = options.format or _format_of(spec)
    name = stem_of(Path(spec.output_key).name, CSV)
    output = f"{name}.{asked or CSV}" if options.output is None else options.output
    if options.json and output == STANDARD_OUTPUT:
        raise OutputError(f"{OPTION}: got - with --json; allowed is one of the two")
    with _progress(spec, quiet=options.quiet) as advance:
        made = make(spec, output, advance, asked)
    if options.json:
        sys.stdout.write(json.dumps(summary(made)) + "\n")
    elif not options.quiet and made.files:
        sys.stderr.write(f"{made.rows} rows in {made.files['dataset']}\n")
        sys.stderr.write(f"{made.files['card']} shows what is in them\n")
    return 0


def _format_of(spec: JobSpec) -> Format | None:
    """Give the format that a file of ``--spec`` asks for; None where it is the usual one.

    Raises
    ------
    SpecError
        If it asks for several, of which a file has but one.
    """
    if len(spec.format) > 1:
        raise SpecError(
            f"format: got {' and '.join(spec.format)}; allowed is one, or --format beside it"
        )
    return PARQUET if PARQUET in spec.format else None


def _print_estimate(spec: JobSpec, *, as_json: bool) -> None:
    estimate = {"customers": spec.customers, "expected_rows": spec.expected_rows}
    text = f"{spec.customers} customers, about {spec.expected_rows} rows"
    sys.stdout.write((json.dumps(estimate) if as_json else text) + "\n")


@contextmanager
def _progress(spec: JobSpec, *, quiet: bool) -> Iterator[Advance]:
    """Show rows, their rate and the time left, on a terminal."""
    console = Console(stderr=True)
    with Progress(
        BarColumn(bar_width=None),
        TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[rate]:,.0f} rows/s"),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    ) as progress:
        task = progress.add_task("", total=spec.customers, rows=0, rate=0.0)
        shown = progress.tasks[0]

        def advance(customers: int, rows: int) -> None:
            made = shown.fields["rows"] + rows
            rate = made / max(shown.elapsed or 0.0, 1e-3)
            progress.update(task, advance=customers, rows=made, rate=rate)

        yield advance
