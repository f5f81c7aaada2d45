"""Write the presets' scorecards into docs/scorecards/, as tables to read.

Usage: python -m benchmarks.scorecards; needs the `evaluate` extra and some ten minutes.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from accidental_transfers.local.cli import main

DOCS = Path(__file__).parent.parent / "docs" / "scorecards"
PRESETS = {
    "default": ["--seed", "2024"],
    "bank": ["--preset", "bank"],
    "dense": ["--preset", "dense", "--customers", "300"],
}


def measure(options: list[str], folder: Path) -> dict[str, Any]:
    """Make a dataset, have it judged, and give the report."""
    data = folder / "data.csv"
    main(["generate", *options, "--output", str(data)])
    main(["evaluate", str(data)])
    report: dict[str, Any] = json.loads((folder / "data.scorecard.json").read_text("utf-8"))
    return report


def markdown(preset: str, report: dict[str, Any]) -> str:
    """Write a report as a page."""
    return "\n".join(_lines(preset, report)) + "\n"


def _lines(preset: str, report: dict[str, Any]) -> Iterator[str]:
    command = " ".join(PRESETS[preset])
    yield f"# The scorecard of the preset `{preset}`"
    yield ""
    yield f"{report['rows']:,} rows, {report['customers']} customers, {report['days']} days:"
    yield ""
    yield "```sh"
    yield f"accidental-transfers generate {command} --output data.csv"
    yield "accidental-transfers evaluate data.csv"
    yield "```"
    for section, lines in groupby(report["lines"], lambda line: line["section"]):
        yield f"\n## {section}\n"
        yield "| line | value | band | verdict |"
        yield "|---|---:|---:|---|"
        for line in lines:
            title = f"{line['name']}: {line['part']}" if line["part"] else line["name"]
            verdict = line["verdict"] + (f" ({line['note']})" if line["note"] else "")
            yield f"| {title} | {_number(line['value'])} | {_band(line)} | {verdict} |"
    yield "\n## Models to compare with\n"
    yield "Gradient boosting, trained on the first two thirds of the days, tested on the last.\n"
    yield "| accident | columns | average precision | precision of 100 alerts a day | at best |"
    yield "|---|---|---:|---:|---:|"
    for model in report["baselines"]:
        figures = ("average_precision", "precision_of_alerts", "best_precision_of_alerts")
        shown = " | ".join(f"{model[name]:.3f}" for name in figures)
        yield f"| {model['accident']} | {model['columns']} | {shown} |"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 1000 else f"{value:.4g}"


def _band(line: dict[str, Any]) -> str:
    low, high = line["low"], line["high"]
    if low is None:
        return "" if high is None else f"≤ {high:g}"
    return f"≥ {low:g}" if high is None else f"{low:g} to {high:g}"


if __name__ == "__main__":
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, given in PRESETS.items():
        with tempfile.TemporaryDirectory() as scratch:
            page = markdown(name, measure(given, Path(scratch)))
        (DOCS / f"{name}.md").write_text(page, "utf-8")
