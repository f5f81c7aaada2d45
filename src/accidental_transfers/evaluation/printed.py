"""The scorecard and the baselines as tables to be read, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from accidental_transfers.evaluation.baselines import Baselines
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.few_customers import BANDS_ARE_FOR
from accidental_transfers.evaluation.scorecard import Line, Verdict
from accidental_transfers.evaluation.tasks.answers import Answers
from accidental_transfers.evaluation.tasks.tables import tables

STYLES = {Verdict.WITHIN: "green", Verdict.OUTSIDE: "bold red"}
WIDE = 120
"""Letters of a terminal that has room for why a line matters."""
MOST_NAMED = 3
_SHORT = {Verdict.WITHIN: "in", Verdict.OUTSIDE: "OUT", Verdict.TOO_FEW: "few"}


def scorecard_table(lines: Sequence[Line], width: int) -> Table:
    """Show every line that has a value with its band, its verdict and, once, why it matters.

    Parameters
    ----------
    width
        Of the terminal, in letters. Where there is no room for why a line matters, `reasons` has it
        of those that matter most.
    """
    table = _wide_table() if width >= WIDE else _narrow_table()
    cells = _wide_cells if width >= WIDE else _narrow_cells
    known = [line for line in lines if line.verdict != Verdict.NOT_COMPUTABLE]
    for section, of_section in groupby(known, lambda line: line.section):
        table.add_section()
        section_cells = [""] * len(table.columns)
        section_cells[0 if width >= WIDE else -1] = f"[bold]{section}[/]"
        table.add_row(*section_cells)
        for _, of_item in groupby(of_section, lambda line: line.item):
            for number, line in enumerate(of_item):
                table.add_row(*cells(line, is_first=number == 0))
    return table


def _wide_table() -> Table:
    table = Table("line", "value", "band", "verdict", "why it matters", title="Scorecard")
    table.columns[1].justify = table.columns[2].justify = "right"
    return table


def _narrow_table() -> Table:
    """Begin with what is short, so that the line has the rest of the width."""
    table = Table(title="Scorecard", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("band", no_wrap=True)
    table.add_column("line", overflow="fold")
    return table


def _wide_cells(line: Line, *, is_first: bool) -> list[str]:
    verdict = _styled(line, f"{line.verdict} ({line.note})" if line.note else line.verdict)
    why = escape(line.why) if is_first else ""
    return [escape(line.title), _number(line.value), _band(line), verdict, why]


def _narrow_cells(line: Line, *, is_first: bool) -> list[str]:  # noqa: ARG001
    said = " ".join(filter(None, [_band(line), f"({line.note})" if line.note else ""]))
    words = _SHORT.get(line.verdict, "")
    title = f"{escape(line.title)} [dim]· {escape(said)}[/]" if said else escape(line.title)
    return [_number(line.value), _styled(line, words), title]


def _styled(line: Line, words: str) -> str:
    return f"[{STYLES.get(line.verdict, 'dim')}]{escape(words)}[/]"


def reasons(lines: Sequence[Line]) -> list[str]:
    """Say of every line out of its band what it is, and why it matters."""
    return [
        f"{line.title}: {_number(line.value)}, not {_band(line)}. {line.why}"
        for line in lines
        if line.verdict == Verdict.OUTSIDE
    ]


def not_computed(lines: Sequence[Line]) -> list[str]:
    """Name lines that have no value, by the reason; none of them is a failure."""
    by_note: dict[str, list[str]] = {}
    for line in lines:
        if line.verdict == Verdict.NOT_COMPUTABLE:
            by_note.setdefault(line.note, []).append(line.title)
    return [f"not computed ({note}): {_some(names)}" for note, names in by_note.items()]


def _some(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    return "; ".join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


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
    table = Table(
        box=SIMPLE_HEAD,
        title="Gradient boosting: first two thirds of the days, tested on the last third",
    )
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
    """Name columns that only one of file and dataset has, and say what few customers mean."""
    said = {
        "only searched for leaks, since the dataset has no such columns": data.unknown,
        "missing, and counted as empty": data.missing,
    }
    named = [f"{what}: {', '.join(columns)}" for what, columns in said.items() if columns]
    customers = int(data.rows["customer"].nunique())
    if customers < BANDS_ARE_FOR:
        named.append(
            f"The bands are for {BANDS_ARE_FOR} customers. Of {customers}, there are too few to "
            "judge a line that chance alone may have taken out of its band."
        )
    return named


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
