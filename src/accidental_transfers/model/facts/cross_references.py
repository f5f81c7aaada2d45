"""How the files of facts have to agree with each other.

As in `facts_rules`, values of a wrong type are left out of what is checked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from accidental_transfers.model.facts.files import (
    HOURS,
    LOCALS_PER_CITY,
    EntityTypeEntry,
    EntityTypesFile,
    PaymentFactsFile,
)
from accidental_transfers.model.facts.rules import (
    CITIES,
    ENTITY_TYPES,
    MERCHANTS,
    PAYMENT_FACTS,
    Document,
    Location,
    Problem,
    entries,
    shown,
)

Found = Iterator[Problem]


def problems_between(documents: Mapping[str, Document]) -> Found:
    """Check how the files agree, when all of them could be read."""
    entities, merchants = documents[ENTITY_TYPES], documents[MERCHANTS]
    measured, cities = documents[PAYMENT_FACTS], documents[CITIES]
    yield from _types_are_measured(entities, measured)
    yield from _hours_are_measured(entities, measured)
    yield from _seconds_are_paid_alike(entities)
    yield from _others_pay_for_something(entities)
    yield from _merchants_are_somebodys(entities, merchants)
    yield from _somebody_can_be_paid(entities, merchants)
    yield from _somebody_sells(entities, merchants)
    yield from _local_names_suffice(merchants, cities)


def hours_without_payments(entities: EntityTypesFile, measured: PaymentFactsFile) -> Found:
    """Check that something is paid in every hour, at home and on trips; this needs whole curves."""
    for name, settings in entities.transaction_types.items():
        own = measured.payment_type[name].hour
        curves = [
            (entry, (entry.hours and measured.merchant_class[entry.hours].hour) or own)
            for entry in settings.entity_types
        ]
        for entry, curve in curves:
            if not any(curve[hour] for hour in range(HOURS) if entry.is_open(hour)):
                yield Problem(
                    ENTITY_TYPES,
                    ("transaction_types", name, entry.name, "open"),
                    f"got {shown(entry.open)}; allowed are hours in which something is paid",
                )
        for hour in range(HOURS):
            paid = [
                entry
                for entry, curve in curves
                if curve[hour] and entry.share and entry.is_open(hour)
            ]
            nowhere = [where for where, factor in _STAYS.items() if not any(map(factor, paid))]
            if nowhere:
                yield Problem(
                    ENTITY_TYPES,
                    ("transaction_types", name, "hours"),
                    f"got curves that are all 0 at {hour} o'clock {nowhere[0]}; allowed are entity "
                    "types of which one at least is paid in every hour",
                )


_STAYS: dict[str, Callable[[EntityTypeEntry], float]] = {
    "at home": lambda entry: entry.at_home,
    "on a trip": lambda entry: entry.away,
    "on a trip's last day": lambda entry: entry.away if entry.last_day is None else entry.last_day,
}


def _types_are_measured(entities: Document, measured: Document) -> Found:
    if "payment_type" not in measured:
        return
    known = measured["payment_type"]
    for name in entities.get("transaction_types", {}):
        if name not in known:
            yield Problem(
                ENTITY_TYPES,
                ("transaction_types", name),
                f"got {shown(name)}; allowed is a payment_type of {PAYMENT_FACTS}: "
                f"{', '.join(known)}",
            )


def _hours_are_measured(entities: Document, measured: Document) -> Found:
    if "merchant_class" not in measured:
        return
    classes = measured["merchant_class"]
    known = [name for name, each in classes.items() if each.get("hour") is not None]
    for at, entry in entries(entities):
        hours = entry.get("hours")
        if hours is not None and hours not in known:
            yield Problem(
                ENTITY_TYPES,
                (*at, "hours"),
                f"got {shown(hours)}; allowed is null or a merchant_class of {PAYMENT_FACTS} that "
                f"has an hour curve: {', '.join(known)}",
            )


def _seconds_are_paid_alike(entities: Document) -> Found:
    if "transaction_types" not in entities:
        return
    each = list(entries(entities))
    for at, entry in each:
        alike = [other.get("name") for place, other in each if place[:2] == at[:2]]
        for field in ("second", "others"):
            instead = entry.get(field)
            if instead is not None and instead not in alike:
                yield Problem(
                    ENTITY_TYPES,
                    (*at, field),
                    f"got {shown(instead)}; allowed is null or an entity type of {at[1]}: "
                    f"{', '.join(map(str, alike))}",
                )


def _others_pay_for_something(entities: Document) -> Found:
    for at, entry in entries(entities):
        if bool(entry.get("only_for")) != (entry.get("others") is not None):
            yield Problem(
                ENTITY_TYPES,
                (*at, "others"),
                f"got {shown(entry.get('others'))} with only_for {shown(entry.get('only_for'))}; "
                "allowed is both of them or neither",
            )


def _merchants_are_somebodys(entities: Document, merchants: Document) -> Found:
    if "transaction_types" not in entities:
        return
    known = {entry.get("name") for _, entry in entries(entities)}
    kinds = merchants.get("local", {}).get("kinds", {})
    places: list[Location] = [("national", name) for name in merchants.get("national", {})]
    places += [("local", "kinds", name) for name in kinds]
    places += [("amounts", name) for name in merchants.get("amounts", {})]
    for location in places:
        if location[-1] not in known:
            yield Problem(
                MERCHANTS,
                location,
                f"got {shown(location[-1])}; allowed is the name of an entity type of "
                f"{ENTITY_TYPES}",
            )


def _somebody_can_be_paid(entities: Document, merchants: Document) -> Found:
    if "national" not in merchants:
        return
    national = merchants["national"]
    kinds = merchants.get("local", {}).get("kinds", {})
    for at, entry in entries(entities):
        name, typed, local = entry.get("name"), entry.get("typed", False), entry.get("local", 0)
        if name is None:
            continue
        if typed and (name in national or name in kinds):
            yield Problem(
                ENTITY_TYPES,
                (*at, "typed"),
                f"got true; allowed is false, because {name} has merchants in {MERCHANTS}",
            )
        if not typed and name not in national:
            yield Problem(
                MERCHANTS,
                ("national", name),
                f"got no merchants; allowed is one name at least, because {name} in "
                f"{ENTITY_TYPES} is not typed",
            )
        if (local > 0) != (name in kinds):
            has = "has" if name in kinds else "has not"
            yield Problem(
                ENTITY_TYPES,
                (*at, "local"),
                f"got {local}; allowed is {'above 0' if name in kinds else '0'}, because {name} "
                f"{has} kinds of local merchants in {MERCHANTS}",
            )


def _somebody_sells(entities: Document, merchants: Document) -> Found:
    billed = set(merchants.get("billed", ()))
    for _, entry in entries(entities):
        name = entry.get("name")
        names = set(merchants.get("national", {}).get(name, ()))
        if names and names <= billed and entry.get("share") and not entry.get("local"):
            yield Problem(
                MERCHANTS,
                ("billed",),
                f"got every merchant of {name}; allowed are all but one, because its share in "
                f"{ENTITY_TYPES} is above 0",
            )


def _local_names_suffice(merchants: Document, cities: Document) -> Found:
    local = merchants.get("local", {})
    wanted = len(cities.get("cities", ())) * LOCALS_PER_CITY
    for name, kinds in local.get("kinds", {}).items():
        possible = len(kinds) * len(local.get("first_words", ()))
        if possible < wanted:
            yield Problem(
                MERCHANTS,
                ("local", "kinds", name),
                f"got {possible} names of a first word and a kind; allowed are {wanted} at least, "
                f"{LOCALS_PER_CITY} for each city",
            )
