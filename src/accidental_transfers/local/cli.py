"""The command ``accidental-transfers``: a dataset on this machine, without any AWS."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, get_args

from pydantic.fields import FieldInfo
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.read import DatasetFileError
from accidental_transfers.local import card, evaluate
from accidental_transfers.model.parameters import Range
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.values import SpecError

STANDARD_OUTPUT = Path("-")


class OutputError(Exception):
    """The dataset cannot be written where it was asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    The exit status: 0, or 2 when the request cannot be met.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (SpecError, OutputError, DatasetFileError, card.CardError) as error:
        sys.stderr.write(f"{parser.prog}: {type(error).__name__}: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="accidental-transfers",
        description="Realistic, synthetic, labelled transactions with accidental transfers.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    generate = commands.add_parser(
        "generate",
        help="make a dataset",
        description="Make a dataset and its companions: the same bytes as the job on AWS.",
    )
    generate.set_defaults(run=_generate)
    generate.add_argument("--spec", type=Path, metavar="FILE", help="a JSON file with fields")
    generate.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="where the CSV goes, its companions beside it; - is standard output, without "
        "companions (default: the name in output_key, in this folder)",
    )
    fields = generate.add_argument_group("fields of the specification, before those of the file")
    for name, field in JobSpec.model_fields.items():
        _add_field(fields, name, field)
    card.add_command(commands)
    evaluation = commands.add_parser(
        "evaluate",
        help="judge a dataset",
        description="Judge any dataset of these columns by how real its payments are and how "
        "hard its labels: a scorecard, and models to compare with.",
    )
    evaluation.set_defaults(run=evaluate.run)
    evaluate.add_arguments(evaluation)
    return parser


def _add_field(group: Any, name: str, field: FieldInfo) -> None:
    option = f"--{name.replace('_', '-')}"
    text = f"{field.description} (default: {_shown(field.default)})".replace("%", "%%")
    if isinstance(field.default, Range):
        group.add_argument(option, nargs=2, type=float, metavar=("MIN", "MAX"), help=text)
    elif isinstance(field.default, bool):
        group.add_argument(option, action=argparse.BooleanOptionalAction, help=text)
    else:
        convert = (
            _whole_number if int in _types(field) else float if _types(field) == {float} else str
        )
        group.add_argument(option, type=convert, metavar="VALUE", help=text)


def _types(field: FieldInfo) -> set[Any]:
    """Collect the plain types that a field may have, through unions and annotations."""
    pending, found = [field.annotation], set()
    while pending:
        each = pending.pop()
        pending.extend(get_args(each))
        found.add(each)
    return found & {int, float, str}


def _whole_number(text: str) -> int | str:
    """Read digits as a number; anything else is left to the specification to judge."""
    return int(text) if text.isdecimal() else text


def _shown(default: object) -> str:
    if isinstance(default, Range):
        return f"{default.min:g} {default.max:g}"
    return "chosen" if default is None else str(default)


def _spec(options: argparse.Namespace) -> JobSpec:
    given = _read_fields(options.spec) if options.spec else {}
    for name, field in JobSpec.model_fields.items():
        value = getattr(options, name)
        if value is not None:
            is_range = isinstance(field.default, Range)
            given[name] = dict(zip(("min", "max"), value, strict=True)) if is_range else value
    return JobSpec.parse(given)


def _read_fields(path: Path) -> dict[str, Any]:
    try:
        fields = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SpecError(f"--spec: got {path}; allowed is a readable JSON file: {error}") from error
    if not isinstance(fields, dict):
        raise SpecError(f"--spec: got {path}; allowed is a file with one JSON object")
    return fields


def _generate(options: argparse.Namespace) -> int:
    spec = _spec(options)
    output = options.output or Path(Path(spec.output_key).name)
    if spec.dry_run:
        sys.stdout.write(f"{spec.customers} customers, about {spec.expected_rows} rows\n")
        return 0
    if spec.if_exists == "fail" and output.exists():
        raise OutputError(f"--output: {output} exists; allowed with --if-exists replace")
    if output == STANDARD_OUTPUT:
        return _print(spec)
    with contextlib.ExitStack() as files:
        streams = [files.enter_context(_replaced(path)) for path in companions(output)]
        rows = _write(spec, streams)
    sys.stderr.write(f"{rows} rows in {output}\n")
    return 0


def _print(spec: JobSpec) -> int:
    try:
        _write(spec, [sys.stdout])
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough, as in `… | head`; Python must not complain at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def companions(output: Path) -> list[Path]:
    """Name a dataset's files: the CSV, its accidents, its customers."""
    stem = output.name.removesuffix(".csv")
    return [
        output,
        *(output.with_name(f"{stem}.{name}.csv") for name in ("accidents", "customers")),
    ]


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
    """Write the dataset to the first stream and its companions to the others, if there are any."""
    rows = 0
    with _progress() as progress:
        task = progress.add_task("", total=spec.customers, rows=0)
        for position, table in enumerate(simulate(spec, 1, spec.customers)):
            writers = (table.write_csv, table.write_accidents_csv, table.write_customers_csv)
            for stream, write in zip(streams, writers, strict=False):
                write(stream, header=position == 0)
            rows += table.rows
            progress.update(task, advance=table.customers, rows=rows)
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


if __name__ == "__main__":
    sys.exit(main())
