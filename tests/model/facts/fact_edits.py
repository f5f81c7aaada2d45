"""Slips in the files of facts: what changes an entry of each."""

from typing import Any

from tests.facts_folder import Edit

OBLIGATIONS, PLACES = "obligations.json", "places.json"
HOLIDAYS, PRICES = "holidays.json", "prices.json"
AFTERMATH = "aftermath.json"
FIVE = (OBLIGATIONS, PLACES, HOLIDAYS, PRICES, AFTERMATH)


def put(**values: Any) -> Edit:
    return lambda target: target.update(values)


def drop(key: str) -> Edit:
    return lambda target: target.pop(key)


def named(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = (each for each in entries if each["name"] == name)
    return found


def owed(name: str, edit: Edit, *keys: str) -> tuple[str, Edit]:
    """Change an obligation, or an object within it."""
    return OBLIGATIONS, lambda content: edit(within(named(content["obligations"], name), *keys))


def within(target: Any, *keys: str) -> Any:
    for key in keys:
        target = target[key]
    return target


def service(name: str, edit: Edit) -> tuple[str, Edit]:
    return OBLIGATIONS, lambda content: edit(content["services"][name])


def household(**values: Any) -> tuple[str, Edit]:
    return OBLIGATIONS, lambda content: content["household"].update(values)


def place(edit: Edit, *keys: str) -> tuple[str, Edit]:
    return PLACES, lambda content: edit(within(content, *keys))


def occasion(name: str, edit: Edit, *keys: str) -> tuple[str, Edit]:
    return HOLIDAYS, lambda content: edit(within(named(content["holidays"], name), *keys))


def price(edit: Edit, *keys: str) -> tuple[str, Edit]:
    return PRICES, lambda content: edit(within(content, *keys))


def swap_history(entry: dict[str, Any]) -> None:
    entry["history"][0], entry["history"][1] = entry["history"][1], entry["history"][0]


def first_again(content: Any) -> None:
    content["holidays"].append(content["holidays"][0])
