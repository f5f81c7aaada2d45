"""The card's charts of labelled transactions: per week and per customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from markupsafe import Markup

from accidental_transfers.card.numbers import count, words
from accidental_transfers.card.svg import (
    LEFT,
    RIGHT,
    Scale,
    line,
    linear,
    nice_ticks,
    picture,
    rectangle,
    text,
)

WEEKS_TOP, WEEKS_BOTTOM = 8.0, 184.0
WEEK_NAME = 72
"""Width that the name of a week takes."""
ROW = 58.0
MOST_BARS = 48

Counts = Mapping[str, int]
Bar = tuple[int, int, int]
"""The first value, the last and the count."""


def per_week(by_week: Mapping[str, Counts], labels: Sequence[str]) -> Markup:
    """Draw labelled transactions as a stacked bar for each week.

    Parameters
    ----------
    by_week
        Rows by the Monday of the week (ISO) and label; weeks without any may be absent.
    labels
        From the bottom of a bar to its top.
    """
    weeks = _all_weeks(by_week)
    most = max((sum(by_week.get(week, {}).values()) for week in weeks), default=0) or 1
    width = (RIGHT - LEFT) / max(len(weeks), 1)
    scale = (WEEKS_BOTTOM - WEEKS_TOP) / most
    marks = _week_axis(most, scale)
    free = 0.0
    for position, week in enumerate(weeks):
        x = LEFT + position * width
        marks += _stack(week, {label: by_week.get(week, {}).get(label, 0) for label in labels},
                        x + width * 0.07, width * 0.86, scale)  # fmt: skip
        if x >= free and x < RIGHT - 40:
            marks.append(text(x, WEEKS_BOTTOM + 15, _week_name(week)))
            free = x + WEEK_NAME
    return picture(WEEKS_BOTTOM + 22, marks, "Stacked bars of labelled transactions per week")


def _all_weeks(by_week: Mapping[str, Counts]) -> list[str]:
    """Give every week from the first to the last, those without any label as well."""
    if not by_week:
        return []
    first, last = date.fromisoformat(min(by_week)), date.fromisoformat(max(by_week))
    return [str(first + timedelta(days)) for days in range(0, (last - first).days + 1, 7)]


def _week_axis(most: int, scale: float) -> list[Markup]:
    marks = []
    for tick in nice_ticks(most):
        y = WEEKS_BOTTOM - tick * scale
        marks += [line(LEFT, y, RIGHT, y), text(LEFT - 6, y + 4, count(tick), "end")]
    return marks


def _stack(week: str, found: Counts, x: float, width: float, scale: float) -> Iterator[Markup]:
    y = WEEKS_BOTTOM
    for label, rows in found.items():
        y -= rows * scale
        title = f"Week of {week}: {count(rows)} {words(label)}"
        yield rectangle(x, y, width, rows * scale, title, label)


def _week_name(week: str) -> str:
    monday = date.fromisoformat(week)
    return f"{monday.day} {monday:%b %y}"


def per_customer(groups: Mapping[str, Mapping[int, int]], unit: str) -> Markup:
    """Draw how many customers have how many rows of each label, on one axis of rows."""
    largest = max((max(counts, default=0) for counts in groups.values()), default=0)
    x = linear(0, largest + 1, 6, RIGHT)
    marks: list[Markup] = []
    for position, (label, counts) in enumerate(groups.items()):
        base = 12 + (position + 1) * ROW - 8
        marks += _customer_row(label, {largest: 0, **counts}, unit, base, x)
    bottom = 12 + len(groups) * ROW - 8
    ticks = [tick for tick in nice_ticks(largest, 6) if x(tick) < RIGHT - 10]
    marks += [text(x(tick), bottom + 14, count(tick)) for tick in ticks]
    marks.append(text(RIGHT, bottom + 28, f"{unit} per customer", "end"))
    return picture(bottom + 34, marks, f"Bars of customers by their number of {unit}")


def _customer_row(
    label: str, counts: Mapping[int, int], unit: str, base: float, x: Scale
) -> Iterator[Markup]:
    bars = histogram(counts, MOST_BARS)
    scale = 34 / (max(number for *_, number in bars) or 1)
    yield text(6, base - 40, words(label), class_="name")
    yield text(RIGHT, base - 40, f"{count(counts.get(0, 0))} customers have none", "end")
    yield line(6, base, RIGHT, base)
    for low, high, number in bars:
        span = f"{low}" if low == high else f"{low} to {high}"
        title = f"{words(label)}, {span} {unit}: {count(number)} customers"
        width = (min(x(high + 1), RIGHT) - x(low)) * 0.86
        yield rectangle(x(low), base - number * scale, width, number * scale, title, label)


def histogram(counts: Mapping[int, int], most_bars: int) -> list[Bar]:
    """Gather counts of small numbers into bars of equal width."""
    largest = max(counts, default=0)
    step = -(-(largest + 1) // most_bars)
    edges = range(0, largest + step + 1, step)
    return [
        (low, high - 1, sum(n for value, n in counts.items() if low <= value < high))
        for low, high in pairwise(edges)
    ]
