"""The subcommand ``tasks``: what rules and models reach in the three questions."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from accidental_transfers.local.files import write_text
from accidental_transfers.local.optional import naming_missing_packages


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "tasks",
        help="answer the questions that the data is made for",
        description="Say what one-line rules and plain models reach on any dataset of these "
        "columns: which row is an accident, whom the customer meant, and how much.",
    )
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a dataset with companions")
    parser.add_argument(
        "--json",
        type=Path,
        metavar="PATH",
        help="where to write the answers; beside the dataset if not said",
    )
    parser.add_argument(
        "--page", type=Path, metavar="PATH", help="where to write them as a page of Markdown"
    )


def run(options: argparse.Namespace) -> int:
    """Answer every question: print tables, and write them as JSON and, if asked for, as a page.

    Returns
    -------
    The exit status: 0.

    Raises
    ------
    MissingDependencyError
        If the optional packages are not installed.
    DatasetFileError
        If the file is no dataset.
    OutputError
        If a file cannot be written.
    """
    with naming_missing_packages():
        # They take a second to load.
        from accidental_transfers.dataset.companion_files import companion
        from accidental_transfers.evaluation import printed
        from accidental_transfers.evaluation.dataset import read_dataset
        from accidental_transfers.evaluation.tasks.answers import answers
        from accidental_transfers.evaluation.tasks.page import page
    data = read_dataset(options.file)
    with Console(stderr=True).status("Training …"):
        found = answers(data)
    output = options.json or companion(options.file, "tasks.json")
    write_text(output, json.dumps(asdict(found), indent=1) + "\n", "--json")
    if options.page:
        command = f"accidental-transfers tasks {options.file.name} --page {options.page.name}"
        write_text(options.page, page(data, found, command), "--page")
    console = Console()
    # Where whoever reads has seen enough, rich itself would end the program with 1.
    with console.capture() as text:
        for table in printed.answers_tables(found):
            console.print(table)
    sys.stdout.write(text.get())
    return 0
