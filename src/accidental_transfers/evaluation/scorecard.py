"""The scorecard: every line measured and judged by its band."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation import (
    aftermath,
    amounts,
    errands,
    gaps,
    household,
    hunt,
    labels,
    leaks,
    lookalikes,
    network,
    people,
    places,
    rhythm,
    two_conditions,
    typing_errors,
    whereabouts,
    year,
)
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.kinds import ACCIDENT_KINDS
from accidental_transfers.evaluation.readings import Measure, Reading
from accidental_transfers.evaluation.tasks import lines
from accidental_transfers.model.accidents import LABELS

MEASURES: dict[str, Measure] = {
    **amounts.MEASURES,
    **rhythm.MEASURES,
    **year.MEASURES,
    **people.MEASURES,
    **places.MEASURES,
    **household.MEASURES,
    **errands.MEASURES,
    **whereabouts.MEASURES,
    **network.MEASURES,
    **labels.MEASURES,
    **typing_errors.MEASURES,
    **leaks.MEASURES,
    **hunt.MEASURES,
    **gaps.MEASURES,
    **two_conditions.MEASURES,
    **lookalikes.MEASURES,
    **aftermath.MEASURES,
    **lines.MEASURES,
}
TRAINED = {
    "best_raw",
    "best_history",
    "boosting_raw",
    "boosting_history",
    "boosting_past",
    "gain",
    "two_conditions",
    "told_apart",
    "found",
    "rule_dollars",
    "whom_gain",
}
"""Items that take a model to compute."""
EACH = {"each label": LABELS, "each kind": ACCIDENT_KINDS}
"""In ``bands.json``: a part for every label, or for every kind of accident, with the same band."""


class Verdict(StrEnum):
    """What a value means."""

    WITHIN = "in band"
    OUTSIDE = "out of band"
    TOO_FEW = "too few to judge"
    INFORMATION = "for information"
    NOT_COMPUTABLE = "not computable"


@dataclass(frozen=True)
class Line:
    """One line of the scorecard.

    Attributes
    ----------
    section, item, part, name
        Where it belongs, its key, which part of the data it is about ("" for all), its title.
    value
        None where it cannot be computed.
    low, high
        The band, both ends allowed; None is open.
    verdict
        `Verdict`.
    why, real, reading
        Why it matters, what was measured on real payments, and how the item is computed.
    also
        The same in other readings, or in parts; they are not judged.
    note
        What the value belongs to, or why there is none.
    """

    section: str
    item: str
    part: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    why: str
    real: str = ""
    source: str = ""
    reading: str = ""
    also: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def title(self) -> str:
        """The name with the part that it is about."""
        return f"{self.name}: {self.part}" if self.part else self.name


@cache
def _items() -> dict[str, dict[str, Any]]:
    """Give what is judged, by its key."""
    return {item["item"]: item for section in bands() for item in section["items"]}


def measured(data: Dataset, item: str, part: str) -> Reading:
    """Measure one line; NaN, with the reason as its note, where it cannot be computed."""
    return _measure(data, _items()[item], part, models=True)


@cache
def bands() -> list[dict[str, Any]]:
    """Read what is judged, and by which bands, for every part of the data."""
    text = files("accidental_transfers.evaluation").joinpath("bands.json").read_text("utf-8")
    sections: list[dict[str, Any]] = json.loads(text)["sections"]
    for section in sections:
        for item in section["items"]:
            for each, names in EACH.items():
                if each in item["bands"]:
                    item["bands"] = dict.fromkeys(names, item["bands"][each])
    return sections


def scorecard(data: Dataset, models: bool = True) -> Iterator[Line]:
    """Measure every line, in the order of ``bands.json``.

    Without ``models`` the lines that take one to compute are not computed. A label of an accident
    that is no part of the dataset has no lines.
    """
    for section in bands():
        for item in section["items"]:
            for part, (low, high) in item["bands"].items():
                if part in LABELS and part not in data.labels:
                    continue
                reading = _measure(data, item, part, models)
                line = _line(section["section"], item, part, reading, (low, high))
                yield _if_enough(line, data, item.get("least", {}))


def _measure(data: Dataset, item: Mapping[str, Any], part: str, models: bool) -> Reading:
    name = item["item"]
    if name in TRAINED and not models:
        return Reading(math.nan, note="models were not asked for")
    measure = MEASURES[name]
    try:
        data.needs(*item.get("needs", ()))
        found = measure(data, part) if part else measure(data)
    except NotComputableError as error:
        return Reading(math.nan, note=str(error))
    return found if isinstance(found, Reading) else Reading(found)


def _line(
    section: str,
    item: Mapping[str, Any],
    part: str,
    reading: Reading,
    band: tuple[float | None, float | None],
) -> Line:
    low, high = band
    high = reading.limit or high
    return Line(
        section=section,
        item=item["item"],
        part=part,
        name=item["name"],
        value=None if math.isnan(reading.value) else reading.value,
        low=low,
        high=high,
        verdict=judge(reading.value, low, high),
        why=item["why"],
        real=item.get("real", ""),
        source=item.get("source", ""),
        reading=item.get("reading", ""),
        also=reading.also,
        note=reading.note,
    )


def _if_enough(line: Line, data: Dataset, least: Mapping[str, int]) -> Line:
    """Leave a line unjudged whose band is for more customers, or for more days."""
    there = {"customers": len(data.customer_ids), "days": data.days}
    for what, needed in least.items():
        if there[what] < needed and line.verdict in {Verdict.WITHIN, Verdict.OUTSIDE}:
            return too_few(line, f"{there[what]} {what}; at least {needed} are needed")
    return line


def too_few(line: Line, reason: str) -> Line:
    """Call a line one of which the dataset has too few to judge it; its own note stays."""
    note = "; ".join(filter(None, (line.note, reason)))
    return replace(line, verdict=Verdict.TOO_FEW, note=note)


def judge(value: float, low: float | None, high: float | None) -> Verdict:
    """Tell whether a value is in its band; both ends belong to it."""
    if math.isnan(value):
        return Verdict.NOT_COMPUTABLE
    if low is None and high is None:
        return Verdict.INFORMATION
    above = low is None or value >= low
    below = high is None or value <= high
    return Verdict.WITHIN if above and below else Verdict.OUTSIDE
