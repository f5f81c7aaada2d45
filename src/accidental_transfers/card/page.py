"""The dataset card: one page, without a script and without a network, that shows a dataset.

Python prepares what is shown; the templates say how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from accidental_transfers.card.accidents import accidents
from accidental_transfers.card.disclosures import LIMITS
from accidental_transfers.card.legend import accidents_of
from accidental_transfers.card.month import customer_month
from accidental_transfers.card.numbers import FILTERS, words
from accidental_transfers.card.sections import how_much, what_and_to_whom, when, where
from accidental_transfers.card.svg import marker
from accidental_transfers.card.time_charts import day_name
from accidental_transfers.card.usage import columns, file_name, licence, loading, provenance
from accidental_transfers.statistics.statistics import Statistics


@dataclass(frozen=True)
class Period:
    """The days from the first transaction to the last."""

    days: int
    name: str


@dataclass(frozen=True)
class Section:
    """A section: its anchor, which its template is named after, its title and what it shows."""

    name: str
    title: str
    view: Any = None


def render(facts: Statistics, about: Mapping[str, Any]) -> str:
    """Write the card of a dataset as HTML.

    Parameters
    ----------
    facts
        What the dataset looks like.
    about
        Its manifest, or what is known of it: ``location`` (a path or a key, of which only the
        name is shown), ``bytes``, ``crc32`` and, where known, ``run``, ``dataset_version``,
        ``seed``, ``spec``, ``versions``, ``code_sha256``, ``files`` and ``lake``.
    """
    return (
        _environment()
        .get_template("page.html")
        .render(
            facts=facts,
            about=about,
            file_name=file_name(about["location"]),
            made_here="spec" in about,
            period=_period(facts),
            sections=_sections(facts, about),
            accidents=[accident.called for accident in accidents_of(facts)],
            signs={accident.name: accident.look for accident in accidents_of(facts)},
            key=_key(facts),
        )
    )


@cache
def _environment() -> Environment:
    """Make what compiles the templates; those of a process are compiled once."""
    environment = Environment(
        loader=PackageLoader("accidental_transfers.card"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= FILTERS
    return environment


def _period(facts: Statistics) -> Period:
    if not facts.by_date:
        return Period(0, "")
    first, last = map(date.fromisoformat, (min(facts.by_date), max(facts.by_date)))
    return Period((last - first).days + 1, f"{day_name(first)} to {day_name(last)}")


def _sections(facts: Statistics, about: Mapping[str, Any]) -> list[Section]:
    """Give the sections in their order; a dataset without a row has nothing to draw."""
    usage = [
        Section("columns", "Columns", columns(facts)),
        Section("loading", "How to load it", loading(about, facts)),
        Section("provenance", "Provenance", provenance(about)),
    ]
    allowed = Section("licence", "Licence and citation", licence(about, facts))
    if not facts.rows:
        return [*usage, allowed]
    month = customer_month(facts)
    return [
        Section("when", "When", when(facts)),
        Section("amounts", "How much", how_much(facts)),
        Section("recipients", "What, and to whom", what_and_to_whom(facts)),
        Section("where", "Where", where(facts)),
        *([Section("month", "A customer's month", month)] if month else []),
        Section("accidents", "Accidents", accidents(facts)),
        *usage,
        Section("limits", "Honest limits", LIMITS),
        allowed,
    ]


def _key(facts: Statistics) -> dict[str, Markup]:
    """Draw the mark of each label."""
    return {
        each.name: marker(6, 6, each.look.marker, words(each.name), each.name)
        for each in accidents_of(facts)
    }
