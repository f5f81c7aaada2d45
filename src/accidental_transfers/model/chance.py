"""Which payments something out of the ordinary happens to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from accidental_transfers.model.accident import Happen, Weigh
from accidental_transfers.model.arrays import Bool, Float, Int, Keys, Lanes, constant
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.streams import lanes, named, named_by

DETAIL_LANES = 24
KEY_BITS = 64
QUARTERS = 4
"""No accident has a higher probability than fits into one of them."""
_KEYS, _MOST_KEYS = constant(2.0**KEY_BITS), constant(2.0**KEY_BITS - 2048)
"""As many as there are, and the most that a key can count."""
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
    field, factor, most_often
        The probability per payment is each customer's own value of the field, see `Customers.own`,
        times the factor, and ``most_often`` at most.
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
    field: str
    readiness: Float
    happen: Happen
    first_kind: int
    factor: float = 1.0
    most_often: float = 1.0
    weigh: Weigh | None = None
    most_weight: float = 1.0
    is_hurried: bool = False
    likeliest: float = 1.0
    keeps_away: bool = False


@dataclass(frozen=True)
class Events:
    """Events in their order, and what is known of all of them: a row or an element for each.

    Hardly any payment comes into question, so that a call for each event would cost more than all
    that is computed: what can be looked at together is.
    """

    each: tuple[Event, ...]

    def __len__(self) -> int:
        return len(self.each)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The names of the random numbers that decide, each once."""
        return tuple(dict.fromkeys(event.number for event in self.each))

    @cached_property
    def details(self) -> tuple[str, ...]:
        """The names of the random numbers for what happens."""
        return tuple(f"details of {event.name}" for event in self.each)

    @cached_property
    def readiness(self) -> Float:
        """See `Event`: (events, entity types)."""
        return np.array([event.readiness for event in self.each])

    @cached_property
    def readiest(self) -> Float:
        """The largest readiness of each."""
        return self.readiness.max(axis=1)

    @cached_property
    def most_weight(self) -> Float:
        """See `Event`: (events,)."""
        return np.array([event.most_weight for event in self.each])

    @cached_property
    def likeliest(self) -> Float:
        """See `Event`: (events,)."""
        return np.array([event.likeliest for event in self.each])

    @cached_property
    def keeps_away(self) -> Bool:
        """See `Event`: (events,)."""
        return np.array([event.keeps_away for event in self.each])

    @cached_property
    def hurried(self) -> slice:
        """The events that haste makes likelier, which stand one after the other."""
        places = [place for place, event in enumerate(self.each) if event.is_hurried] or [0, -1]
        return slice(places[0], places[-1] + 1)

    @cached_property
    def factor(self) -> Float:
        """See `Event`: (events, 1)."""
        return np.array([[event.factor] for event in self.each])

    @cached_property
    def most_often(self) -> Float:
        """See `Event`: (events, 1)."""
        return np.array([[event.most_often] for event in self.each])

    def probability(self, customers: Customers) -> Float:
        """Give each customer's probabilities: (events, customers)."""
        own = np.array([customers.own[event.field] for event in self.each])
        return np.minimum(own * self.factor, self.most_often)


@dataclass
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
    events: Events, payments: Payments, free: Bool, customers: Customers, haste: Haste
) -> list[Struck]:
    """Choose payments for events, in their order; none may be struck twice.

    Parameters
    ----------
    free
        (payments,): those to which something can happen; who is struck loses it.
    haste
        Gives the factor on the probability of some rows for events that are hurried.
    """
    numbers = {name: named(payments.key, name) for name in events.numbers}
    probability = events.probability(customers)
    rows, number, ends = _in_question(events, numbers, probability)
    which = np.arange(len(events)).repeat(ends[1:] - ends[:-1])
    ready = events.readiness[which, payments.entity[rows]]
    own = probability[which, payments.customer[rows]] * ready
    own *= _weights(events, ends.tolist(), payments, rows, customers, haste)
    happens = number < np.minimum(own, events.likeliest[which]) * _KEYS
    happens &= free[rows]
    if events.keeps_away.any():
        happens &= ~events.keeps_away[which] | out_of_reach(numbers[ACCIDENTS_NUMBER][rows])
    (place,) = happens.nonzero()
    place = place[_first_of_each(rows[place], len(free))]
    free[rows[place]] = False
    return _with_details(events, rows[place], which[place], payments)


def _in_question(
    events: Events, numbers: Mapping[str, Keys], probability: Float
) -> tuple[Int, Keys, Int]:
    """Give the rows that events may strike at most, and the numbers that decide.

    Returns
    -------
    Rows and numbers, one event after the other, and where each event's begin and the last ends.
    """
    # Hardly any payment passes the largest threshold, so that the own one is seldom looked up.
    highest = probability.max(axis=1, initial=0) * events.readiest * events.most_weight
    most = np.minimum(highest, events.likeliest) * _MOST_KEYS
    rows, keys, ends = [], [], [0]
    for event, bound in zip(events.each, most.astype(np.uint64), strict=True):
        key = numbers[event.number]
        if event.begin:
            key = key - np.uint64(event.begin)
        (found,) = (key < bound).nonzero()
        rows.append(found)
        keys.append(key[found])
        ends.append(ends[-1] + len(found))
    return np.concatenate(rows), np.concatenate(keys), np.array(ends)


def _first_of_each(rows: Int, payments: int) -> Bool:
    """Tell which stand before all others of the same row."""
    place = np.arange(len(rows))
    first = np.empty(payments, np.int64)
    first[rows[::-1]] = place[::-1]
    return first[rows] == place


def _weights(
    events: Events,
    ends: Sequence[int],
    payments: Payments,
    rows: Int,
    customers: Customers,
    haste: Haste,
) -> Float:
    """Give the factors on probabilities, of rows that begin and end so for each event."""
    weight = np.ones(len(rows))
    together = slice(ends[events.hurried.start], ends[events.hurried.stop])
    weight[together] = haste(rows[together])
    for place, event in enumerate(events.each):
        part = slice(ends[place], ends[place + 1])
        if event.weigh:
            weight[part] *= event.weigh(payments, customers, rows[part])
    return weight


def _with_details(events: Events, rows: Int, which: Int, payments: Payments) -> list[Struck]:
    """Draw the random numbers for what happens, and give each event its own."""
    key = named_by(payments.key[rows], events.details, which)
    details = np.ascontiguousarray(lanes(key, DETAIL_LANES).T)
    ends = which.searchsorted(np.arange(len(events) + 1)).tolist()
    return [Struck(rows[begin:end], details[begin:end]) for begin, end in pairwise(ends)]
