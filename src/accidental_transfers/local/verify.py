"""The subcommand ``verify``: check that the files of a published set are those of its manifest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from accidental_transfers.errors import ManifestError
from accidental_transfers.local.formats import FORMATS, said_by
from accidental_transfers.local.named_set import MANIFEST, Finding, NamedFile, NamedSet, measured
from accidental_transfers.local.optional import naming_missing_packages

S3 = "s3://"


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "verify",
        help="check a published set against its manifest",
        description="Check every file of a published set against its manifest: those beside it, "
        "or in a bucket the versions that it names. Exit status 1 where one is not what the "
        "manifest says.",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="the dataset or its manifest: FILE.csv, FILE.parquet, FILE.manifest.json or "
        "s3://BUCKET/KEY",
    )


def run(options: argparse.Namespace) -> int:
    """Check a set, and print a line for each of its files.

    Returns
    -------
    The exit status: 0, or 1 if a file is not what the manifest says.

    Raises
    ------
    ManifestError
        If there is no manifest, or it cannot be read.
    """
    manifest = manifest_of(options.target)
    named, findings = _stored(manifest) if manifest.startswith(S3) else _local(Path(manifest))
    _print(findings)
    wrong = sum(1 for finding in findings if finding.problem)
    verdict = f"{wrong} of {len(findings)} files differ" if wrong else "one set"
    run = f"run {named.run}, " if named.run else ""
    sys.stdout.write(f"{manifest}: {run}{verdict}\n")
    return int(wrong > 0)


def manifest_of(target: str) -> str:
    """Where the manifest of a target is.

    Raises
    ------
    ManifestError
        If the target is neither a dataset nor a manifest.
    """
    if target.endswith(MANIFEST):
        return target
    format_ = said_by(target)
    if format_ is None:
        raise ManifestError(
            f"TARGET: got {target}; allowed is the dataset (.{', .'.join(FORMATS)}) or its "
            f"manifest ({MANIFEST})"
        )
    return target.removesuffix(f".{format_}") + MANIFEST


def _local(manifest: Path) -> tuple[NamedSet, list[Finding]]:
    """Check the files beside a manifest."""
    try:
        named = NamedSet.parse(manifest.read_bytes(), str(manifest))
    except OSError as error:
        raise ManifestError(f"{manifest} cannot be read: {error.strerror}") from error
    folder = manifest.parent
    return named, [
        _of_file(folder / named.path(file), what, file) for what, file in named.all.items()
    ]


def _of_file(file: Path, what: str, named: NamedFile) -> Finding:
    """Compare the bytes of a file with what the manifest says."""
    try:
        problem = named.difference(*measured(file))
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    return Finding(what, str(file), problem)


def _stored(manifest: str) -> tuple[NamedSet, list[Finding]]:
    bucket, _, key = manifest.removeprefix(S3).partition("/")
    with naming_missing_packages():
        # boto3 comes with what `make run` needs, and not with the library.
        from accidental_transfers.local.stored_set import verify_stored
    return verify_stored(bucket, key)


def _print(findings: Iterable[Finding]) -> None:
    for finding in findings:
        verdict = finding.problem or f"as the manifest says{finding.remark}"
        sys.stdout.write(f"{finding.what:<10} {finding.place}: {verdict}\n")
