"""The subcommand ``facts``: say what is wrong in the facts, before anything is made of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from accidental_transfers.errors import FactsError
from accidental_transfers.model.facts.reference import Reference, read_reference


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "facts",
        help="check the facts that the model is made of",
        description="Look after the facts that the model is made of: entity types, merchants, "
        "measured payments, cities.",
    )
    check = parser.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "check",
        help="name everything that is wrong in them",
        description="Check the files of facts and name everything that is wrong: file, entry, "
        "field, what was given, what is allowed. Exit status 2 where there is anything.",
    )
    check.set_defaults(run=run)
    check.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="DIR",
        help="a folder with copies that are being edited; files that it has not, and all of them "
        "by default, are the package's own",
    )


def run(options: argparse.Namespace) -> int:
    """Check the facts and print how many there are, or a line for each problem.

    Returns
    -------
    The exit status: 0, or 2 if anything is wrong.
    """
    try:
        found = read_reference(options.folder)
    except FactsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{_summary(found)}\n")
    return 0


def _summary(found: Reference) -> str:
    merchants = sum(len(entity.national_names) for entity in found.entity_types)
    return (
        f"{len(found.transaction_types)} transaction types, {len(found.entity_types)} entity "
        f"types, {merchants} merchants known nationally, {len(found.cities)} cities: "
        "nothing is wrong"
    )
