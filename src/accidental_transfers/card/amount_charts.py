"""The charts of amounts: each type's distribution, with its usual maximum and its accidents."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from accidental_transfers.card.legend import SIGNS
from accidental_transfers.card.numbers import count, money, short, words
from accidental_transfers.card.svg import (
    LEFT,
    RIGHT,
    Scale,
    decades,
    line,
    logarithmic,
    marker,
    picture,
    rectangle,
    text,
)
from accidental_transfers.model.accident import Marker
from accidental_transfers.statistics.statistics import BINS_PER_DECADE, Histogram

TOP, BOTTOM = 26.0, 196.0


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


def amounts(name: str, groups: Mapping[str, Histogram], axis: range, usual: float | None) -> Markup:
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
    marks = [*_count_axis(high, y), *_money_axis(axis, x), *_all_rows(groups["all"], x, y)]
    if usual is not None:
        marks += _usual_maximum(usual, x(usual * 100))
    for label, sign in SIGNS.items():
        marks += _labelled_rows(label, sign.marker, groups.get(label, {}), x, y)
    return picture(BOTTOM + 22, marks, f"Distribution of {name} amounts on logarithmic axes")


def _count_axis(high: float, y: Scale) -> list[Markup]:
    ticks = decades(1, high)
    lines = [line(LEFT, y(n), RIGHT, y(n)) for n in ticks]
    return lines + [text(LEFT - 6, y(n) + 4, short(n), "end") for n in ticks]


def _money_axis(axis: range, x: Scale) -> list[Markup]:
    ticks = decades(edge(axis.start), edge(axis.stop) * 0.99)
    return [text(x(cents), BOTTOM + 14, _round_money(cents), "middle") for cents in ticks]


def _round_money(cents: float) -> str:
    return f"${cents / 100:,g}" if cents >= 100 else f"{cents:g}¢"


def _all_rows(counts: Histogram, x: Scale, y: Scale) -> Iterator[Markup]:
    for number, found in sorted(counts.items()):
        if number >= 0 and found:
            left, right = x(edge(number)), x(edge(number + 1))
            title = f"{bin_name(number)}: {count(found)} transactions"
            yield rectangle(left, y(found), right - left - 0.8, BOTTOM - y(found), title, "soft")


def _usual_maximum(dollars: float, at: float) -> list[Markup]:
    """Draw a line with its name on the side where there is room."""
    name = f"usual maximum ${dollars:,g}"
    beside = (at + 4, "start") if at < RIGHT - 150 else (at - 4, "end")
    return [
        line(at, TOP - 12, at, BOTTOM, "limit"),
        text(beside[0], TOP - 4, name, beside[1], "name"),
    ]


def _labelled_rows(
    label: str, shape: Marker, counts: Histogram, x: Scale, y: Scale
) -> Iterator[Markup]:
    for number, found in sorted(counts.items()):
        at = (x(edge(number)) + x(edge(number + 1))) / 2
        title = f"{bin_name(number)}: {count(found)} {words(label)}"
        yield marker(at, y(found), shape, title, f"{label} spot")
