"""What customers do in a period: they pay what they owe, buy, meet people, and things happen."""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.accidents import LOOKALIKES, kind_code
from accidental_transfers.model.aftermath import Aftermath
from accidental_transfers.model.arrays import Float
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.contracts import Contracts, draw_contracts
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.due import amounts, dues, times
from accidental_transfers.model.follow_ups import follow_up, may_matter
from accidental_transfers.model.fuel import draw_fills, fuel_rate
from accidental_transfers.model.happened import done
from accidental_transfers.model.happenings import frequency, happenings
from accidental_transfers.model.life import Life
from accidental_transfers.model.new_payees import (
    as_payments,
    draw_new_payees,
    new_payee_rate,
)
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.occasions import (
    ERRAND_TYPE,
    Occasions,
    at_places,
    draw_occasions,
)
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.people import typed_each_time
from accidental_transfers.model.purchases import purchases
from accidental_transfers.model.travel import Itinerary, itinerary, on_the_way
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
    contracts = draw_contracts(customers)
    often = frequency(NEAR, customers)
    owed = contracts.rate(len(customers)) + new_payee_rate(customers, often)
    owed[:, ERRAND_TYPE] += fuel_rate(customers)
    bought = draw_occasions(customers, _bought(customers, owed), when)
    visits = at_places(Occasions.joined([draw_fills(customers, when), bought]), places, when)
    met = draw_new_payees(customers, often, when, lambda first: may_matter(first, customers, when))
    parts = [
        as_payments(met, customers, places, when),
        _owed(contracts, customers, places, when),
        purchases(visits, customers, when),
    ]
    payments = Payments.joined(parts)
    near = met.look_alike(payments, kind_code(NEAR.kind.name))
    return Life(payments, met, near, places)


def _bought(customers: Customers, owed: Float) -> Float:
    """Give the purchases a day that fill what is owed up to each customer's own rate."""
    whole = customers.daily_rate[:, None] * customers.type_mix
    bought = np.maximum(whole - owed, LEAST_BOUGHT * whole)
    rest = customers.daily_rate - owed.sum(axis=1)
    scale = np.maximum(rest, 0) / bought.sum(axis=1)
    return bought * scale[:, None]


def _owed(
    contracts: Contracts, customers: Customers, places: Itinerary, when: Calendar
) -> Payments:
    """Turn what is owed in a period into payments."""
    due = dues(contracts, customers, when)
    customer = contracts.customer[due.contract]
    entity = obligations().entity[contracts.obligation[due.contract]]
    day = due.ordinal - when.ordinal[0]
    second, city = on_the_way(times(due, contracts), customer, day, places, when)
    return Payments(
        customer=customer,
        second=day * SECONDS_PER_DAY + second,
        entity=entity.astype(np.uint8),
        city=city,
        cents=amounts(due, contracts, customers),
        recipient=contracts.recipient[due.contract],
        key=due.key,
        typed=typed_each_time(customers, customer, entity),
        number=contracts.number,
    )
