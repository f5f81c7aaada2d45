"""Run the whole job on this machine: `python -m accidental_transfers.local.run`."""

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from rich.console import Console

from accidental_transfers.errors import InputFileError, OutputError
from accidental_transfers.local.desktop import show
from accidental_transfers.local.files import read_json, require_folder
from accidental_transfers.local.progress import DatasetProgress
from accidental_transfers.local.remote.fetching import fetch_set
from accidental_transfers.local.remote.summary import print_answer, print_error, print_set

MAKES_SLICES = {"GenerateSliceFunction", "GenerateParquetFunction"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a job.

    Returns
    -------
    The exit status: 0, 1 if the execution failed, 2 for unusable arguments, 130 if interrupted.
    """
    options = _parser().parse_args(arguments)
    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        given = read_json(options.event, "--event")
        require_folder(options.output, "--output")
        return run(given, options.output, console, errors)
    except (InputFileError, OutputError) as error:
        print_error(errors, type(error).__name__, str(error))
        return 2
    except KeyboardInterrupt:
        errors.print("Interrupted.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m accidental_transfers.local.run",
        description="Run the state machine on an AWS inside this process and fetch the dataset.",
    )
    parser.add_argument(
        "--event", type=Path, required=True, help="file with the execution's JSON input"
    )
    parser.add_argument("--output", type=Path, required=True, help="folder for the dataset")
    return parser


def run(given: Any, output: Path, console: Console, errors: Console) -> int:
    """Execute the state machine with an input, and download what it publishes into a folder."""
    began = time.monotonic()
    console.print("Deploying template.yaml to an AWS inside this process …")
    # Imported after the line above is printed, because loading it takes a while.
    from accidental_transfers.local.deployment import ROOT
    from accidental_transfers.local.embedded_aws import embedded_aws

    progress = DatasetProgress(console)

    def observe(function: str, answer: dict[str, Any]) -> None:
        if function == "PlanFunction" and not answer["dry_run"]:
            progress.begin(answer["expected_rows"], answer["slices"])
        elif function in MAKES_SLICES and progress.advance(answer["rows"]):
            console.print("Joining the parts and fetching the dataset …")

    # What functions print goes to their log on AWS.
    with (
        redirect_stdout(io.StringIO()),
        embedded_aws(observe=observe, cache=ROOT / ".aws-sam" / "local") as aws,
    ):
        with progress:
            outcome = aws.execute(given)
        if not outcome.succeeded:
            print_error(errors, outcome.error or outcome.status, outcome.cause)
            return 1
        if outcome.output.get("dry_run"):
            print_answer(console, outcome.output)
            return 0
        fetched = fetch_set(outcome.output, output, console)
    console.print(f"\n[green]Done[/] in {time.monotonic() - began:.1f} s.\n")
    print_set(console, fetched)
    if console.is_terminal:
        show(fetched.downloads["card"].file)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Without this, taking the embedded AWS apart, module by module, lasts almost a second.
    os._exit(status)
