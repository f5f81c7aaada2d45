"""How the values of ``obligations.json`` have to agree with each other.

As in `facts_rules`, values of a wrong type are left out of what is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from accidental_transfers.model.facts.files import ROUNDING
from accidental_transfers.model.facts.obligation_files import DUE_WORDS
from accidental_transfers.model.facts.rules import (
    OBLIGATIONS,
    Document,
    Location,
    Problem,
    objects,
    shares_problem,
    shown,
    unknown,
)

Found = Iterator[Problem]
BASE_DAY = "2024-01-01"
DAYS = (*DUE_WORDS, *map(str, range(1, 32)))
TENURES = ("owner", "renter")
HOUSEHOLD = {
    "owner": (), "mortgaged_of_owners": (), "car": TENURES, "two_cars_of_car": TENURES,
    "children": TENURES, "young_children_of_children": (), "pets": TENURES, "student": TENURES,
    "student_debt": ("student", *TENURES), "self_employed": (),
}  # fmt: skip
"""What is known of households: a share, or one for each of these."""


def problems_of_obligations(document: Document) -> Found:
    """Check ``obligations.json`` by itself."""
    for rule in (_names, _amounts, _cadences, _seasons, _plans, _household):
        yield from rule(document)


def obligations_of(document: Document) -> Iterator[tuple[Location, Document]]:
    """Go through the obligations of ``obligations.json``."""
    for position, entry in enumerate(document.get("obligations", ())):
        if entry is not None:
            yield ("obligations", position), entry


def _names(document: Document) -> Found:
    seen = set()
    for at, entry in obligations_of(document):
        name = entry.get("name")
        if name in seen:
            yield Problem(
                OBLIGATIONS,
                (*at, "name"),
                f"got {shown(name)}, which stands there already; allowed is each obligation once",
            )
        seen.add(name)


def _amounts(document: Document) -> Found:
    for at, entry in obligations_of(document):
        amount = entry.get("amount", {})
        if ("median" in amount) == ("prices" in amount):
            both = "both" if "median" in amount else "neither"
            yield Problem(
                OBLIGATIONS,
                (*at, "amount"),
                f"got {both} of median and prices; allowed is one of them",
            )
        for field, table in (("season", "seasons"), ("level", "levels")):
            if amount.get(field) is not None and table in document:
                place = (*at, "amount", field)
                yield from unknown(OBLIGATIONS, place, amount[field], document[table], table)
        for condition, probability in entry.get("has", {}).items():
            if probability > 1 and "times" not in entry:
                yield Problem(
                    OBLIGATIONS,
                    (*at, "has", condition),
                    f"got {probability}; allowed is 1 at most, but where times multiplies it",
                )


def _cadences(document: Document) -> Found:
    for at, entry in obligations_of(document):
        for field in ("cadence", "due"):
            if field in entry:
                yield from shares_problem(OBLIGATIONS, (*at, field), entry[field])
        for day in entry.get("due", {}):
            if day not in DAYS:
                yield Problem(
                    OBLIGATIONS,
                    (*at, "due", day),
                    f"got {shown(day)}; allowed are 1 to 31, {', '.join(DUE_WORDS)}",
                )
        skipping = {"bimonthly", "quarterly", "semiannual"} & set(entry.get("cadence", ()))
        if entry.get("months") and skipping:
            yield Problem(
                OBLIGATIONS,
                (*at, "months"),
                f"got {shown(entry['months'])} with {', '.join(sorted(skipping))}; allowed with "
                "months are other cadences: some months would never come",
            )


def _seasons(document: Document) -> Found:
    curves = document.get("seasons", {})
    for name, curve in curves.items():
        if len(curve) == 12 and None not in curve and abs(sum(curve) / len(curve) - 1) > ROUNDING:
            yield Problem(
                OBLIGATIONS,
                ("seasons", name),
                f"their mean is {sum(curve) / len(curve):.4g}; allowed is 1, within {ROUNDING}",
            )
    for name in document.get("season_states", {}):
        yield from unknown(OBLIGATIONS, ("season_states", name), name, curves, "seasons")


def _plans(document: Document) -> Found:
    for name, service in objects(document, "services"):
        plans = [plan for plan in service.get("plans", ()) if plan]
        place = ("services", name)
        weights = {str(number): plan.get("weight", 0) for number, plan in enumerate(plans)}
        if plans:
            yield from shares_problem(OBLIGATIONS, (*place, "plans"), weights)
        history = [each for each in service.get("history", ()) if _is_change(each)]
        yield from _history(place, plans, history)


def _is_change(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[1], list)


def _history(place: Location, plans: list[Document], history: list[Any]) -> Found:
    days = [str(day) for day, _ in history]
    for earlier, later in pairwise(days):
        if later <= earlier:
            text = f"got {later} behind {earlier}; allowed are days in order"
            yield Problem(OBLIGATIONS, (*place, "history"), text)
    for day, prices in history:
        if len(prices) != len(plans):
            text = f"got {len(prices)} prices on {day}; allowed are {len(plans)}, one for each plan"
            yield Problem(OBLIGATIONS, (*place, "history"), text)
            return
    for position, plan in enumerate(plans):
        known = [(day, prices[position]) for day, (_, prices) in zip(days, history, strict=True)]
        begun = [price for day, price in known if price is not None and day <= BASE_DAY]
        if begun and begun[-1] != plan.get("price"):
            yield Problem(
                OBLIGATIONS,
                (*place, "plans", position, "price"),
                f"got {plan.get('price')}; allowed is {begun[-1]}, the price of {BASE_DAY} in the "
                "history",
            )
        for (_, before), (day, after) in pairwise(known):
            if before is not None and after is None:
                text = f"got null on {day} behind a price; allowed is null before the first one"
                yield Problem(OBLIGATIONS, (*place, "history"), text)


def _household(document: Document) -> Found:
    given = document.get("household", {})
    for name, parts in HOUSEHOLD.items():
        value = given.get(name)
        values = [value] if not parts else [_part(value, part) for part in parts]
        values += value.values() if isinstance(value, dict) else []
        if not all(_is_share(each) for each in values):
            of = f", one for each of {', '.join(parts)}" if parts else ""
            text = f"got {shown(value)}; allowed are shares of 0 to 1{of}"
            yield Problem(OBLIGATIONS, ("household", name), text)
    for name in given:
        yield from unknown(OBLIGATIONS, ("household", name), name, HOUSEHOLD, "what is known")


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
