"""What there is to owe: the kinds of obligations as tables, from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int
from accidental_transfers.model.facts import reference
from accidental_transfers.model.obligation_files import (
    DUE_WORDS,
    ObligationEntry,
    Payee,
    Service,
)
from accidental_transfers.model.people import ROLES
from accidental_transfers.model.recipients import providers_of, recipients
from accidental_transfers.model.tables import LookupTable, choice_table, zipf_weights

CADENCES = ("monthly", "bimonthly", "quarterly", "semiannual", "annual", "weekly", "biweekly",
            "payday")  # fmt: skip
EVERY = np.array([1, 2, 3, 6, 12, 7, 14, 0])
"""Months or, for the weekly ones, days from one payment to the next."""
WEEKLY, PAYDAY = CADENCES.index("weekly"), CADENCES.index("payday")
DAYS_A_YEAR = 365.25
PER_MONTH = np.append(1 / EVERY[:5], [DAYS_A_YEAR / 12 / 7, DAYS_A_YEAR / 12 / 14, 2.2])
"""Payments a month; people are paid 2.2 times a month."""
WEEKS_A_MONTH = 4.33
SLOTS = 1_024
LOCAL = -1
"""In a table of payees: one of the city's own. Below it, -2 and on, the roles of people."""
MOST_SUBSCRIPTIONS = 12


@dataclass(frozen=True)
class Kinds:
    """The kinds of obligations; every array's first axis is the kind.

    Attributes
    ----------
    names
        By which their random numbers are keyed.
    conditions
        Traits of households, in the order of the bits of a profile.
    chance
        (profiles, kinds): probability that a household has it.
    times
        (cities, kinds): factor on the probability.
    entity, type_
        Entity types, and their transaction types.
    a_day
        Payments a day for each that the cadence has in a month.
    payee, payee_row
        Draws payees; its rows by kind and city: (kinds, cities).
    cadence, due, plan
        Draw positions in `CADENCES`, days (see `DUE_WORDS`), positions of prices.
    price
        (kinds, most prices): cents; the first plan's position in `price_history` for services.
    is_service, is_priced, is_utility
        Whether the price is a service's plan; a published one; whether bills are joined.
    first_plan
        Position in `price_history` of a service's first plan.
    digital_tax
        (cities,): part of a subscription's price that comes on top.
    yearly
        (kinds, most prices): whether a plan is paid once a year.
    ln_median, sigma, within, unit, rise, step_months, tax
        Rules of amounts; unit in cents, tax (kinds, 2).
    level
        (kinds, cities): factor on the median.
    season
        (kinds, cities, 12): factor by month.
    per_month, weekly
        Whether the amount is a month's, a week's.
    two_cars
        Factor on the amount where there are two cars.
    months
        (kinds, 12): whether it is paid in a month.
    moves
        Whether business days matter.
    by_hand, late, skip, extra
        Probabilities.
    """

    names: tuple[str, ...]
    conditions: tuple[str, ...]
    chance: Float
    times: Float
    entity: Int
    type_: Int
    a_day: Float
    payee: LookupTable[np.integer]
    payee_row: Int
    cadence: LookupTable[np.integer]
    due: LookupTable[np.integer]
    plan: LookupTable[np.integer]
    price: Int
    is_service: Bool
    is_priced: Bool
    is_utility: Bool
    first_plan: Int
    digital_tax: Float
    yearly: Bool
    ln_median: Float
    sigma: Float
    within: Float
    unit: Int
    rise: Float
    step_months: Int
    tax: Float
    level: Float
    season: Float
    per_month: Bool
    weekly: Bool
    two_cars: Float
    months: Bool
    moves: Bool
    by_hand: Float
    late: Float
    skip: Float
    extra: Float


@cache
def kinds() -> Kinds:
    """Lay the kinds out, obligations first, then services, each in the order of its file."""
    facts = reference()
    entries = [*facts.owed.obligations, *_service_entries(facts.owed.services)]
    services = [None] * len(facts.owed.obligations) + list(facts.owed.services.values())
    entity = {each.name: code for code, each in enumerate(facts.entity_types)}
    conditions = ("owner", "renter", "mortgaged", "owner_free", "car", "two_cars", "children",
                  "young_children", "pets", "student", "student_debt", "self_employed",
                  "all")  # fmt: skip
    codes = np.array([entity[each.entity_type] for each in entries])
    payee, payee_row = _payees(entries)
    amounts = [entry.amount for entry in entries]
    most = max(len(each.prices) for each in amounts)
    return Kinds(
        names=tuple(entry.name for entry in entries),
        conditions=conditions,
        chance=np.array([_chances(entry, conditions) for entry in entries]).T.copy(),
        times=np.array([_times(entry) for entry in entries]).T.copy(),
        entity=codes,
        type_=np.array([each.transaction_type for each in facts.entity_types])[codes],
        a_day=np.array([_a_day(entry) for entry in entries]),
        payee=payee,
        payee_row=payee_row,
        cadence=LookupTable(
            [
                choice_table([entry.cadence.get(each, 0) for each in CADENCES], SLOTS)
                for entry in entries
            ]
        ),
        due=LookupTable([_due(entry) for entry in entries]),
        plan=LookupTable(
            [
                choice_table([weight for _, weight in each.prices] or [1], SLOTS)
                for each in amounts
            ]
        ),
        price=np.array([_prices(each.prices, most) for each in amounts]),
        is_service=np.array([service is not None for service in services]),
        is_priced=np.array([bool(each.prices) for each in amounts]),
        is_utility=codes == entity["Utilities"],
        first_plan=_first_plans(services),
        digital_tax=np.array(
            [facts.prices.digital_tax.get(city.state, 0.0) for city in facts.cities]
        ),
        yearly=np.array([_yearly(service, most) for service in services]),
        ln_median=np.log([each.median or 1 for each in amounts]),
        sigma=np.array([each.sigma for each in amounts]),
        within=np.array([each.within for each in amounts]),
        unit=np.array([round(each.unit * 100) for each in amounts]),
        rise=np.array([each.step.rise if each.step else 0.0 for each in amounts]),
        step_months=np.array([each.step.months if each.step else 12 for each in amounts]),
        tax=np.array([each.tax for each in amounts]),
        level=np.array([_levels(each.level) for each in amounts]),
        season=np.array([_seasons(each.season) for each in amounts]),
        per_month=np.array([each.per_month for each in amounts]),
        weekly=np.array([each.weekly for each in amounts]),
        two_cars=np.array([each.two_cars for each in amounts]),
        months=np.array([_months(entry) for entry in entries]),
        moves=np.array([entry.moves != "none" for entry in entries]),
        by_hand=np.array([entry.by_hand for entry in entries]),
        late=np.array([entry.late for entry in entries]),
        skip=np.array([entry.skip for entry in entries]),
        extra=np.array([entry.extra for entry in entries]),
    )


def _service_entries(services: dict[str, Service]) -> list[ObligationEntry]:
    """Write subscriptions as obligations: on the same day of every month, or of a year."""
    return [
        ObligationEntry.model_validate(
            {
                "name": f"subscription to {name}",
                "entity_type": service.entity_type,
                "has": {"all": service.share},
                "payee": {"names": [name]},
                "cadence": {"monthly": 1.0},
                "due": {"any": 1.0},
                "moves": "none",
                "amount": {"prices": [[plan.price, plan.weight] for plan in service.plans]},
                "sources": {"all": service.source},
            }
        )
        for name, service in services.items()
    ]


def _chances(entry: ObligationEntry, conditions: tuple[str, ...]) -> Float:
    """Give the probability for every profile: the first condition that holds decides."""
    profile = np.arange(1 << len(conditions))
    chance = np.zeros(len(profile))
    for condition, probability in reversed(entry.has.items()):
        holds = profile >> conditions.index(condition) & 1 > 0
        chance = np.where(holds, probability, chance)
    return chance


def _times(entry: ObligationEntry) -> list[float]:
    places = reference().places
    cities = reference().cities
    match entry.times:
        case "gas_share":
            return [places.gas_share[city.state] for city in cities]
        case "transit_share":
            return [places.transit_share.get(city.place, 0.02) for city in cities]
        case _:
            served = providers_of(entry.payee.service) if entry.payee.service else None
            return [float(served is None or bool(served[code])) for code in range(len(cities))]


def _a_day(entry: ObligationEntry) -> float:
    months = len(entry.months) / 12 if entry.months else 1.0
    return months * (1 - entry.skip) * 12 / DAYS_A_YEAR


def _first_plans(services: list[Service | None]) -> Int:
    plans = np.array([len(service.plans) if service else 0 for service in services])
    return np.cumsum(plans) - plans


def _due(entry: ObligationEntry) -> Codes:
    days = np.array([DUE_WORDS.get(day) if day in DUE_WORDS else int(day) for day in entry.due])
    return days.astype(np.int8)[choice_table(list(entry.due.values()), SLOTS)]


def _prices(prices: list[tuple[float, float]], most: int) -> list[int]:
    cents = [round(price * 100) for price, _ in prices]
    return cents + [0] * (most - len(cents))


def _yearly(service: Service | None, most: int) -> list[bool]:
    yearly = [plan.yearly for plan in service.plans] if service else []
    return yearly + [False] * (most - len(yearly))


def _levels(name: str | None) -> list[float]:
    levels = reference().owed.levels[name] if name else {}
    return [levels.get(city.state, 1.0) for city in reference().cities]


def _seasons(name: str | None) -> list[list[float]]:
    """Give a season's curve in each city: some have one of their own in some states."""
    owed = reference().owed
    if name is None:
        return [[1.0] * 12 for _ in reference().cities]
    special = {state: each for each, states in owed.season_states.items() for state in states
               if each.startswith(name)}  # fmt: skip
    return [owed.seasons[special.get(city.state, name)] for city in reference().cities]


def _months(entry: ObligationEntry) -> list[bool]:
    return [not entry.months or month in entry.months for month in range(1, 13)]


def _payees(entries: list[ObligationEntry]) -> tuple[LookupTable[np.integer], Int]:
    """Weigh the payees of each kind in each city; equal rows are there once."""
    known = {name: code for code, name in enumerate(recipients().names[: recipients().first_local])}
    rows: dict[bytes, int] = {}
    tables: list[Int] = []
    row = []
    for entry in entries:
        for city in range(len(reference().cities)):
            code, weight = _weighed(entry.payee, city, known)
            key = code.tobytes() + weight.tobytes()
            if key not in rows:
                rows[key] = len(tables)
                tables.append(code[choice_table(weight, SLOTS)])
            row.append(rows[key])
    return LookupTable(tables), np.array(row).reshape(len(entries), -1)


def _weighed(payee: Payee, city: int, known: dict[str, int]) -> tuple[Int, Float]:
    if payee.person:
        return np.array([LOCAL - 1 - ROLES.index(payee.person)]), np.ones(1)
    if payee.service:
        shares = providers_of(payee.service)[city] or {"IRS Direct Pay": 1.0}
        return np.array([known[name] for name in shares]), np.array(list(shares.values()))
    every = np.array([known[name] for name in payee.names], np.int64)
    weight = zipf_weights(len(every), payee.zipf)
    there = recipients().serves[every, city] if len(every) else np.zeros(0, bool)
    if not there.any():
        there[:] = True
    code, weight = every[there], weight[there]
    local = payee.local if len(code) else 1.0
    weight = (1 - local) * weight / max(weight.sum(), 1e-9)
    return (np.append(code, LOCAL), np.append(weight, local)) if local else (code, weight)


