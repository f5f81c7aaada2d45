"""When people pay: days by weekday, month and payday, minutes by the hours of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Lanes
from accidental_transfers.model.facts import HOURS, reference
from accidental_transfers.model.tables import COARSE_SLOTS, SLOTS, LookupTable, choice_table

MINUTES_PER_HOUR = 60
SECONDS_PER_HOUR = 3_600
SECONDS_PER_DAY = 86_400
SKIPPED_HOUR = 2
MONTH_START_FROM, MONTH_START_TO = 28, 5
"""Days of the month on which what is paid for a month falls due, over the month's end."""

PAYDAY_SHARES = {"weekly": 0.324, "biweekly": 0.365, "semimonthly": 0.198, "monthly": 0.113}
"""How often Americans are paid (Bureau of Labor Statistics, Current Employment Statistics)."""
PAYDAYS = ("weekly", "biweekly", "biweekly", "semimonthly", "monthly")
"""The rhythms that a customer may have; biweekly comes in its two phases."""
PAYDAY_WEIGHTS = tuple(PAYDAY_SHARES[name] / PAYDAYS.count(name) for name in PAYDAYS)
PAYDAY_BOOST = {
    "Credit Card": 0.05,
    "Online Purchase": 0.08,
    "Venmo/PayPal": 0.10,
    "Bank Transfer": 0.18,
}
"""How much more is paid on a payday, falling off by half each day after: own estimates."""
PAYDAY_FADE = 0.5


@dataclass(frozen=True)
class Calendar:
    """A period's days, as the model sees them.

    Attributes
    ----------
    first_day
        The day that seconds and day positions count from.
    days
        Length of the period.
    weight
        (paydays, days, transaction types): rate over a customer's mean rate.
    month_turn
        (days,): 1 within a month's turn, 0 elsewhere.
    clock_changes
        (days,): 1 on days on which clocks jump from 02:00 to 03:00.
    """

    first_day: date
    days: int
    weight: Float
    month_turn: Int
    clock_changes: Bool

    def without_skipped_hour(self, second_of_day: Int, city: Codes, day: Int) -> Int:
        """Move times that daylight saving skips to an hour later: (times,)."""
        changing = np.flatnonzero(self.clock_changes.take(day))
        skipped = second_of_day[changing] // SECONDS_PER_HOUR == SKIPPED_HOUR
        affected = changing[skipped & _saves_daylight()[city[changing]]]
        moved = second_of_day.copy()
        moved[affected] += SECONDS_PER_HOUR
        return moved


@cache
def _saves_daylight() -> Bool:
    return np.array([city.saves_daylight for city in reference().cities])


def calendar(first_day: date, days: int) -> Calendar:
    """Lay out the calendar of a period."""
    dates = [first_day + timedelta(day) for day in range(days)]
    turn = [day.day >= MONTH_START_FROM or day.day <= MONTH_START_TO for day in dates]
    return Calendar(
        first_day=first_day,
        days=days,
        weight=_weights(dates),
        month_turn=np.array(turn, np.int64),
        clock_changes=np.array([is_clock_change(day) for day in dates]),
    )


def is_clock_change(day: date) -> bool:
    """Whether US clocks go forward: the second Sunday of March (Energy Policy Act of 2005)."""
    return day.month == 3 and day.weekday() == 6 and 8 <= day.day <= 14


@cache
def payday_table() -> Codes:
    """Choose positions in `PAYDAYS`: (65,536,)."""
    return choice_table(PAYDAY_WEIGHTS)


def _weights(dates: list[date]) -> Float:
    pulses = np.array([_pulse(rhythm, phase, dates) for phase, rhythm in enumerate(PAYDAYS)])
    weights = np.empty((len(PAYDAYS), len(dates), len(reference().transaction_types)))
    for code, type_ in enumerate(reference().transaction_types):
        curve = [type_.weekdays[day.weekday()] * type_.month_days[day.day - 1] for day in dates]
        weights[:, :, code] = curve * (1 + PAYDAY_BOOST[type_.name] * pulses)
    return weights


def _pulse(rhythm: str, phase: int, dates: list[date]) -> Float:
    """Follow a payday's effect through the days; its mean over a year is 0."""
    year = [dates[0] + timedelta(day) for day in range(-364, len(dates))]
    strength = 0.0
    pulse = []
    for day in year:
        strength = 1.0 if _is_payday(rhythm, phase, day) else strength * PAYDAY_FADE
        pulse.append(strength)
    return np.array(pulse[364:]) - np.mean(pulse[:364])


def _is_payday(rhythm: str, phase: int, day: date) -> bool:
    last_of_month = (day + timedelta(1)).day == 1
    match rhythm:
        case "weekly":
            return day.weekday() == 4
        case "biweekly":
            return day.weekday() == 4 and day.toordinal() // 7 % 2 == phase % 2
        case "semimonthly":
            return day.day == 15 or last_of_month
        case _:
            return last_of_month


@cache
def minute_table() -> LookupTable[np.integer]:
    """Draw minutes of the day, by the hour curve of each transaction type."""
    types = reference().transaction_types
    per_minute = [np.repeat(type_.hours, MINUTES_PER_HOUR) for type_ in types]
    return LookupTable([choice_table(weights, SLOTS, np.int16) for weights in per_minute])


@cache
def _entity_table() -> LookupTable[np.integer]:
    """Draw entity types: a row for each transaction type, turn of the month (or not) and hour."""
    types = range(len(reference().transaction_types))
    return LookupTable(
        [row for code in types for turn in (False, True) for row in _entity_choice(code, turn)]
    )


def draw_entities(type_: Int, month_turn: Int, hour: Codes, lane: Lanes) -> Int:
    """Draw what is paid for: entity types by transaction type, time of the month and hour.

    Parameters
    ----------
    month_turn
        1 within a month's turn, 0 elsewhere.
    """
    context = (type_ * 2 + month_turn) * HOURS + hour
    return _entity_table().draw(context, lane).astype(np.int64)


def _entity_choice(type_code: int, month_turn: bool) -> list[Codes]:
    """Weigh the entity types of a transaction type for each hour."""
    entities = reference().entity_types
    shares = [
        entity.share * (entity.month_start if month_turn else 1.0)
        if entity.transaction_type == type_code
        else 0.0
        for entity in entities
    ]
    hourly = np.array(shares)[:, None] * np.array([entity.hours for entity in entities])
    return [choice_table(weights, COARSE_SLOTS) for weights in hourly.T]
