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
