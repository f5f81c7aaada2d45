"""Who pays: every customer's home, household, habits and parameters, drawn once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Int32, Keys, constant
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.months import payday_table
from accidental_transfers.model.parameters import Parameter, Probability, Range
from accidental_transfers.model.population import Population, population_of
from accidental_transfers.model.streams import child, lane, lanes, named_each, unit
from accidental_transfers.model.tables import normal_table

SPENDING_LEVEL_SIGMA = constant(0.42)
"""Sd of ln(level); between-customer differences are 16 to 35 % of the variance of ln(amount)."""
TYPE_MIX_SIGMA = constant(0.30)
HOUR_SHIFT_SECONDS = constant(2_700.0)
TYPE_HOUR_SHIFT_SECONDS = constant(1_200.0)
LONGEST_HOUR_SHIFT = constant(7_200.0)
"""Early birds and night owls, and each type's own habit: own estimates."""
_EARLIEST = constant(-float(LONGEST_HOUR_SHIFT))

NEVER_SAVES = constant(0.25)
"""Part of the customers who save no payee and type every number: own estimate."""
MOST_HASTE = constant(2.0)
"""Customers are hurried by nothing up to so much, relative to the mean: own estimate."""

PARTS = ("type mix", "hours of types", "owes", "ties", "new payees", "favourites", "purchases",
         "weeks", "travel", "fuel", "rhythm", "fills of car", "fills of two_cars")  # fmt: skip
LOOKED_UP = ("spending level", "payday", "hours")
"""Habits that come from tables; the others are chances."""
HABITS = ("daily_transactions", "home_city_bias", "saves payees", "haste", *LOOKED_UP)
HOUSEHOLD_TRAITS = ("owner", "mortgaged", "car", "two_cars", "children", "young_children", "pets",
                    "student", "student_debt", "self_employed")  # fmt: skip
TENURES = ("renter", "owner")
OWNER, CAR, TWO_CARS, CHILDREN, YOUNG, STUDENT, DEBT = (
    HOUSEHOLD_TRAITS.index(name)
    for name in ("owner", "car", "two_cars", "children", "young_children", "student",
                 "student_debt")
)  # fmt: skip
_TRAIT_BITS = 1 << np.arange(len(HOUSEHOLD_TRAITS))[:, None]


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

    @cached_property
    def names(self) -> tuple[str, ...]:
        """By which the keys of `PARTS` and the numbers for all traits are drawn, in this order."""
        parameters = (each.field for each in (*self.ranges, *self.frequencies))
        return (*PARTS, *HOUSEHOLD_TRAITS, *HABITS, *parameters)

    @cached_property
    def asked(self) -> Mapping[str, Range]:
        """The range of every parameter, by its field."""
        return {parameter.field: given for parameter, given in self.ranges.items()}


@dataclass
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
    population = population_of(int(seed[0]))
    key = child(population.customers, number)
    # numpy looks up by whole words several times faster than by bytes.
    home = population.city(number).astype(np.int64)
    every = named_each(key, wanted.names).T
    drawn = np.ascontiguousarray(lane(every[len(PARTS) :]))
    chance, habits = unit(drawn), len(HOUSEHOLD_TRAITS)
    household = _household(chance[:habits], home)
    tabled, parameters = habits + len(HABITS) - len(LOOKED_UP), habits + len(HABITS)
    rate, bias, saves, haste = chance[habits:tabled]
    level, payday, shift = drawn[tabled:parameters]
    of_types = np.array([every[PARTS.index(name)] for name in ("type mix", "hours of types")])
    by_type = normal_table().take(lanes(of_types, len(reference().transaction_types)))
    mix, hours = by_type.transpose(1, 2, 0)
    return Customers(
        number=number,
        key=key,
        keys=dict(zip(PARTS, every, strict=False)),
        population=population,
        home=home,
        rank=population.rank(number),
        household=dict(zip(HOUSEHOLD_TRAITS, household, strict=True)),
        profile=(household * _TRAIT_BITS).sum(axis=0),
        daily_rate=wanted.daily_transactions.uniform(rate),
        home_bias=wanted.home_city_bias.uniform(bias),
        spending_level=np.exp(SPENDING_LEVEL_SIGMA * normal_table().take(level)),
        own=_own_values(wanted, chance[parameters:]),
        type_mix=_type_mix(mix),
        payday=payday_table().take(payday),
        hour_shift=_hour_shift(normal_table().take(shift), hours),
        saves_payees=saves >= NEVER_SAVES,
        haste=MOST_HASTE * haste,
        asked=wanted.asked,
    )


def _own_values(wanted: Wanted, chance: Float) -> dict[str, Float]:
    """Give every customer's values of the parameters of accidents and look-alikes.

    ``chance`` has a row for each, in this order: (parameters, customers).
    """
    asked = {
        parameter.field: parameter.draw(given, own)
        for (parameter, given), own in zip(wanted.ranges.items(), chance, strict=False)
    }
    usual = Probability.draw_usual(wanted.frequencies, chance[len(asked) :])
    names = [each.field for each in wanted.frequencies]
    return asked | dict(zip(names, wanted.lookalikes * usual, strict=True))


def _household(chance: Float, home: Codes) -> Bool:
    """Decide what a household owes for, by a number for each trait: (traits, customers)."""
    shares = reference().owed.household
    tenure = (chance[OWNER] < shares["owner"]).astype(np.int64)
    has = chance < _shares_of_traits()[:, tenure, home]
    has[TWO_CARS] &= has[CAR]
    has[YOUNG] &= has[CHILDREN]
    of_students = chance[DEBT] < shares["student_debt"]["student"]
    has[DEBT] = np.where(has[STUDENT], of_students, has[DEBT])
    return has


@cache
def _shares_of_traits() -> Float:
    """Give the shares of households with each trait: (traits, renters and owners, cities).

    Of those with a car and with children, where a trait depends on these.
    """
    facts = reference()
    named = {
        **facts.owed.household,
        "mortgaged": {"renter": 0, "owner": facts.owed.household["mortgaged_of_owners"]},
        "two_cars": facts.owed.household["two_cars_of_car"],
        "young_children": facts.owed.household["young_children_of_children"],
    }
    every = (named[trait] for trait in HOUSEHOLD_TRAITS)
    by_tenure = [of if isinstance(of, dict) else dict.fromkeys(TENURES, of) for of in every]
    return np.array([
        [[of.get(city.place, of[tenure]) for city in facts.cities] for tenure in TENURES]
        for of in by_tenure
    ])  # fmt: skip


@cache
def _type_shares() -> Float:
    return np.array([type_.share for type_ in reference().transaction_types])


def _type_mix(z: Float) -> Float:
    weights = _type_shares() * np.exp(TYPE_MIX_SIGMA * z)
    return weights / weights.sum(axis=1, keepdims=True)


def _hour_shift(own: Float, by_type: Float) -> Int32:
    shift = HOUR_SHIFT_SECONDS * own[:, None] + TYPE_HOUR_SHIFT_SECONDS * by_type
    return np.minimum(np.maximum(shift, _EARLIEST), LONGEST_HOUR_SHIFT).astype(np.int32)
