"""What honest people pay: to whom and how much, before any accident happens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.amounts import amount_tables
from accidental_transfers.model.arrays import Bool, Cents, Codes, Int, Int32, Lanes, Numbers
from accidental_transfers.model.calendar import (
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    Calendar,
    draw_entities,
)
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts import reference
from accidental_transfers.model.occasions import draw_occasions, payment_times
from accidental_transfers.model.recipients import NUMBERS, PERSON, recipients
from accidental_transfers.model.streams import LANE_VALUES, Purpose, Streams

SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio, odd: its multiples spread over all 64-bit numbers."""


@dataclass(frozen=True)
class Payments:
    """Payments of some customers, customer by customer and in no order of time.

    Attributes
    ----------
    customer
        Positions in `Customers`.
    second
        Seconds since the period's start, by the local clock.
    entity, city
        Codes of `Reference`.
    cents
        Amounts.
    recipient
        Codes of `Recipients`; a person's is ``first_person`` plus a position in ``number``.
    number
        Ten-digit numbers of people.
    """

    customer: Int
    second: Int
    entity: npt.NDArray[np.uint8]
    city: Codes
    cents: Cents
    recipient: Int
    number: Numbers

    def __len__(self) -> int:
        return len(self.second)

    def followed_by(self, source: Int, second: Int, cents: Cents, recipient: Int) -> Payments:
        """Append payments that are like those at ``source`` but for what is given."""
        return replace(
            self,
            customer=np.append(self.customer, self.customer[source]),
            second=np.append(self.second, second),
            entity=np.append(self.entity, self.entity[source]),
            city=np.append(self.city, self.city[source]),
            cents=np.append(self.cents, cents),
            recipient=np.append(self.recipient, recipient),
        )

    def with_amounts(self, rows: Int, cents: Cents) -> Payments:
        """Change the amounts of some payments."""
        changed = self.cents.copy()
        changed[rows] = cents
        return replace(self, cents=changed)

    def with_people(self, rows: Int, number: Numbers) -> Payments:
        """Have some payments go to people of other numbers."""
        recipient = self.recipient.copy()
        recipient[rows] = recipients().first_person + len(self.number) + np.arange(len(rows))
        return replace(self, recipient=recipient, number=np.concatenate([self.number, number]))

    def numbers_of(self, rows: Int) -> Numbers:
        """Give the numbers of the people whom some payments go to."""
        return self.number[self.recipient[rows] - recipients().first_person]


class _Chance(NamedTuple):
    """The random numbers of payments: what each of a payment's eight lanes decides."""

    entity_type: Lanes
    favourite: Lanes
    stranger: Lanes
    gap: Lanes
    amount: Lanes
    ending: Lanes
    standing: Lanes
    spare: Lanes

    @classmethod
    def draw(cls, streams: Streams, payments: Int) -> _Chance:
        """Draw for so many payments of each customer."""
        return cls(*np.ascontiguousarray(streams.ragged_lanes(payments, len(cls._fields)).T))

    def numbers(self, rows: Int) -> Numbers:
        """Make ten-digit numbers for some payments, of all their lanes."""
        lanes = np.ascontiguousarray(np.stack([lane[rows] for lane in self], axis=1))
        words = lanes.view(np.uint64)
        return (words[:, 0] ^ words[:, 1] * SPREAD) % np.uint64(NUMBERS)


def draw_payments(customers: Customers, when: Calendar, key: int) -> Payments:
    """Draw everything that some customers pay in a period."""
    streams = Streams(key, customers.number, Purpose.PAYMENTS)
    occasions = draw_occasions(customers, when, streams)
    occasion = np.repeat(np.arange(len(occasions)), occasions.size)
    customer = occasions.customer.take(occasion)
    chance = _Chance.draw(streams, np.bincount(customer, minlength=len(customers)))
    day, city = occasions.day.take(occasion), occasions.city.take(occasion)
    second = payment_times(occasions, occasion, chance.gap)
    entity = draw_entities(
        occasions.type_.take(occasion),
        when.month_turn.take(day),
        second // SECONDS_PER_HOUR,
        chance.entity_type,
    )
    slot = recipients().slot.draw(entity, chance.favourite)
    favourite = customer * customers.favourite.shape[1] + slot
    recipient, number = _draw_recipients(customers, customer, entity, city, slot, chance)
    level = customers.spending_level.take(customer)
    cents = amount_tables().draw(entity, level, chance.amount, chance.ending)
    repeats = _standing(entity, slot, chance.standing)
    cents[repeats] = customers.standing_cents.ravel().take(favourite[repeats])
    return Payments(
        customer=customer,
        second=day * SECONDS_PER_DAY + second,
        entity=entity.astype(np.uint8),
        city=city,
        cents=cents,
        recipient=recipient,
        number=number,
    )


@dataclass(frozen=True)
class _Habits:
    """Per entity type: the lanes below which a standing amount is paid; paid in person."""

    standing: Int32
    in_person: Bool


@cache
def _habits() -> _Habits:
    entities = reference().entity_types
    return _Habits(
        np.array([round(entity.standing * LANE_VALUES) for entity in entities], np.int32),
        np.array([entity.in_person for entity in entities]),
    )


def _standing(entity: Int, slot: Codes, lane: Lanes) -> Int:
    """Find the payments that repeat a favourite's standing amount."""
    repeats = np.flatnonzero(lane < _habits().standing.take(entity))
    return repeats[slot[repeats] < recipients().slots]


def _draw_recipients(
    customers: Customers, customer: Int, entity: Int, city: Codes, slot: Codes, chance: _Chance
) -> tuple[Int, Numbers]:
    """Choose whom each payment goes to: a favourite, or a stranger by popularity.

    Returns
    -------
    The recipients' codes, and the numbers of all people who are paid.
    """
    favourite = customer * customers.favourite.shape[1] + slot
    recipient = customers.favourite.ravel().take(favourite)
    away = city != customers.home.take(customer)
    strangers = _strangers(slot, recipient, away, entity)
    drawn = recipients().draw(entity[strangers], city[strangers], chance.stranger[strangers])
    people = np.flatnonzero(drawn == PERSON)
    known = len(customers.payee_number)
    drawn[people] = recipients().first_person + known + np.arange(len(people))
    recipient[strangers] = drawn
    new = chance.numbers(strangers[people])
    return recipient, np.concatenate([customers.payee_number, new])


def _strangers(slot: Codes, recipient: Int32, away: Bool, entity: Int) -> Int:
    """Find the payments to somebody who is no favourite, or none that is at hand on a trip."""
    out_of_reach = away & (recipient >= recipients().first_local)
    out_of_reach &= _habits().in_person.take(entity)
    return np.flatnonzero(out_of_reach | (slot == recipients().slots))
