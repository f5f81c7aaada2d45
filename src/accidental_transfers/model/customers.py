"""Who pays: every customer's home, household, habits and parameters, drawn once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Int32, Keys, Lanes
from accidental_transfers.model.calendar import payday_table
from accidental_transfers.model.facts import reference
from accidental_transfers.model.parameters import Parameter, Range
from accidental_transfers.model.population import Population
from accidental_transfers.model.streams import child, lane, lanes, named, unit
from accidental_transfers.model.tables import normal_table

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
        Customer numbers, from 1, which are those of the population.
    key
        What their random numbers come from.
    population
        Whom they live among.
    home, rank
        City codes, ranks among the people of the city.
    household
        By what is known of households, see `HOUSEHOLD_TRAITS`: (customers,) each.
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
    """

    number: Int
    key: Keys
    population: Population
    home: Codes
    rank: Int
    household: Mapping[str, Bool]
    daily_rate: Float
    home_bias: Float
    spending_level: Float
    own: Mapping[str, Float]
    type_mix: Float
    payday: Codes
    hour_shift: Int32

    def __len__(self) -> int:
        return len(self.number)


def draw_customers(wanted: Wanted, seed: Keys, first: int, last: int) -> Customers:
    """Draw the parameters of the customers first to last, both included."""
    number = np.arange(first, last + 1)
    key = child(named(seed, "customers"), number)
    population = Population(seed)
    home = population.city(number)

    def trait(name: str) -> Lanes:
        return lane(named(key, name))

    types = len(reference().transaction_types)
    return Customers(
        number=number,
        key=key,
        population=population,
        home=home,
        rank=population.rank(number),
        household=_household(key, home),
        daily_rate=wanted.daily_transactions.uniform(trait("daily_transactions")),
        home_bias=wanted.home_city_bias.uniform(trait("home_city_bias")),
        spending_level=np.exp(SPENDING_LEVEL_SIGMA * normal_table()[trait("spending level")]),
        own=_own_values(wanted, key),
        type_mix=_type_mix(lanes(named(key, "type mix"), types).T),
        payday=payday_table()[trait("payday")],
        hour_shift=_hour_shift(trait("hours"), lanes(named(key, "hours of types"), types).T),
    )


def _own_values(wanted: Wanted, key: Keys) -> dict[str, Float]:
    """Draw every customer's values of the parameters of accidents and look-alikes."""

    def drawn(parameter: Parameter, given: Range) -> Float:
        return parameter.draw(given, lane(named(key, parameter.field)))

    asked = {each.field: drawn(each, given) for each, given in wanted.ranges.items()}
    usual = {each.field: drawn(each, each.default) for each in wanted.frequencies}
    return asked | {name: wanted.lookalikes * values for name, values in usual.items()}


def _household(key: Keys, home: Codes) -> dict[str, Bool]:
    """Draw what decides about a household's obligations, each trait on those before it."""
    shares = reference().owed.household
    known: dict[str, Bool] = {"all": np.ones(len(key), bool)}

    def happens(name: str, probability: Float | float) -> Bool:
        return unit(lane(named(key, name))) < probability

    def by_tenure(name: str) -> Float:
        return np.where(known["owner"], shares[name]["owner"], shares[name]["renter"])

    known["owner"] = happens("owner", shares["owner"])
    known["renter"] = ~known["owner"]
    known["mortgaged"] = known["owner"] & happens("mortgaged", shares["mortgaged_of_owners"])
    known["owner_free"] = known["owner"] & ~known["mortgaged"]
    cars = _cars_by_city()[home]
    known["car"] = happens("car", np.where(np.isnan(cars), by_tenure("car"), cars))
    known["two_cars"] = known["car"] & happens("two_cars", by_tenure("two_cars_of_car"))
    known["children"] = happens("children", by_tenure("children"))
    young = happens("young_children", shares["young_children_of_children"])
    known["young_children"] = known["children"] & young
    known["pets"] = happens("pets", by_tenure("pets"))
    known["student"] = happens("student", by_tenure("student"))
    debt = np.where(
        known["student"], shares["student_debt"]["student"], by_tenure("student_debt")
    )
    known["student_debt"] = happens("student_debt", debt)
    known["self_employed"] = happens("self_employed", shares["self_employed"])
    return known


@cache
def _cars_by_city() -> Float:
    """Give the share of households with a car where it is unlike the country's: else NaN."""
    facts = reference()
    shares = facts.owed.household["car"]
    return np.array([shares.get(city.place, np.nan) for city in facts.cities])


def _type_mix(lanes: Lanes) -> Float:
    shares = np.array([type_.share for type_ in reference().transaction_types])
    weights = shares * np.exp(TYPE_MIX_SIGMA * normal_table()[lanes])
    return weights / weights.sum(axis=1, keepdims=True)


def _hour_shift(own: Lanes, by_type: Lanes) -> Int32:
    z = normal_table()
    shift = HOUR_SHIFT_SECONDS * z[own][:, None] + TYPE_HOUR_SHIFT_SECONDS * z[by_type]
    return np.clip(shift, -LONGEST_HOUR_SHIFT, LONGEST_HOUR_SHIFT).astype(np.int32)
