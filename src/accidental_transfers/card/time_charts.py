"""The card's charts of time: hours, weekdays, days and the month's rhythm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

MONTH_DAYS_NAMED = (1, 5, 10, 15, 20, 25, 31)
HEAT_TOP, HEAT_ROW, HEAT_COLUMN = 4.0, 21.0, (RIGHT - LEFT) / 24
HOUR_ROW, HOUR_COLUMN = 46.0, (RIGHT - 6) / 24
DAY_ROW = 54.0
MONTH_ROW, MONTH_COLUMN = 66.0, (RIGHT - 6) / 31

Matrix = Sequence[Sequence[int]]
ByDate = Mapping[str, Mapping[str, int]]
"""Rows by date (ISO) and transaction type."""
Span = tuple[date, date]
"""The first day and the last."""


def heat_map(hours: Matrix) -> Markup:
    """Draw transactions by weekday and hour.

    Parameters
    ----------
    hours
        (7, 24): counts, Monday first.
    """
    most = max(max(day) for day in hours) or 1
    marks: list[Markup] = []
    for weekday, name in enumerate(WEEKDAYS):
        marks += _heat_row(name, hours[weekday], HEAT_TOP + weekday * HEAT_ROW, most)
    bottom = HEAT_TOP + 7 * HEAT_ROW
    marks += [text(LEFT + h * HEAT_COLUMN, bottom + 12, f"{h:02}") for h in range(0, 24, 3)]
    marks += _heat_legend(bottom + 22, most)
    return picture(bottom + 38, marks, "Heat map of transactions by weekday and hour")


def _heat_row(name: str, hours: Sequence[int], y: float, most: int) -> Iterator[Markup]:
    yield text(LEFT - 6, y + 14, name[:3], "end")
    for hour, found in enumerate(hours):
        title = f"{name} {_hour(hour)}: {count(found)} transactions"
        x, opacity = LEFT + hour * HEAT_COLUMN, _opacity(found / most)
        yield rectangle(x, y, HEAT_COLUMN - 1, HEAT_ROW - 1, title, fill_opacity=opacity)


def _hour(hour: int) -> str:
    return f"{hour:02}:00 to {hour:02}:59"


def _opacity(share: float) -> float:
    """Give what is empty a trace of colour, so that the grid is seen."""
    return 0.04 + 0.96 * share


def _heat_legend(y: float, most: int) -> list[Markup]:
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    steps = [
        rectangle(RIGHT - 134 + n * 16, y, 15, 12, count(share * most),
                  fill_opacity=_opacity(share))
        for n, share in enumerate(shares)
    ]  # fmt: skip
    none, all_ = text(RIGHT - 140, y + 10, "none", "end"), text(RIGHT - 48, y + 10, count(most))
    return [none, *steps, all_]


def hours_by_type(hours: Mapping[str, Matrix]) -> Markup:
    """Draw each transaction type's share of transactions per hour, on one scale."""
    shares = {name: _shares([sum(column) for column in zip(*matrix, strict=True)])
              for name, matrix in hours.items()}  # fmt: skip
    most = max((max(row) for row in shares.values()), default=0) or 1
    marks: list[Markup] = []
    for position, (name, row) in enumerate(shares.items()):
        marks += _hour_row(name, row, 14 + (position + 1) * HOUR_ROW - 8, most)
    bottom = 14 + len(shares) * HOUR_ROW - 8
    marks += [text(6 + h * HOUR_COLUMN, bottom + 13, f"{h:02}") for h in range(0, 24, 3)]
    return picture(bottom + 18, marks, "Bars of each type's share of transactions per hour")


def _hour_row(name: str, shares: Sequence[float], base: float, most: float) -> Iterator[Markup]:
    yield text(6, base - HOUR_ROW + 14, name, class_="name")
    yield line(6, base, RIGHT, base)
    for hour, share in enumerate(shares):
        height = share / most * (HOUR_ROW - 16)
        title = f"{name} {_hour(hour)}: {percent(share)}"
        yield rectangle(6 + hour * HOUR_COLUMN, base - height, HOUR_COLUMN - 1, height, title)


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) or 1
    return [each / total for each in counts]


def days(by_date: ByDate, types: Sequence[str]) -> Markup:
    """Draw transactions per day, all and by type, each on a scale of its own."""
    spans = _spans(*_first_and_last(by_date))
    rows = {"All": list(types)} if len(types) > 1 else {}
    rows |= {name: [name] for name in types}
    marks: list[Markup] = []
    for position, (name, members) in enumerate(rows.items()):
        found = [_in_days(by_date, *span, members) for span in spans]
        marks += _day_row(name, spans, found, (position + 1) * DAY_ROW)
    bottom = len(rows) * DAY_ROW
    marks += _months(spans[0][0], spans[-1][1], bottom)
    return picture(bottom + 20, marks, "Bars of transactions per day, all and by type")


def _first_and_last(by_date: ByDate) -> Span:
    return date.fromisoformat(min(by_date)), date.fromisoformat(max(by_date))


def _spans(first: date, last: date) -> list[Span]:
    """Cut a period into so few spans of equal length that each finds room for its bar."""
    length = (last - first).days + 1
    step = -(-length // MOST_BARS)
    starts = [first + timedelta(n) for n in range(0, length, step)]
    return [(start, min(start + timedelta(step - 1), last)) for start in starts]


def _length(span: Span) -> int:
    return (span[1] - span[0]).days + 1


def _in_days(by_date: ByDate, first: date, last: date, types: Sequence[str]) -> int:
    length = _length((first, last))
    of_days = (by_date.get(str(first + timedelta(n)), {}) for n in range(length))
    return sum(day.get(name, 0) for day in of_days for name in types)


def _day_row(
    name: str, spans: Sequence[Span], found: Sequence[int], base: float
) -> Iterator[Markup]:
    most, step, width = max(found) or 1, _length(spans[0]), (RIGHT - 6) / len(spans)
    what = "a day" if step == 1 else f"in {step} days"
    yield text(6, base - 40, name, class_="name")
    yield text(RIGHT, base - 40, f"at most {count(max(found))} {what}", "end")
    yield line(6, base, RIGHT, base)
    for position, ((start, end), number) in enumerate(zip(spans, found, strict=True)):
        height, x = 34 * number / most, 6 + position * width
        when = f"{start}" if step == 1 else f"{start} to {end}"
        class_ = "weekend" if step == 1 and start.weekday() >= 5 else "mark"
        title = f"{name}, {when}: {count(number)}"
        yield rectangle(x, base - height, width * 0.86, height, title, class_)


def month_days(by_date: ByDate, types: Sequence[str]) -> Markup:
    """Draw each type's transactions by the day of the month, over the mean of all days."""
    rows = {name: month_index(by_date, name) for name in types}
    most = max((max(row.values(), default=0.0) for row in rows.values()), default=0.0) or 1.0
    marks: list[Markup] = []
    for position, (name, row) in enumerate(rows.items()):
        marks += _month_row(name, row, (position + 1) * MONTH_ROW, 46 / most)
    bottom = len(rows) * MONTH_ROW
    marks += [
        text(6 + (day - 0.5) * MONTH_COLUMN - 1, bottom + 14, str(day), "middle")
        for day in MONTH_DAYS_NAMED
    ]
    return picture(bottom + 20, marks, "Bars of each type's transactions by the day of the month")


def _month_row(
    name: str, shares: Mapping[int, float], base: float, scale: float
) -> Iterator[Markup]:
    yield text(6, base - 52, name, class_="name")
    yield line(6, base, RIGHT, base)
    for day, share in shares.items():
        x, height = 6 + (day - 1) * MONTH_COLUMN, share * scale
        title = f"{name}, day {day}: {share:.2f} of the mean"
        yield rectangle(x, base - height, MONTH_COLUMN - 1.5, height, title)
    yield line(6, base - scale, RIGHT, base - scale, "limit")


def month_index(by_date: ByDate, name: str) -> dict[int, float]:
    """Give a type's mean transactions on each day of the month, over the mean of all days."""
    first, last = _first_and_last(by_date)
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
