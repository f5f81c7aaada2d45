"""The scorecard and the baselines as tables to be read, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.table import Table

from accidental_transfers.evaluation.baselines import Baselines
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.scorecard import Line, Verdict
from accidental_transfers.evaluation.tasks.answers import Answers
from accidental_transfers.evaluation.tasks.tables import tables

STYLES = {Verdict.WITHIN: "green", Verdict.OUTSIDE: "bold red"}


def scorecard_table(lines: Sequence[Line]) -> Table:
    """Show every line with its value, band, verdict and, once, why it matters."""
    table = Table("line", "value", "band", "verdict", "why it matters", title="Scorecard")
    table.columns[1].justify = table.columns[2].justify = "right"
    for section, of_section in groupby(lines, lambda line: line.section):
        table.add_section()
        table.add_row(f"[bold]{section}[/]")
        for _, of_item in groupby(of_section, lambda line: line.item):
            for number, line in enumerate(of_item):
                why = "" if number else line.why
                table.add_row(line.title, _number(line.value), _band(line), _verdict(line), why)
    return table


def _verdict(line: Line) -> str:
    text = f"{line.verdict} ({line.note})" if line.note else line.verdict
    return f"[{STYLES.get(line.verdict, 'dim')}]{text}[/]"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if float(value).is_integer() or value >= 1000 else f"{value:.3g}"


def _band(line: Line) -> str:
    if line.low is None and line.high is None:
        return ""
    if line.low == line.high:
        return f"= {_number(line.low)}"
    if line.low is None:
        return f"≤ {_number(line.high)}"
    if line.high is None:
        return f"≥ {_number(line.low)}"
    return f"{_number(line.low)} – {_number(line.high)}"


COLUMNS = {
    "raw": "raw",
    "history": "raw and the past",
    "lookahead": "raw, the past and 5 minutes after",
}


def baselines_table(models: Baselines) -> Table:
    """Show what the baselines reach, for every label."""
    table = Table(title="Gradient boosting: first two thirds of the days, tested on the last third")
    table.add_column("accident")
    table.add_column("columns")
    for name in ("blind", "average precision", "precision of 100 alerts a day", "best possible"):
        table.add_column(name, justify="right")
    for (label, which), found in models.items():
        values = (
            found.share,
            found.average_precision,
            found.precision_of_alerts,
            found.best_precision_of_alerts,
        )
        table.add_row(label, COLUMNS[which], *(f"{value:.3f}" for value in values))
    return table


def answers_tables(found: Answers) -> list[Table]:
    """Show the answers to the three questions."""
    shown = []
    for each in tables(found):
        table = Table(title=each.title)
        for place, name in enumerate(each.columns):
            table.add_column(name, justify="left" if place < each.numbers else "right")
        for line in each.lines:
            table.add_row(*line)
        shown.append(table)
    return shown


def summary(lines: Sequence[Line]) -> str:
    """Count the verdicts."""
    counts = Counter(line.verdict for line in lines)
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())


def remarks(data: Dataset) -> list[str]:
    """Name the columns that are not the dataset's, and those that it has and the file lacks."""
    said = {
        "only searched for leaks, since the dataset has no such columns": data.unknown,
        "missing, and counted as empty": data.missing,
    }
    return [f"{what}: {', '.join(columns)}" for what, columns in said.items() if columns]


def report(name: str, data: Dataset, lines: Sequence[Line], models: Baselines) -> dict[str, Any]:
    """Give everything that was measured, ready for JSON."""
    return {
        "file": name,
        "rows": len(data.rows),
        "customers": int(data.rows["customer"].nunique()),
        "first_day": str(data.first_day.date()),
        "days": data.days,
        "unknown_columns": list(data.unknown),
        "missing_columns": list(data.missing),
        "passed": passed(lines),
        "lines": [asdict(line) for line in lines],
        "baselines": [
            {"accident": label, "columns": COLUMNS[which], **asdict(found)}
            for (label, which), found in models.items()
        ],
    }


def passed(lines: Sequence[Line]) -> bool:
    """Tell whether no line is out of its band."""
    return all(line.verdict != Verdict.OUTSIDE for line in lines)
