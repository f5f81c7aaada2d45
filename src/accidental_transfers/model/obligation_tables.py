"""What there is to owe: the facts about obligations, laid out as `Obligations`."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int
from accidental_transfers.model.customers import HOUSEHOLD_TRAITS
from accidental_transfers.model.facts.obligation_files import (
    DUE_WORDS,
    ObligationEntry,
    Payee,
    Service,
)
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.obligations import (
    CADENCES,
    DAYS_A_YEAR,
    LOCAL,
    PAYEE_SLOTS,
    SLOTS,
    Obligations,
)
from accidental_transfers.model.people import ROLES
from accidental_transfers.model.recipients import cities_alike, providers_of, recipients
from accidental_transfers.model.tables import LookupTable, choice_table, zipf_weights


@cache
def obligations() -> Obligations:
    """Lay them out, services behind the others, each in the order of the file."""
    facts = reference()
    entries = [*facts.owed.obligations, *_service_entries(facts.owed.services)]
    services = [None] * len(facts.owed.obligations) + list(facts.owed.services.values())
    entity = facts.entity_codes
    codes = np.array([entity[each.entity_type] for each in entries])
    payee, payee_row = _payees(entries)
    amounts = [entry.amount for entry in entries]
    most = max(len(each.prices) for each in amounts)
    months = np.array([_months(entry) for entry in entries])
    return Obligations(
        names=tuple(entry.name for entry in entries),
        chance=np.array([_chances(entry) for entry in entries]).T.copy(),
        times=np.array([_times(entry) for entry in entries]).T.copy(),
        entity=codes,
        type_=facts.type_of_entity[codes],
        a_day=np.array([_a_day(entry) for entry in entries]),
        payee=payee,
        payee_row=payee_row,
        cadence=LookupTable(
            choice_table([entry.cadence.get(each, 0.0) for each in CADENCES], SLOTS)
            for entry in entries
        ),
        due=LookupTable(_due(entry) for entry in entries),
        plan=LookupTable(
            choice_table([weight for _, weight in each.prices] or [1], SLOTS) for each in amounts
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
        season=np.array([[1.0] * 12, *facts.owed.seasons.values()]),
        season_row=np.array([_seasons(each.season) for each in amounts]),
        per_month=np.array([each.per_month for each in amounts]),
        weekly=np.array([each.weekly for each in amounts]),
        two_cars=np.array([each.two_cars for each in amounts]),
        months=months,
        months_in_order=np.argsort(~months, axis=1, kind="stable"),
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


def _chances(entry: ObligationEntry) -> Float:
    """Give the probability for every profile: the first condition that holds decides."""
    profile = np.arange(1 << len(HOUSEHOLD_TRAITS))
    holds = {trait: profile >> position & 1 > 0 for position, trait in enumerate(HOUSEHOLD_TRAITS)}
    holds["renter"] = ~holds["owner"]
    holds["owner_free"] = holds["owner"] & ~holds["mortgaged"]
    holds["all"] = np.ones(len(profile), bool)
    chance = np.zeros(len(profile))
    for condition, probability in reversed(entry.has.items()):
        chance = np.where(holds[condition], probability, chance)
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
    # What is paid once a year is paid in one of its months.
    months = len(entry.months) / 12 if entry.months and "annual" not in entry.cadence else 1.0
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


def _seasons(name: str | None) -> list[int]:
    """Give a season's row in each city: some have one of their own in some states."""
    owed, cities = reference().owed, reference().cities
    row = {each: place for place, each in enumerate(owed.seasons, 1)}
    if name is None:
        return [0] * len(cities)
    special = {state: each for each, states in owed.season_states.items() for state in states
               if each.startswith(name)}  # fmt: skip
    return [row[special.get(city.state, name)] for city in cities]


def _months(entry: ObligationEntry) -> list[bool]:
    return [not entry.months or month in entry.months for month in range(1, 13)]


def _payees(entries: list[ObligationEntry]) -> tuple[LookupTable[np.integer], Int]:
    """Weigh the payees of each obligation in each city; cities that are alike share a row."""
    known = {name: code for code, name in enumerate(recipients().names[: recipients().first_local])}
    tables: list[Codes] = []
    rows = []
    for entry in entries:
        every = np.array([known[name] for name in entry.payee.names], np.int64)
        is_provided = entry.payee.service is not None
        alike, city, row = cities_alike(recipients().serves[every], is_provided)
        rows.append(row + len(tables))
        for there, one in zip(alike, city, strict=True):
            code, weight = _weighed(entry.payee, every, there, int(one), known)
            tables.append(code.astype(np.int32)[choice_table(weight, PAYEE_SLOTS)])
    return LookupTable(tables), np.array(rows)


def _weighed(
    payee: Payee, every: Int, there: Bool, city: int, known: dict[str, int]
) -> tuple[Int, Float]:
    if payee.person:
        return np.array([LOCAL - 1 - ROLES.index(payee.person)]), np.ones(1)
    if payee.service:
        shares = providers_of(payee.service)[city] or {next(iter(known)): 1.0}
        return np.array([known[name] for name in shares]), np.array(list(shares.values()))
    # Who serves nobody here is still owed by those who moved away.
    there = there if there.any() else ~there
    code, weight = every[there], zipf_weights(len(every), payee.zipf)[there]
    local = payee.local if len(code) else 1.0
    weight = (1 - local) * weight / max(weight.sum(), 1e-9)
    return (np.append(code, LOCAL), np.append(weight, local)) if local else (code, weight)
