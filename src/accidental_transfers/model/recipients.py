"""Who is paid: merchants known nationally, merchants of one city, and people by number.

A recipient is a code. National merchants come first, then every city's own, city by city, then
people, who are numbers and therefore have no place in a fixed vocabulary: a person's code is
`Recipients.first_person` plus a position in an array of numbers that travels with the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Int, Lanes
from accidental_transfers.model.facts import EntityType, Reference, reference
from accidental_transfers.model.facts_files import LOCALS_PER_CITY, WORD_STRIDE
from accidental_transfers.model.tables import (
    COARSE_SLOTS,
    LookupTable,
    choice_table,
    zipf_weights,
)

NATIONAL_ZIPF = 1.15
LOCAL_ZIPF = 0.7
"""Exponents of popularity; the 100 most popular merchants of card data show 0.83 to 0.99."""
KIND_STRIDE = 37
PERSON = np.iinfo(np.uint16).max
"""In a popularity table: somebody new, by number."""
NUMBER_DIGITS = 10
NUMBERS = 10**NUMBER_DIGITS
"""People and accounts are known by ten digits."""


@dataclass(frozen=True)
class Recipients:
    """The fixed vocabulary of recipients and the tables that choose from it.

    Attributes
    ----------
    names
        Text of every merchant, by code, national ones first.
    first_local, first_person
        Lowest code of a city's own merchant, and of a person.
    locals_per_city
        Distance between the codes of two neighbouring cities' merchants.
    popularity
        A row for each entity type: merchants by their popularity, a local one as in the first
        city, or `PERSON`.
    slot
        A row for each entity type: which of a customer's favourites is paid, as a position in
        the customer's whole row of favourites; `slots` where it is none of them.
    slot_entity_type
        (slots,): the entity type that a favourite belongs to.
    person_slots
        The slots whose favourites are people.
    """

    names: tuple[str, ...]
    first_local: int
    first_person: int
    locals_per_city: int
    popularity: LookupTable[np.uint16]
    slot: LookupTable[np.uint16]
    slot_entity_type: Int
    person_slots: Int

    @property
    def slots(self) -> int:
        """Favourites that a customer has over all entity types."""
        return len(self.slot_entity_type)

    def draw(self, entity: Codes, city: Codes, lane: Lanes) -> Int:
        """Draw recipients by popularity in a city; `PERSON` where it is somebody new."""
        code = self.popularity.draw(entity, lane).astype(np.int64)
        local = (code >= self.first_local) & (code != PERSON)
        return code + local * (city.astype(np.int64) * self.locals_per_city)


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


def _popularity(entity: EntityType, first_national: int, first_local: int) -> Lanes:
    if entity.typed:
        return np.full(COARSE_SLOTS, PERSON, np.uint16)
    national = zipf_weights(len(entity.national_names), NATIONAL_ZIPF)
    weights = (1 - entity.local) * national / national.sum()
    codes = np.arange(first_national, first_national + len(national))
    if entity.local:
        local = zipf_weights(LOCALS_PER_CITY, LOCAL_ZIPF)
        weights = np.append(weights, entity.local * local / local.sum())
        codes = np.append(codes, np.arange(first_local, first_local + LOCALS_PER_CITY))
    return codes.astype(np.uint16)[choice_table(weights, COARSE_SLOTS)]


def _slot(entity: EntityType, first_slot: int, none: int) -> Lanes:
    known = zipf_weights(entity.favourites, entity.zipf)
    weights = np.append((1 - entity.explore) * known / known.sum(), entity.explore)
    slots = np.append(np.arange(first_slot, first_slot + entity.favourites), none)
    return slots.astype(np.uint16)[choice_table(weights, COARSE_SLOTS)]


@cache
def recipients() -> Recipients:
    """Build the vocabulary and its tables from the reference data, once."""
    facts = reference()
    entities = facts.entity_types
    nationals = [name for entity in entities for name in entity.national_names]
    locals_ = _local_names(facts)
    first_national = np.cumsum([0] + [len(entity.national_names) for entity in entities])
    local_counts = [LOCALS_PER_CITY if entity.local_kinds else 0 for entity in entities]
    first_local = len(nationals) + np.cumsum([0, *local_counts])
    first_slot = np.cumsum([0] + [entity.favourites for entity in entities])
    popularity = [
        _popularity(entity, first_national[code], first_local[code])
        for code, entity in enumerate(entities)
    ]
    slot = [_slot(entity, first_slot[code], first_slot[-1]) for code, entity in enumerate(entities)]
    slot_entity_type = np.repeat(
        np.arange(len(entities)), [entity.favourites for entity in entities]
    )
    typed = np.array([entity.typed for entity in entities])
    return Recipients(
        names=(*nationals, *locals_),
        first_local=len(nationals),
        first_person=len(nationals) + len(locals_),
        locals_per_city=sum(local_counts),
        popularity=LookupTable(popularity),
        slot=LookupTable(slot),
        slot_entity_type=slot_entity_type,
        person_slots=np.flatnonzero(typed[slot_entity_type]),
    )


@cache
def typed_in() -> Bool:
    """Tell of each entity type whether the recipient's number is typed in."""
    return np.array([entity.typed for entity in reference().entity_types])
