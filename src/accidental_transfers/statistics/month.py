"""One customer's month: what was owed on which day, and how much else was paid, and where.

Of all customers, one is kept whose month is usual: the first with a whole calendar month and a
usual number of bills, else the one who comes nearest. This choice is the same however a dataset is
cut into slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict

from accidental_transfers.model.arrays import Bool, Codes, Int
from accidental_transfers.model.facts.reference import reference

USUAL_BILLS = (12, 14)
"""Bills of a customer in a month of 31 days: the median and the third quartile of the default."""
LONGEST_MONTH = 31
WHOLE = 2 * LONGEST_MONTH
"""What a whole month counts, in days, so that no part of one counts as much."""

Rank = tuple[bool, int]
"""What makes a month less usual: a part is missing, how far the number of bills is off."""


class Bill(BaseModel):
    """A payment of something that was owed.

    Attributes
    ----------
    date : str
        The day on which it was paid (ISO).
    label : str
        The label's name, or nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    date: str
    entity_type: str
    payee: str
    cents: int
    label: str


class Month(BaseModel):
    """A customer's calendar month, or as much of it as there is.

    Attributes
    ----------
    home : str
        The home city; empty where nothing tells it.
    first, last : str
        The days of the month from the customer's first row to the last (ISO).
    is_whole : bool
        Whether they are the whole month.
    owed : list
        The bills, in order of time.
    others : dict
        All other payments: ``rows`` and ``cents`` by date (ISO) and city, which is empty where
        nothing tells it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    customer: str
    home: str
    first: str
    last: str
    is_whole: bool
    owed: list[Bill]
    others: dict[str, dict[str, dict[str, int]]]

    @property
    def days(self) -> int:
        """Number of days."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    @property
    def rank(self) -> Rank:
        """How far from usual it is: the smallest is the most usual."""
        return not self.is_whole, int(_unusual(np.array([len(self.owed)]), self.days)[0])

    def or_better(self, later: Self | None) -> Self:
        """Give the more usual of two months; the first where both are alike."""
        return later if later is not None and later.rank < self.rank else self


@dataclass(frozen=True)
class Payments:
    """Rows in order of customer and time, as the choice of a month sees them.

    Attributes
    ----------
    first_day
        The day that days count from.
    customer, day
        (rows,): positions of customers, days since ``first_day``.
    starts
        (customers + 1,): each customer's first row, and the end.
    owed
        Positions of the rows that pay a bill, in ascending order.
    """

    first_day: date
    customer: Int
    day: Int
    starts: Int
    owed: Int


@dataclass(frozen=True)
class Choice:
    """The chosen customer and month.

    Attributes
    ----------
    customer
        Position of the customer.
    first, last
        Days since the payments' first day, both included.
    rows, owed
        Positions of the month's rows, and of those among them that pay a bill.
    """

    customer: int
    first: int
    last: int
    is_whole: bool
    rows: range
    owed: Int

    @property
    def others(self) -> Int:
        """Positions of the month's rows that pay no bill."""
        return np.delete(np.arange(self.rows.start, self.rows.stop), self.owed - self.rows.start)


def only_owed() -> frozenset[str]:
    """Name the entity types of bills: what is paid when it is due, and never bought."""
    return frozenset(entity.name for entity in reference().entity_types if entity.is_only_owed)


def most_usual(payments: Payments) -> Choice | None:
    """Choose the customer and the calendar month; none without any row."""
    people = np.flatnonzero(np.diff(payments.starts))
    if not len(people):
        return None
    starts, stops = payments.starts[people], payments.starts[people + 1]
    first, last, is_whole = _months(
        payments.first_day, payments.day[starts], payments.day[stops - 1]
    )
    window = np.zeros((2, len(payments.starts) - 1), np.int64)
    window[:, people] = first, last
    customer, day = payments.customer[payments.owed], payments.day[payments.owed]
    counted = (window[0, customer] <= day) & (day <= window[1, customer])
    bills = np.bincount(customer[counted], minlength=window.shape[1])[people]
    unusual = _unusual(bills, last - first + 1)
    best = int(np.argmin(np.where(is_whole, 0, unusual.max() + 1) + unusual))
    return _choice(
        payments, int(people[best]), int(first[best]), int(last[best]), bool(is_whole[best])
    )


def _months(first_day: date, first: Int, last: Int) -> tuple[Int, Int, Bool]:
    """Give each customer's first whole month, else the first that has most days.

    Parameters
    ----------
    first, last
        (customers,): the days of their first and their last row.
    """
    begins, ends = _calendar(first_day, int(first.min()), int(last.max()))
    from_, until = np.maximum(begins, first[:, None]), np.minimum(ends, last[:, None])
    days = until - from_ + 1
    is_whole = days == ends - begins + 1
    of_each = np.arange(len(first)), np.argmax(np.where(is_whole, WHOLE, days), axis=1)
    return from_[of_each], until[of_each], is_whole[of_each]


def _calendar(first_day: date, first: int, last: int) -> tuple[Int, Int]:
    """Give the first and the last days of the calendar months that some days belong to."""
    zero = np.datetime64(first_day, "D")
    months = np.arange((zero + first).astype("M8[M]"), (zero + last).astype("M8[M]") + 2)
    begins = (months.astype("M8[D]") - zero).astype(np.int64)
    return begins[:-1], begins[1:] - 1


def _unusual(bills: Int, days: Int | int) -> Int:
    """Tell how many bills there are too few or too many, for so many days."""
    low, high = (np.ceil(usual * np.asarray(days) / LONGEST_MONTH) for usual in USUAL_BILLS)
    return np.maximum(np.maximum(low - bills, bills - high), 0).astype(np.int64)


def _choice(payments: Payments, customer: int, first: int, last: int, is_whole: bool) -> Choice:
    start, stop = payments.starts[customer], payments.starts[customer + 1]
    inside = np.searchsorted(payments.day[start:stop], [first, last + 1]) + start
    rows = range(int(inside[0]), int(inside[1]))
    low, high = np.searchsorted(payments.owed, inside)
    return Choice(customer, first, last, is_whole, rows, payments.owed[low:high])


def sums_by_day(
    first_day: date, day: Int, city: Int, cents: Codes, names: Sequence[str]
) -> dict[str, dict[str, dict[str, int]]]:
    """Sum up payments by their days and cities: `Month.others`.

    Parameters
    ----------
    day, city, cents
        (payments,): days since ``first_day``, positions in ``names``, cents.
    """
    pairs, of_pair = np.unique(day * len(names) + city, return_inverse=True)
    rows, paid = np.bincount(of_pair), np.bincount(of_pair, weights=cents)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for pair, count, sum_ in zip(pairs.tolist(), rows.tolist(), paid.tolist(), strict=True):
        at, place = divmod(pair, len(names))
        sums = {"rows": count, "cents": int(sum_)}
        found.setdefault(iso(first_day, at), {})[names[place]] = sums
    return found


def iso(first_day: date, day: int) -> str:
    """Write a day as ``2024-01-31``."""
    return str(first_day + timedelta(day))
