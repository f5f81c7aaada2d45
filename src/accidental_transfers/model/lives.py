"""What customers do in a period: they pay what they owe, buy, meet people, and things happen."""

from __future__ import annotations

from functools import partial

import numpy as np

from accidental_transfers.model.accidents import LOOKALIKES, kind_code
from accidental_transfers.model.aftermath import Aftermath
from accidental_transfers.model.arrays import Float
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.contracts import Contracts, draw_contracts
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.due import Dues, amounts, dues
from accidental_transfers.model.follow_ups import follow_up, may_matter
from accidental_transfers.model.fuel import Cars, Fills, as_occasions, cars_of, draw_fills
from accidental_transfers.model.happened import done
from accidental_transfers.model.happenings import frequency, happenings
from accidental_transfers.model.hours import times_of_day
from accidental_transfers.model.life import Life
from accidental_transfers.model.met import as_payments
from accidental_transfers.model.new_payees import draw_new_payees, new_payee_rate
from accidental_transfers.model.occasions import (
    ERRAND_TYPE,
    Occasions,
    at_places,
    draw_occasions,
)
from accidental_transfers.model.payments import Drawn, Payments
from accidental_transfers.model.people import Ties, numbers_of, typed_each_time
from accidental_transfers.model.purchases import purchases
from accidental_transfers.model.time_keys import time_keys
from accidental_transfers.model.travel import Moments, Placed, all_on_the_way, itinerary
from accidental_transfers.model.truth import Truth

LEAST_BOUGHT = 0.15
"""Part of a type's payments that are bought, however much is owed: own estimate."""
NEAR = next(each for each in LOOKALIKES if not each.happen)


def live(
    customers: Customers, when: Calendar, aftermath: Aftermath = "full"
) -> tuple[Payments, Truth]:
    """Draw what customers pay, honestly first; then accidents happen, and what follows them.

    Look-alikes belong to how honest people pay: they are the same whether accidents happen or
    not. Accidents strike what is left; without them the same payments stand, untouched. Without
    an aftermath nothing follows an accident, and all else is the same.

    Payments with a negative second lie before the period. They are there because something may
    have followed them in it.
    """
    life = draw_life(customers, when)
    free = np.ones(len(life.payments), bool)
    free[life.near.row] = False
    events = happenings(life.payments, free, customers, when)
    sent_again: list[Payments] = []
    if aftermath == "full":
        events, sent_again = follow_up(events, free, life, customers, when)
    payments, truth = done(life.payments, events, sent_again)
    return payments, Truth.joined([life.near, truth])


def draw_life(customers: Customers, when: Calendar) -> Life:
    """Draw everything that some customers pay in a period, before anything happens to it."""
    places = itinerary(customers.keys["travel"], customers.home, customers.home_bias, when.ordinal)
    contracts, cars = draw_contracts(customers), cars_of(customers)
    often = frequency(NEAR, customers)
    keys = time_keys(customers, when)
    matter = partial(may_matter, customers=customers, when=when)
    met = draw_new_payees(customers, often, when, keys.month, matter)
    due, fills = dues(contracts, customers, when), draw_fills(cars, customers, when)
    rate = _bought(contracts, cars, often, customers)
    owed, visits = _timed(due, fills, draw_occasions(customers, rate, when, keys))
    of_met, of_owed, of_visits = all_on_the_way([met.moments, owed, visits.moments], places, when)
    parts = [
        as_payments(met, of_met, customers, when),
        _owed(due, of_owed, contracts, customers),
        purchases(at_places(visits, of_visits, places), customers, when),
    ]
    number = numbers_of(customers, Ties.joined([part.people for part in parts]))
    payments = Payments.joined(parts, met.with_neighbours(customers, number))
    near = met.look_alike(payments, kind_code(NEAR.kind.name))
    return Life(payments, met, near, places)


def _bought(contracts: Contracts, cars: Cars, often: Float, customers: Customers) -> Float:
    """Give the purchases a day that fill what is owed up to each customer's own rate.

    ``often`` is how many of the new payees have a number that is near another one: (customers,).
    """
    owed = contracts.rate(len(customers)) + new_payee_rate(customers, often)
    owed[:, ERRAND_TYPE] += cars.rate
    whole = customers.daily_rate[:, None] * customers.type_mix
    bought = np.maximum(whole - owed, LEAST_BOUGHT * whole)
    rest = customers.daily_rate - owed.sum(axis=1)
    scale = np.maximum(rest, 0) / bought.sum(axis=1)
    return bought * scale[:, None]


def _timed(due: Dues, fills: Fills, bought: Occasions) -> tuple[Moments, Occasions]:
    """Say when what is owed is paid, and give purchases with the fills, which have their times."""
    entity, key = np.concatenate([due.entity, fills.entity]), np.concatenate([due.key, fills.key])
    of_day = times_of_day(entity, key)
    of_due, of_fills = of_day[: len(due)], of_day[len(due) :]
    owed = Moments(of_due, due.customer, due.day)
    return owed, Occasions.joined([as_occasions(fills, of_fills), bought])


def _owed(due: Dues, placed: Placed, contracts: Contracts, customers: Customers) -> Drawn:
    """Turn what is owed in a period into payments."""
    return Drawn(
        customer=due.customer,
        second=due.day * SECONDS_PER_DAY + placed.second_of_day,
        entity=due.entity.astype(np.uint8),
        city=placed.city,
        cents=amounts(due, contracts, customers),
        recipient=contracts.recipient[due.contract],
        key=due.key,
        typed=typed_each_time(customers, due.customer, due.entity),
        people=contracts.people,
    )
