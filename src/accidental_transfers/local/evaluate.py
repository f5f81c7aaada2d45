"""The subcommand ``evaluate``: judge a dataset by the scorecard."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from accidental_transfers.local.files import write_text
from accidental_transfers.local.optional import naming_missing_packages

if TYPE_CHECKING:
    from accidental_transfers.evaluation.baselines import Baselines
    from accidental_transfers.evaluation.dataset import Dataset
    from accidental_transfers.evaluation.scorecard import Line

EXIT_IN_BAND, EXIT_OUT_OF_BAND = 0, 1


def add_command(commands: Any) -> None:
    """Say what the subcommand takes."""
    parser = commands.add_parser(
        "evaluate",
        help="judge a dataset",
        description="Judge any dataset of these columns by how real its payments are and how "
        "hard\nits labels: a scorecard, and models to compare with. Exit status 1 if a line is out "
        "of its\nband; lines that cannot be computed, for want of rows or of a companion, do not "
        "count,\nnor do those that so few customers take out of their bands by chance.",
    )
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a dataset to judge")
    parser.add_argument(
        "--json",
        type=Path,
        metavar="PATH",
        help="where to write the scorecard; beside the dataset if not said",
    )
    parser.add_argument(
        "--without-models",
        action="store_true",
        help="leave out what takes a trained model, and most of the time",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print nothing: the exit status tells"
    )


def run(options: argparse.Namespace) -> int:
    """Judge a dataset: print the scorecard and write it as JSON.

    Returns
    -------
    The exit status: 0 if no line is out of its band, 1 if one is. A line that cannot be computed is
    no failure.

    Raises
    ------
    MissingDependencyError
        If the optional packages are not installed.
    DatasetFileError
        If the file is no dataset.
    OutputError
        If the JSON file cannot be written.
    """
    with naming_missing_packages():
        # They take a second to load.
        from accidental_transfers.dataset.companion_files import companion
        from accidental_transfers.evaluation import dataset, printed
    data = dataset.read_dataset(options.file)
    lines, models = _measured(data, models=not options.without_models, quiet=options.quiet)
    report = printed.report(options.file.name, data, lines, models)
    output = options.json or companion(options.file, "scorecard.json")
    write_text(output, json.dumps(report, indent=1) + "\n", "--json")
    if not options.quiet:
        _print(data, lines, models)
    return EXIT_IN_BAND if report["passed"] else EXIT_OUT_OF_BAND


def _measured(data: Dataset, *, models: bool, quiet: bool) -> tuple[list[Line], Baselines]:
    """Measure every line and train the baselines, and show how far that is."""
    from accidental_transfers.evaluation.baselines import baselines
    from accidental_transfers.evaluation.few_customers import allowing_for_chance
    from accidental_transfers.evaluation.scorecard import scorecard

    lines = []
    with Console(stderr=True, quiet=quiet).status("Measuring …") as status:
        for line in scorecard(data, models=models):
            lines.append(line)
            status.update(f"Measuring … {line.section}: {line.title}")
        lines = allowing_for_chance(data, lines, status.update)
        status.update("Training the baselines …")
        return lines, baselines(data) if models else {}


def _print(data: Dataset, lines: list[Line], models: Baselines) -> None:
    from accidental_transfers.evaluation import printed

    console = Console(highlight=False)
    # Where whoever reads has seen enough, rich itself would end the program with 1.
    with console.capture() as text:
        console.print(printed.scorecard_table(lines, console.width))
        if models:
            console.print(printed.baselines_table(models))
        said = [*printed.not_computed(lines), *printed.reasons(lines), *printed.remarks(data)]
        for remark in said:
            console.print(remark, markup=False)
        console.print(printed.summary(lines))
    sys.stdout.write(text.get())
