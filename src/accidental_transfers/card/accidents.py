"""The card's section on accidents: how many, when, whose, and real examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from itertools import zip_longest

from accidental_transfers.card import count_charts
from accidental_transfers.card.markup import (
    count,
    figure,
    percent,
    scrolling,
    section,
    table,
    tag,
    words,
)
from accidental_transfers.card.sections import label_key
from accidental_transfers.card.svg import LEFT, RIGHT, line, nice_ticks, picture, rectangle, text
from accidental_transfers.model.accidents import KIND_NAMES, LABEL_OF_KIND, LABELS
from accidental_transfers.statistics.statistics import Counts, Example, Statistics

MEANINGS = {
    "duplicate": "The same payment confirmed twice or more, within seconds.",
    "split": "One purchase, split by a faulty reader; the parts add up to what was meant.",
    "card_test": "Small amounts in quick succession: somebody tests a stolen card.",
    "high_amount": "An amount far above the usual maximum of its type.",
    "mistyped": "One or two digits of the recipient's number wrong, or two swapped.",
    "honest_repeat": "The same again within moments, and meant so: two equal coffees.",
    "honest_large": "A real purchase far above the usual maximum.",
    "honest_neighbour": "A payment to somebody whose number is close to a known one.",
    "burst": "Several transactions within seconds.",
}
EXAMPLE_HEAD = ("time", "amount", "recipient", "entity type", "type", "city")


def accidents(facts: Statistics) -> str:
    """Show the accidents per kind and week, per customer, and examples with their neighbours."""
    labelled = facts.labelled / facts.rows
    lead = (
        f"{count(facts.labelled)} transactions, {percent(labelled)} of all, have a label. At most "
        "one label is true in a row, and every transaction of a burst has it, the first included."
    )
    per_customer = {label: facts.labels_per_customer.get(label, {}) for label in LABELS}
    figures = [
        figure("Labelled transactions per week", _weeks(facts.labels_by_week),
               "Weeks begin on Monday; the first and the last may be cut by the period."),
        figure("Labelled transactions per customer",
               count_charts.per_customer(per_customer, "labelled rows"),
               "Each row has a scale of its own. Some customers are prone, some hardly ever err."),
        tag("div", _kind_table(facts), class_="panel wide"),
    ]  # fmt: skip
    examples = "".join(_examples(kind, found) for kind, found in facts.examples.items() if found)
    content = label_key() + tag("div", "".join(figures) + examples, class_="grid")
    return section("accidents", "Accidents", lead, content)


def _kind_table(facts: Statistics) -> str:
    if not facts.by_kind:
        rows = [
            [words(label), "", count(facts.by_label.get(label, 0)), _share(facts, label)]
            for label in LABELS
        ]
        return table(["label", "", "transactions", "share"], rows, (2, 3))
    rows = [
        [
            words(kind),
            _label_of(kind) or "none",
            count(found["events"]),
            count(found["rows"]),
            percent(found["rows"] / facts.rows),
        ]
        for kind, found in facts.by_kind.items()
    ]
    return table(["what happened", "label", "events", "transactions", "share"], rows, (2, 3, 4))


def _share(facts: Statistics, label: str) -> str:
    return percent(facts.by_label.get(label, 0) / facts.rows)


def _label_of(kind: str) -> str:
    """Name the label of a kind (a label is its own), or nothing for an honest look-alike."""
    if kind in LABELS:
        return words(kind)
    label = LABEL_OF_KIND[KIND_NAMES.index(kind)]
    return words(LABELS[label - 1]) if label else ""


def _weeks(by_week: Mapping[str, Counts]) -> str:
    left, right, top, bottom = LEFT, RIGHT, 8.0, 184.0
    weeks = _all_weeks(by_week)
    most = max((sum(by_week.get(week, {}).values()) for week in weeks), default=0) or 1
    width = (right - left) / max(len(weeks), 1)
    scale = (bottom - top) / most
    marks = []
    for tick in nice_ticks(most):
        y = bottom - tick * scale
        marks += [line(left, y, right, y), text(left - 6, y + 4, count(tick), "end")]
    free = 0.0
    for position, week in enumerate(weeks):
        x, y = left + position * width, bottom
        for label in LABELS:
            found = by_week.get(week, {}).get(label, 0)
            y -= found * scale
            title = f"Week of {week}: {count(found)} {words(label)}"
            marks.append(rectangle(x + width * 0.07, y, width * 0.86, found * scale, title, label))
        if x >= free and x < right - 40:
            monday = date.fromisoformat(week)
            marks.append(text(x, bottom + 15, f"{monday.day} {monday:%b %y}"))
            free = x + 72
    return picture(bottom + 22, marks, "Stacked bars of labelled transactions per week")


def _all_weeks(by_week: Mapping[str, Counts]) -> list[str]:
    """Give every week from the first to the last, those without any label as well."""
    if not by_week:
        return []
    first, last = date.fromisoformat(min(by_week)), date.fromisoformat(max(by_week))
    return [str(first + timedelta(days)) for days in range(0, (last - first).days + 1, 7)]


def _examples(kind: str, found: Sequence[Example]) -> str:
    label = _label_of(kind)
    chip = tag("span", f"label: {label}" if label else "no label: honest", class_="chip")
    head = tag("h3", words(kind).capitalize() + " " + chip) + tag("p", MEANINGS[kind])
    first, *others = (_example(each) for each in found)
    more = f"{len(others)} more" if len(others) > 1 else "one more"
    rest = tag("details", tag("summary", more) + "".join(others)) if others else ""
    tone = f"is-{label.replace(' ', '_')}" if label else "is-honest"
    return tag("div", head + first + rest, class_=f"panel wide examples {tone}")


def _example(rows: Example) -> str:
    """Show an example with its neighbours; the rows that belong to it stand out."""
    head = tag("thead", tag("tr", "".join(_cell("th", name, name) for name in EXAMPLE_HEAD)))
    body = "".join(
        tag("tr", _cells(row), class_="struck" if row["is_example"] else "around") for row in rows
    )
    members = [row for row in rows if row["is_example"]]
    title = tag("h4", f"{escape(str(members[0]['transaction_id']))} and the rows around it")
    return title + scrolling(tag("table", head + tag("tbody", body)))


def _cells(row: Mapping[str, str | bool]) -> str:
    paid, meant = str(row["recipient_entity"]), str(row["original_recipient_entity"])
    recipient = escape(paid) if paid == meant else f"{_marked(paid, meant)} for {escape(meant)}"
    texts = [
        escape(str(row["timestamp"])),
        f"${escape(str(row['amount']))}",
        recipient,
        escape(str(row["entity_type"])),
        escape(str(row["transaction_type"])),
        escape(str(row["city"])),
    ]
    named = zip(EXAMPLE_HEAD, texts, strict=True)
    return "".join(_cell("td", name, content) for name, content in named)


def _cell(element: str, name: str, content: str) -> str:
    return tag(element, content, **({"class_": "number"} if name == "amount" else {}))


def _marked(paid: str, meant: str) -> str:
    """Mark the characters in which two texts differ."""
    return "".join(
        escape(mine) if mine == theirs else tag("mark", escape(mine))
        for mine, theirs in zip_longest(paid, meant, fillvalue="")
    )
