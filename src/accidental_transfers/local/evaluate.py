"""The command ``accidental-transfers evaluate``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

EXIT_IN_BAND, EXIT_OUT_OF_BAND, EXIT_UNUSABLE = 0, 1, 2
INSTALL = "evaluating needs SciPy and scikit-learn: pip install 'accidental-transfers[evaluate]'"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
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


def run(arguments: argparse.Namespace) -> int:
    """Judge a dataset: print the scorecard and write it as JSON.

    Returns
    -------
    0 if no line is out of its band, 1 if one is, 2 if the file is no dataset or the optional
    dependencies are missing.
    """
    try:
        # SciPy and scikit-learn are optional, and take a second to load.
        from accidental_transfers.evaluation import baselines, dataset, printed, scorecard
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in {"scipy", "sklearn"}:
            raise
        return _refuse(INSTALL)
    try:
        data = dataset.read_dataset(arguments.file)
    except dataset.DatasetError as error:
        return _refuse(str(error))
    console = Console()
    with Console(stderr=True).status("Measuring …") as status:
        lines = []
        for line in scorecard.scorecard(data, models=not arguments.without_models):
            lines.append(line)
            status.update(f"Measuring … {line.section}: {line.title}")
        status.update("Training the baselines …")
        models = {} if arguments.without_models else baselines.baselines(data)
    console.print(printed.scorecard_table(lines))
    if models:
        console.print(printed.baselines_table(models))
    console.print(printed.summary(lines))
    path = arguments.json or dataset.companion(arguments.file, "scorecard.json")
    report = printed.report(arguments.file.name, data, lines, models)
    path.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    return EXIT_IN_BAND if report["passed"] else EXIT_OUT_OF_BAND


def _refuse(message: str) -> int:
    Console(stderr=True).print(message, style="red", highlight=False, markup=False, soft_wrap=True)
    return EXIT_UNUSABLE
