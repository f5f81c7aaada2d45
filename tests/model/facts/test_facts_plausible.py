"""Facts about what is plausible: ranges of amounts, hours, who sells and who buys."""

from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.model.facts.files import EntityTypeEntry
from accidental_transfers.model.facts.reference import read_reference, reference
from tests.facts_folder import (
    ENTITY_TYPES,
    MERCHANTS,
    Edit,
    document,
    edit_json,
    entity_type,
    problems,
)
from tests.model.facts.fact_edits import HOLIDAYS, occasion, put


def entity(name: str, **values: Any) -> tuple[str, Edit]:
    return ENTITY_TYPES, lambda content: entity_type(content, name).update(values)


def ranges(entity_type: str, **values: Any) -> tuple[str, Edit]:
    return MERCHANTS, lambda content: content["amounts"].setdefault(entity_type, {}).update(values)


def billed(*names: str) -> tuple[str, Edit]:
    return MERCHANTS, lambda content: content["billed"].extend(names)


def without_tax_day(content: Any) -> None:
    content["holidays"] = [each for each in content["holidays"] if each["name"] != "Tax Day"]


# What is changed, the place that is named, what was given, and a part of what is allowed.
SLIPS: dict[str, tuple[tuple[str, Edit], str, str, str]] = {
    "a range too narrow": (
        entity("Grocery", amounts=[10, 39]),
        "entity_types.json: Credit Card / Grocery: amounts", "[10, 39]", "4 times the lowest"),
    "a range of three": (
        entity("Grocery", amounts=[1, 20, 400]),
        "entity_types.json: Credit Card / Grocery: amounts", "[1, 20, 400]", "at most 2"),
    "a range from nothing": (
        entity("Grocery", amounts=[0, 400]),
        "entity_types.json: Credit Card / Grocery / amounts: number 1", "0", "greater than 0"),
    "a median beyond the range": (
        entity("Grocery", amounts=[40, 400]),
        "entity_types.json: Credit Card / Grocery: median", "31", "within amounts, [40, 400]"),
    "a merchant's range the other way round": (
        ranges("Grocery", Costco=[900, 4]),
        "merchants.json: amounts / Grocery: Costco", "[900, 4]", "4 times the lowest"),
    "a range of another's merchant": (
        ranges("Grocery", Starbucks=[1, 40]),
        "merchants.json: amounts / Grocery: Starbucks", '"Starbucks"', "national or local kinds"),
    "ranges of nobody": (
        ranges("Grocry", Costco=[4, 900]),
        "merchants.json: amounts: Grocry", '"Grocry"', "name of an entity type"),
    "a bill of nobody": (
        billed("Optim Rx"),
        "merchants.json: billed: number 9", '"Optim Rx"', "allowed is what national has"),
    "nobody sells": (
        billed(*reference().entity_types[reference().entity_codes["Transit"]].national_names),
        "merchants.json: billed", "every merchant of Transit", "all but one"),
    "hours of another day": (
        entity("Medical", open=[7, 25]),
        "entity_types.json: Credit Card / Medical / open: number 2", "25", "less than or equal to"),
    "hours in which nobody pays": (
        entity("Medical", open=[5, 6]),
        "entity_types.json: Credit Card / Medical: open", "[5, 6]", "something is paid"),
    "others without a household": (
        entity("Electronics", others="Gaming"),
        "entity_types.json: Online Purchase / Electronics: others", '"Gaming"', "both of them"),
    "a household without others": (
        entity("Electronics", only_for=["children"]),
        "entity_types.json: Online Purchase / Electronics: others", "null", "both of them"),
    "households that are unknown": (
        entity("Education", only_for=["kids"]),
        "entity_types.json: Bank Transfer / Education / only_for: number 1", '"kids"', "'owner'"),
    "others pay another way": (
        entity("Education", others="Gaming"),
        "entity_types.json: Bank Transfer / Education: others", '"Gaming"', "of Bank Transfer"),
    "an occasion of what is owed": (
        occasion("Halloween", put(Taxes=3.5), "up"),
        "holidays.json: Halloween / up: Taxes", "3.5", "what is owed does not follow occasions"),
    "no tax day": (
        (HOLIDAYS, without_tax_day),
        "obligations.json: tax balance / due: tax day", "tax day", "has no Tax Day"),
}  # fmt: skip


@pytest.mark.parametrize(("slip", "place", "value", "allowed"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_by_file_entry_field_and_value(
    slip: tuple[str, Edit], place: str, value: str, allowed: str, tmp_path: Path
) -> None:
    (only,) = problems(edit_json(tmp_path, *slip))
    assert only.startswith(f"{place}: got {value}")
    assert allowed in only


@pytest.mark.parametrize(
    ("begin", "end", "open_at", "closed_at"),
    [(8, 20, [8, 13, 19], [0, 7, 20, 23]), (9, 1, [9, 23, 0], [1, 5, 8]), (0, 24, [0, 23], [])],
)
def test_hours_go_on_over_midnight(
    begin: int, end: int, open_at: list[int], closed_at: list[int]
) -> None:
    given = {**entity_type(document(ENTITY_TYPES), "Grocery"), "open": [begin, end]}
    entry = EntityTypeEntry.model_validate(given)
    assert all(entry.is_open(hour) for hour in open_at)
    assert not any(entry.is_open(hour) for hour in closed_at)


def test_a_kind_without_hours_and_ranges_needs_none(tmp_path: Path) -> None:
    def plain(content: Any) -> None:
        for name in ("amounts", "open", "second"):
            entity_type(content, "Medical").pop(name)

    facts = read_reference(edit_json(tmp_path, ENTITY_TYPES, plain))
    medical = facts.entity_types[facts.entity_codes["Medical"]]
    assert list(medical.amounts) == [0, float("inf")]
    assert sum(medical.hours) == pytest.approx(1)


def test_only_those_who_are_owed_to_are_billed() -> None:
    """Somebody owes each of them something; otherwise its name would never come up."""
    owed_to = {name for entry in reference().owed.obligations for name in entry.payee.names}
    assert set(document(MERCHANTS)["billed"]) <= owed_to
