"""What customers do in a period: they pay what they owe, buy, and things happen."""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import accidents_among, first_kind, lookalike_kind
from accidental_transfers.model.arrays import Codes, Float, Int
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.chance import (
    ACCIDENTS_NUMBER,
    KEY_BITS,
    QUARTERS,
    Event,
    choose,
    out_of_reach,
)
from accidental_transfers.model.contracts import Contracts, draw_contracts
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.due import amounts, dues, times
from accidental_transfers.model.fuel import draw_fills, fuel_rate
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.occasions import (
    ERRAND_TYPE,
    Occasions,
    at_places,
    draw_occasions,
)
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.purchases import purchases
from accidental_transfers.model.streams import named
from accidental_transfers.model.travel import Itinerary, itinerary, night_before, postpone
from accidental_transfers.model.truth import Truth

LEAST_BOUGHT = 0.15
"""Part of a type's payments that are bought, however much is owed: own estimate."""
LIKELIEST = 0.5
"""Highest probability per payment of a look-alike, whatever the dial says."""


def live(customers: Customers, when: Calendar) -> tuple[Payments, Truth]:
    """Draw what customers pay, honestly first; then accidents happen.

    Look-alikes belong to how honest people pay: they are the same whether accidents happen or
    not. Accidents strike what is left; without them the same payments stand, untouched.
    """
    drawn = draw_payments(customers, when)
    free = np.ones(len(drawn), bool)
    payments, truths = drawn, []
    events = _events(customers)
    numbers = {name: named(drawn.key, name) for name in {event.number for event in events}}
    for event in events:
        possible = free & out_of_reach(numbers[ACCIDENTS_NUMBER]) if event.keeps_away else free
        struck = choose(event, numbers[event.number], drawn, possible)
        if struck is None:
            continue
        free[struck.rows] = False
        payments, truth = event.happen(payments, customers, struck.rows, struck.lanes)
        truths.append(truth.with_kinds_from(event.first_kind))
    return payments, Truth.joined(truths) if truths else Truth.none()


def draw_payments(customers: Customers, when: Calendar) -> Payments:
    """Draw everything that some customers pay in a period, before anything happens to it."""
    places = itinerary(customers.key, customers.home, customers.home_bias, when.ordinal)
    contracts = draw_contracts(customers)
    owed = contracts.rate(len(customers))
    owed[:, ERRAND_TYPE] += fuel_rate(customers)
    bought = draw_occasions(customers, _bought(customers, owed), when)
    occasions = at_places(Occasions.joined([draw_fills(customers, when), bought]), places, when)
    return Payments.joined(
        [_owed(contracts, customers, places, when), purchases(occasions, customers, when)]
    )


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
    second, city = _on_the_way(times(due, contracts), customer, day, places, when)
    return Payments(
        customer=customer,
        second=day * SECONDS_PER_DAY + second,
        entity=entity.astype(np.uint8),
        city=city,
        cents=amounts(due, contracts, customers),
        recipient=contracts.recipient[due.contract],
        key=due.key,
        number=contracts.number,
    )


def _on_the_way(
    second: Int, customer: Int, day: Int, places: Itinerary, when: Calendar
) -> tuple[Int, Codes]:
    """Say where customers are, and let nothing happen while they travel."""
    time = postpone(second.astype(np.int32), places.arrival[customer, day])
    city = places.city[customer, day + 1 - night_before(time)]
    return when.without_skipped_hour(time.astype(np.int64), city, day), city


def _events(customers: Customers) -> list[Event]:
    """Give what may happen, in order: who comes later strikes only what is left.

    Accidents with a quarter never strike the same payment, so that the probability of none moves
    another; those without come after them, so that one that is added moves none of them. The
    look-alikes of an optional accident keep away from all that those with a quarter can strike:
    whether it is part of a dataset moves none of them either.
    """
    there = sorted(accidents_among(customers.own), key=lambda accident: accident.is_optional)
    in_order = sorted(there, key=lambda accident: accident.quarter is None)
    return [
        *(_lookalike(accident, customers) for accident in there),
        *(_accident(accident, customers) for accident in in_order),
    ]


def _lookalike(accident: Accident, customers: Customers) -> Event:
    lookalike = accident.lookalike
    usual = customers.own[lookalike.frequency.field] / lookalike.ready_share()
    # What keeps away happens to a quarter of the payments, which make up for the others.
    part = 1 / QUARTERS if accident.is_optional else 1.0
    return Event(
        name=lookalike.kind.name,
        number=lookalike.kind.name,
        begin=0,
        probability=np.minimum(np.minimum(usual, LIKELIEST) / part, 1),
        readiness=lookalike.readiness(),
        happen=lookalike.happen,
        first_kind=lookalike_kind(accident),
        keeps_away=accident.is_optional,
    )


def _accident(accident: Accident, customers: Customers) -> Event:
    return Event(
        name=accident.name,
        number=accident.name if accident.quarter is None else ACCIDENTS_NUMBER,
        begin=(accident.quarter or 0) * (2**KEY_BITS // QUARTERS),
        probability=customers.own[accident.probability.field],
        readiness=accident.readiness(),
        happen=accident.happen,
        first_kind=first_kind(accident),
    )
