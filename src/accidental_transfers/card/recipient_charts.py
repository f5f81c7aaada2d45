"""The card's charts of types and recipients."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from accidental_transfers.card.numbers import count, percent, short
from accidental_transfers.card.svg import (
    LEFT,
    LETTER,
    RIGHT,
    SHEET,
    Scale,
    circle,
    decades,
    line,
    logarithmic,
    path,
    picture,
    rectangle,
    text,
)

FITTED = 100
"""The most popular merchants, whose popularity the exponent describes."""
POPULARITY_BOTTOM = 214.0


def bars(items: Sequence[tuple[str, int]], total: int, label: str, unit: str) -> Markup:
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


def popularity(counts: Sequence[int]) -> Markup:
    """Draw payments over merchants' ranks, both on logarithmic axes."""
    x_end, y_end = max(len(counts), 10), max(counts[0], 10)
    x = logarithmic(1, x_end, LEFT, RIGHT - 6)
    y = logarithmic(1, y_end, POPULARITY_BOTTOM, 12)
    points = [(x(rank), y(counts[rank - 1]), rank) for rank in _spread_out(len(counts))]
    marks = [
        *_popularity_axes(x, x_end, y, y_end),
        path(((at, height) for at, height, _ in points), "curve"),
        *(
            circle(at, height, 2.2, f"Rank {rank}: {count(counts[rank - 1])} payments")
            for at, height, rank in points
        ),
    ]
    label = "Payments per merchant over its rank, logarithmic axes"
    return picture(POPULARITY_BOTTOM + 38, marks, label)


def _popularity_axes(x: Scale, x_end: int, y: Scale, y_end: int) -> list[Markup]:
    return [
        *(line(LEFT, y(n), RIGHT - 6, y(n)) for n in decades(1, y_end)),
        *(text(LEFT - 6, y(n) + 4, short(n), "end") for n in decades(1, y_end)),
        *(text(x(n), POPULARITY_BOTTOM + 15, short(n), "middle") for n in decades(1, x_end)),
        text(RIGHT - 6, POPULARITY_BOTTOM + 30, "rank of the merchant", "end"),
    ]


def _spread_out(ranks: int) -> list[int]:
    """Choose ranks that lie evenly on a logarithmic axis, the first and the last included."""
    steps = 60
    return sorted({min(ranks, round(ranks ** (n / steps))) for n in range(steps + 1)})
