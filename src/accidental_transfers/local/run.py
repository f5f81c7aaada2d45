"""Run the whole job on this machine: `python -m accidental_transfers.local.run`."""

import argparse
import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from accidental_transfers.errors import InputFileError, OutputError
from accidental_transfers.local.desktop import show
from accidental_transfers.local.files import read_json, require_folder
from accidental_transfers.local.progress import DatasetProgress

CHUNK = 2**20


@dataclass(frozen=True)
class Download:
    """An object of the bucket that is now a file.

    Attributes
    ----------
    size : int
        Bytes.
    sha256 : str
        In hexadecimal.
    """

    url: str
    file: Path
    size: int
    sha256: str


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
        _print_error(errors, type(error).__name__, str(error))
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
        elif function == "GenerateSliceFunction" and progress.advance(answer["rows"]):
            console.print("Joining the parts and fetching the dataset …")

    # What functions print goes to their log on AWS.
    with (
        redirect_stdout(io.StringIO()),
        embedded_aws(observe=observe, cache=ROOT / ".aws-sam" / "local") as aws,
    ):
        with progress:
            outcome = aws.execute(given)
        if not outcome.succeeded:
            _print_error(errors, outcome.error or outcome.status, outcome.cause)
            return 1
        if outcome.output.get("dry_run"):
            _print_table(console, outcome.output.items())
            return 0
        answer = outcome.output
        keys = [answer["key"], *answer["companions"].values()]
        downloads = [download(answer["bucket"], key, output) for key in keys]
    _summarize(console, downloads, answer, time.monotonic() - began)
    if console.is_terminal:
        show(next(each.file for each in downloads if each.file.suffix == ".html"))
    return 0


def download(bucket: str, key: str, folder: Path) -> Download:
    """Fetch an object into a folder, under the last part of its key."""
    import boto3

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / key.rpartition("/")[2]
    unfinished = file.with_name(f"{file.name}.unfinished")
    digest = hashlib.sha256()
    body = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    with unfinished.open("wb") as stream:
        for chunk in body.iter_chunks(CHUNK):
            digest.update(chunk)
            stream.write(chunk)
    unfinished.replace(file)
    return Download(f"s3://{bucket}/{key}", file, file.stat().st_size, digest.hexdigest())


def _summarize(
    console: Console, downloads: Sequence[Download], answer: dict[str, Any], seconds: float
) -> None:
    dataset, *_, manifest_file = downloads
    manifest = json.loads(manifest_file.file.read_text())
    rows, labels = manifest["rows"], manifest["counts"]["accident"]
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in labels.items())
    share = sum(labels.values()) / max(rows, 1)
    console.print(f"\n[green]Done[/] in {seconds:.1f} s.\n")
    _print_table(
        console,
        {
            "rows": f"{rows:,}",
            "customers": f"{manifest['spec']['customers']:,}",
            "labels": f"{counts} ({share:.2%} of all rows)",
            "size": f"{dataset.size:,} bytes",
            "sha256": dataset.sha256,
            "crc32": answer["crc32"],
        }.items(),
    )
    console.print()
    _print_table(console, ((str(entry.file), entry.url) for entry in downloads))


def _print_error(errors: Console, name: str, message: str) -> None:
    errors.print(name, style="red", end="")
    # A message may hold brackets, which are no markup.
    errors.print(f": {message}", markup=False)


def _print_table(console: Console, lines: Iterable[tuple[str, Any]]) -> None:
    table = [(name, str(value)) for name, value in lines]
    width = max(len(name) for name, _ in table)
    for name, value in table:
        console.print(f"  {name:<{width}}  {value}", markup=False)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Without this, taking the embedded AWS apart, module by module, lasts almost a second.
    os._exit(status)
