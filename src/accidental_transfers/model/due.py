"""When what is owed is paid, and how much: obligations in a period, as payments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Cents, Float, Int, Keys, Lanes
from accidental_transfers.model.calendar import Calendar
from accidental_transfers.model.contracts import BASE_MONTH, Contracts
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.obligation_files import DUE_WORDS
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.holidays import tax_day
from accidental_transfers.model.hours import draw_second
from accidental_transfers.model.months import PAYDAYS, Months
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.obligations import EVERY, PAYDAY, WEEKLY
from accidental_transfers.model.prices import levels, price_history
from accidental_transfers.model.streams import among, child, lane, lanes, named, unit
from accidental_transfers.model.tables import normal_table

BY_HAND_DAYS = 3
"""Days before and after the due day within which a bill is paid by hand."""
LATE_DAYS = 10
"""Days after the next due day within which the missed one is paid, too."""
EXTRA_CENTS = (5_000, 50_000, 2_500)
"""A payment on top: from, to, in steps of."""
PAYDAY_WORD, SUNDAY_WORD, TAX_DAY_WORD = (
    DUE_WORDS[word] for word in ("payday", "sunday", "tax day")
)
WEEK = 7
CENTS = LEAST_CENTS = 100
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
    month = when.months.number[when.months.position(ordinal)]
    return Dues(contract, ordinal, key, month, is_extra[within])


Part = tuple[Int, Int, Keys, Bool]


def _monthly(contracts: Contracts, rhythm: Int, months: Months) -> Part:
    """Give what is paid every so many months; of the month before the period, what is late."""
    of = obligations()
    rows = np.flatnonzero(contracts.cadence < WEEKLY)
    row, column = np.nonzero(_is_due(contracts, rows, months.number[:-1]))
    key = child(named(contracts.key[rows], "months")[row], months.number[column])
    chance = lanes(key, 6)
    obligation = contracts.obligation[rows[row]]
    is_late = unit(chance[2]) < of.late[obligation]
    kept = ((column > 0) | is_late) & (unit(chance[4]) >= of.skip[obligation])
    contract, column, key, chance = rows[row[kept]], column[kept], key[kept], chance[:, kept]
    paid = _paid_days(contracts, rhythm, contract, column, is_late[kept], chance, months)
    more = np.flatnonzero(unit(chance[5]) < of.extra[contracts.obligation[contract]])
    more_key = named(key[more], "extra")
    more_day = months.first[column[more]] + (more_key % np.uint64(28)).astype(np.int64)
    return (
        np.append(contract, contract[more]),
        np.append(paid, more_day),
        np.concatenate([key, more_key]),
        np.append(np.zeros(len(contract), bool), np.ones(len(more), bool)),
    )


def _is_due(contracts: Contracts, rows: Int, month: Int) -> Bool:
    """Tell which of some monthly contracts are due in which months: (rows, months)."""
    every, phase = EVERY[contracts.cadence[rows]], contracts.phase[rows]
    in_turn = (month + phase[:, None]) % every[:, None] == 0
    return in_turn & obligations().months[:, month % 12][contracts.obligation[rows]]


def _paid_days(
    contracts: Contracts,
    rhythm: Int,
    contract: Int,
    column: Int,
    is_late: Bool,
    chance: Lanes,
    months: Months,
) -> Int:
    """Give when something due is paid: as its rail moves it, by hand around it, or a month late."""
    of, obligation = obligations(), contracts.obligation[contract]
    month = column + is_late
    due = _due_days(contracts.due[contract], rhythm[contract], month, months)
    paid = np.where(of.moves[obligation], months.business_day(due), due)
    by_hand = ~is_late & (unit(chance[0]) < of.by_hand[obligation])
    paid = np.where(by_hand, due + among(chance[1], 2 * BY_HAND_DAYS + 1) - BY_HAND_DAYS, paid)
    paid += is_late * among(chance[3], LATE_DAYS)
    first = months.first[month]
    return np.minimum(np.maximum(paid, first), first + months.length[month] - 1)


def _due_days(due: Int, rhythm: Int, column: Int, months: Months) -> Int:
    """Give the ordinals of due days, each in its month."""
    day = np.minimum(np.maximum(due, 1), months.length[column]) - 1 + months.first[column]
    on_payday = np.flatnonzero(due == PAYDAY_WORD)
    day[on_payday] = _first_paydays(months)[rhythm[on_payday], column[on_payday]]
    # Ordinals of Sundays are multiples of a week.
    sundays = months.first + -months.first % WEEK
    day = np.where(due == SUNDAY_WORD, sundays[column], day)
    return np.where(due == TAX_DAY_WORD, _tax_days(months)[column], day)


def _tax_days(months: Months) -> Int:
    """Give the day on which taxes are due, or in other months their last day: (months,)."""
    last = months.first + months.length - 1
    days = np.array([tax_day(year).toordinal() for year in (months.number // 12).tolist()])
    return np.where((days >= months.first) & (days <= last), days, last)


def _first_paydays(months: Months) -> Int:
    """Give the first payday of each rhythm from the beginning of each month: (rhythms, months)."""
    last = months.first[-1] + months.length[-1] - 1
    padded = [np.append(days, last) for days in months.paydays]
    return np.array([days[np.searchsorted(days, months.first)] for days in padded])


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
    month = when.months.position(ordinal)
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
    base *= of.season[of.season_row[obligation, home], due.month % 12]
    base *= np.exp(of.within[obligation] * normal_table()[lane(named(due.key, "amount"))])
    drawn = np.maximum(np.rint(base / of.unit[obligation]) * of.unit[obligation], LEAST_CENTS)
    drawn = np.where(of.is_priced[obligation], _as_published(contracts, due, base), drawn)
    published = price_history().on(_plans(due, contracts), due.ordinal)
    drawn = np.where(plan >= 0, published, drawn)
    taxed = np.rint(drawn * (1 + contracts.tax[due.contract]))
    cents = np.where(of.is_priced[obligation], taxed, drawn)
    low, high, step = EXTRA_CENTS
    extra = low + (unit(lane(named(due.key, "more"))) * (high - low)) // step * step
    return np.where(due.is_extra, extra, cents).astype(np.int32)


def _as_published(contracts: Contracts, due: Dues, risen: Float) -> Float:
    """Round risen prices to whole dollars, and let them end in the cents with which they began."""
    cents = contracts.cents[due.contract] % CENTS
    return np.maximum(np.rint((risen - cents) / CENTS), 0) * CENTS + cents


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
