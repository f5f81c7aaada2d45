"""Who pays: every customer's own parameters, drawn once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.amounts import amount_tables
from accidental_transfers.model.arrays import Cents, Codes, Float, Int, Int32, Lanes, Numbers
from accidental_transfers.model.calendar import payday_table
from accidental_transfers.model.facts import reference
from accidental_transfers.model.parameters import Parameter, Range
from accidental_transfers.model.recipients import NUMBERS, recipients
from accidental_transfers.model.streams import LANES_PER_WORD, Purpose, Streams, purpose_named
from accidental_transfers.model.tables import normal_table
from accidental_transfers.model.travel import (
    TRIP_LANES,
    Itinerary,
    draw_homes,
    itinerary,
    trips_within,
)

TRAIT_LANES = 24
HOME, RATE, HOME_BIAS, PAYDAY, SPENDING_LEVEL, HOUR_SHIFT = 0, 1, 2, 7, 8, 20
TYPE_MIX, TYPE_HOUR_SHIFT = slice(12, 16), slice(16, 20)
"""What each lane of a customer's traits decides; some parameters have one too."""

SPENDING_LEVEL_SIGMA = 0.42
"""Sd of ln(level); between-customer differences are 16 to 35 % of the variance of ln(amount)."""
TYPE_MIX_SIGMA = 0.30
HOUR_SHIFT_SECONDS = 2_700
TYPE_HOUR_SHIFT_SECONDS = 1_200
LONGEST_HOUR_SHIFT = 7_200
"""Early birds and night owls, and each type's own habit: own estimates."""


@dataclass(frozen=True)
class Wanted:
    """What customers are to be like.

    Attributes
    ----------
    daily_transactions, home_city_bias
        Ranges of each customer's mean payments a day and share of days at home.
    ranges
        The range of every parameter of accidents.
    frequencies
        How often people do what looks like an accident.
    lookalikes
        Factor on the frequencies.
    """

    daily_transactions: Range
    home_city_bias: Range
    ranges: Mapping[Parameter, Range]
    frequencies: Sequence[Parameter]
    lookalikes: float


@dataclass(frozen=True)
class Customers:
    """The parameters of some customers; every array's first axis is the customer.

    Attributes
    ----------
    number
        Customer numbers, from 1.
    home
        City codes.
    daily_rate, home_bias, spending_level
        Mean payments a day, share of days at home, factor on amounts.
    own
        The own value, (customers,), of every parameter of accidents, by its field.
    type_mix
        (customers, transaction types): shares, adding up to 1.
    payday
        Positions in `calendar.PAYDAYS`.
    hour_shift
        (customers, transaction types): seconds.
    favourite
        (customers, slots + 1): recipient codes; a person's is `first_person` plus a position
        in `payee_number`; the last column stands for nobody.
    standing_cents
        (customers, slots + 1): the amount that a favourite is usually paid.
    payee_number
        (people,): ten-digit numbers of all favourites who are people, customer by customer.
    itinerary
        Where they are.
    """

    number: Int
    home: Codes
    daily_rate: Float
    home_bias: Float
    spending_level: Float
    own: Mapping[str, Float]
    type_mix: Float
    payday: Codes
    hour_shift: Int32
    favourite: Int32
    standing_cents: Cents
    payee_number: Numbers
    itinerary: Itinerary

    def __len__(self) -> int:
        return len(self.number)


def draw_customers(wanted: Wanted, days: int, key: int, first: int, last: int) -> Customers:
    """Draw the parameters of the customers first to last, both included, for a period of days."""
    numbers = np.arange(first, last + 1)
    known = recipients()
    traits, merchant, amount, ending, payee, trips = _lanes(
        Streams(key, numbers, Purpose.WHO),
        TRAIT_LANES,
        known.slots,
        known.slots,
        known.slots,
        LANES_PER_WORD * len(known.person_slots),
        TRIP_LANES * trips_within(days, wanted.home_city_bias.min),
    )
    level = np.exp(SPENDING_LEVEL_SIGMA * normal_table()[traits[:, SPENDING_LEVEL]])
    home = draw_homes(traits[:, HOME])
    home_bias = wanted.home_city_bias.uniform(traits[:, HOME_BIAS])
    return Customers(
        number=numbers,
        home=home,
        daily_rate=wanted.daily_transactions.uniform(traits[:, RATE]),
        home_bias=home_bias,
        spending_level=level,
        own=_own_values(wanted, key, numbers, traits),
        payday=payday_table()[traits[:, PAYDAY]],
        type_mix=_type_mix(traits[:, TYPE_MIX]),
        hour_shift=_hour_shift(traits[:, HOUR_SHIFT], traits[:, TYPE_HOUR_SHIFT]),
        favourite=_favourites(home, merchant),
        standing_cents=_standing_cents(level, amount, ending),
        payee_number=_numbers(payee),
        itinerary=itinerary(home, home_bias, days, trips),
    )


def _lanes(streams: Streams, *counts: int) -> list[Lanes]:
    """Draw several groups of numbers for each customer: (customers, count) each."""
    return np.split(streams.lanes(sum(counts)), np.cumsum(counts)[:-1], axis=1)


def _own_values(wanted: Wanted, key: int, numbers: Int, traits: Lanes) -> dict[str, Float]:
    """Draw every customer's values of the parameters of accidents and look-alikes."""

    def lanes(parameter: Parameter) -> Lanes:
        if parameter.lane is not None:
            return traits[:, parameter.lane]
        return Streams(key, numbers, purpose_named(f"parameter {parameter.field}")).lanes(1)[:, 0]

    asked = {each.field: each.draw(given, lanes(each)) for each, given in wanted.ranges.items()}
    usual = {each.field: each.draw(each.default, lanes(each)) for each in wanted.frequencies}
    return asked | {name: wanted.lookalikes * values for name, values in usual.items()}


def _type_mix(lanes: Lanes) -> Float:
    shares = np.array([type_.share for type_ in reference().transaction_types])
    weights = shares * np.exp(TYPE_MIX_SIGMA * normal_table()[lanes])
    return weights / weights.sum(axis=1, keepdims=True)


def _hour_shift(own: Lanes, by_type: Lanes) -> Int32:
    z = normal_table()
    shift = HOUR_SHIFT_SECONDS * z[own][:, None] + TYPE_HOUR_SHIFT_SECONDS * z[by_type]
    return np.clip(shift, -LONGEST_HOUR_SHIFT, LONGEST_HOUR_SHIFT).astype(np.int32)


def _favourites(home: Codes, lanes: Lanes) -> Int32:
    """Draw whom customers know: merchants by popularity, and people of their own."""
    known = recipients()
    favourite = np.zeros((len(home), known.slots + 1), np.int32)
    favourite[:, :-1] = known.draw(known.slot_entity_type, home[:, None], lanes)
    people = np.arange(len(home) * len(known.person_slots)).reshape(len(home), -1)
    favourite[:, known.person_slots] = known.first_person + people
    return favourite


def _standing_cents(level: Float, amount: Lanes, ending: Lanes) -> Cents:
    """Draw what customers usually pay those they know."""
    entity = np.broadcast_to(recipients().slot_entity_type, amount.shape)
    cents = np.zeros((len(level), amount.shape[1] + 1), np.int32)
    cents[:, :-1] = amount_tables().draw(entity, level[:, None], amount, ending)
    return cents


def _numbers(lanes: Lanes) -> Numbers:
    words = np.ascontiguousarray(lanes).view("<u8").ravel()
    return words % np.uint64(NUMBERS)
