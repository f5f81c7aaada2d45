"""The answers as tables, for the terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accidental_transfers.evaluation.tasks.answers import Answers
from accidental_transfers.evaluation.tasks.intervals import Figure

NOTHING = "–"
WHICH_ROW = "Which row is an accident?"
RULES_ALONE = "What one-line rules find: average precision"
RULE_DOLLARS = "High amounts: what rules save, beside the best model"
WHOM_TABLE = "Whom did they mean?"
HOW_MUCH_TABLE = "How much did they mean?"


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    title
        What it answers.
    columns
        Their names; those from the position ``numbers`` on are numbers.
    lines
        The cells.
    numbers
        Where the columns of numbers begin.
    """

    title: str
    columns: tuple[str, ...]
    lines: list[tuple[str, ...]]
    numbers: int


def tables(found: Answers) -> Iterator[Table]:
    """Show every answer; what is not computable has its reason in place of figures."""
    yield _which_row(found)
    yield _rules(found)
    yield _dollars(found)
    yield _whom(found)
    yield _how_much(found)


def _which_row(found: Answers) -> Table:
    lines: list[tuple[str, ...]] = []
    for row in found.which_row:
        name, by = words(row.target), row.by or NOTHING
        alerts = str(row.alerts_a_day or NOTHING)
        if row.found is None:
            lines.append((name, by, alerts, f"not computable: {row.note}", "", ""))
            continue
        judged = row.found
        figures = _figure(judged.average_precision), _figure(judged.precision)
        dollars = _dollars_of(judged.saved) if judged.saved else NOTHING
        lines.append((name, by, alerts, *figures, dollars))
    return Table(
        WHICH_ROW,
        (
            "accident",
            "by",
            "alerts a day",
            "average precision",
            "precision of the alerts",
            "dollars saved a day, less the alerts' cost",
        ),
        lines,
        2,
    )


def _rules(found: Answers) -> Table:
    kinds = tuple(dict.fromkeys(kind for of_rule in found.rules.values() for kind in of_rule))
    lines = [
        (rule, *(f"{of_rule[kind]:.3f}" for kind in kinds)) for rule, of_rule in found.rules.items()
    ]
    return Table(RULES_ALONE, ("rule", *map(words, kinds)), lines, 1)


def _dollars(found: Answers) -> Table:
    lines: list[tuple[str, ...]] = [(rule, _figure(share)) for rule, share in found.dollars.items()]
    return Table(
        RULE_DOLLARS,
        ("rule", "share of the best model's dollars"),
        lines or _no_answer(found, "dollars", 2),
        1,
    )


def _whom(found: Answers) -> Table:
    lines: list[tuple[str, ...]] = []
    for each in found.whom:
        shown = tuple(map(_figure, each.top)) if each.top else (f"not computable: {each.note}", "")
        lines.append((words(each.kind), each.by, str(each.payments), *shown))
    return Table(
        WHOM_TABLE,
        ("accident", "by", "payments", "first answer right", "among the first three"),
        lines + _no_answer(found, "whom", 5),
        2,
    )


def _how_much(found: Answers) -> Table:
    lines: list[tuple[str, ...]] = [
        (
            each.by,
            str(each.payments),
            _figure(each.right) if each.right else f"not computable: {each.note}",
        )
        for each in found.amounts
    ]
    return Table(
        HOW_MUCH_TABLE,
        ("by", "payments", "right to the cent"),
        lines + _no_answer(found, "how much", 3),
        1,
    )


def _no_answer(found: Answers, question: str, columns: int) -> list[tuple[str, ...]]:
    """Say why a question, or a part of it, has no answer."""
    return [
        (name.partition(": ")[2] or NOTHING, f"not computable: {note}", *[""] * (columns - 2))
        for name, note in found.notes.items()
        if name.split(": ")[0] == question
    ]


def words(name: str) -> str:
    """Write the name of a kind as words."""
    return name.replace("_", " ")


def _figure(found: Figure) -> str:
    return f"{found.value:.3f}{_interval(found, '.3f')}"


def _dollars_of(found: Figure) -> str:
    return f"{found.value:,.0f}{_interval(found, ',.0f')}"


def _interval(found: Figure, form: str) -> str:
    """Write the interval, unless the figure is exact."""
    return "" if found.low == found.high else f" ({found.low:{form}} to {found.high:{form}})"
