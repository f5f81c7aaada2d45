"""How the files about obligations and places have to agree with the others, and places by itself.

As in `facts_rules`, values of a wrong type are left out of what is checked here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from accidental_transfers.model.facts.owed import TENURES, obligations_of
from accidental_transfers.model.facts.rules import (
    CITIES,
    ENTITY_TYPES,
    MERCHANTS,
    OBLIGATIONS,
    PLACES,
    Document,
    Problem,
    entries,
    objects,
    shares_problem,
    shown,
    unknown,
)

Found = Iterator[Problem]
COUNTRY = "US"
"""Where they can be paid who can be paid everywhere."""


def problems_of_places(document: Document) -> Found:
    """Check ``places.json`` by itself."""
    for city, services in objects(document, "by_city"):
        for service, shares in objects(services):
            yield from shares_problem(PLACES, ("by_city", city, service), shares)


def problems_with_places(documents: Mapping[str, Document]) -> Found:
    """Check how ``obligations.json`` and ``places.json`` agree with the other files."""
    owed, places = documents[OBLIGATIONS], documents[PLACES]
    known = _Known(documents)
    for rule in (_entity_types, _payees, _services, _served_cities):
        yield from rule(owed, places, known)
    yield from _whereabouts(places, known)
    yield from _providers(places, known)
    cars = dict(objects(owed)).get("household", {}).get("car")
    for name in cars if isinstance(cars, dict) else ():
        if name not in TENURES:
            yield from unknown(OBLIGATIONS, ("household", "car", name), name, known.places, CITIES)


class _Known:
    """What the other files name."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        merchants, places = documents[MERCHANTS], documents[PLACES]
        types = [entry for _, entry in entries(documents[ENTITY_TYPES])]
        self.typed = {each["name"]: each.get("typed", False) for each in types if "name" in each}
        self.merchants = {
            name: entity
            for entity, names in merchants.get("national", {}).items()
            for name in names
            if name is not None
        }
        local = merchants.get("local", {})
        self.kinds: Mapping[str, list[str]] = local.get("kinds", {})
        self.words = set(local.get("first_words", ()))
        self.providers = {
            name
            for _, services in objects(places, "by_city")
            for _, shares in objects(services)
            for name in shares
        }
        rows = [row for row in documents[CITIES].get("cities", ()) if row]
        self.states = {row.get("state") for row in rows}
        self.places = {f"{row.get('city')}, {row.get('state')}": row.get("state") for row in rows}
        self.services = {name for _, each in objects(places, "by_city") for name in each}


def _entity_types(owed: Document, _places: Document, known: _Known) -> Found:
    services = ((("services", name), each) for name, each in objects(owed, "services"))
    for at, entry in chain(obligations_of(owed), services):
        if "entity_type" in entry:
            place = (*at, "entity_type")
            yield from unknown(OBLIGATIONS, place, entry["entity_type"], known.typed, ENTITY_TYPES)


def _payees(owed: Document, _places: Document, known: _Known) -> Found:
    for at, entry in obligations_of(owed):
        payee, entity = entry.get("payee", {}), entry.get("entity_type")
        for name in payee.get("names", ()):
            if name is not None and name not in known.providers:
                place = (*at, "payee", "names")
                yield from unknown(OBLIGATIONS, place, name, known.merchants, MERCHANTS)
        ways = [way for way in ("names", "service", "person") if payee.get(way)]
        if len(ways) > 1:
            text = f"got {' and '.join(ways)}; allowed is one of names, service and person"
            yield Problem(OBLIGATIONS, (*at, "payee"), text)
        if known.typed.get(entity) and "person" not in ways:
            text = f"got no person; allowed is a role, because {entity} is typed in {ENTITY_TYPES}"
            yield Problem(OBLIGATIONS, (*at, "payee", "person"), text)
        if (payee.get("local") or not ways) and entity not in known.kinds:
            text = (
                f"got {payee.get('local', 0)}; allowed is 0 and somebody else, because "
                f"{entity} has no local merchants in {MERCHANTS}"
            )
            yield Problem(OBLIGATIONS, (*at, "payee", "local"), text)


def _services(owed: Document, _places: Document, known: _Known) -> Found:
    """Check that subscriptions are merchants, and services somebody's."""
    for name, entry in objects(owed, "services"):
        if known.merchants.get(name) != entry.get("entity_type"):
            text = (
                f"got {shown(name)}; allowed is a merchant of {entry.get('entity_type')} "
                f"in {MERCHANTS}"
            )
            yield Problem(OBLIGATIONS, ("services", name), text)
    for at, entry in obligations_of(owed):
        service = entry.get("payee", {}).get("service")
        if service is not None:
            place = (*at, "payee", "service")
            yield from unknown(OBLIGATIONS, place, service, known.services, PLACES)


def _served_cities(owed: Document, places: Document, known: _Known) -> Found:
    """Check that who may have a service is supplied: by share of the state, or of the city."""
    shares = places.get("gas_share", {})
    for _, entry in obligations_of(owed):
        service = entry.get("payee", {}).get("service")
        if service is None or "times" not in entry:
            continue
        for place, services in objects(places, "by_city"):
            has = entry["times"] != "gas_share" or shares.get(known.places.get(place), 0)
            if has and not services.get(service):
                text = (
                    f"got no provider; allowed is one at least, because {entry.get('name')} "
                    f"in {OBLIGATIONS} is owed there"
                )
                yield Problem(PLACES, ("by_city", place, service), text)


def _whereabouts(places: Document, known: _Known) -> Found:
    """Check that places name cities, states and merchants that there are."""
    for field, names, source in (
        ("by_city", known.places, CITIES),
        ("transit_share", known.places, CITIES),
        ("where", {**known.merchants, **dict.fromkeys(known.providers)}, MERCHANTS),
    ):
        for name in places.get(field, {}):
            yield from unknown(PLACES, (field, name), name, names, source)
    for name, listed in places.get("where", {}).items():
        for position, place in enumerate(listed):
            is_state = isinstance(place, str) and len(place) == 2 and place.isupper()
            if place is not None and not is_state and place not in known.places:
                text = f"got {shown(place)}; allowed is {COUNTRY}, a state, or a city of {CITIES}"
                yield Problem(PLACES, ("where", name, position), text)
    for field, wanted in (("by_city", known.places), ("gas_share", known.states)):
        yield from _missing(places, field, wanted)


def _missing(places: Document, field: str, wanted: Collection[str | None]) -> Found:
    for name in wanted:
        if field in places and name is not None and name not in places[field]:
            text = f"got nothing; allowed is an entry for each one of {CITIES}"
            yield Problem(PLACES, (field, name), text)


def _providers(places: Document, known: _Known) -> Found:
    """Check that a provider's name means nobody else."""
    kinds = set(chain.from_iterable(names for names in known.kinds.values()))
    own = {name.casefold(): name for name in known.merchants}
    for place, services in objects(places, "by_city"):
        for service, shares in objects(services):
            for name in shares:
                word, _, kind = name.partition(" ")
                if word in known.words and kind in kinds:
                    text = (
                        f"got {shown(name)}, which may be a local merchant's; allowed is a "
                        "name that is not a first word and a kind"
                    )
                    yield Problem(PLACES, ("by_city", place, service, name), text)
                if own.setdefault(name.casefold(), name) != name:
                    text = f"got {shown(name)}; allowed is {own[name.casefold()]}, which is there"
                    yield Problem(PLACES, ("by_city", place, service, name), text)
