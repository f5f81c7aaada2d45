"""What is bought and sent: occasions as payments, each with what, to whom and how much."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.amounts import plausible_cents
from accidental_transfers.model.arrays import (
    Bool,
    Codes,
    Int,
    Int32,
    Lanes,
    constant,
)
from accidental_transfers.model.calendar import SECONDS_PER_DAY, SECONDS_PER_HOUR, Calendar
from accidental_transfers.model.customers import Customers, profile_of
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.occasions import OPEN, Visits, payment_times
from accidental_transfers.model.payments import Drawn
from accidental_transfers.model.people import role_of_entities, ties_of, typed_each_time
from accidental_transfers.model.recipients import recipients, typed_in
from accidental_transfers.model.repeats import count_off
from accidental_transfers.model.streams import LANE_BITS, LANE_VALUES, child, lane, lanes, named

_LANE_BITS = constant(LANE_BITS)


@dataclass(frozen=True)
class _Habits:
    """Per entity type: lanes below which a standing amount is paid, what a second is, and more.

    Something is only for those who have a trait of ``only_for``, which is a profile of households.
    """

    standing: Int32
    second: Int
    others: Int
    is_restricted: Bool
    only_for: Int
    in_person: Bool
    favourites: Int
    role: Int


@cache
def _habits() -> _Habits:
    entities, code = reference().entity_types, reference().entity_codes
    return _Habits(
        np.array([round(entity.standing * LANE_VALUES) for entity in entities], np.int32),
        np.array([code[entity.second or entity.name] for entity in entities]),
        np.array([code[entity.others or entity.name] for entity in entities]),
        np.array([entity.others is not None for entity in entities]),
        np.array([profile_of(entity.only_for) for entity in entities]),
        np.array([entity.in_person for entity in entities]),
        np.array([entity.favourites for entity in entities]),
        role_of_entities(),
    )


def purchases(visits: Visits, customers: Customers, when: Calendar) -> Drawn:
    """Turn visits into payments: what is bought, of whom and for how much."""
    visit, position = count_off(visits.size)
    key = child(visits.key[visit], position)
    what, whom, gap, amount, ending, standing, stranger, _ = lanes(key, 8)
    customer, day, city = visits.customer[visit], visits.day[visit], visits.city[visit]
    second = payment_times(visits, visit, gap)
    entity, type_, stay = visits.entity[visit], visits.type_[visit], visits.stay[visit]
    hour = second // SECONDS_PER_HOUR
    chosen = when.draw_entities(type_, day, stay, hour, what)
    bought = _once_a_day(np.where(entity == OPEN, chosen, entity), customer * when.length + day)
    bought = _of_households(bought, customer, customers)
    slot = recipients().slot.draw(bought, whom).astype(np.int64)
    recipient = _merchants(customers, customer, bought, city, slot, stranger)
    (people,) = typed_in()[bought].nonzero()
    role = _habits().role[bought[people]]
    ties = ties_of(customers, customer[people], role, slot[people])
    recipient[people] = recipients().people(len(people))
    prices = when.price_levels[day]
    (repeats,) = (standing[people] < _habits().standing[bought[people]]).nonzero()
    # A standing amount belongs to the tie, and rises with no price.
    rows = people[repeats]
    amount[rows], ending[rows] = lanes(named(ties.key[repeats], "standing amount"), 2)
    prices[rows] = 1
    level = customers.spending_level[customer]
    return Drawn(
        customer=customer,
        second=day * SECONDS_PER_DAY + second,
        entity=bought.astype(np.uint8),
        city=city,
        cents=plausible_cents(bought, recipient, level, prices, amount, ending),
        recipient=recipient,
        key=key,
        typed=typed_each_time(customers, customer, bought),
        people=ties,
    )


def _once_a_day(entity: Int, customer_day: Int) -> Int:
    """Have somebody pay for something else who has paid for such a thing on that day."""
    second = _habits().second[entity]
    (rows,) = (second != entity).nonzero()
    same = customer_day[rows] * len(_habits().second) + entity[rows]
    order = same.argsort(kind="stable")
    in_order = same[order]
    again = rows[order[1:][in_order[1:] == in_order[:-1]]]
    entity[again] = second[again]
    return entity


def _of_households(entity: Int, customer: Int, customers: Customers) -> Int:
    """Have those whom a purchase does not concern pay for something else."""
    (rows,) = _habits().is_restricted[entity].nonzero()
    if not len(rows):
        return entity
    concerned = customers.profile[customer[rows]] & _habits().only_for[entity[rows]]
    rows = rows[concerned == 0]
    entity[rows] = _habits().others[entity[rows]]
    return entity


def _merchants(
    customers: Customers, customer: Int, entity: Int, city: Codes, slot: Int, stranger: Lanes
) -> Int:
    """Choose merchants: a favourite, or one by popularity where none is at hand."""
    known = recipients()
    home = customers.home[customer]
    habit = customers.keys["favourites"][customer]
    favourite = lane(child(habit, (entity << _LANE_BITS) + slot))
    code = known.draw(entity, home, favourite)
    elsewhere = slot >= _habits().favourites[entity]
    (away,) = (_habits().in_person[entity] & (city != home)).nonzero()
    elsewhere[away] |= ~known.at_hand(code[away], city[away], home[away])
    (rows,) = elsewhere.nonzero()
    code[rows] = known.draw(entity[rows], city[rows], stranger[rows])
    return code
