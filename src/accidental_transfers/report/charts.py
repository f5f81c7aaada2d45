"""The card's charts of time, types and recipients, from statistics to SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise
from statistics import fmean

from accidental_transfers.report.markup import count, percent, short
from accidental_transfers.report.svg import (
    LETTER,
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

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEFT, RIGHT = 36.0, 394.0
MOST_BARS = 190
"""Of a chart of days; longer periods show the sums of several days."""
FITTED = 100
"""The most popular merchants, whose popularity the exponent describes."""

Matrix = Sequence[Sequence[int]]


def heat_map(hours: Matrix) -> str:
    """Draw transactions by weekday and hour.

    Parameters
    ----------
    hours
        (7, 24): counts, Monday first.
    """
    most = max(max(day) for day in hours) or 1
    width, height, top = (RIGHT - LEFT) / 24, 21.0, 4.0
    marks = []
    for weekday, name in enumerate(WEEKDAYS):
        y = top + weekday * height
        marks.append(text(LEFT - 6, y + 14, name[:3], "end"))
        for hour, found in enumerate(hours[weekday]):
            title = f"{name} {hour:02}:00 to {hour:02}:59: {count(found)} transactions"
            marks.append(
                rectangle(LEFT + hour * width, y, width - 1, height - 1, title,
                          "mark", fill_opacity=0.04 + 0.96 * found / most)
            )  # fmt: skip
    bottom = top + 7 * height
    marks += [text(LEFT + h * width, bottom + 12, f"{h:02}") for h in range(0, 24, 3)]
    marks += _heat_legend(bottom + 22, most)
    return picture(bottom + 38, marks, "Heat map of transactions by weekday and hour")


def _heat_legend(y: float, most: int) -> list[str]:
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    marks = [text(RIGHT - 140, y + 10, "none", "end")]
    marks += [
        rectangle(RIGHT - 134 + n * 16, y, 15, 12, count(share * most),
                  "mark", fill_opacity=0.04 + 0.96 * share)
        for n, share in enumerate(shares)
    ]  # fmt: skip
    return [*marks, text(RIGHT - 48, y + 10, count(most))]


def hours_by_type(hours: Mapping[str, Matrix]) -> str:
    """Draw each transaction type's share of transactions per hour, on one scale."""
    shares = {name: _shares([sum(column) for column in zip(*matrix, strict=True)])
              for name, matrix in hours.items()}  # fmt: skip
    most = max((max(row) for row in shares.values()), default=0) or 1
    row_height, width = 46.0, (RIGHT - 6) / 24
    marks = []
    for position, (name, row) in enumerate(shares.items()):
        base = 14 + (position + 1) * row_height - 8
        marks += [text(6, base - row_height + 14, name, class_="name"), line(6, base, RIGHT, base)]
        for hour, share in enumerate(row):
            height = share / most * (row_height - 16)
            title = f"{name} {hour:02}:00 to {hour:02}:59: {percent(share)}"
            marks.append(rectangle(6 + hour * width, base - height, width - 1, height, title))
    bottom = 14 + len(shares) * row_height - 8
    marks += [text(6 + h * width, bottom + 13, f"{h:02}") for h in range(0, 24, 3)]
    return picture(bottom + 18, marks, "Bars of each type's share of transactions per hour")


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) or 1
    return [each / total for each in counts]


def days(by_date: Mapping[str, Mapping[str, int]], types: Sequence[str]) -> str:
    """Draw transactions per day, all and by type, each on a scale of its own."""
    first, last = date.fromisoformat(min(by_date)), date.fromisoformat(max(by_date))
    step = -(-((last - first).days + 1) // MOST_BARS)
    starts = [first + timedelta(n) for n in range(0, (last - first).days + 1, step)]
    width = (RIGHT - 6) / len(starts)
    rows = [("All", list(types)), *((name, [name]) for name in types)] if len(types) > 1 else [
        (name, [name]) for name in types
    ]  # fmt: skip
    marks, row_height = [], 54.0
    for position, (name, members) in enumerate(rows):
        base = (position + 1) * row_height
        found = [_in_days(by_date, start, min(step, (last - start).days + 1), members)
                 for start in starts]  # fmt: skip
        marks += _day_row(name, starts, found, base, width, step, last)
    bottom = len(rows) * row_height
    marks += _months(first, last, bottom)
    return picture(bottom + 20, marks, "Bars of transactions per day, all and by type")


def _in_days(
    by_date: Mapping[str, Mapping[str, int]], start: date, length: int, types: Sequence[str]
) -> int:
    of_days = (by_date.get(str(start + timedelta(n)), {}) for n in range(length))
    return sum(day.get(name, 0) for day in of_days for name in types)


def _day_row(
    name: str, starts: Sequence[date], found: Sequence[int], base: float, width: float, step: int,
    last: date,
) -> list[str]:  # fmt: skip
    most = max(found) or 1
    what = "a day" if step == 1 else f"in {step} days"
    marks = [
        text(6, base - 40, name, class_="name"),
        text(RIGHT, base - 40, f"at most {count(max(found))} {what}", "end"),
        line(6, base, RIGHT, base),
    ]
    for position, (start, number) in enumerate(zip(starts, found, strict=True)):
        height = 34 * number / most
        end = min(start + timedelta(step - 1), last)
        when = f"{start}" if step == 1 else f"{start} to {end}"
        title = f"{name}, {when}: {count(number)}"
        class_ = "weekend" if step == 1 and start.weekday() >= 5 else "mark"
        x = 6 + position * width
        marks.append(rectangle(x, base - height, width * 0.86, height, title, class_))
    return marks


def month_days(by_date: Mapping[str, Mapping[str, int]], types: Sequence[str]) -> str:
    """Draw each type's transactions by the day of the month, over the mean of all days."""
    rows = {name: month_index(by_date, name) for name in types}
    most = max((max(row.values(), default=0.0) for row in rows.values()), default=0.0) or 1.0
    row_height, width, marks = 66.0, (RIGHT - 6) / 31, []
    for position, (name, row) in enumerate(rows.items()):
        base, scale = (position + 1) * row_height, 46 / most
        marks += [text(6, base - 52, name, class_="name"), line(6, base, RIGHT, base)]
        for day, share in row.items():
            x, height = 6 + (day - 1) * width, share * scale
            title = f"{name}, day {day}: {share:.2f} of the mean"
            marks.append(rectangle(x, base - height, width - 1.5, height, title))
        marks.append(line(6, base - scale, RIGHT, base - scale, "limit"))
    bottom = len(rows) * row_height
    days_named = (1, 5, 10, 15, 20, 25, 31)
    marks += [text(6 + (d - 0.5) * width - 1, bottom + 14, str(d), "middle") for d in days_named]
    return picture(bottom + 20, marks, "Bars of each type's transactions by the day of the month")


def month_index(by_date: Mapping[str, Mapping[str, int]], name: str) -> dict[int, float]:
    """Give a type's mean transactions on each day of the month, over the mean of all days."""
    first, last = date.fromisoformat(min(by_date)), date.fromisoformat(max(by_date))
    found: dict[int, list[int]] = {}
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        found.setdefault(day.day, []).append(by_date.get(str(day), {}).get(name, 0))
    mean = fmean(chain.from_iterable(found.values())) or 1.0
    return {day: fmean(numbers) / mean for day, numbers in sorted(found.items())}


def _months(first: date, last: date, bottom: float) -> list[str]:
    """Name the months' first days, as many as find room."""
    x = linear(first.toordinal(), last.toordinal() + 1, 6, RIGHT)
    marks, free = [], 0.0
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        at = x(ordinal)
        if (day.day == 1 or day == first) and at >= free and at <= RIGHT - 8 * LETTER:
            marks += [line(at, bottom, at, bottom + 4, "axis"),
                      text(at, bottom + 15, f"{day.day} {day:%b %Y}")]  # fmt: skip
            free = at + 12 * LETTER
    return marks


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
