"""When what is owed is paid, and how much: obligations in a period, as payments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Cents, Float, Int, Keys
from accidental_transfers.model.calendar import PAYDAYS, Calendar, Months, draw_second
from accidental_transfers.model.contracts import BASE_MONTH, Contracts
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts import reference
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.obligations import EVERY, PAYDAY, WEEKLY
from accidental_transfers.model.prices import levels, price_history
from accidental_transfers.model.streams import child, lane, lanes, named, unit
from accidental_transfers.model.tables import normal_table

BY_HAND_DAYS = 3
"""Days before and after the due day within which a bill is paid by hand."""
LATE_DAYS = 10
"""Days after the next due day within which the missed one is paid, too."""
EXTRA_CENTS = (5_000, 50_000, 2_500)
"""A payment on top: from, to, in steps of."""
PAYDAY_WORD, SUNDAY_WORD = -1, -2
LEAST_CENTS = 100
OWN_RISES_MONTHS = 36
"""Rises of their own are those of the years around 2024. Further away, all prices rise alike."""
FIRST_MONTH, LAST_MONTH = 1990 * 12, 2120 * 12
"""Beyond the months before and after all periods, by the longest step of ten years."""
MONTHS_TO_A_NEW_PLAN = 160
"""0.6 % of subscribers choose anew in a month: own estimate."""


@dataclass(frozen=True)
class Dues:
    """Payments of obligations.

    Attributes
    ----------
    contract
        Positions in `Contracts`.
    ordinal
        Days on which they are paid.
    key
        What their random numbers come from: the contract and the occasion, not the period.
    month
        Year times twelve plus the month from 0, of the day.
    is_extra
        Whether it comes on top of what is owed.
    """

    contract: Int
    ordinal: Int
    key: Keys
    month: Int
    is_extra: Bool

    def __len__(self) -> int:
        return len(self.contract)


def dues(contracts: Contracts, customers: Customers, when: Calendar) -> Dues:
    """Find what is paid in a period."""
    rhythm = customers.payday[contracts.customer].astype(np.int64)
    parts = [
        _monthly(contracts, rhythm, when.months),
        _weekly(contracts, when),
        _on_paydays(contracts, rhythm, when.months),
    ]
    contract, ordinal, key, is_extra = (np.concatenate(each) for each in zip(*parts, strict=True))
    within = (ordinal >= when.ordinal[0]) & (ordinal <= when.ordinal[-1])
    contract, ordinal, key = contract[within], ordinal[within], key[within]
    month = when.months.number[np.searchsorted(when.months.first, ordinal, "right") - 1]
    return Dues(contract, ordinal, key, month, is_extra[within])


Part = tuple[Int, Int, Keys, Bool]


def _monthly(contracts: Contracts, rhythm: Int, months: Months) -> Part:
    """Give what is paid every so many months, from the month before the period on."""
    of = obligations()
    rows = np.flatnonzero(contracts.cadence < WEEKLY)
    obligation, every = contracts.obligation[rows], EVERY[contracts.cadence[rows]]
    number = months.number
    key = child(named(contracts.key[rows], "months")[:, None], number)
    chance = lanes(key, 6)
    due = _due_days(contracts.due[rows], rhythm[rows], months)
    moved = np.where(of.moves[obligation][:, None], months.business_day(due), due)
    by_hand = unit(chance[0]) < of.by_hand[obligation][:, None]
    shift = (chance[1].astype(np.int64) * (2 * BY_HAND_DAYS + 1) >> 16) - BY_HAND_DAYS
    paid = np.where(by_hand, _within_month(due + shift, months), moved)
    paid = _late(paid, unit(chance[2]) < of.late[obligation][:, None], chance[3], months)
    is_due = (number + contracts.phase[rows][:, None]) % every[:, None] == 0
    is_due &= of.months[obligation][:, number % 12]
    is_due &= unit(chance[4]) >= of.skip[obligation][:, None]
    more = is_due & (unit(chance[5]) < of.extra[obligation][:, None])
    row, column = np.nonzero(is_due)
    more_row, more_column = np.nonzero(more)
    extra_key = named(key[more_row, more_column], "extra")
    extra_day = (extra_key % np.uint64(28)).astype(np.int64)
    return (
        rows[np.append(row, more_row)],
        np.append(paid[row, column], months.first[more_column] + extra_day),
        np.append(key[row, column], extra_key),
        np.append(np.zeros(len(row), bool), np.ones(len(more_row), bool)),
    )


def _due_days(due: Int, rhythm: Int, months: Months) -> Int:
    """Give the ordinals of the due days: (contracts, months)."""
    day = np.minimum(np.maximum(due, 1)[:, None], months.length) - 1 + months.first
    first_payday = np.array(
        [
            days[np.searchsorted(days, months.first)] if len(days) else months.first
            for days in _padded(months.paydays, months)
        ]
    )
    return np.where((due == PAYDAY_WORD)[:, None], first_payday[rhythm], day)


def _padded(paydays: tuple[Int, ...], months: Months) -> list[Int]:
    """Have a payday after the last month, too."""
    return [np.append(days, months.first[-1] + months.length[-1] - 1) for days in paydays]


def _within_month(ordinal: Int, months: Months) -> Int:
    return np.clip(ordinal, months.first, months.first + months.length - 1)


def _late(paid: Int, is_late: Bool, lane: Int, months: Months) -> Int:
    """Move what is missed to some days after the next month's due day."""
    after = paid.copy()
    after[:, :-1] = paid[:, 1:]
    later = after + (lane.astype(np.int64) * LATE_DAYS >> 16)
    end = np.append(months.first[1:] + months.length[1:] - 1, months.first[-1] + 400)
    return np.where(is_late, np.minimum(later, end), paid)


def _weekly(contracts: Contracts, when: Calendar) -> Part:
    """Give what is paid every week or two, on a weekday of each contract's own."""
    of = obligations()
    rows = np.flatnonzero((contracts.cadence >= WEEKLY) & (contracts.cadence < PAYDAY))
    every = EVERY[contracts.cadence[rows]]
    first = int(when.ordinal[0])
    phase = contracts.phase[rows] % every
    sunday = contracts.due[rows] == SUNDAY_WORD
    phase = np.where(sunday, 0, phase)
    begin = (first + every - 1 - phase) // every
    count = when.days // int(EVERY[WEEKLY]) + 2
    week = begin[:, None] + np.arange(count)
    ordinal = week * every[:, None] + phase[:, None]
    key = child(named(contracts.key[rows], "weeks")[:, None], week)
    month = np.searchsorted(when.months.first, ordinal, "right") - 1
    in_months = ordinal < when.months.first[-1] + when.months.length[-1]
    of_month = of.months[contracts.obligation[rows]]
    allowed = np.take_along_axis(of_month, when.months.number[month] % 12, axis=1)
    is_due = in_months & allowed & (unit(lane(key)) >= of.skip[contracts.obligation[rows]][:, None])
    row, column = np.nonzero(is_due)
    nothing = np.zeros(len(row), bool)
    return rows[row], ordinal[row, column], key[row, column], nothing


def _on_paydays(contracts: Contracts, rhythm: Int, months: Months) -> Part:
    """Give what is paid on every payday."""
    rows = np.flatnonzero(contracts.cadence == PAYDAY)
    contract, ordinal = [], []
    for position in range(len(PAYDAYS)):
        own = rows[rhythm[rows] == position]
        days = months.paydays[position]
        contract.append(np.repeat(own, len(days)))
        ordinal.append(np.tile(days, len(own)))
    whose, day = np.concatenate(contract), np.concatenate(ordinal)
    key = child(named(contracts.key[whose], "paydays"), day)
    kept = unit(lane(key)) >= obligations().skip[contracts.obligation[whose]]
    return whose[kept], day[kept], key[kept], np.zeros(np.count_nonzero(kept), bool)


def amounts(due: Dues, contracts: Contracts, customers: Customers) -> Cents:
    """Give the amounts that are paid, in cents."""
    of = obligations()
    obligation, plan = contracts.obligation[due.contract], contracts.plan[due.contract]
    home = customers.home[contracts.customer[due.contract]]
    base = contracts.cents[due.contract] * _steps(due, contracts)
    base *= of.season[obligation, home, due.month % 12]
    base *= np.exp(of.within[obligation] * normal_table()[lane(named(due.key, "amount"))])
    drawn = np.maximum(np.rint(base / of.unit[obligation]) * of.unit[obligation], LEAST_CENTS)
    published = price_history().on(_plans(due, contracts), due.ordinal)
    drawn = np.where(plan >= 0, published, drawn)
    taxed = np.rint(drawn * (1 + contracts.tax[due.contract]))
    cents = np.where(of.is_priced[obligation], taxed, drawn)
    low, high, step = EXTRA_CENTS
    extra = low + (unit(lane(named(due.key, "more"))) * (high - low)) // step * step
    return np.where(due.is_extra, extra, cents).astype(np.int32)


def _plans(due: Dues, contracts: Contracts) -> Int:
    """Give the plan of each payment: once in a long while a customer takes another one."""
    of = obligations()
    obligation, first = contracts.obligation[due.contract], contracts.plan[due.contract]
    epoch = (due.month + contracts.phase[due.contract]) // MONTHS_TO_A_NEW_PLAN
    key = child(named(contracts.key[due.contract], "plans"), epoch)
    begin = of.first_plan[obligation]
    other = of.plan.draw(obligation, lane(key)).astype(np.int64)
    same = of.yearly[obligation, other] == of.yearly[obligation, np.maximum(first - begin, 0)]
    return np.where((first >= 0) & same, begin + other, np.maximum(first, 0))


def _steps(due: Dues, contracts: Contracts) -> Float:
    """Give the factor by which yearly and other steps have raised amounts since early 2024."""
    of = obligations()
    obligation = contracts.obligation[due.contract]
    months = of.step_months[obligation]
    phase = (contracts.phase[due.contract] >> 4) % months
    steps = (due.month - BASE_MONTH + phase) // months
    own = np.clip(steps, -(OWN_RISES_MONTHS // months), OWN_RISES_MONTHS // months)
    before, after = (_level()[BASE_MONTH - FIRST_MONTH + each * months] for each in (own, steps))
    return np.asarray((1 + of.rise[obligation]) ** own * after / before)


@cache
def _level() -> Float:
    """Give the price level of every month from `FIRST_MONTH` on."""
    return levels(FIRST_MONTH, LAST_MONTH)


def times(due: Dues, contracts: Contracts) -> Int:
    """Give the second of the day of each payment, by the hours of its entity type."""
    entity = obligations().entity[contracts.obligation[due.contract]]
    hour, within, fine = lanes(named(due.key, "time"), 3)
    return draw_second(len(reference().transaction_types) + entity, hour, within, fine)
