"""How the files about occasions and prices have to agree, with themselves and the others.

As in `facts_rules`, values of a wrong type are left out of what is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from accidental_transfers.model.facts.occasion_files import FIRST_YEAR, TAX_DAY
from accidental_transfers.model.facts.owed import obligations_of
from accidental_transfers.model.facts.rules import (
    CITIES,
    ENTITY_TYPES,
    HOLIDAYS,
    OBLIGATIONS,
    PRICES,
    Document,
    Location,
    Problem,
    entries,
    shown,
    unknown,
)

Found = Iterator[Problem]
WAYS = ({"month", "day"}, {"month", "weekday"}, {"after", "weekday"}, {"easter"})
"""The fields that a rule may have together; nth goes with month and weekday."""
LAST_KNOWN_YEAR = 2024
"""The year of all amounts: consumer prices are known from the first one to this one at least."""


def problems_of_holidays(document: Document) -> Found:
    """Check ``holidays.json`` by itself."""
    names = [entry.get("name") for _, entry in _occasions(document)]
    for position, (at, entry) in enumerate(_occasions(document)):
        name = entry.get("name")
        if name in names[:position]:
            text = f"got {shown(name)}, which stands there already; allowed is each occasion once"
            yield Problem(HOLIDAYS, (*at, "name"), text)
        for place, rule in _rules(at, entry):
            yield from _rule(place, rule)
            yield from unknown(HOLIDAYS, (*place, "after"), rule.get("after"), names, HOLIDAYS)
            yield from _chain(place, rule, document)
        yield from _spans(at, entry)
        yield from _years(at, entry)


def problems_of_prices(document: Document) -> Found:
    """Check ``prices.json`` by itself."""
    given = document.get("cpi_u")
    if given is None:
        return
    years = sorted(int(year) for year in given if year.isdecimal())
    for year in given:
        if not year.isdecimal():
            text = f"got {shown(year)}; allowed is a year"
            yield Problem(PRICES, ("cpi_u", year), text)
    wanted = range(FIRST_YEAR, max([LAST_KNOWN_YEAR, *years]) + 1)
    for missing in sorted(set(wanted) - set(years)):
        text = f"got nothing; allowed is every year from {FIRST_YEAR} to {wanted[-1]}"
        yield Problem(PRICES, ("cpi_u", str(missing)), text)


def problems_with_times(documents: Mapping[str, Document]) -> Found:
    """Check how ``holidays.json`` and ``prices.json`` agree with the other files."""
    types = documents[ENTITY_TYPES].get("transaction_types", {})
    names = [*types, *(each.get("name") for _, each in entries(documents[ENTITY_TYPES]))]
    only_owed = {
        each.get("name") for _, each in entries(documents[ENTITY_TYPES]) if each.get("share") == 0
    }
    for at, entry in _occasions(documents[HOLIDAYS]):
        for field in ("up", "rests"):
            for name in entry.get(field, {}):
                yield from unknown(HOLIDAYS, (*at, field, name), name, names, ENTITY_TYPES)
                if name in only_owed:
                    text = (
                        f"got {shown(entry[field][name])}; allowed is nothing, because {name} has "
                        f"a share of 0 in {ENTITY_TYPES}: what is owed does not follow occasions"
                    )
                    yield Problem(HOLIDAYS, (*at, field, name), text)
    yield from _tax_day_is_known(documents)
    taxes = documents[PRICES].get("digital_tax")
    for row in documents[CITIES].get("cities", ()):
        state = row and row.get("state")
        if taxes is not None and isinstance(state, str) and state not in taxes:
            text = f"got nothing; allowed is a rate for each state of {CITIES}"
            yield Problem(PRICES, ("digital_tax", state), text)
            taxes = {**taxes, state: 0.0}


def _tax_day_is_known(documents: Mapping[str, Document]) -> Found:
    names = [entry.get("name") for _, entry in _occasions(documents[HOLIDAYS])]
    for at, entry in obligations_of(documents[OBLIGATIONS]):
        if "tax day" in entry.get("due", {}) and TAX_DAY not in names:
            text = f"got tax day; allowed is a day, because {HOLIDAYS} has no {TAX_DAY}"
            yield Problem(OBLIGATIONS, (*at, "due", "tax day"), text)


def _occasions(document: Document) -> Iterator[tuple[Location, Document]]:
    for position, entry in enumerate(document.get("holidays", ())):
        if entry is not None:
            yield ("holidays", position), entry


def _rules(at: Location, entry: Document) -> Iterator[tuple[Location, Document]]:
    if "rule" in entry:
        yield (*at, "rule"), entry["rule"]
    for position, former in enumerate(entry.get("before", ())):
        if former and "rule" in former:
            yield (*at, "before", position, "rule"), former["rule"]


def _rule(place: Location, rule: Document) -> Found:
    given = {name for name, value in rule.items() if value is not None}
    if given - {"nth"} not in WAYS or ("nth" in given and not {"month", "weekday"} <= given):
        yield Problem(
            HOLIDAYS,
            place,
            f"got {shown(dict(rule))}; allowed are month and day, month and weekday with nth, "
            "after and weekday, or easter",
        )
    elif {"month", "day"} <= given and not _exists(rule["month"], rule["day"]):
        text = f"got {rule['day']} in month {rule['month']}; allowed is a day of every year"
        yield Problem(HOLIDAYS, (*place, "day"), text)
    if rule.get("nth") in (0, 5):
        text = f"got {rule['nth']}; allowed are 1 to 4, and -1 for the last"
        yield Problem(HOLIDAYS, (*place, "nth"), text)


def _exists(month: Any, day: Any) -> bool:
    try:
        date(2023, month, day)
    except ValueError:
        # Out of the range that the model of the file tells of, or of the month.
        return not (1 <= month <= 12 and 1 <= day <= 31)
    return True


def _chain(place: Location, rule: Document, document: Document) -> Found:
    """Check that an occasion after which another one is has a date of its own."""
    after = rule.get("after")
    for _, other in _occasions(document):
        if after and other.get("name") == after and other.get("rule", {}).get("after"):
            text = f"got {shown(after)}; allowed is an occasion that is after no other"
            yield Problem(HOLIDAYS, (*place, "after"), text)


def _spans(at: Location, entry: Document) -> Found:
    spans: dict[Location, Any] = {("days",): entry.get("days")}
    spans |= {("days_from", year): span for year, span in entry.get("days_from", {}).items()}
    for place, span in spans.items():
        if span and len(span) == 2 and None not in span and span[0] > span[1]:
            text = f"got {shown(span)}; allowed is a last day that is not before the first"
            yield Problem(HOLIDAYS, (*at, *place), text)


def _years(at: Location, entry: Document) -> Found:
    since, until = entry.get("since"), entry.get("until")
    if since is not None and until is not None and since > until:
        text = f"got {since}; allowed is {until} at most, the last year"
        yield Problem(HOLIDAYS, (*at, "since"), text)
    for year, day in entry.get("exceptions", {}).items():
        if isinstance(day, str) and not day.startswith(f"{year}-"):
            text = f"got {shown(day)}; allowed is a day of {year}"
            yield Problem(HOLIDAYS, (*at, "exceptions", year), text)
    untils = [former["until"] for former in entry.get("before", ()) if former and "until" in former]
    if untils != sorted(set(untils)):
        text = f"got rules until {shown(untils)}; allowed are years in order"
        yield Problem(HOLIDAYS, (*at, "before"), text)
