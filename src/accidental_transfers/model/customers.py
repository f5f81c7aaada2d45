"""Who pays: every customer's home, household, habits and parameters, drawn once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Int32, Keys
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.months import payday_table
from accidental_transfers.model.parameters import Parameter, Probability, Range
from accidental_transfers.model.population import Population, population_of
from accidental_transfers.model.streams import child, lane, lanes, named, named_each, unit
from accidental_transfers.model.tables import normal_table

SPENDING_LEVEL_SIGMA = 0.42
"""Sd of ln(level); between-customer differences are 16 to 35 % of the variance of ln(amount)."""
TYPE_MIX_SIGMA = 0.30
HOUR_SHIFT_SECONDS = 2_700
TYPE_HOUR_SHIFT_SECONDS = 1_200
LONGEST_HOUR_SHIFT = 7_200
"""Early birds and night owls, and each type's own habit: own estimates."""

NEVER_SAVES = 0.25
"""Part of the customers who save no payee and type every number: own estimate."""
MOST_HASTE = 2.0
"""Customers are hurried by nothing up to so much, relative to the mean: own estimate."""

PARTS = ("type mix", "hours of types", "owes", "ties", "new payees", "favourites", "purchases",
         "weeks", "travel", "fuel", "rhythm", "fills of car", "fills of two_cars")  # fmt: skip
HABITS = ("daily_transactions", "home_city_bias", "spending level", "payday", "hours",
          "saves payees", "haste")  # fmt: skip
HOUSEHOLD_TRAITS = ("owner", "mortgaged", "car", "two_cars", "children", "young_children", "pets",
                    "student", "student_debt", "self_employed")  # fmt: skip
_TRAIT_BITS = 1 << np.arange(len(HOUSEHOLD_TRAITS))


def profile_of(traits: Collection[str]) -> int:
    """Give the profile of a household that has some of `HOUSEHOLD_TRAITS` and no other."""
    return sum(1 << HOUSEHOLD_TRAITS.index(trait) for trait in traits)


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
    frequencies: tuple[Probability, ...]
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
    keys
        What those of each of the `PARTS` of their lives come from: (customers,) each, by its name.
        To hash all of them at once costs a single customer as much as to hash one.
    population
        Whom they live among.
    home, rank
        City codes, ranks among the people of the city.
    household
        By what is known of households, see `HOUSEHOLD_TRAITS`: (customers,) each.
    profile
        The same in a number, a bit for each of `HOUSEHOLD_TRAITS`: see `profile_of`.
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
    saves_payees
        Who picks payees from a list once their numbers are entered; the others type each time.
    haste
        How much likelier an accident becomes in a hurry, around 1: see `haste`.
    asked
        The range of every parameter of accidents, by its field.
    """

    number: Int
    key: Keys
    keys: Mapping[str, Keys]
    population: Population
    home: Int
    rank: Int
    household: Mapping[str, Bool]
    profile: Int
    daily_rate: Float
    home_bias: Float
    spending_level: Float
    own: Mapping[str, Float]
    type_mix: Float
    payday: Codes
    hour_shift: Int32
    saves_payees: Bool
    haste: Float
    asked: Mapping[str, Range]

    def __len__(self) -> int:
        return len(self.number)


def draw_customers(wanted: Wanted, seed: Keys, first: int, last: int) -> Customers:
    """Draw the parameters of the customers first to last, both included."""
    number = np.arange(first, last + 1)
    key = child(named(seed, "customers"), number)
    population = population_of(int(seed[0]))
    # numpy looks up by whole words several times faster than by bytes.
    home = population.city(number).astype(np.int64)
    names = _traits(wanted)
    every = named_each(key, (*PARTS, *names)).T
    keys = dict(zip(PARTS, every, strict=False))
    drawn = np.ascontiguousarray(lane(every[len(PARTS) :]))
    traits = dict(zip(names, drawn, strict=True))
    chance = dict(zip(names, unit(drawn), strict=True))
    household = _household(chance, home)
    of_types = np.array([keys["type mix"], keys["hours of types"]])
    by_type = normal_table()[lanes(of_types, len(reference().transaction_types))]
    mix, hours = by_type.transpose(1, 2, 0)
    return Customers(
        number=number,
        key=key,
        keys=keys,
        population=population,
        home=home,
        rank=population.rank(number),
        household=household,
        profile=_TRAIT_BITS @ np.array([household[name] for name in HOUSEHOLD_TRAITS]),
        daily_rate=wanted.daily_transactions.uniform(chance["daily_transactions"]),
        home_bias=wanted.home_city_bias.uniform(chance["home_city_bias"]),
        spending_level=np.exp(SPENDING_LEVEL_SIGMA * normal_table()[traits["spending level"]]),
        own=_own_values(wanted, chance),
        type_mix=_type_mix(mix),
        payday=payday_table()[traits["payday"]],
        hour_shift=_hour_shift(normal_table()[traits["hours"]], hours),
        saves_payees=chance["saves payees"] >= NEVER_SAVES,
        haste=MOST_HASTE * chance["haste"],
        asked={parameter.field: given for parameter, given in wanted.ranges.items()},
    )


def _traits(wanted: Wanted) -> tuple[str, ...]:
    """Name every trait for which a number is drawn."""
    parameters = (each.field for each in (*wanted.ranges, *wanted.frequencies))
    return (*HABITS, *HOUSEHOLD_TRAITS, *parameters)


def _own_values(wanted: Wanted, chance: Mapping[str, Float]) -> dict[str, Float]:
    """Give every customer's values of the parameters of accidents and look-alikes."""
    asked = {each.field: each.draw(given, chance[each.field])
             for each, given in wanted.ranges.items()}  # fmt: skip
    names = [each.field for each in wanted.frequencies]
    usual = Probability.draw_usual(wanted.frequencies, np.array([chance[name] for name in names]))
    return asked | dict(zip(names, wanted.lookalikes * usual, strict=True))


def _household(chance: Mapping[str, Float], home: Codes) -> dict[str, Bool]:
    """Decide what a household owes for, each trait on those before it."""
    shares = reference().owed.household
    owner = chance["owner"] < shares["owner"]
    tenure = owner.astype(np.int64)
    known = {"all": np.ones(len(home), bool), "owner": owner, "renter": ~owner}

    def by_tenure(name: str) -> Float:
        return _by_tenure()[name][tenure]

    known["mortgaged"] = owner & (chance["mortgaged"] < shares["mortgaged_of_owners"])
    known["owner_free"] = owner & ~known["mortgaged"]
    known["car"] = chance["car"] < _cars_by_city()[tenure, home]
    known["two_cars"] = known["car"] & (chance["two_cars"] < by_tenure("two_cars_of_car"))
    known["children"] = chance["children"] < by_tenure("children")
    young = chance["young_children"] < shares["young_children_of_children"]
    known["young_children"] = known["children"] & young
    known["pets"] = chance["pets"] < by_tenure("pets")
    known["student"] = chance["student"] < by_tenure("student")
    debt = np.where(known["student"], shares["student_debt"]["student"], by_tenure("student_debt"))
    known["student_debt"] = chance["student_debt"] < debt
    known["self_employed"] = chance["self_employed"] < shares["self_employed"]
    return known


@cache
def _by_tenure() -> dict[str, Float]:
    """Give the shares that differ by tenure, of renters and of owners: (2,) each, by its name."""
    shares = reference().owed.household
    return {
        name: np.array([of["renter"], of["owner"]])
        for name, of in shares.items()
        if isinstance(of, dict) and {"renter", "owner"} <= of.keys()
    }


@cache
def _cars_by_city() -> Float:
    """Give the share of households with a car, of renters and of owners: (2, cities)."""
    facts = reference()
    shares = facts.owed.household["car"]
    usual = _by_tenure()["car"]
    return np.array([[shares.get(city.place, tenure) for city in facts.cities] for tenure in usual])


@cache
def _type_shares() -> Float:
    return np.array([type_.share for type_ in reference().transaction_types])


def _type_mix(z: Float) -> Float:
    weights = _type_shares() * np.exp(TYPE_MIX_SIGMA * z)
    return weights / weights.sum(axis=1, keepdims=True)


def _hour_shift(own: Float, by_type: Float) -> Int32:
    shift = HOUR_SHIFT_SECONDS * own[:, None] + TYPE_HOUR_SHIFT_SECONDS * by_type
    return np.minimum(np.maximum(shift, -LONGEST_HOUR_SHIFT), LONGEST_HOUR_SHIFT).astype(np.int32)
