"""The dataset card: one page, without a script and without a network, that shows a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from accidental_transfers.card.accidents import accidents
from accidental_transfers.card.markup import count, percent, section, size, tag
from accidental_transfers.card.sections import how_much, what_and_to_whom, when, where
from accidental_transfers.card.time_charts import day_name
from accidental_transfers.card.usage import columns, limits, loading, provenance
from accidental_transfers.statistics.statistics import Statistics

CHAPTERS = {
    "when": "When",
    "amounts": "How much",
    "recipients": "What, and to whom",
    "where": "Where",
    "accidents": "Accidents",
    "columns": "Columns",
    "loading": "How to load it",
    "provenance": "Provenance",
    "limits": "Honest limits",
}


def render(facts: Statistics, about: Mapping[str, Any]) -> str:
    """Write the card of a dataset as HTML.

    Parameters
    ----------
    facts
        What the dataset looks like.
    about
        Its manifest, or what is known of it: ``location`` (an address or a path), ``bytes``,
        ``crc32`` and, where known, ``run``, ``seed``, ``spec``, ``versions`` and ``files``.
    """
    name = about["location"].rpartition("/")[2]
    return Template(_read("card.html")).substitute(
        title=escape(f"{name} · dataset card"),
        style=_read("style.css"),
        header=_header(facts, about),
        sections="\n".join(_sections(facts, about)),
        footer="Made by accidental-transfers, from exact counts of every row. Point at a mark to "
        "read its number.",
    )


def _read(name: str) -> str:
    return files("accidental_transfers.card").joinpath(name).read_text("utf-8")


def _header(facts: Statistics, about: Mapping[str, Any]) -> str:
    anchors = CHAPTERS if facts.rows else ("columns", "loading", "provenance")
    links = "".join(tag("a", CHAPTERS[name], href=f"#{name}") for name in anchors)
    return "\n".join(
        [
            tag("h1", "Transactions with accidental transfers"),
            tag("p", escape(about["location"]), class_="file"),
            tag(
                "p",
                f"{'Synthetic, labelled' if 'spec' in about else 'Labelled'} consumer payments, "
                "for models that catch accidental transfers: payments confirmed twice, amounts "
                "far too high, recipients mistyped by a digit, and the honest payments that look "
                "like them.",
                class_="lead",
            ),
            _strip(facts, about),
            tag("nav", links, aria_label="Sections"),
        ]
    )


def _strip(facts: Statistics, about: Mapping[str, Any]) -> str:
    """Sum the dataset up in a strip of numbers."""
    first, last = _period(facts)
    entries = [
        ("transactions", count(facts.rows), ""),
        ("customers", count(facts.customers), _per_day(facts)),
        ("days", count(_days(facts)), _span(first, last)),
        ("with a label", percent(facts.labelled / (facts.rows or 1)),
         f"{count(facts.labelled)} transactions"),
        ("size", size(about["bytes"]), f"{count(about['bytes'])} bytes"),
        ("CRC32", about["crc32"], f"seed {about['seed']}" if "seed" in about else ""),
    ]  # fmt: skip
    return tag("dl", "".join(_entry(*map(escape, entry)) for entry in entries), class_="strip")


def _entry(name: str, value: str, note: str) -> str:
    small = tag("small", note) if note else ""
    return tag("div", tag("dt", name) + tag("dd", value + small))


def _per_day(facts: Statistics) -> str:
    customer_days = facts.customers * _days(facts)
    return f"{facts.rows / customer_days:.1f} transactions a day" if customer_days else ""


def _period(facts: Statistics) -> tuple[date | None, date | None]:
    """Give the first and the last day with a transaction."""
    if not facts.by_date:
        return None, None
    return date.fromisoformat(min(facts.by_date)), date.fromisoformat(max(facts.by_date))


def _days(facts: Statistics) -> int:
    first, last = _period(facts)
    return (last - first).days + 1 if first and last else 0


def _span(first: date | None, last: date | None) -> str:
    return f"{day_name(first)} to {day_name(last)}" if first and last else ""


def _sections(facts: Statistics, about: Mapping[str, Any]) -> list[str]:
    location = about["location"]
    usage = [columns(facts), loading(location), provenance(about)]
    if not facts.rows:
        return [section("empty", "No transactions", "There is nothing to show.", ""), *usage]
    pictures = [when(facts), how_much(facts), what_and_to_whom(facts), where(facts)]
    return [*pictures, accidents(facts), *usage, limits(facts, _days(facts), "spec" in about)]
