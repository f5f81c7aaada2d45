"""The card's charts of types, recipients and customers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from accidental_transfers.card.markup import count, percent, short
from accidental_transfers.card.svg import (
    LEFT,
    LETTER,
    RIGHT,
    SHEET,
    circle,
    decades,
    line,
    linear,
    logarithmic,
    nice_ticks,
    path,
    picture,
    rectangle,
    text,
)

FITTED = 100
"""The most popular merchants, whose popularity the exponent describes."""


def bars(items: Sequence[tuple[str, int]], total: int, label: str, unit: str) -> str:
    """Draw counts as horizontal bars with their shares."""
    most = max((found for _, found in items), default=0) or 1
    left = 10 + LETTER * max((len(name) for name, _ in items), default=0)
    right, height = SHEET - 118, 19.0
    marks = []
    for position, (name, found) in enumerate(items):
        y = position * height
        length = (right - left) * found / most
        title = f"{name}: {count(found)} {unit}"
        value = f"{count(found)} · {percent(found / (total or 1))}"
        marks += [
            text(left - 6, y + 13, name, "end", "label"),
            rectangle(left, y + 3, length, height - 6, title, rx=2),
            text(left + length + 5, y + 13, value),
        ]
    return picture(len(items) * height + 4, marks, label)


def zipf_exponent(counts: Sequence[int]) -> float | None:
    """Fit the exponent of the most popular merchants: least squares of logarithms.

    Parameters
    ----------
    counts
        Payments per merchant, the most popular first.
    """
    points = [(math.log(rank), math.log(n)) for rank, n in enumerate(counts[:FITTED], 1)]
    if len(points) < 3:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return -sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def popularity(counts: Sequence[int]) -> str:
    """Draw payments over merchants' ranks, both on logarithmic axes."""
    bottom, top = 214.0, 12.0
    ranks, most = len(counts), counts[0]
    x = logarithmic(1, max(ranks, 10), LEFT, RIGHT - 6)
    y = logarithmic(1, max(most, 10), bottom, top)
    marks = [line(LEFT, y(n), RIGHT - 6, y(n)) for n in decades(1, max(most, 10))]
    marks += [text(LEFT - 6, y(n) + 4, short(n), "end") for n in decades(1, max(most, 10))]
    marks += [text(x(n), bottom + 15, short(n), "middle") for n in decades(1, max(ranks, 10))]
    marks.append(text(RIGHT - 6, bottom + 30, "rank of the merchant", "end"))
    shown = _spread_out(ranks)
    marks.append(path(((x(rank), y(counts[rank - 1])) for rank in shown), "curve"))
    marks += [
        circle(x(r), y(counts[r - 1]), 2.2, f"Rank {r}: {count(counts[r - 1])} payments")
        for r in shown
    ]
    return picture(bottom + 38, marks, "Payments per merchant over its rank, logarithmic axes")


def _spread_out(ranks: int) -> list[int]:
    """Choose ranks that lie evenly on a logarithmic axis, the first and the last included."""
    steps = 60
    return sorted({min(ranks, round(ranks ** (n / steps))) for n in range(steps + 1)})


def histogram(counts: Mapping[int, int], most_bars: int) -> list[tuple[int, int, int]]:
    """Gather counts of small numbers into bars of equal width.

    Returns
    -------
    ``(first, last, count)`` of every bar.
    """
    largest = max(counts, default=0)
    step = -(-(largest + 1) // most_bars)
    edges = range(0, largest + step + 1, step)
    return [
        (low, high - 1, sum(n for value, n in counts.items() if low <= value < high))
        for low, high in pairwise(edges)
    ]


def per_customer(groups: Mapping[str, Mapping[int, int]], unit: str) -> str:
    """Draw how many customers have how many rows of each group, on one axis of rows."""
    largest = max((max(counts, default=0) for counts in groups.values()), default=0)
    padded = {name: {**dict.fromkeys([largest], 0), **counts} for name, counts in groups.items()}
    x = linear(0, largest + 1, 6, RIGHT)
    row_height, marks = 58.0, []
    for position, (name, counts) in enumerate(padded.items()):
        base = 12 + (position + 1) * row_height - 8
        found = histogram(counts, 48)
        most = max(n for *_, n in found) or 1
        label = name.replace("_", " ")
        none = f"{count(counts.get(0, 0))} customers have none"
        marks += [text(6, base - 40, label, class_="name"), text(RIGHT, base - 40, none, "end"),
                  line(6, base, RIGHT, base)]  # fmt: skip
        for low, high, number in found:
            height = 34 * number / most
            span = f"{low}" if low == high else f"{low} to {high}"
            title = f"{label}, {span} {unit}: {count(number)} customers"
            right = min(x(high + 1), RIGHT)
            marks.append(
                rectangle(x(low), base - height, (right - x(low)) * 0.86, height, title, name)
            )
    bottom = 12 + len(padded) * row_height - 8
    ticks = [tick for tick in nice_ticks(largest, 6) if x(tick) < RIGHT - 10]
    marks += [text(x(tick), bottom + 14, count(tick)) for tick in ticks]
    marks.append(text(RIGHT, bottom + 28, f"{unit} per customer", "end"))
    return picture(bottom + 34, marks, f"Bars of customers by their number of {unit}")
