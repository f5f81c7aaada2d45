"""The subcommand ``generate``: make a dataset and its companions on this machine."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.errors import OutputError, OutputExistsError
from accidental_transfers.local.spec_options import add_spec_options, spec_of
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import COMPANION_ENDINGS, CSV_FILES, ENDING

STANDARD_OUTPUT = Path("-")


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "generate",
        help="make a dataset",
        description="Make a dataset and its companions: the same bytes as the job on AWS.",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="where the CSV goes, its companions beside it; - is standard output, without "
        "companions (default: the name in output_key, in this folder)",
    )
    add_spec_options(parser)


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
    output = options.output or Path(Path(spec.output_key).name)
    if spec.dry_run:
        sys.stdout.write(f"{spec.customers} customers, about {spec.expected_rows} rows\n")
    elif output == STANDARD_OUTPUT:
        _print(spec)
    else:
        _write_files(spec, output)
    return 0


def _print(spec: JobSpec) -> None:
    try:
        _write(spec, [sys.stdout])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough, as in `… | head`; Python must not complain at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_files(spec: JobSpec, output: Path) -> None:
    if spec.if_exists == "fail" and output.exists():
        raise OutputExistsError(f"--output: {output} exists; allowed with --if-exists replace")
    with contextlib.ExitStack() as files:
        streams = [files.enter_context(_replaced(path)) for path in _csv_files(output)]
        rows = _write(spec, streams)
    sys.stderr.write(f"{rows} rows in {output}\n")


def _csv_files(output: Path) -> list[Path]:
    """Name a dataset's files, in the order of `CSV_FILES`."""
    stem = output.name.removesuffix(ENDING)
    companions = (output.with_name(f"{stem}{each}") for each in COMPANION_ENDINGS)
    return [output, *companions]


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    """Write a file that appears under its name only when everything is written."""
    partial = path.with_name(f"{path.name}.part")
    try:
        with partial.open("w", encoding="ascii", newline="") as stream:
            yield stream
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"--output: {path} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def _write(spec: JobSpec, streams: Sequence[TextIO]) -> int:
    """Write the dataset to the first stream and its companions to the others, if there are any.

    Returns
    -------
    The rows of the dataset.
    """
    rows = 0
    with _progress() as progress:
        task = progress.add_task("", total=spec.customers, rows=0)
        for position, table in enumerate(simulate(spec, 1, spec.customers)):
            for stream, file in zip(streams, CSV_FILES, strict=False):
                table.write(file, stream, header=position == 0)
            rows += table.rows
            progress.update(task, advance=table.customer_count, rows=rows)
    return rows


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("customers, {task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
