"""When what is owed is paid, and how much: obligations in a period, as payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Cents, Float, Int, Keys, Lanes, constant
from accidental_transfers.model.calendar import Calendar
from accidental_transfers.model.contracts import ANY_DAYS, BASE_MONTH, Contracts
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.obligation_files import DUE_WORDS
from accidental_transfers.model.holidays import tax_day
from accidental_transfers.model.months import Months
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.obligations import EVERY, PAYDAY, WEEKLY
from accidental_transfers.model.prices import levels, price_history
from accidental_transfers.model.streams import among, child, lane, lanes, named, unit
from accidental_transfers.model.tables import normal_table

BY_HAND_DAYS = constant(3)
"""Days before and after the due day within which a bill is paid by hand."""
_BY_HAND_CHOICES = constant(2 * int(BY_HAND_DAYS) + 1)
LATE_DAYS = constant(10)
"""Days after the next due day within which the missed one is paid, too."""
EXTRA_CENTS = (5_000, 50_000, 2_500)
"""A payment on top: from, to, in steps of."""
PAYDAY_WORD, SUNDAY_WORD, TAX_DAY_WORD = (
    constant(DUE_WORDS[word]) for word in ("payday", "sunday", "tax day")
)
DAYS_A_WEEK = 7
WEEK, YEAR = constant(DAYS_A_WEEK), constant(12)
"""Days, and months."""
CENTS = LEAST_CENTS = constant(100.0)
OWN_RISES_MONTHS = constant(36)
"""Rises of their own are those of the years around 2024. Further away, all prices rise alike."""
FIRST_MONTH, LAST_MONTH = 1990 * 12, 2120 * 12
"""Beyond the months before and after all periods, by the longest step of ten years."""
_BASE = constant(int(BASE_MONTH) - FIRST_MONTH)
MONTHS_TO_A_NEW_PLAN = constant(160)
"""0.6 % of subscribers choose anew in a month: own estimate."""


@dataclass
class Dues:
    """Payments of obligations.

    Attributes
    ----------
    contract, customer, obligation, entity
        Positions in `Contracts`, `Customers` and `Obligations`; entity types.
    day, ordinal
        Days on which they are paid, from the period's start and as ordinals.
    key
        What their random numbers come from: the contract and the occasion, not the period.
    month
        Year times twelve plus the month from 0, of the day.
    is_extra
        Whether it comes on top of what is owed.
    """

    contract: Int
    customer: Int
    obligation: Int
    entity: Int
    day: Int
    ordinal: Int
    key: Keys
    month: Int
    is_extra: Bool

    def __len__(self) -> int:
        return len(self.contract)


def dues(contracts: Contracts, customers: Customers, when: Calendar) -> Dues:
    """Find what is paid in a period."""
    rhythm = customers.payday[contracts.customer].astype(np.int64)
    owed, extra = _monthly(contracts, rhythm, when.months)
    often = _often([_weekly(contracts, when), _on_paydays(contracts, rhythm, when)], contracts)
    contract, ordinal, key = (np.concatenate(each) for each in zip(owed, extra, often, strict=True))
    is_extra = np.zeros(len(contract), bool)
    is_extra[len(owed[0]) : len(owed[0]) + len(extra[0])] = True
    day = ordinal - when.first
    (within,) = ((day >= 0) & (day < when.length)).nonzero()
    contract, day, key = contract[within], day[within], key[within]
    obligation = contracts.obligation[contract]
    return Dues(
        contract=contract,
        customer=contracts.customer[contract],
        obligation=obligation,
        entity=obligations().entity[obligation],
        day=day,
        ordinal=ordinal[within],
        key=key,
        month=when.month[day],
        is_extra=is_extra[within],
    )


Part = tuple[Int, Int, Keys]
"""Contracts, days and keys of what is due."""
Chance = tuple[Int, Int, Keys, Int]
"""Contracts and days of what may be due, and whose children the keys are, by which position."""


def _monthly(contracts: Contracts, rhythm: Int, months: Months) -> tuple[Part, Part]:
    """Give what is paid every so many months, and on top; of the month before, what is late."""
    of = obligations()
    (rows,) = (contracts.cadence < WEEKLY).nonzero()
    row, column = _is_due(contracts, rows, months.number[:-1]).nonzero()
    key = child(contracts.key("months")[rows[row]], months.number[column])
    chance = lanes(key, 6)
    contract = rows[row]
    obligation = contracts.obligation[contract]
    is_late = unit(chance[2]) < of.late[obligation]
    kept = ((column > 0) | is_late) & (unit(chance[4]) >= of.skip[obligation])
    contract, column, key, chance = contract[kept], column[kept], key[kept], chance[:, kept]
    paid = _paid_days(contracts, rhythm, contract, column, is_late[kept], chance, months)
    (more,) = (unit(chance[5]) < of.extra[contracts.obligation[contract]]).nonzero()
    if not len(more):
        return (contract, paid, key), (more, more, key[more])
    more_key = named(key[more], "extra")
    more_day = months.first[column[more]] + (more_key % ANY_DAYS).astype(np.int64)
    return (contract, paid, key), (contract[more], more_day, more_key)


def _is_due(contracts: Contracts, rows: Int, month: Int) -> Bool:
    """Tell which of some monthly contracts are due in which months: (rows, months)."""
    every, phase = EVERY[contracts.cadence[rows]], contracts.phase[rows]
    in_turn = (month + phase[:, None]) % every[:, None] == 0
    return in_turn & obligations().months[contracts.obligation[rows][:, None], month % YEAR]


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
    paid = np.where(by_hand, due + among(chance[1], _BY_HAND_CHOICES) - BY_HAND_DAYS, paid)
    paid += is_late * among(chance[3], LATE_DAYS)
    first = months.first[month]
    return np.minimum(np.maximum(paid, first), first + months.length[month] - 1)


def _due_days(due: Int, rhythm: Int, column: Int, months: Months) -> Int:
    """Give the ordinals of due days, each in its month."""
    day = np.minimum(np.maximum(due, 1), months.length[column]) - 1 + months.first[column]
    (on_payday,) = (due == PAYDAY_WORD).nonzero()
    day[on_payday] = months.first_paydays[rhythm[on_payday], column[on_payday]]
    (on_sunday,) = (due == SUNDAY_WORD).nonzero()
    if len(on_sunday):
        # Ordinals of Sundays are multiples of a week.
        first = months.first[column[on_sunday]]
        day[on_sunday] = first + -first % WEEK
    (on_tax_day,) = (due == TAX_DAY_WORD).nonzero()
    if len(on_tax_day):
        day[on_tax_day] = _tax_days(months)[column[on_tax_day]]
    return day


def _tax_days(months: Months) -> Int:
    """Give the day on which taxes are due, or in other months their last day: (months,)."""
    last = months.first + months.length - 1
    days = np.array([tax_day(year).toordinal() for year in (months.number // 12).tolist()])
    return np.where((days >= months.first) & (days <= last), days, last)


def _often(parts: Sequence[Chance], contracts: Contracts) -> Part:
    """Give what is paid more often than once a month, without what is left out."""
    contract, ordinal, key, which = (np.concatenate(each) for each in zip(*parts, strict=True))
    key = child(key, which)
    kept = unit(lane(key)) >= obligations().skip[contracts.obligation[contract]]
    return contract[kept], ordinal[kept], key[kept]


def _weekly(contracts: Contracts, when: Calendar) -> Chance:
    """Give what is paid every week or two, on a weekday of each contract's own."""
    (rows,) = ((contracts.cadence >= WEEKLY) & (contracts.cadence < PAYDAY)).nonzero()
    if not len(rows):
        return rows, rows, contracts.key("weeks")[rows], rows
    every = EVERY[contracts.cadence[rows]]
    phase = contracts.phase[rows] % every
    phase[contracts.due[rows] == SUNDAY_WORD] = 0
    begin = (when.first + every - 1 - phase) // every
    week = begin[:, None] + np.arange(when.days // DAYS_A_WEEK + 2)
    ordinal = week * every[:, None] + phase[:, None]
    row, column = (ordinal <= when.ordinal[-1]).nonzero()
    ordinal, contract = ordinal[row, column], rows[row]
    month = when.month[ordinal - when.first] % YEAR
    in_season = obligations().months[contracts.obligation[contract], month]
    key = contracts.key("weeks")[contract]
    return contract[in_season], ordinal[in_season], key[in_season], week[row, column][in_season]


def _on_paydays(contracts: Contracts, rhythm: Int, when: Calendar) -> Chance:
    """Give what is paid on every payday."""
    (rows,) = (contracts.cadence == PAYDAY).nonzero()
    if not len(rows):
        return rows, rows, contracts.key("paydays")[rows], rows
    days = when.months.paydays[rhythm[rows]]
    row, column = (days >= when.first).nonzero()
    contract, day = rows[row], days[row, column]
    return contract, day, contracts.key("paydays")[contract], day


def amounts(due: Dues, contracts: Contracts, customers: Customers) -> Cents:
    """Give the amounts that are paid, in cents."""
    of = obligations()
    obligation, plan = due.obligation, contracts.plan[due.contract]
    home = customers.home[due.customer]
    base = contracts.cents[due.contract] * _steps(due, contracts)
    base *= of.season[of.season_row[obligation, home], due.month % YEAR]
    base *= np.exp(of.within[obligation] * normal_table().take(lane(named(due.key, "amount"))))
    steps = of.unit[obligation]
    cents = np.maximum(np.rint(base / steps) * steps, LEAST_CENTS)
    (priced,) = of.is_priced[obligation].nonzero()
    cents[priced] = _as_published(contracts.cents[due.contract[priced]], base[priced])
    (on_plan,) = (plan >= 0).nonzero()
    cents[on_plan] = price_history().on(_plans(due, contracts, on_plan), due.ordinal[on_plan])
    cents[priced] = np.rint(cents[priced] * (1 + contracts.tax[due.contract[priced]]))
    (extra,) = due.is_extra.nonzero()
    if len(extra):
        cents[extra] = _extra_cents(due.key[extra])
    return cents.astype(np.int32)


def _extra_cents(key: Keys) -> Float:
    """Give the amounts of what is paid on top."""
    low, high, step = EXTRA_CENTS
    return low + (unit(lane(named(key, "more"))) * (high - low)) // step * step


def _as_published(began: Float, risen: Float) -> Float:
    """Round risen prices to whole dollars, and let them end in the cents with which they began."""
    cents = began % CENTS
    return np.maximum(np.rint((risen - cents) / CENTS), 0) * CENTS + cents


def _plans(due: Dues, contracts: Contracts, rows: Int) -> Int:
    """Give the plans of some payments: once in a long while a customer takes another one."""
    of, contract = obligations(), due.contract[rows]
    obligation, first = contracts.obligation[contract], contracts.plan[contract]
    epoch = (due.month[rows] + contracts.phase[contract]) // MONTHS_TO_A_NEW_PLAN
    key = child(contracts.key("plans")[contract], epoch)
    begin = of.first_plan[obligation]
    other = of.plan.draw(obligation, lane(key)).astype(np.int64)
    same = of.yearly[obligation, other] == of.yearly[obligation, first - begin]
    return np.where(same, begin + other, first)


def _steps(due: Dues, contracts: Contracts) -> Float:
    """Give the factor by which yearly and other steps have raised amounts since early 2024."""
    of = obligations()
    obligation = due.obligation
    months = of.step_months[obligation]
    phase = (contracts.phase[due.contract] >> 4) % months
    steps = (due.month - BASE_MONTH + phase) // months
    most = OWN_RISES_MONTHS // months
    own = np.minimum(np.maximum(steps, -most), most)
    before, after = (_level()[_BASE + each * months] for each in (own, steps))
    return np.asarray((1 + of.rise[obligation]) ** own * after / before)


@cache
def _level() -> Float:
    """Give the price level of every month from `FIRST_MONTH` on."""
    return levels(FIRST_MONTH, LAST_MONTH)
