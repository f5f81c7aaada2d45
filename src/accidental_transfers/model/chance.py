"""Which payments something out of the ordinary happens to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from accidental_transfers.model.accident import Happen, Weigh
from accidental_transfers.model.arrays import Bool, Float, Int, Keys, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import lanes, named, named_by

DETAIL_LANES = 24
KEY_BITS = 64
QUARTERS = 4
"""No accident has a higher probability than fits into one of them."""
ACCIDENTS_NUMBER = "accidents"
"""The name of the number that accidents with a quarter share."""

Haste = Callable[[Int], Float]
"""Gives a factor on the probability of some rows: (rows,)."""


@dataclass(frozen=True)
class Event:
    """Something that may happen to payments of any customers.

    Attributes
    ----------
    name
        By which the random numbers for what happens are keyed.
    number, begin
        The name of the random number that decides, and where in its range of 2^64 the event's
        part begins: events of one number whose parts lie apart never strike the same payment,
        and the probability of none moves another.
    probability
        Gives that of each of some customers, (customers,): per payment, 0 to 1.
    readiness
        (entity types,): factor on the probability, 0 to 1.
    happen
        See `Happen`.
    first_kind
        Position of its first kind in `accidents.KINDS`.
    weigh, most_weight
        See `Weigh`, and its largest value.
    is_hurried
        Whether haste makes it likelier; such events stand one after the other.
    likeliest
        What no payment's probability passes: the event's part of the number.
    keeps_away
        Whether it strikes only what is `out_of_reach` of accidents with a quarter.
    """

    name: str
    number: str
    begin: int
    probability: Callable[[Customers], Float]
    readiness: Float
    happen: Happen
    first_kind: int
    weigh: Weigh | None = None
    most_weight: float = 1.0
    is_hurried: bool = False
    likeliest: float = 1.0
    keeps_away: bool = False

    @cached_property
    def readiest(self) -> float:
        """The largest readiness."""
        return float(self.readiness.max())


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


def choose(
    events: Sequence[Event], payments: Payments, free: Bool, customers: Customers, haste: Haste
) -> list[Struck]:
    """Choose payments for events, in their order; none may be struck twice.

    Hardly any payment comes into question, so that a call for each event would cost more than all
    that is computed: what comes into question for any of them is looked at together.

    Parameters
    ----------
    free
        (payments,): those to which something can happen; who is struck loses it.
    haste
        Gives the factor on the probability of some rows for events that are hurried.
    """
    names = dict.fromkeys(event.number for event in events)
    numbers = {name: named(payments.key, name) for name in names}
    probability = np.array([event.probability(customers) for event in events])
    readiness = np.array([event.readiness for event in events])
    highest = probability.max(axis=1, initial=0).tolist()
    asked = [
        _in_question(event, numbers[event.number], most)
        for event, most in zip(events, highest, strict=True)
    ]
    rows = np.concatenate([rows for rows, _ in asked])
    counts = [len(rows) for rows, _ in asked]
    which = np.arange(len(events)).repeat(counts)
    own = probability[which, payments.customer[rows]] * readiness[which, payments.entity[rows]]
    own *= _weights(events, counts, payments, rows, customers, haste)
    own = np.minimum(own, np.array([event.likeliest for event in events])[which])
    happens = np.concatenate([number for _, number in asked]) < own * 2.0**KEY_BITS
    rows, which = rows[happens], which[happens]
    ends = which.searchsorted(np.arange(len(events) + 1)).tolist()
    struck = []
    for event, begin, end in zip(events, ends, ends[1:], strict=False):
        mine = rows[begin:end]
        possible = free[mine]
        if event.keeps_away:
            possible = possible & out_of_reach(numbers[ACCIDENTS_NUMBER][mine])
        struck.append(mine[possible])
        free[struck[-1]] = False
    return _with_details(events, struck, payments)


def _in_question(event: Event, number: Keys, highest: float) -> tuple[Int, Keys]:
    """Give the rows that an event may strike at most, with the numbers that decide."""
    # Hardly any payment passes the largest threshold, so that the own one is seldom looked up.
    most = min(highest * event.readiest * event.most_weight, event.likeliest)
    key = number - np.uint64(event.begin) if event.begin else number
    (rows,) = (key < np.uint64(most * (2.0**KEY_BITS - 2048))).nonzero()
    return rows, key[rows]


def _weights(
    events: Sequence[Event],
    counts: Sequence[int],
    payments: Payments,
    rows: Int,
    customers: Customers,
    haste: Haste,
) -> Float:
    """Give the factors on probabilities: of so many rows for each event, one after the other."""
    weight = np.ones(len(rows))
    ends = list(accumulate(counts, initial=0))
    parts = [slice(*ends[n : n + 2]) for n in range(len(events))]
    hurried = [part for event, part in zip(events, parts, strict=True) if event.is_hurried]
    if hurried:
        # They stand one after the other.
        together = slice(hurried[0].start, hurried[-1].stop)
        weight[together] = haste(rows[together])
    for event, part in zip(events, parts, strict=True):
        if event.weigh:
            weight[part] *= event.weigh(payments, customers, rows[part])
    return weight


def _with_details(
    events: Sequence[Event], struck: Sequence[Int], payments: Payments
) -> list[Struck]:
    """Draw the random numbers for what happens."""
    rows = np.concatenate(struck)
    counts = [len(each) for each in struck]
    names = tuple(f"details of {event.name}" for event in events)
    key = named_by(payments.key[rows], names, np.arange(len(events)).repeat(counts))
    details = np.ascontiguousarray(lanes(key, DETAIL_LANES).T)
    ends = accumulate(counts)
    return [
        Struck(each, details[end - len(each) : end]) for each, end in zip(struck, ends, strict=True)
    ]
