"""When people pay: days by weekday, month, payday and holiday, minutes by the hours of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Lanes, constant
from accidental_transfers.model.facts.reference import HOURS, reference
from accidental_transfers.model.holidays import factors
from accidental_transfers.model.months import PAYDAYS, Months, is_payday, months_of
from accidental_transfers.model.tables import LookupTable, choice_table

SECONDS_PER_HOUR = constant(3_600)
SECONDS_PER_DAY = constant(86_400)
SKIPPED_HOUR = constant(2)
MONTH_END_FROM, MONTH_END_LIFT = 28, 1.16
"""The diary was kept in one October, whose last days were quiet; both ends of a month are busy."""
BEYOND_BILLS = 0.6
"""Exponent on the diary's days of the month: what is owed brings the rest of their swing."""
_HOURS = constant(HOURS)
STAYS = 3
"""At home, on a trip, on a trip's last day: see `travel`."""
CHOICES = 1_024
"""Slots for what is paid for: there are thousands of such tables."""

PAYDAY_BOOST = {
    "Credit Card": 0.05,
    "Online Purchase": 0.08,
    "Venmo/PayPal": 0.10,
    "Bank Transfer": 0.18,
}
"""How much more is paid on a payday, falling off by half each day after: own estimates."""
PAYDAY_FADE = 0.5
PULSE_DAYS = 8
"""After which nothing is left of a payday's effect."""
MONDAY = 6
"""Added to an ordinal, it makes Mondays multiples of seven."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """A period's days, as the model sees them.

    Attributes
    ----------
    first_day
        The day that seconds and day positions count from.
    days
        Length of the period.
    first, length
        The ordinal of the first day, and the days, as constants.
    ordinal
        (days,): the days' proleptic ordinals.
    weight
        (paydays, days, transaction types): rate over a customer's mean rate.
    month
        (days,): the days' months, as year times twelve plus the month from 0.
    months
        The months that have to do with the period.
    entities, entity_row
        Draws what is paid for: see `draw_entities`; and its row for each context, stay, transaction
        type and hour, of which many are alike.
    context
        (days,): where in ``entity_row`` the context of a day begins, over `HOURS`.
    paydays
        (paydays, days and days before): whether it is one. Those of the month before stand at
        the end, so that the position of a day before the period finds its own.
    clock_changes
        (days and days before,): 1 on days on which clocks jump from 02:00 to 03:00.
    """

    first_day: date
    days: int
    first: Int
    length: Int
    ordinal: Int
    weight: Float
    month: Int
    months: Months
    entities: LookupTable[np.integer]
    entity_row: Int
    context: Int
    paydays: Bool
    clock_changes: Bool

    @cached_property
    def price_levels(self) -> Float:
        """The price level of each day, as a multiple of early 2024's: (days,)."""
        return self.months.price_levels[self.month - self.months.number[0]]

    def without_skipped_hour(self, second_of_day: Int, city: Codes, day: Int) -> Int:
        """Move times that daylight saving skips to an hour later: (times,)."""
        (changing,) = self.clock_changes[day].nonzero()
        if not len(changing):
            return second_of_day
        skipped = second_of_day[changing] // SECONDS_PER_HOUR == SKIPPED_HOUR
        affected = changing[skipped & saves_daylight()[city[changing]]]
        if not len(affected):
            return second_of_day
        moved = second_of_day.copy()
        moved[affected] += SECONDS_PER_HOUR
        return moved

    def draw_entities(self, type_: Codes, day: Int, stay: Codes, hour: Codes, lane: Lanes) -> Int:
        """Draw what is paid for.

        Parameters
        ----------
        type_, day, hour
            Transaction types, positions of days, hours of the day.
        stay
            What the day is to the customer: see `travel`.
        """
        row = (self.context[day] + stay * _types() + type_) * _HOURS + hour
        return self.entities.draw(self.entity_row[row], lane).astype(np.int64)


@cache
def _types() -> Int:
    """Give the number of transaction types."""
    return constant(len(reference().transaction_types))


@cache
def saves_daylight() -> Bool:
    """Tell where clocks go forward in March: (cities,)."""
    return np.array([city.saves_daylight for city in reference().cities])


@lru_cache(maxsize=8)
def calendar(first_day: date, days: int) -> Calendar:
    """Lay out the calendar of a period."""
    months = months_of(first_day, days)
    of_type, of_entity = factors(first_day, days)
    mixes, context = np.unique(of_entity, axis=0, return_inverse=True)
    ordinal = np.arange(days) + first_day.toordinal()
    with_before = np.append(ordinal, np.arange(months.first[0], ordinal[0]))
    changes = [is_clock_change(date.fromordinal(day)) for day in with_before.tolist()]
    weight = _weights(months, ordinal) * (of_type * _of_types(of_entity))
    entities, entity_row = _entity_table(mixes.tobytes(), len(mixes))
    return Calendar(
        first_day=first_day,
        days=days,
        first=constant(first_day.toordinal()),
        length=constant(days),
        ordinal=ordinal,
        weight=weight,
        month=months.number[months.position(ordinal)],
        months=months,
        entities=entities,
        entity_row=entity_row,
        context=context.ravel() * (STAYS * _types()),
        paydays=np.array([np.isin(with_before, days) for days in months.paydays]),
        clock_changes=np.array(changes),
    )


def is_clock_change(day: date) -> bool:
    """Whether US clocks go forward: the second Sunday of March (Energy Policy Act of 2005)."""
    return day.month == 3 and day.weekday() == 6 and 8 <= day.day <= 14


def _weights(months: Months, ordinal: Int) -> Float:
    """Give the days' rates over the mean of their calendar month, for each payday and type."""
    every = np.arange(months.first[0], months.first[-1] + months.length[-1])
    month = months.position(every)
    curve = _day_curves(every, every - months.first[month])
    weight = curve * (1 + _boosts() * _pulses(every)[:, :, None])
    sums = np.add.reduceat(weight, months.first - months.first[0], axis=1)
    weight /= (sums / months.length[:, None])[:, month]
    return weight[:, ordinal - every[0]]


def _day_curves(ordinal: Int, day_of_month: Int) -> Float:
    """Give each type's rate by weekday and day of the month: (days, transaction types)."""
    types = reference().transaction_types
    weekdays = np.array([type_.weekdays for type_ in types]).T
    month_days = np.array([type_.month_days for type_ in types]).T ** BEYOND_BILLS
    month_days[MONTH_END_FROM - 1 :] *= MONTH_END_LIFT
    return weekdays[(ordinal + MONDAY) % 7] * month_days[day_of_month]


def _boosts() -> Float:
    return np.array([PAYDAY_BOOST[type_.name] for type_ in reference().transaction_types])


def _pulses(ordinal: Int) -> Float:
    """Follow the effect of paydays through the days: (paydays, days), 1 on a payday."""
    back = np.arange(PULSE_DAYS)
    dates = [date.fromordinal(int(ordinal[0]) - PULSE_DAYS + 1 + day)
             for day in range(len(ordinal) + PULSE_DAYS - 1)]  # fmt: skip
    pulses = []
    for phase, rhythm in enumerate(PAYDAYS):
        paid = np.array([is_payday(rhythm, phase, day) for day in dates])
        recent = np.lib.stride_tricks.sliding_window_view(paid, PULSE_DAYS)[:, ::-1]
        pulses.append((recent * PAYDAY_FADE**back).max(axis=1))
    return np.array(pulses)


def _of_types(of_entity: Float) -> Float:
    """Average the entity types' factors over each transaction type: (days, transaction types).

    Summed row by row: a matrix product rounds one day otherwise than many, and a day's rows must
    not depend on the period.
    """
    return (of_entity[:, None, :] * _entity_shares()).sum(axis=-1)


@cache
def _entity_shares() -> Float:
    """Give each entity type's share of its transaction type: (transaction types, entity types)."""
    facts = reference()
    shares = np.zeros((len(facts.transaction_types), len(facts.entity_types)))
    for code, entity in enumerate(facts.entity_types):
        shares[entity.transaction_type, code] = entity.share
    return shares / shares.sum(axis=1, keepdims=True)


@lru_cache(maxsize=8)
def _entity_table(mixes: bytes, contexts: int) -> tuple[LookupTable[np.integer], Int]:
    """Draw entity types; with the row for each context, stay, transaction type and hour."""
    entities = reference().entity_types
    of_day = np.frombuffer(mixes).reshape(contexts, len(entities))
    of_kind = np.array(
        [
            [entity.at_home for entity in entities],
            [entity.away for entity in entities],
            [entity.last_day for entity in entities],
        ]
    )
    hours = np.array([entity.hours for entity in entities])
    weights = np.einsum("ce,ke,te,eh->ckthe", of_day, of_kind, _entity_shares(), hours)
    different: dict[bytes, int] = {}
    rows = [
        different.setdefault(choice_table(row, CHOICES).tobytes(), len(different))
        for row in weights.reshape(-1, len(entities))
    ]
    return LookupTable(np.frombuffer(row, np.uint8) for row in different), np.array(rows)
