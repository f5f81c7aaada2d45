"""What the card's section on accidents shows: how many, when, whose, and real examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup

from accidental_transfers.card import accident_charts
from accidental_transfers.card.legend import MEANINGS, accidents_of
from accidental_transfers.model.accidents import KIND_NAMES, LABEL_OF_KIND, LABELS
from accidental_transfers.statistics.statistics import Example, Statistics

Row = Mapping[str, str | bool]


@dataclass(frozen=True)
class KindRow:
    """How often a kind occurs, or a label where kinds are not known."""

    name: str
    label: str | None
    """None for an honest look-alike."""
    events: int | None
    """None where kinds are not known."""
    rows: int


@dataclass(frozen=True)
class ExampleRow:
    """A row of an example, or one around it."""

    belongs: bool
    values: Row
    recipient: list[tuple[str, bool]]
    """The characters, and whether another one was meant; none differs where nobody mistyped."""
    meant: str | None
    """The recipient who was meant, where it is another one."""


@dataclass(frozen=True)
class Examples:
    """A kind's examples; each is named by its first transaction."""

    kind: str
    label: str | None
    meaning: str
    each: list[tuple[str, list[ExampleRow]]]


@dataclass(frozen=True)
class Accidents:
    """Labelled transactions: two pictures, a table and examples."""

    weeks: Markup
    per_customer: Markup
    kinds_are_known: bool
    kinds: list[KindRow]
    examples: list[Examples]


def accidents(facts: Statistics) -> Accidents:
    """Draw and count accidents, and choose examples."""
    labels = [accident.name for accident in accidents_of(facts)]
    per_customer = {label: facts.labels_per_customer.get(label, {}) for label in labels}
    return Accidents(
        weeks=accident_charts.per_week(facts.labels_by_week, labels),
        per_customer=accident_charts.per_customer(per_customer, "labelled rows"),
        kinds_are_known=bool(facts.by_kind),
        kinds=_kinds(facts) if facts.by_kind else _labels(facts),
        examples=[_examples(kind, found) for kind, found in facts.examples.items() if found],
    )


def _kinds(facts: Statistics) -> list[KindRow]:
    return [
        KindRow(kind, label_of(kind), found["events"], found["rows"])
        for kind, found in facts.by_kind.items()
    ]


def _labels(facts: Statistics) -> list[KindRow]:
    return [
        KindRow(each.name, each.name, None, facts.by_label.get(each.name, 0))
        for each in accidents_of(facts)
    ]


def label_of(kind: str) -> str | None:
    """Name the label of a kind (a label is its own), or nothing for an honest look-alike."""
    if kind in LABELS:
        return kind
    label = LABEL_OF_KIND[KIND_NAMES.index(kind)]
    return LABELS[label - 1] if label else None


def _examples(kind: str, found: Sequence[Example]) -> Examples:
    each = [(_first_id(rows), [_example_row(row) for row in rows]) for rows in found]
    return Examples(kind, label_of(kind), MEANINGS[kind], each)


def _first_id(rows: Example) -> str:
    return next(str(row["transaction_id"]) for row in rows if row["is_example"])


def _example_row(row: Row) -> ExampleRow:
    paid, meant = str(row["recipient_entity"]), str(row["original_recipient_entity"])
    return ExampleRow(
        belongs=bool(row["is_example"]),
        values=row,
        recipient=_compared(paid, meant),
        meant=None if paid == meant else meant,
    )


def _compared(paid: str, meant: str) -> list[tuple[str, bool]]:
    """Tell of each character of what was paid to whether another one was meant."""
    return [
        (mine, mine != theirs) for mine, theirs in zip_longest(paid, meant, fillvalue="") if mine
    ]
