"""How the values of one file of facts have to agree, with each other and with the model.

The rules see the documents without the values that are of a wrong type, so that one slip hides
no other. Each gives the problems that it finds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from accidental_transfers.model.facts.files import ROUNDING, WORD_STRIDE

ENTITY_TYPES = "entity_types.json"
MERCHANTS = "merchants.json"
PAYMENT_FACTS = "payment_facts.json"
CITIES = "us_cities.csv"
PLACES = "places.json"
OBLIGATIONS = "obligations.json"
HOLIDAYS = "holidays.json"
PRICES = "prices.json"
AFTERMATH = "aftermath.json"

TRANSACTION_TYPES = ("Credit Card", "Online Purchase", "Venmo/PayPal", "Bank Transfer")
"""What the dataset's readers know. Customers' random numbers and habits are laid out for them."""
MOST_CODES = 256
"""Cities and entity types have codes of 8 bits."""
LARGEST_DOLLARS = 3_000_000
"""Times the highest spending level, 6.2, such an amount still has cents in 32 bits."""
HIGHEST_QUANTILE = 4.33
"""Standard deviations from the mean: the last of 65,536 equal shares."""
FLOAT_ERROR = 1e-9
LONGEST_SHOWN = 60
MOST_LISTED = 20

Location = tuple[str | int, ...]
Document = Mapping[str, Any]


class Problem(NamedTuple):
    """What is wrong, and the way to it from the file's root; the text has the value given."""

    file: str
    location: Location
    text: str


def shown(value: Any) -> str:
    """Write a value as its file does; a long one only begins."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def objects(document: Document, *keys: str) -> Iterator[tuple[str, Document]]:
    """Go through the objects within an object, or within one that it has by the keys."""
    for key in keys:
        document = document.get(key, {})
    for name, value in document.items():
        if isinstance(value, dict):
            yield name, value


def unknown(
    file: str, location: Location, given: Any, known: Collection[Any], where: str
) -> Iterator[Problem]:
    """Check that a text is one of those that another place names."""
    if isinstance(given, str) and given not in known:
        names = f": {', '.join(map(str, known))}" if len(known) <= MOST_LISTED else ""
        text = f"got {shown(given)}; allowed is what {where} has{names}"
        yield Problem(file, location, text)


def shares_problem(file: str, location: Location, shares: Mapping[str, float]) -> Iterator[Problem]:
    """Check that shares add up to 1."""
    total = sum(shares.values())
    if abs(total - 1) > ROUNDING:
        text = f"got shares that add up to {total:.4g}; allowed is 1, within {ROUNDING}"
        yield Problem(file, location, text)


def problems_within(file: str, document: Document) -> Iterator[Problem]:
    """Check how the values of one file agree."""
    for rule in _RULES.get(file, ()):
        yield from rule(document)


Found = Iterator[Problem]


def entries(document: Document) -> Iterator[tuple[Location, Document]]:
    """Go through the entity types of ``entity_types.json``."""
    for type_, settings in document.get("transaction_types", {}).items():
        for position, entry in enumerate(settings.get("entity_types", ())):
            if entry is not None:
                yield ("transaction_types", type_, "entity_types", position), entry


def _lists(lists: Mapping[str, list[str]], *parents: str) -> Iterator[tuple[Location, str]]:
    for key, names in lists.items():
        for position, name in enumerate(names):
            if name is not None:
                yield (*parents, key, position), name


def _repeats(file: str, names: Iterable[tuple[Location, str]], why: str) -> Found:
    seen = set()
    for location, name in names:
        if name.casefold() in seen:
            yield Problem(file, location, f"got {shown(name)}, which stands there already; {why}")
        seen.add(name.casefold())


def _transaction_types(document: Document) -> Found:
    types = document.get("transaction_types")
    if types is None:
        return
    if tuple(types) != TRANSACTION_TYPES:
        allowed = ", ".join(TRANSACTION_TYPES)
        yield Problem(
            ENTITY_TYPES,
            ("transaction_types",),
            f"got {', '.join(types)}; allowed are {allowed}, in this order",
        )
    total = sum(settings.get("share", math.nan) for settings in types.values())
    if abs(total - 1) > ROUNDING:
        yield Problem(
            ENTITY_TYPES,
            ("transaction_types", "share"),
            f"got shares that add up to {total:.4g}; allowed is 1, within {ROUNDING}",
        )


def _entity_names(document: Document) -> Found:
    names = [(at, entry["name"]) for at, entry in entries(document) if "name" in entry]
    yield from _repeats(
        ENTITY_TYPES,
        (((*at, "name"), name) for at, name in names),
        "allowed is each entity type once, in one transaction type",
    )
    if len(names) > MOST_CODES:
        yield Problem(
            ENTITY_TYPES,
            ("transaction_types", "entity_types"),
            f"got {len(names)}; allowed are {MOST_CODES} at most: their codes have 8 bits",
        )


def _endings(document: Document) -> Found:
    for at, entry in entries(document):
        endings = entry.get("endings", {})
        whole, five = endings.get("whole", 0), endings.get("five", 0)
        if "whole" in endings and five > whole:
            yield Problem(
                ENTITY_TYPES,
                (*at, "endings", "five"),
                f"got {five}; allowed is no more than whole, {whole}, of which it is a part",
            )
        total = sum(endings.values()) - five
        if total > 1 + FLOAT_ERROR:
            yield Problem(
                ENTITY_TYPES,
                (*at, "endings"),
                f"got shares that add up to {total:.4g} without five, which is a part of whole; "
                "allowed is 1 at most",
            )


def _amounts(document: Document) -> Found:
    for at, entry in entries(document):
        median, sigma = entry.get("median", 0), entry.get("sigma", 0)
        shape = entry.get("shape", "lognormal")
        if median <= 0 or sigma <= 0 or shape not in ("lognormal", "normal"):
            continue
        spread = HIGHEST_QUANTILE * sigma
        is_normal = shape == "normal"
        largest = math.log(median + spread) if is_normal else math.log(median) + spread
        if largest > math.log(LARGEST_DOLLARS):
            yield Problem(
                ENTITY_TYPES,
                (*at, "sigma"),
                f"got {sigma} with a median of {median}; allowed is what makes amounts of "
                f"${LARGEST_DOLLARS:,} at most: sigma is the sd of "
                f"{'dollars' if is_normal else 'ln(amount)'}",
            )


def _ranges(document: Document) -> Found:
    for at, entry in entries(document):
        median, amounts = entry.get("median", math.nan), entry.get("amounts") or ()
        known = [amount for amount in amounts if isinstance(amount, int | float)]
        if len(known) == 2 and (median < known[0] or median > known[1]):
            yield Problem(
                ENTITY_TYPES,
                (*at, "median"),
                f"got {median}; allowed is an amount within amounts, {shown(known)}",
            )


def _merchants_of_their_own(document: Document) -> Found:
    """Check that what is said of single merchants and kinds is said of one that there is."""
    national, kinds = document.get("national", {}), document.get("local", {}).get("kinds", {})
    for entity, ranges in document.get("amounts", {}).items():
        names = {*national.get(entity, ()), *kinds.get(entity, ())}
        for name in ranges if entity in national else ():
            place = ("amounts", entity, name)
            yield from unknown(MERCHANTS, place, name, names, f"national or local kinds {entity}")
    every = {name for _, name in _lists(national)}
    for position, name in enumerate(document.get("billed", ())):
        yield from unknown(MERCHANTS, ("billed", position), name, every, "national")


def _national_names(document: Document) -> Found:
    local = document.get("local", {})
    words = set(local.get("first_words", ()))
    kinds = {kind for _, kind in _lists(local.get("kinds", {}))}
    names = list(_lists(document.get("national", {}), "national"))
    yield from _repeats(MERCHANTS, names, "allowed is a name that means one recipient")
    for location, name in names:
        word, _, kind = name.partition(" ")
        if word in words and kind in kinds:
            yield Problem(
                MERCHANTS,
                location,
                f"got {shown(name)}, which may be a local merchant's; allowed is a name that is "
                "not a first word and a kind",
            )


def _local_names(document: Document) -> Found:
    local = document.get("local", {})
    words = list(_lists({"first_words": local.get("first_words", [])}, "local"))
    kinds = list(_lists(local.get("kinds", {}), "local", "kinds"))
    yield from _repeats(MERCHANTS, words, "allowed is each first word once")
    yield from _repeats(MERCHANTS, kinds, "allowed is each kind once, for one entity type")
    said = {word.casefold() for _, kind in kinds for word in kind.split()}
    for location, word in words:
        if word.casefold() in said:
            yield Problem(
                MERCHANTS,
                location,
                f"got {shown(word)}; allowed is a word that no kind says as well",
            )
    if words and len(words) % WORD_STRIDE == 0:
        yield Problem(
            MERCHANTS,
            ("local", "first_words"),
            f"got {len(words)}; allowed is a number that is no multiple of {WORD_STRIDE}: "
            "names are dealt out in strides of as many words, and would come twice",
        )


def _cities(document: Document) -> Found:
    rows = document.get("cities", ())
    names = [
        (("cities", position, "city"), f"{row['city']}, {row['state']}")
        for position, row in enumerate(rows)
        if row.get("city") and row.get("state")
    ]
    yield from _repeats(CITIES, names, "allowed is each city once")
    if not 2 <= len(rows) <= MOST_CODES:
        yield Problem(
            CITIES,
            ("cities",),
            f"got {len(rows)}; allowed are 2 to {MOST_CODES}: people travel, and codes have 8 bits",
        )


_RULES: dict[str, tuple[Callable[[Document], Found], ...]] = {
    ENTITY_TYPES: (_transaction_types, _entity_names, _endings, _amounts, _ranges),
    MERCHANTS: (_national_names, _local_names, _merchants_of_their_own),
    PAYMENT_FACTS: (),
    CITIES: (_cities,),
}
