"""Who is paid: merchants known nationally, providers, merchants of one city, and people by number.

A recipient is a code. National merchants come first, then the providers of services that no list of
merchants has, then every city's own merchants, city by city, then people, who are numbers and
therefore have no place in a fixed vocabulary: a person's code is `Recipients.first_person` plus a
position in an array of numbers that travels with the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Float, Int, Lanes, constant, looked_up
from accidental_transfers.model.facts.files import LOCALS_PER_CITY, WORD_STRIDE
from accidental_transfers.model.facts.places import COUNTRY
from accidental_transfers.model.facts.reference import EntityType, Reference, reference
from accidental_transfers.model.streams import among
from accidental_transfers.model.tables import LookupTable, choice_table, zipf_weights

LOCAL_ZIPF = 0.7
"""Exponent of the popularity of a city's own merchants."""
PROVIDED = {"Transit": "transit"}
"""Entity types whose purchases go to a city's provider of a service too."""
PROVIDED_SHARE = 0.6
KIND_STRIDE = 37
SLOTS = 1_024


@dataclass(frozen=True)
class Recipients:
    """The fixed vocabulary of recipients and the tables that choose from it.

    Attributes
    ----------
    names
        Text of every merchant and provider, by code.
    first_local, first_person
        Lowest code of a city's own merchant, and of a person.
    locals_per_city
        Distance between the codes of two neighbouring cities' merchants.
    local_of_entity
        (entity types,): code of the first city's first own merchant; -1 without any.
    serves
        (codes below `first_local`, cities): whether it can be paid in a city.
    popularity
        Merchants by their popularity, a local one as in the first city.
    row
        (entity types, cities): the rows of ``popularity``.
    slot
        A row for each entity type: which of a customer's favourites is paid, counted from 0;
        the entity type's number of favourites where it is none of them.
    """

    names: tuple[str, ...]
    first_local: int
    first_person: int
    locals_per_city: int
    local_of_entity: Int
    serves: Bool
    popularity: LookupTable[np.uint16]
    row: Int
    slot: LookupTable[np.uint16]

    @cached_property
    def _first_local(self) -> Int:
        return constant(self.first_local)

    @cached_property
    def _begin_of_city(self) -> Int:
        """Give how far each city's own merchants are from the first city's: (cities,)."""
        return np.arange(self.serves.shape[1]) * self.locals_per_city

    def draw(self, entity: Codes, city: Codes, lane: Lanes) -> Int:
        """Draw merchants by their popularity in a city."""
        code = self.popularity.draw(looked_up(self.row, entity, city), lane).astype(np.int64)
        return code + (code >= self._first_local) * self._begin_of_city[city]

    def people(self, count: int) -> Int:
        """Give the codes of so many people, from the first on."""
        return np.arange(self.first_person, self.first_person + count)

    def local(self, entity: Codes, city: Codes, lane: Lanes) -> Int:
        """Draw evenly from a city's own merchants of an entity type that has some."""
        own = self.local_of_entity[entity] + among(lane, LOCALS_PER_CITY)
        return own + self._begin_of_city[city]

    def at_hand(self, code: Int, city: Codes, home: Codes) -> Bool:
        """Tell which merchants can be paid in a city by somebody who found them at home."""
        is_local = code >= self._first_local
        served = looked_up(self.serves, np.where(is_local, 0, code), city)
        return np.where(is_local, city == home, served)


@cache
def recipients() -> Recipients:
    """Build the vocabulary and its tables from the reference data, once."""
    facts = reference()
    entities = facts.entity_types
    nationals = [name for entity in entities for name in entity.national_names]
    providers = _providers(facts, set(nationals))
    locals_ = _local_names(facts)
    first_local = len(nationals) + len(providers)
    counts = [LOCALS_PER_CITY if entity.local_kinds else 0 for entity in entities]
    begin = first_local + np.cumsum([0, *counts[:-1]])
    codes = {name: code for code, name in enumerate([*nationals, *providers])}
    serves = _serves(facts, nationals, providers)
    rows, row = _popularity(entities, begin, codes, serves)
    return Recipients(
        names=(*nationals, *providers, *locals_),
        first_local=first_local,
        first_person=first_local + len(locals_),
        locals_per_city=sum(counts),
        local_of_entity=np.where(counts, begin, -1),
        serves=serves,
        popularity=LookupTable(rows),
        row=row,
        slot=LookupTable(_slot(entity) for entity in entities),
    )


@cache
def typed_in() -> Bool:
    """Tell of each entity type whether the recipient's number is typed in."""
    return np.array([entity.typed for entity in reference().entity_types])


@cache
def providers_of(service: str) -> list[dict[str, float]]:
    """Give each city's providers of a service, with their shares; none where it has no such."""
    facts = reference()
    return [facts.places.by_city[city.place].get(service, {}) for city in facts.cities]


def _providers(facts: Reference, known: set[str]) -> list[str]:
    """Name the providers that are no merchants of a list, in the order of the file."""
    every = (
        name
        for services in facts.places.by_city.values()
        for shares in services.values()
        for name in shares
    )
    return [name for name in dict.fromkeys(every) if name not in known]


def _serves(facts: Reference, nationals: Iterable[str], providers: Iterable[str]) -> Bool:
    """Tell who can be paid in which cities: (nationals and providers, cities)."""
    places = [{COUNTRY, city.state, city.place} for city in facts.cities]
    where = {name: {COUNTRY} for name in nationals} | {name: set() for name in providers}
    where |= {name: set(at) for name, at in facts.places.where.items()}
    for city, services in facts.places.by_city.items():
        for name in {name for shares in services.values() for name in shares}:
            where[name].add(city)
    return np.array(
        [[not here.isdisjoint(where[name]) for here in places] for name in (*nationals, *providers)]
    )


def _popularity(
    entities: Iterable[EntityType], begin: Int, codes: dict[str, int], serves: Bool
) -> tuple[list[Lanes], Int]:
    """Weigh the merchants of each entity type in each city; cities that are alike share a row."""
    tables: list[Lanes] = []
    rows = []
    for entity, first_local in zip(entities, begin, strict=True):
        # Who only sends bills keeps the rank of its name, but nobody walks in and buys.
        every = np.array([codes[name] for name in entity.national_names], np.int64)
        is_shop = ~np.isin(every, [codes[name] for name in entity.billed_names])
        own = providers_of(PROVIDED[entity.name]) if entity.name in PROVIDED else None
        alike, city, row = cities_alike(serves[every], own is not None)
        rows.append(row + len(tables))
        for there, one in zip(alike, city, strict=True):
            code, weight = _weighed(every, there & is_shop, entity.popularity)
            if own:
                code, weight = _with_providers(code, weight, own[one], codes)
            code, weight = _with_locals(entity, code, weight, int(first_local))
            tables.append(code.astype(np.uint16)[choice_table(weight, SLOTS)])
    return tables, np.array(rows)


def cities_alike(serves: Bool, all_differ: bool = False) -> tuple[Bool, Int, Int]:
    """Group cities in which the same of some merchants can be paid.

    Parameters
    ----------
    serves
        (merchants, cities).
    all_differ
        Keep every city apart, for other reasons.

    Returns
    -------
    Of each group, which merchants can be paid there, (groups, merchants), and one of its cities;
    the group of each city.
    """
    cities = np.arange(serves.shape[1])
    if all_differ or not len(serves):
        group = cities if all_differ else np.zeros_like(cities)
        first = cities if all_differ else cities[:1]
        return serves.T[first], first, group
    alike, first, group = np.unique(serves.T, axis=0, return_index=True, return_inverse=True)
    return alike, first, group.ravel()


def _weighed(every: Int, there: Bool, exponent: float) -> tuple[Int, Float]:
    """Weigh the national merchants that can be paid by their popularity in the country."""
    code, weight = every[there], zipf_weights(len(every), exponent)[there]
    return code, weight / weight.sum() if len(code) else weight


def _with_providers(
    code: Int, weight: Float, shares: dict[str, float], codes: dict[str, int]
) -> tuple[Int, Float]:
    own = np.array([codes[name] for name in shares], np.int64)
    others = ~np.isin(code, own)
    part = PROVIDED_SHARE * np.array(list(shares.values()))
    rest = weight[others] / max(weight[others].sum(), 1e-9) * (1 - part.sum())
    return np.append(own, code[others]), np.append(part, rest)


def _with_locals(
    entity: EntityType, code: Int, weight: Float, first_local: int
) -> tuple[Int, Float]:
    share = entity.local if len(code) else float(bool(entity.local_kinds))
    if not share:
        # Nobody: people are paid by number, and other entity types are only owed.
        return (code, weight) if len(code) else (np.zeros(1, np.int64), np.ones(1))
    local = zipf_weights(LOCALS_PER_CITY, LOCAL_ZIPF)
    return (
        np.append(code, np.arange(first_local, first_local + LOCALS_PER_CITY)),
        np.append(weight * (1 - share), share * local / local.sum()),
    )


def _local_names(facts: Reference) -> list[str]:
    """Name each city's merchants, city by city, so that no two in the country share a name."""
    kinds = [entity.local_kinds for entity in facts.entity_types if entity.local_kinds]
    words = facts.local_first_words
    return [
        _local_name(words, suffixes, kind, city * LOCALS_PER_CITY + merchant)
        for city in range(len(facts.cities))
        for kind, suffixes in enumerate(kinds)
        for merchant in range(LOCALS_PER_CITY)
    ]


def _local_name(words: tuple[str, ...], suffixes: tuple[str, ...], kind: int, number: int) -> str:
    # A word comes back once a lap, and every lap pairs it with the next suffix: a pair is
    # unique for as many laps as there are suffixes. The strides keep neighbours unlike.
    lap, position = divmod(number, len(words))
    word = words[(position * WORD_STRIDE + kind * KIND_STRIDE) % len(words)]
    return f"{word} {suffixes[(position + lap) % len(suffixes)]}"


def _slot(entity: EntityType) -> Lanes:
    known = zipf_weights(entity.favourites, entity.zipf)
    # Who is met and paid by number for the first time is a story of its own: see `new_payees`.
    explore = 0 if entity.typed else entity.explore
    weights = np.append((1 - explore) * known / known.sum(), explore)
    return choice_table(weights, SLOTS).astype(np.uint16)
