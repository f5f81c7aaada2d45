"""What happens to payments: look-alikes first, which are honest, then accidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np

from accidental_transfers.model.accident import Accident, Lookalike
from accidental_transfers.model.accidents import accidents_among, first_kind, kind_code
from accidental_transfers.model.arrays import Bool, Float, Int, Keys, constant
from accidental_transfers.model.calendar import Calendar
from accidental_transfers.model.chance import (
    ACCIDENTS_NUMBER,
    KEY_BITS,
    QUARTERS,
    Event,
    Events,
    choose,
)
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.happened import Happened
from accidental_transfers.model.haste import MOST_HURRIED, hurry
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import named

LIKELIEST = constant(0.5)
"""Highest probability per payment of a look-alike, whatever the dial says."""


def happenings(drawn: Payments, free: Bool, customers: Customers, when: Calendar) -> list[Happened]:
    """Say what happens to payments.

    Whether and what happens follows from each payment alone. ``free`` are those to which nothing
    has happened yet: (payments,); who is struck loses it.
    """
    events = _events(accidents_among(customers.own))
    haste = partial(hurry, drawn, customers=customers, when=when)
    chosen = choose(events, drawn, free, customers, haste)
    return [
        replace(
            event.happen(drawn, customers, struck.rows, struck.lanes), first_kind=event.first_kind
        )
        for event, struck in zip(events.each, chosen, strict=True)
        if len(struck.rows)
    ]


def may_strike(kinds: Sequence[str], key: Keys, customer: Int, customers: Customers) -> Bool:
    """Tell which payments an accident of some kinds may strike, by their keys and customers.

    None but these, and not all of them.
    """
    possible = np.zeros(len(key), bool)
    for event in _of_kinds(tuple(kinds), accidents_among(customers.own)):
        most = np.minimum(customers.own[event.field] * event.most_weight, event.likeliest)
        number = named(key, event.number) - np.uint64(event.begin)
        possible |= number < most[customer] * 2.0**KEY_BITS
    return possible


def frequency(lookalike: Lookalike, customers: Customers) -> Float:
    """Give how often customers do what looks like an accident, where they are ready for it."""
    return np.minimum(customers.own[lookalike.frequency.field] * lookalike.factor, LIKELIEST)


@cache
def _events(there: tuple[Accident, ...]) -> Events:
    """Give what may happen, in order: who comes later strikes only what is left.

    Accidents with a quarter never strike the same payment, so that the probability of none moves
    another; those without come after them, so that one that is added moves none of them. The
    look-alikes of an optional accident keep away from all that those with a quarter can strike:
    whether it is part of a dataset moves none of them either.
    """
    usual_first = sorted(there, key=lambda accident: accident.is_optional)
    in_order = sorted(usual_first, key=lambda accident: accident.quarter is None)
    lookalikes = (
        _lookalike(each, accident)
        for accident in usual_first
        for each in accident.lookalikes
        if each.happen
    )
    return Events((*lookalikes, *map(_accident, in_order)))


@cache
def _of_kinds(kinds: tuple[str, ...], there: tuple[Accident, ...]) -> tuple[Event, ...]:
    """Give the accidents among some that are of one of the kinds."""
    return tuple(
        _accident(each) for each in there if any(kind.name in kinds for kind in each.kinds)
    )


def _lookalike(lookalike: Lookalike, accident: Accident) -> Event:
    assert lookalike.happen is not None
    # What keeps away happens to a quarter of the payments, which make up for the others.
    times = QUARTERS if accident.is_optional else 1
    return Event(
        name=lookalike.kind.name,
        number=lookalike.kind.name,
        begin=0,
        field=lookalike.frequency.field,
        factor=lookalike.factor * times,
        most_often=min(float(LIKELIEST) * times, 1),
        readiness=lookalike.readiness(),
        happen=lookalike.happen,
        first_kind=kind_code(lookalike.kind.name),
        keeps_away=accident.is_optional,
    )


@cache
def _accident(accident: Accident) -> Event:
    return Event(
        name=accident.name,
        number=accident.name if accident.quarter is None else ACCIDENTS_NUMBER,
        begin=(accident.quarter or 0) * (2**KEY_BITS // QUARTERS),
        field=accident.probability.field,
        readiness=accident.readiness(),
        happen=accident.happen,
        first_kind=first_kind(accident),
        weigh=accident.weigh,
        is_hurried=True,
        most_weight=MOST_HURRIED * accident.most_weight,
        likeliest=1.0 if accident.quarter is None else 1 / QUARTERS,
    )
