"""What honest people pay: to whom and how much, before any accident happens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.amounts import amount_tables
from accidental_transfers.model.calendar import (
    SECONDS_PER_DAY,
    SECONDS_PER_HOUR,
    Calendar,
    clock_tables,
)
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts import HOURS, reference
from accidental_transfers.model.occasions import draw_occasions, payment_times
from accidental_transfers.model.recipients import NUMBERS, PERSON, recipients
from accidental_transfers.model.streams import LANE_VALUES, LANES_PER_WORD, Purpose, Streams
from accidental_transfers.model.tables import COARSE_BITS, COARSE_SHIFT

PAYMENT_LANES = 2 * LANES_PER_WORD
SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio, odd: its multiples spread over all 64-bit numbers."""

Int = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.uint16]


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
    city: npt.NDArray[np.uint8]
    cents: npt.NDArray[np.int32]
    recipient: Int
    number: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.second)

    def followed_by(
        self, source: Int, second: Int, cents: npt.NDArray[np.int32], recipient: Int
    ) -> Payments:
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

    def with_amounts(self, rows: Int, cents: npt.NDArray[np.int32]) -> Payments:
        """Change the amounts of some payments."""
        changed = self.cents.copy()
        changed[rows] = cents
        return replace(self, cents=changed)

    def with_people(self, rows: Int, number: npt.NDArray[np.uint64]) -> Payments:
        """Have some payments go to people of other numbers."""
        recipient = self.recipient.copy()
        recipient[rows] = recipients().first_person + len(self.number) + np.arange(len(rows))
        return replace(self, recipient=recipient, number=np.concatenate([self.number, number]))

    def numbers_of(self, rows: Int) -> npt.NDArray[np.uint64]:
        """Give the numbers of the people whom some payments go to."""
        return self.number[self.recipient[rows] - recipients().first_person]


def draw_payments(customers: Customers, when: Calendar, key: int) -> Payments:
    """Draw everything that some customers pay in a period."""
    streams = Streams(key, customers.number, Purpose.PAYMENTS)
    occasions = draw_occasions(customers, when, streams)
    occasion = np.repeat(np.arange(len(occasions)), occasions.size)
    customer = occasions.customer.take(occasion)
    lanes = streams.ragged_lanes(np.bincount(customer, minlength=len(customers)), PAYMENT_LANES)
    what, whom, elsewhere, gap, amount, ending, standing, _ = np.ascontiguousarray(lanes.T)

    day = occasions.day.take(occasion)
    second_of_day = payment_times(occasions, occasion, gap)
    entity = _draw_entities(when, occasions.type_.take(occasion), day, second_of_day, what)
    city = occasions.city.take(occasion)
    slot = recipients().slot.ravel().take((entity << COARSE_BITS) + (whom >> COARSE_SHIFT))
    favourite = customer * customers.favourite.shape[1] + slot
    recipient = customers.favourite.ravel().take(favourite)

    others = _strangers(slot, recipient, city != customers.home.take(customer), entity)
    recipient[others], new_numbers = _draw_strangers(
        entity[others], city[others], elsewhere[others], lanes[others], len(customers.payee_number)
    )
    cents = amount_tables().draw(entity, customers.spending_level.take(customer), amount, ending)
    repeats = np.flatnonzero(standing < _habits().standing.take(entity))
    repeats = repeats[slot[repeats] < recipients().slots]
    cents[repeats] = customers.standing_cents.ravel().take(favourite[repeats])
    return Payments(
        customer=customer,
        second=day * SECONDS_PER_DAY + second_of_day,
        entity=entity.astype(np.uint8),
        city=city,
        cents=cents,
        recipient=recipient,
        number=np.concatenate([customers.payee_number, new_numbers]),
    )


@dataclass(frozen=True)
class _Habits:
    """Per entity type: the lanes below which a standing amount is paid; paid in person."""

    standing: npt.NDArray[np.int32]
    in_person: npt.NDArray[np.bool_]


@cache
def _habits() -> _Habits:
    entities = reference().entity_types
    return _Habits(
        np.array([round(entity.standing * LANE_VALUES) for entity in entities], np.int32),
        np.array([entity.in_person for entity in entities]),
    )


def _draw_entities(
    when: Calendar, type_: Int, day: Int, second_of_day: npt.NDArray[np.int32], what: Lanes
) -> Int:
    """Draw entity types by transaction type, time of the month and hour."""
    hour = second_of_day // SECONDS_PER_HOUR
    context = (type_ * 2 + when.month_start.take(day)) * HOURS + hour
    choice = clock_tables().entity_type.ravel()
    return choice.take((context << COARSE_BITS) + (what >> COARSE_SHIFT)).astype(np.int64)


def _strangers(
    slot: npt.NDArray[np.uint16], recipient: Int, away: npt.NDArray[np.bool_], entity: Int
) -> Int:
    """Find the payments to somebody who is no favourite, or none that is at hand on a trip."""
    out_of_reach = away & (recipient >= recipients().first_local)
    out_of_reach &= _habits().in_person.take(entity)
    return np.flatnonzero(out_of_reach | (slot == recipients().slots))


def _draw_strangers(
    entity: Int,
    city: npt.NDArray[np.uint8],
    lane: Lanes,
    lanes: Lanes,
    numbers_so_far: int,
) -> tuple[Int, npt.NDArray[np.uint64]]:
    """Draw recipients by their popularity, and the numbers of those who are people."""
    recipient = recipients().draw(entity, city, lane)
    people = np.flatnonzero(recipient == PERSON)
    recipient[people] = recipients().first_person + numbers_so_far + np.arange(len(people))
    words = lanes[people].view(np.uint64)
    return recipient, (words[:, 0] ^ words[:, 1] * SPREAD) % np.uint64(NUMBERS)
