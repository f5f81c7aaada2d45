"""From a specification to its transactions, some customers at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.table import Table
from accidental_transfers.model.accidents import LABEL_OF_KIND
from accidental_transfers.model.aftermath import Aftermath
from accidental_transfers.model.arrays import Int, Keys, constant
from accidental_transfers.model.calendar import (
    SECONDS_PER_DAY,
    Calendar,
    calendar,
)
from accidental_transfers.model.customers import Customers, Wanted, draw_customers
from accidental_transfers.model.lives import live
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import seed_key
from accidental_transfers.spec import DatasetSpec

if TYPE_CHECKING:
    from accidental_transfers.spec.keywords import DatasetKeywords

MOST_CUSTOMERS_AT_A_TIME = 3_000
ROWS_AT_A_TIME = 50_000
"""More at once would cost memory and no longer save time."""

ROW_BITS = constant(22)
SECOND_BITS = constant(29)
"""A sort key holds the customer's position, the second (3,660 days) and the row (4 million)."""
_ROW = constant((1 << int(ROW_BITS)) - 1)
"""The bits of the row."""
NOWHERE = constant(-1)


def generate(
    spec: DatasetSpec | Mapping[str, Any] | None = None, **fields: Unpack[DatasetKeywords]
) -> Table:
    """Give a dataset as a table, whose rows are made when they are asked for.

    Parameters
    ----------
    spec
        What it is to be: a specification, or a mapping of its fields, as JSON has them.
    **fields
        The same by keywords, in place of ``spec``; without any, the default dataset. See
        `DatasetSpec`.

    Raises
    ------
    SpecError
        Naming every field that is not acceptable.

    Examples
    --------
    >>> generate(customers=2, seed=7).rows > 1500
    True
    """
    wanted = DatasetSpec.of(spec, fields)
    return Table(_Simulation(wanted), wanted)


@dataclass(frozen=True)
class _Simulation:
    """All blocks of a dataset, made anew whenever they are gone through."""

    spec: DatasetSpec

    def __iter__(self) -> Iterator[Block]:
        for table in simulate(self.spec, 1, self.spec.customers):
            yield from table.blocks


def simulate(spec: DatasetSpec, first: int, last: int) -> Iterator[Table]:
    """Make the transactions of the customers first to last, both included, numbered from 1.

    A table for some customers at a time; a customer's rows are the same whatever its company.
    """
    plan = _plan(spec)
    for start in range(first, last + 1, plan.step):
        end = min(start + plan.step - 1, last)
        customers = draw_customers(plan.wanted, plan.key, start, end)
        yield Table([_block(plan.when, customers, spec.aftermath)], spec)


@dataclass(frozen=True)
class _Plan:
    """What is the same for all customers of a dataset."""

    when: Calendar
    key: Keys
    step: int
    wanted: Wanted


@lru_cache(maxsize=8)
def _plan(spec: DatasetSpec) -> _Plan:
    when, key = calendar(spec.start_date, spec.days), seed_key(spec.seed)
    return _Plan(when, key, customers_at_a_time(spec), spec.wanted)


def customers_at_a_time(spec: DatasetSpec) -> int:
    """Choose how many customers share a block."""
    fitting = int(ROWS_AT_A_TIME / spec.expected_rows_per_customer)
    return min(max(fitting, 1), MOST_CUSTOMERS_AT_A_TIME)


def _block(when: Calendar, customers: Customers, aftermath: Aftermath) -> Block:
    """Put what customers pay in order of customer and time, keeping ties as they came.

    What lies before the period is left out.
    """
    payments, truth = live(customers, when, aftermath)
    day, second = _on_the_clock(when, payments)
    row = np.arange(len(payments))
    key = (((payments.customer << SECOND_BITS) | second) << ROW_BITS) | row
    key.sort()
    # Where the second is negative, so is the key.
    order = key[key.searchsorted(0) :] & _ROW
    place = NOWHERE.repeat(len(row))
    place[order] = row[: len(order)]
    label = np.zeros(len(payments), np.uint8)
    label[truth.row] = _label_of_kind()[truth.kind]
    original = payments.recipient.copy()
    original[truth.row] = truth.intended_recipient
    customer, day = payments.customer[order], day[order]
    truth = truth.moved(place)
    return Block(
        first_day=when.first_day,
        customer_number=customers.number,
        customers=customers,
        starts=customer.searchsorted(np.arange(len(customers) + 1)),
        customer=customer,
        day=day,
        position=_in_day(customer, day),
        second=second[order],
        entity=payments.entity[order],
        city=payments.city[order],
        cents=payments.cents[order],
        label=label[order],
        recipient=payments.recipient[order],
        original=original[order],
        number=payments.number,
        truth=truth,
        struck=payments.some(order[truth.row]),
        aftermath=aftermath,
    )


@cache
def _label_of_kind() -> Int:
    return np.array(LABEL_OF_KIND)


def _in_day(customer: Int, day: Int) -> Int:
    """Count each row's place in its customer's day, from 1, of rows in order."""
    customer_day = (customer << SECOND_BITS) | day
    (ends,) = (customer_day[1:] != customer_day[:-1]).nonzero()
    bounds = np.zeros(len(ends) + 2, np.int64)
    bounds[1:-1] = ends + 1
    bounds[-1] = len(day)
    return np.arange(1, len(day) + 1) - bounds[:-1].repeat(bounds[1:] - bounds[:-1])


def _on_the_clock(when: Calendar, payments: Payments) -> tuple[Int, Int]:
    """Give days and seconds: what begins before the clock jumps goes on after."""
    day = payments.second // SECONDS_PER_DAY
    midnight = day * SECONDS_PER_DAY
    second = when.without_skipped_hour(payments.second - midnight, payments.city, day)
    return day, midnight + second
