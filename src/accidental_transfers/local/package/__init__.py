"""The subcommand ``package``: a folder of a set that a site for datasets takes as it is."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from accidental_transfers.local.formats import PARQUET
from accidental_transfers.local.package import hugging_face, kaggle
from accidental_transfers.local.package.again import as_parquet
from accidental_transfers.local.package.croissant import croissant
from accidental_transfers.local.package.folder import Copied, copied_set, new_folder
from accidental_transfers.local.package.local_set import LocalSet, read_set

SITES = {"huggingface": hugging_face, "kaggle": kaggle}
CROISSANT = "croissant.json"
_ID = re.compile(r"[\w-]+/[A-Za-z0-9][\w-]{4,48}[A-Za-z0-9]", re.ASCII)


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "package",
        help="make a folder for Hugging Face or Kaggle",
        description="Make a folder of a set that Hugging Face or Kaggle takes as it is. Nothing is "
        "uploaded.\nEvery file is checked against the manifest on the way.\n\n"
        "  both:         the dataset, its companions, the card and the manifest; croissant.json,\n"
        "                the metadata of Croissant 1.1 with its responsible-AI fields\n"
        "  huggingface:  README.md, which says what load_dataset(FOLDER, NAME) reads: NAME is\n"
        "                transactions, accidents, customers or outcomes\n"
        "  kaggle:       dataset-metadata.json, with the columns of each file\n\n"
        "The tables stay what they are; --format parquet has them made again as Parquet, which "
        "keeps\nthe types for every reader.",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="the dataset or its manifest, on this machine: FILE.csv, FILE.parquet or "
        "FILE.manifest.json",
    )
    parser.add_argument("--for", dest="site", required=True, choices=SITES, help="the site")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FOLDER",
        help="a folder that is not there yet, or empty (default: the dataset's name and the "
        "site's, in this folder)",
    )
    parser.add_argument(
        "--format",
        choices=[PARQUET],
        help="what the tables are to be, if they are something else: they are made again from the "
        "input in the manifest; needs pyarrow",
    )
    parser.add_argument(
        "--id",
        type=_id,
        metavar="OWNER/NAME",
        help="what the dataset will be called there (default: OWNER, for you to replace, and a "
        "name made of the dataset's)",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="say nothing unless something is wrong"
    )
    parser.add_argument(
        "--json", action="store_true", help="say on standard output what was made, as JSON"
    )


def run(options: argparse.Namespace) -> int:
    """Make the folder that the options ask for.

    Returns
    -------
    The exit status: 0.

    Raises
    ------
    ManifestError
        If there is no manifest, or it cannot be read.
    TornSetError
        If a file is not what the manifest says.
    DatasetFileError
        If a file does not have the columns of this version, or the rows of its input.
    MissingDependencyError
        If Parquet is asked for, and pyarrow is not installed.
    OutputExistsError
        If there is something in the folder.
    OutputError
        If it cannot be written.
    """
    given = read_set(options.target)
    output = options.output or Path(f"{given.stem}-{options.site}")
    with (
        new_folder(output) as folder,
        TemporaryDirectory(prefix=folder.name, dir=folder.parent) as scratch,
    ):
        if options.format == PARQUET:
            given = as_parquet(given, Path(scratch))
        files = _fill(folder, given, options.site, options.id)
    if options.json:
        sys.stdout.write(json.dumps(_summary(options.site, output, given, files)) + "\n")
    elif not options.quiet:
        sys.stderr.write(f"{given.described.rows} rows in {output}\n")
        sys.stderr.write(f"to upload it: {SITES[options.site].upload(output, options.id)}\n")
    return 0


def _fill(folder: Path, given: LocalSet, site: str, id_: str | None) -> dict[str, Copied]:
    made, files = SITES[site], copied_set(given, folder)
    url = made.URL + id_ if id_ else None
    texts = {
        CROISSANT: json.dumps(croissant(given, files, url), indent=1) + "\n",
        made.METADATA: made.metadata(given, id_),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    return files


def _summary(site: str, output: Path, given: LocalSet, files: dict[str, Copied]) -> dict[str, Any]:
    return {
        "for": site,
        "folder": str(output),
        "rows": given.described.rows,
        "files": {each.name: {"bytes": each.bytes, "sha256": each.sha256}
                  for each in files.values()},
    }  # fmt: skip


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"got {text!r}; allowed is OWNER/NAME, of letters, digits, - and _; "
            "NAME has 6 to 50 of them"
        )
    return text
