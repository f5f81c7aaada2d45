"""Who pays: every customer's own parameters, drawn once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.amounts import amount_tables
from accidental_transfers.model.calendar import payday_table
from accidental_transfers.model.facts import reference
from accidental_transfers.model.recipients import NUMBERS, recipients
from accidental_transfers.model.streams import LANES_PER_WORD, Purpose, Streams, unit
from accidental_transfers.model.tables import normal_table
from accidental_transfers.model.travel import (
    TRIP_LANES,
    Itinerary,
    draw_homes,
    itinerary,
    trips_within,
)
from accidental_transfers.spec import DatasetSpec, Range

TRAIT_LANES = 24
ACCIDENT_PROBABILITIES = (
    "accident_probability",
    "high_amount_accident_probability",
    "mistyped_entity_accident_probability",
)
SPENDING_LEVEL_SIGMA = 0.42
"""Sd of ln(level); between-customer differences are 16 to 35 % of the variance of ln(amount)."""
TYPE_MIX_SIGMA = 0.30
HOUR_SHIFT_SECONDS = 2_700
TYPE_HOUR_SHIFT_SECONDS = 1_200
LONGEST_HOUR_SHIFT = 7_200
"""Early birds and night owls, and each type's own habit: own estimates."""

Float = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Customers:
    """The parameters of some customers; every array's first axis is the customer.

    Attributes
    ----------
    number
        Customer numbers, from 1.
    home
        City codes.
    daily_rate, home_bias, multiplier, spending_level
        Mean payments a day, share of days at home, high-amount multiplier, factor on amounts.
    accident_probability
        (customers, 3): burst, high amount, mistyped.
    lookalike_probability
        (customers, 3): the same for what only looks like it, on an average payment.
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

    number: npt.NDArray[np.int64]
    home: npt.NDArray[np.uint8]
    daily_rate: Float
    home_bias: Float
    accident_probability: Float
    lookalike_probability: Float
    multiplier: Float
    spending_level: Float
    type_mix: Float
    payday: npt.NDArray[np.integer]
    hour_shift: npt.NDArray[np.int32]
    favourite: npt.NDArray[np.int32]
    standing_cents: npt.NDArray[np.int32]
    payee_number: npt.NDArray[np.uint64]
    itinerary: Itinerary

    def __len__(self) -> int:
        return len(self.number)


def draw_customers(spec: DatasetSpec, key: int, first: int, last: int) -> Customers:
    """Draw the parameters of the customers first to last, both included."""
    numbers = np.arange(first, last + 1)
    known = recipients()
    parts = {
        "traits": TRAIT_LANES,
        "merchant": known.slots,
        "amount": known.slots,
        "ending": known.slots,
        "payee": LANES_PER_WORD * len(known.person_slots),
        "trips": TRIP_LANES * trips_within(spec.days, spec.home_city_bias.min),
    }
    drawn = Streams(key, numbers, Purpose.WHO).lanes(sum(parts.values()))
    lanes = dict(
        zip(parts, np.split(drawn, np.cumsum(list(parts.values()))[:-1], axis=1), strict=True)
    )
    traits = lanes["traits"].T
    level = np.exp(SPENDING_LEVEL_SIGMA * normal_table()[traits[8]])
    home = draw_homes(traits[0])
    home_bias = _uniform(spec.home_city_bias, traits[2])
    return Customers(
        number=numbers,
        home=home,
        daily_rate=_uniform(spec.daily_transactions, traits[1]),
        home_bias=home_bias,
        accident_probability=np.stack(
            [
                _log_uniform(getattr(spec, name), traits[3 + position])
                for position, name in enumerate(ACCIDENT_PROBABILITIES)
            ],
            axis=1,
        ),
        lookalike_probability=spec.lookalikes * _natural_probabilities(traits[9:12]),
        multiplier=_uniform(spec.high_amount_multiplier, traits[6]),
        payday=payday_table()[traits[7]],
        spending_level=level,
        type_mix=_type_mix(traits[12:16].T),
        hour_shift=_hour_shift(traits[20], traits[16:20].T),
        favourite=_favourites(home, lanes["merchant"]),
        standing_cents=_standing_cents(level, lanes["amount"], lanes["ending"]),
        payee_number=_numbers(lanes["payee"]),
        itinerary=itinerary(home, home_bias, spec.days, lanes["trips"]),
    )


def _natural_probabilities(lanes: npt.NDArray[np.uint16]) -> Float:
    """Draw how often customers do what looks like each accident, at a dial of 1.

    As often as the default's accidents happen, whatever accidents a spec asks for: honest
    people do not change when accidents do.
    """
    fields = DatasetSpec.model_fields
    ranges = [fields[name].default for name in ACCIDENT_PROBABILITIES]
    return np.stack(
        [_log_uniform(each, lane) for each, lane in zip(ranges, lanes, strict=True)], axis=1
    )


def _uniform(given: Range, lane: npt.NDArray[np.uint16]) -> Float:
    return given.min + unit(lane) * (given.max - given.min)


def _log_uniform(given: Range, lane: npt.NDArray[np.uint16]) -> Float:
    if given.max == 0:
        return np.zeros(len(lane))
    return given.min * np.exp(unit(lane) * np.log(given.max / given.min))


def _type_mix(lanes: npt.NDArray[np.uint16]) -> Float:
    shares = np.array([type_.share for type_ in reference().transaction_types])
    weights = shares * np.exp(TYPE_MIX_SIGMA * normal_table()[lanes])
    return weights / weights.sum(axis=1, keepdims=True)


def _hour_shift(
    own: npt.NDArray[np.uint16], by_type: npt.NDArray[np.uint16]
) -> npt.NDArray[np.int32]:
    z = normal_table()
    shift = HOUR_SHIFT_SECONDS * z[own][:, None] + TYPE_HOUR_SHIFT_SECONDS * z[by_type]
    return np.clip(shift, -LONGEST_HOUR_SHIFT, LONGEST_HOUR_SHIFT).astype(np.int32)


def _favourites(
    home: npt.NDArray[np.uint8], lanes: npt.NDArray[np.uint16]
) -> npt.NDArray[np.int32]:
    """Draw whom customers know: merchants by popularity, and people of their own."""
    known = recipients()
    favourite = np.zeros((len(home), known.slots + 1), np.int32)
    favourite[:, :-1] = known.draw(known.slot_entity_type, home[:, None], lanes)
    people = np.arange(len(home) * len(known.person_slots)).reshape(len(home), -1)
    favourite[:, known.person_slots] = known.first_person + people
    return favourite


def _standing_cents(
    level: Float, amount: npt.NDArray[np.uint16], ending: npt.NDArray[np.uint16]
) -> npt.NDArray[np.int32]:
    """Draw what customers usually pay those they know."""
    entity = np.broadcast_to(recipients().slot_entity_type, amount.shape)
    cents = np.zeros((len(level), amount.shape[1] + 1), np.int32)
    cents[:, :-1] = amount_tables().draw(entity, level[:, None], amount, ending)
    return cents


def _numbers(lanes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint64]:
    words = np.ascontiguousarray(lanes).view("<u8").ravel()
    return words % np.uint64(NUMBERS)
