"""Who pays: every customer's home, household, habits and parameters, drawn once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Int32, Keys, Lanes
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.months import payday_table
from accidental_transfers.model.parameters import Parameter, Range
from accidental_transfers.model.population import Population
from accidental_transfers.model.streams import child, lane, lanes, named, named_each, unit
from accidental_transfers.model.tables import normal_table

SPENDING_LEVEL_SIGMA = 0.42
"""Sd of ln(level); between-customer differences are 16 to 35 % of the variance of ln(amount)."""
TYPE_MIX_SIGMA = 0.30
HOUR_SHIFT_SECONDS = 2_700
TYPE_HOUR_SHIFT_SECONDS = 1_200
LONGEST_HOUR_SHIFT = 7_200
"""Early birds and night owls, and each type's own habit: own estimates."""

HABITS = ("daily_transactions", "home_city_bias", "spending level", "payday", "hours")
HOUSEHOLD_TRAITS = ("owner", "mortgaged", "car", "two_cars", "children", "young_children", "pets",
                    "student", "student_debt", "self_employed")  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What customers are to be like.

    Attributes
    ----------
    daily_transactions, home_city_bias
        Ranges of each customer's mean payments a day and share of days at home.
    ranges
        The range of every parameter of the accidents that are part of the dataset.
    frequencies
        How often people do what looks like one of them.
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
        The own value, (customers,), of every parameter of the accidents that are part of the
        dataset, and the frequency of each look-alike, by its field.
    type_mix
        (customers, transaction types): shares, adding up to 1.
    payday
        Positions in `months.PAYDAYS`.
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
    traits = _traits(key, wanted)
    types = len(reference().transaction_types)
    return Customers(
        number=number,
        key=key,
        population=population,
        home=home,
        rank=population.rank(number),
        household=_household(traits, home),
        daily_rate=wanted.daily_transactions.uniform(traits["daily_transactions"]),
        home_bias=wanted.home_city_bias.uniform(traits["home_city_bias"]),
        spending_level=np.exp(SPENDING_LEVEL_SIGMA * normal_table()[traits["spending level"]]),
        own=_own_values(wanted, traits),
        type_mix=_type_mix(lanes(named(key, "type mix"), types).T),
        payday=payday_table()[traits["payday"]],
        hour_shift=_hour_shift(traits["hours"], lanes(named(key, "hours of types"), types).T),
    )


def _traits(key: Keys, wanted: Wanted) -> dict[str, Lanes]:
    """Draw a number for every trait: (customers,) each, by its name."""
    parameters = tuple(each.field for each in (*wanted.ranges, *wanted.frequencies))
    names = (*HABITS, *HOUSEHOLD_TRAITS, *parameters)
    return dict(zip(names, lane(named_each(key, names)).T, strict=True))


def _own_values(wanted: Wanted, traits: Mapping[str, Lanes]) -> dict[str, Float]:
    """Give every customer's values of the parameters of accidents and look-alikes."""
    asked = {each.field: each.draw(given, traits[each.field])
             for each, given in wanted.ranges.items()}  # fmt: skip
    usual = {each.field: each.draw(each.default, traits[each.field])
             for each in wanted.frequencies}  # fmt: skip
    return asked | {name: wanted.lookalikes * values for name, values in usual.items()}


def _household(traits: Mapping[str, Lanes], home: Codes) -> dict[str, Bool]:
    """Decide what a household owes for, each trait on those before it."""
    shares = reference().owed.household
    drawn = {name: unit(traits[name]) for name in HOUSEHOLD_TRAITS}
    known: dict[str, Bool] = {"all": np.ones(len(home), bool)}

    def by_tenure(name: str) -> Float:
        return np.where(known["owner"], shares[name]["owner"], shares[name]["renter"])

    known["owner"] = drawn["owner"] < shares["owner"]
    known["renter"] = ~known["owner"]
    known["mortgaged"] = known["owner"] & (drawn["mortgaged"] < shares["mortgaged_of_owners"])
    known["owner_free"] = known["owner"] & ~known["mortgaged"]
    cars = _cars_by_city()[home]
    known["car"] = drawn["car"] < np.where(np.isnan(cars), by_tenure("car"), cars)
    known["two_cars"] = known["car"] & (drawn["two_cars"] < by_tenure("two_cars_of_car"))
    known["children"] = drawn["children"] < by_tenure("children")
    young = drawn["young_children"] < shares["young_children_of_children"]
    known["young_children"] = known["children"] & young
    known["pets"] = drawn["pets"] < by_tenure("pets")
    known["student"] = drawn["student"] < by_tenure("student")
    debt = np.where(known["student"], shares["student_debt"]["student"], by_tenure("student_debt"))
    known["student_debt"] = drawn["student_debt"] < debt
    known["self_employed"] = drawn["self_employed"] < shares["self_employed"]
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
