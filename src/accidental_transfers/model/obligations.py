"""What people owe, as arrays to draw from: one element for each obligation of the facts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.arrays import Bool, Float, Int, constant
from accidental_transfers.model.facts.obligation_files import Cadence
from accidental_transfers.model.tables import LookupTable

CADENCES: tuple[Cadence, ...] = (
    "monthly", "bimonthly", "quarterly", "semiannual", "annual", "weekly", "biweekly", "payday",
)  # fmt: skip
EVERY = np.array([1, 2, 3, 6, 12, 7, 14, 0])
"""Months or, for the weekly ones, days from one payment to the next."""
WEEKLY, PAYDAY = (constant(CADENCES.index(name)) for name in ("weekly", "payday"))
DAYS_A_YEAR = 365.25
PER_MONTH = np.append(1 / EVERY[:5], [DAYS_A_YEAR / 12 / 7, DAYS_A_YEAR / 12 / 14, 2.2])
"""Payments a month; people are paid 2.2 times a month."""
WEEKS_A_MONTH = constant(4.33)
SLOTS = 1_024
PAYEE_SLOTS = 256
LOCAL = constant(-1)
"""In a table of payees: one of the city's own. Below it, -2 and on, the roles of people."""
MOST_SUBSCRIPTIONS = constant(12)


@dataclass(frozen=True)
class Obligations:
    """Obligations of the facts; every array's first axis is the obligation.

    Attributes
    ----------
    names
        By which their random numbers are keyed.
    chance
        (profiles, obligations): probability that a household has it; a profile's bits are the
        traits of households, in their order.
    times
        (cities, obligations): factor on the probability.
    entity, type_
        Entity types, and their transaction types.
    a_day
        Payments a day for each that the cadence has in a month.
    payee, payee_row
        Draws payees; its rows by obligation and city: (obligations, cities).
    cadence, due, plan
        Draw positions in `CADENCES`, days (see `DUE_WORDS`), positions of prices.
    price
        (obligations, most prices): published prices in cents.
    is_service, is_priced, is_utility
        Whether the price is a service's plan; a published one; whether bills are joined.
    first_plan
        Position in `price_history` of a service's first plan.
    digital_tax
        (cities,): part of a subscription's price that comes on top.
    yearly
        (obligations, most prices): whether a plan is paid once a year.
    ln_median, sigma, within, unit, rise, step_months, tax
        Rules of amounts; unit in cents, tax (obligations, 2).
    level
        (obligations, cities): factor on the median.
    season, season_row
        Factors by month, (seasons, 12); and which is whose, (obligations, cities).
    per_month, weekly
        Whether the amount is a month's, a week's.
    two_cars
        Factor on the amount where there are two cars.
    months, months_in_order
        (obligations, 12): whether it is paid in a month; the months from 0, those first.
    moves
        Whether business days matter.
    by_hand, late, skip, extra
        Probabilities.
    """

    names: tuple[str, ...]
    chance: Float
    times: Float
    entity: Int
    type_: Int
    a_day: Float
    payee: LookupTable[np.integer]
    payee_row: Int
    cadence: LookupTable[np.integer]
    due: LookupTable[np.integer]
    plan: LookupTable[np.integer]
    price: Int
    is_service: Bool
    is_priced: Bool
    is_utility: Bool
    first_plan: Int
    digital_tax: Float
    yearly: Bool
    ln_median: Float
    sigma: Float
    within: Float
    unit: Int
    rise: Float
    step_months: Int
    tax: Float
    level: Float
    season: Float
    season_row: Int
    per_month: Bool
    weekly: Bool
    two_cars: Float
    months: Bool
    months_in_order: Int
    moves: Bool
    by_hand: Float
    late: Float
    skip: Float
    extra: Float
