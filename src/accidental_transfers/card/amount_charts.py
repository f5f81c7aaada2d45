"""The charts of amounts: each type's distribution, with its usual maximum and its accidents."""

from __future__ import annotations

import math
from collections.abc import Mapping

from accidental_transfers.card.markup import count, money, short
from accidental_transfers.card.svg import (
    LEFT,
    RIGHT,
    decades,
    line,
    logarithmic,
    marker,
    picture,
    rectangle,
    text,
)
from accidental_transfers.statistics.statistics import BINS_PER_DECADE, Histogram

TOP, BOTTOM = 26.0, 196.0
SHAPES = {"burst": "circle", "high_amount": "triangle", "mistyped": "square"}
"""Labels, and the shape by which each is told apart without its colour."""


def edge(number: int) -> float:
    """Give the lower edge of a bin, in cents."""
    return math.pow(10, number / BINS_PER_DECADE)


def bin_name(number: int) -> str:
    """Name a bin by the whole cents that are in it."""
    if number < 0:
        return "less than a cent"
    low = math.ceil(edge(number) - 1e-6)
    high = math.ceil(edge(number + 1) - 1e-6) - 1
    return money(low) if low >= high else f"{money(low)} to {money(high)}"


def quantile_bin(counts: Histogram, share: float) -> int:
    """Find the bin that holds a quantile: the smallest that ``share`` of the rows do not pass."""
    rank = math.ceil(share * sum(counts.values()))
    passed = 0
    for number in sorted(counts):
        passed += counts[number]
        if passed >= rank:
            return number
    raise ValueError("counts: got none; allowed is at least one row")


def amounts(name: str, groups: Mapping[str, Histogram], axis: range, usual: float | None) -> str:
    """Draw one type's amounts.

    Parameters
    ----------
    groups
        Rows per bin, of all and of each label.
    axis
        The bins to show, the same for every type.
    usual
        The type's usual maximum in dollars, where it is known.
    """
    most = max(groups["all"].values(), default=1)
    high = 10.0 ** math.ceil(math.log10(max(most, 10)))
    x = logarithmic(edge(axis.start), edge(axis.stop), LEFT, RIGHT)
    y = logarithmic(0.7, high, BOTTOM, TOP)
    ticks = decades(1, high)
    marks = [line(LEFT, y(n), RIGHT, y(n)) for n in ticks]
    marks += [text(LEFT - 6, y(n) + 4, short(n), "end") for n in ticks]
    for cents in decades(edge(axis.start), edge(axis.stop) * 0.99):
        marks.append(
            text(
                x(cents),
                BOTTOM + 14,
                f"${cents / 100:,g}" if cents >= 100 else f"{cents:g}¢",
                "middle",
            )
        )
    drawn = {number: n for number, n in groups["all"].items() if number >= 0 and n}
    for number, found in sorted(drawn.items()):
        left, right = x(edge(number)), x(edge(number + 1))
        title = f"{bin_name(number)}: {count(found)} transactions"
        marks.append(
            rectangle(left, y(found), right - left - 0.8, BOTTOM - y(found), title, "soft")
        )
    if usual is not None:
        at = x(usual * 100)
        marks += [line(at, TOP - 12, at, BOTTOM, "limit"),
                  text(at + 4, TOP - 4, f"usual maximum ${usual:,g}", class_="name")
                  if at < RIGHT - 150 else
                  text(at - 4, TOP - 4, f"usual maximum ${usual:,g}", "end", "name")]  # fmt: skip
    for label, shape in SHAPES.items():
        for number, found in sorted(groups.get(label, {}).items()):
            at = (x(edge(number)) + x(edge(number + 1))) / 2
            title = f"{bin_name(number)}: {count(found)} {label.replace('_', ' ')}"
            marks.append(marker(at, y(found), shape, title, f"{label} spot"))
    return picture(BOTTOM + 22, marks, f"Distribution of {name} amounts on logarithmic axes")
