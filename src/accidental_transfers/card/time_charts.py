"""The card's charts of time: hours, weekdays, days and the month's rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from statistics import fmean

from markupsafe import Markup

from accidental_transfers.card.numbers import count, percent
from accidental_transfers.card.svg import (
    LEFT,
    LETTER,
    RIGHT,
    line,
    linear,
    picture,
    rectangle,
    text,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_BARS = 190
"""Of a chart of days; longer periods show the sums of several days."""
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 48)
MOST_MONTHS = 4
"""That are named on an axis."""

Matrix = Sequence[Sequence[int]]


def heat_map(hours: Matrix) -> Markup:
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


def _heat_legend(y: float, most: int) -> list[Markup]:
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    marks = [text(RIGHT - 140, y + 10, "none", "end")]
    marks += [
        rectangle(RIGHT - 134 + n * 16, y, 15, 12, count(share * most),
                  "mark", fill_opacity=0.04 + 0.96 * share)
        for n, share in enumerate(shares)
    ]  # fmt: skip
    return [*marks, text(RIGHT - 48, y + 10, count(most))]


def hours_by_type(hours: Mapping[str, Matrix]) -> Markup:
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


def days(by_date: Mapping[str, Mapping[str, int]], types: Sequence[str]) -> Markup:
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
) -> list[Markup]:  # fmt: skip
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


def month_days(by_date: Mapping[str, Mapping[str, int]], types: Sequence[str]) -> Markup:
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


def _months(first: date, last: date, bottom: float) -> list[Markup]:
    """Name the first days of months, of so many that all names find room."""
    x = linear(first.toordinal(), last.toordinal() + 1, 6, RIGHT)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((each for each in MONTH_STEPS if months / each <= MOST_MONTHS), months)
    days = [date(year, month, 1) for year in range(first.year, last.year + 1)
            for month in range(1, 13, min(step, 12)) if year % -(-step // 12) == 0]  # fmt: skip
    named = [day for day in days if first <= day and x(day.toordinal()) <= RIGHT - 11 * LETTER]
    marks = []
    for day in named or [first]:
        at = x(day.toordinal())
        marks += [line(at, bottom, at, bottom + 4, "axis"), text(at, bottom + 15, day_name(day))]
    return marks


def day_name(day: date) -> str:
    """Write a day as people do: ``1 Jan 2024``."""
    return f"{day.day} {day:%b %Y}"
