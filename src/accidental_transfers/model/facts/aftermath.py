"""How the file about what follows an accident has to agree with itself and with the model.

As in `facts_rules`, values of a wrong type are left out of what is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accidental_transfers.model.facts.rules import (
    AFTERMATH,
    TRANSACTION_TYPES,
    Document,
    Location,
    Problem,
    objects,
    shares_problem,
    shown,
    unknown,
)

Found = Iterator[Problem]
FROM = {
    "by_itself": ("payment",),
    "reported": ("payment", "statement"),
    "answers": ("report",),
}
"""What the deadlines of each step may be counted from."""
SINCE = ("payment", "statement", "report")


def problems_of_aftermath(document: Document) -> Found:
    """Check ``aftermath.json`` by itself."""
    yield from _sources((), document, document.get("sources", {}))
    for name, entry in objects(document, "kinds"):
        at = ("kinds", name)
        reasons = document.get("reasons", {})
        yield from unknown(AFTERMATH, (*at, "reason"), entry.get("reason"), reasons, "reasons")
        yield from _types(at, entry)
        for place, way in _ways(at, entry):
            yield from _deadlines(place, way, document)
            yield from _answers(place, way, entry)
        if entry.get("honest") is True:
            yield from _honest(at, entry)


def _ways(at: Location, entry: Document) -> Iterator[tuple[Location, Document]]:
    for position, way in enumerate(entry.get("ways") or ()):
        if isinstance(way, dict):
            yield (*at, "ways", position), way


def _sources(at: Location, value: Any, known: Document) -> Found:
    """Check that every source has been given a short name."""
    if isinstance(value, list):
        for position, element in enumerate(value):
            yield from _sources((*at, position), element, known)
    elif isinstance(value, dict):
        given = value.get("source")
        for name in given.split(", ") if isinstance(given, str) else ():
            yield from unknown(AFTERMATH, (*at, "source"), name, known, "sources")
        for key, element in value.items():
            yield from _sources((*at, key), element, known)


def _types(at: Location, entry: Document) -> Found:
    """Check that there is one way for each transaction type."""
    given = [type_ for _, way in _ways(at, entry) for type_ in way.get("types") or ()]
    if entry.get("ways") and sorted(map(str, given)) != sorted(TRANSACTION_TYPES):
        text = f"got {shown(given)}; allowed is each once of {', '.join(TRANSACTION_TYPES)}"
        yield Problem(AFTERMATH, (*at, "ways", "types"), text)


def _deadlines(at: Location, way: Document, document: Document) -> Found:
    known = document.get("deadlines", {})
    for step, allowed in FROM.items():
        place = (*at, "deadline") if step == "answers" else (*at, step, "deadline")
        holder = way if step == "answers" else way.get(step) or {}
        name = holder.get("deadline")
        yield from unknown(AFTERMATH, place, name, known, "deadlines")
        since = known.get(name, {}).get("from") if isinstance(name, str) else None
        if since in SINCE and since not in allowed:
            text = f"got {shown(name)}, which is from the {since}"
            yield Problem(AFTERMATH, place, f"{text}; allowed is from the {' or '.join(allowed)}")


def _answers(at: Location, way: Document, entry: Document) -> Found:
    answers = [each for each in way.get("answers") or () if isinstance(each, dict)]
    shares = {str(position): each.get("share") or 0 for position, each in enumerate(answers)}
    yield from shares_problem(AFTERMATH, (*at, "answers"), shares)
    for position, answer in enumerate(answers):
        place, outcome = (*at, "answers", position), answer.get("outcome")
        stands = entry.get("at_stake") == "nothing"
        if outcome is not None and (outcome == "stands") != stands:
            text = "allowed is stands where nothing is at stake, and nowhere else"
            yield Problem(AFTERMATH, (*place, "outcome"), f"got {shown(outcome)}; {text}")
        yield from _part(place, answer)


def _part(place: Location, answer: Document) -> Found:
    least, most = answer.get("least"), answer.get("most")
    if answer.get("outcome") == "recovered_in_part":
        if least is None or most is None or not 0 < least < most < 1:
            text = f"got {shown(least)} and {shown(most)} in most; allowed are two parts, 0 to 1"
            yield Problem(AFTERMATH, (*place, "least"), f"{text}, the lesser one first")
    elif least is not None or most is not None:
        text = f"got {shown(least if least is not None else most)}"
        yield Problem(AFTERMATH, (*place, "least"), f"{text}; allowed with recovered_in_part alone")


def _honest(at: Location, entry: Document) -> Found:
    """Check that the bank sides with honest payments."""
    if entry.get("sent_again") is not None:
        text = "got a value; allowed is none for what is honest: nobody else was meant"
        yield Problem(AFTERMATH, (*at, "sent_again"), text)
    for place, way in _ways(at, entry):
        if way.get("by_itself") is not None:
            text = "got a value; allowed is none for what is honest: nothing comes back"
            yield Problem(AFTERMATH, (*place, "by_itself"), text)
        for position, answer in enumerate(way.get("answers") or ()):
            outcome = answer.get("outcome") if isinstance(answer, dict) else None
            if outcome not in (None, "refused"):
                text = f"got {shown(outcome)}; allowed is refused for what is honest"
                yield Problem(AFTERMATH, (*place, "answers", position, "outcome"), text)
