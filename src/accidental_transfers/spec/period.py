"""Periods by rule, such as the month before: their days follow from the day that is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from accidental_transfers.spec.values import read_instant

Period = Literal["yesterday", "last-week", "last-month", "this-month"]
"""Weeks begin on Mondays."""

Days = tuple[date, date]
"""The first and the last, both included."""

ENDS = ("start_date", "end_date")


def day_in_utc(instant: datetime) -> date:
    """Give the day of an instant in UTC."""
    return instant.astimezone(UTC).date()


def days_of(period: Period, today: date) -> Days:
    """Give the days of a period.

    Examples
    --------
    >>> [str(day) for day in days_of("last-month", date(2024, 3, 31))]
    ['2024-02-01', '2024-02-29']
    """
    return _RULES[period](today)


def with_dates(given: Mapping[str, Any], today: date | None = None) -> Mapping[str, Any]:
    """Replace a period by its first and last day.

    What is not acceptable stays as it is, for the specification to refuse by name.

    Parameters
    ----------
    given
        Fields of a job's specification, not validated yet. If there is a ``scheduled_time``, the
        period is counted from its day.
    today
        The day to count from otherwise; None where there is none.
    """
    period = given.get("period")
    if not isinstance(period, str) or period not in _RULES or given.keys() & set(ENDS):
        return given
    day = counted_from(given, today)
    if day is None:
        return given
    others = {name: given[name] for name in given if name not in ("period", "scheduled_time")}
    return others | dict(zip(ENDS, map(date.isoformat, _RULES[period](day)), strict=True))


def counted_from(given: Mapping[str, Any], today: date | None = None) -> date | None:
    """Give the day from which a period is counted: the ``scheduled_time``'s, or else `today`.

    None where there is none, or the time is not acceptable.
    """
    scheduled = given.get("scheduled_time")
    try:
        return today if scheduled is None else day_in_utc(read_instant(scheduled))
    except ValueError:
        return None


def _yesterday(today: date) -> Days:
    yesterday = today - timedelta(days=1)
    return yesterday, yesterday


def _last_week(today: date) -> Days:
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def _last_month(today: date) -> Days:
    return _month(today.replace(day=1) - timedelta(days=1))


def _month(day: date) -> Days:
    first = day.replace(day=1)
    # 31 days after a month's first day it is always the next month.
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


_RULES: dict[str, Callable[[date], Days]] = {
    "yesterday": _yesterday,
    "last-week": _last_week,
    "last-month": _last_month,
    "this-month": _month,
}
