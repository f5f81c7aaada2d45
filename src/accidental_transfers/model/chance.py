"""Which payments something out of the ordinary happens to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.accident import Happen
from accidental_transfers.model.arrays import Bool, Float, Int, Keys, Lanes
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import lanes, named

DETAIL_LANES = 24
KEY_BITS = 64
QUARTERS = 4
"""No accident has a higher probability than fits into one of them."""
ACCIDENTS_NUMBER = "accidents"
"""The name of the number that accidents with a quarter share."""


@dataclass(frozen=True)
class Event:
    """Something that may happen to payments of some customers.

    Attributes
    ----------
    name
        By which the random numbers for what happens are keyed.
    number, begin
        The name of the random number that decides, and where in its range of 2^64 the event's
        part begins: events of one number whose parts lie apart never strike the same payment,
        and the probability of none moves another.
    probability
        (customers,): per payment, 0 to 1.
    readiness
        (entity types,): factor on the probability, 0 to 1.
    happen
        See `Happen`.
    first_kind
        Position of its first kind in `accidents.KINDS`.
    weigh, most_weight
        Gives the factor on the probability of some rows, (rows,), and its largest value.
    likeliest
        What no payment's probability passes: the event's part of the number.
    keeps_away
        Whether it strikes only what is `out_of_reach` of accidents with a quarter.
    """

    name: str
    number: str
    begin: int
    probability: Float
    readiness: Float
    happen: Happen
    first_kind: int
    weigh: Callable[[Payments, Int], Float] | None = None
    most_weight: float = 1.0
    likeliest: float = 1.0
    keeps_away: bool = False


@dataclass(frozen=True)
class Struck:
    """Payments that something happens to.

    Attributes
    ----------
    rows
        Their positions, ascending.
    lanes
        (rows, `DETAIL_LANES`): random numbers for what happens.
    """

    rows: Int
    lanes: Lanes


def out_of_reach(number: Keys) -> Bool:
    """Tell which payments no accident with a quarter can strike, whatever its probability.

    They are those of the last quarter, which no accident has.

    Parameters
    ----------
    number
        (payments,): the random number of the name `ACCIDENTS_NUMBER`.
    """
    return number >= np.uint64(2**KEY_BITS - 2**KEY_BITS // QUARTERS)


def choose(event: Event, number: Keys, payments: Payments, free: Bool) -> Struck | None:
    """Choose payments for an event; gives none if it happens to no payment.

    Parameters
    ----------
    number
        (payments,): the random number that decides, by the event's ``number``.
    free
        (payments,): those to which it can happen.
    """
    key = number - np.uint64(event.begin)
    most = float(event.probability.max(initial=0) * event.readiness.max(initial=0))
    # Hardly any payment passes the largest threshold, so that the own one is seldom looked up.
    most = min(most * event.most_weight, event.likeliest)
    (rows,) = (key < np.uint64(most * (2.0**KEY_BITS - 2048))).nonzero()
    own = event.probability[payments.customer[rows]] * event.readiness[payments.entity[rows]]
    if event.weigh:
        own = np.minimum(own * event.weigh(payments, rows), event.likeliest)
    rows = rows[(key[rows] < own * 2.0**KEY_BITS) & free[rows]]
    if not len(rows):
        return None
    details = lanes(named(payments.key[rows], f"details of {event.name}"), DETAIL_LANES)
    return Struck(rows, np.ascontiguousarray(details.T))
