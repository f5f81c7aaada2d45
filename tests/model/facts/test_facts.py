"""The facts: what is refused in their files, and that file, entry, field and value are named."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.model.facts.files import (
    WORD_STRIDE,
    EntityTypeEntry,
    TransactionTypeEntry,
)
from accidental_transfers.model.facts.reference import reference
from tests.facts_folder import (
    ENTITY_TYPES,
    MERCHANTS,
    PAYMENT_FACTS,
    Edit,
    document,
    edit_json,
    entity_type,
    problems,
    told,
)


def put(**values: Any) -> Edit:
    return lambda target: target.update(values)


def drop(key: str) -> Edit:
    return lambda target: target.pop(key)


def first(name: str) -> Edit:
    return lambda names: names.insert(0, name)


def rename(old: str, new: str) -> Edit:
    return lambda target: target.update({new: target.pop(old)})


def entity(name: str, edit: Edit) -> tuple[str, Edit]:
    return ENTITY_TYPES, lambda content: edit(entity_type(content, name))


def endings(**values: float) -> tuple[str, Edit]:
    return entity("Grocery", lambda entry: entry["endings"].update(values))


def types(edit: Edit) -> tuple[str, Edit]:
    return ENTITY_TYPES, lambda content: edit(content["transaction_types"])


def national(edit: Edit) -> tuple[str, Edit]:
    return MERCHANTS, lambda content: edit(content["national"])


def named(entity_type: str, edit: Edit) -> tuple[str, Edit]:
    return national(lambda names: edit(names[entity_type]))


def words(edit: Edit) -> tuple[str, Edit]:
    return MERCHANTS, lambda content: edit(content["local"]["first_words"])


def kinds(edit: Edit) -> tuple[str, Edit]:
    return MERCHANTS, lambda content: edit(content["local"]["kinds"])


def measured(edit: Edit) -> tuple[str, Edit]:
    return PAYMENT_FACTS, lambda content: edit(content["payment_type"]["Credit Card"])


def amount(edit: Edit) -> tuple[str, Edit]:
    return measured(lambda entry: edit(entry["amount"]))


GROCERY = entity_type(document(ENTITY_TYPES), "Grocery")


def in_step(names: list[str]) -> None:
    del names[len(names) // WORD_STRIDE * WORD_STRIDE :]


# What is changed, the place that is named, what was given, and a part of what is allowed.
SLIPS: dict[str, tuple[tuple[str, Edit], str, str, str]] = {
    "misspelt hours": (
        entity("Grocery", put(hours="farmacy")),
        "entity_types.json: Credit Card / Grocery: hours", '"farmacy"', "merchant_class"),
    "unknown field": (
        entity("Rent", put(standng=0.5)),
        "entity_types.json: Bank Transfer / Rent: standng", "0.5", "allowed are name, share,"),
    "shape": (
        entity("Gas Station", put(shape="norml")),
        "entity_types.json: Credit Card / Gas Station: shape", '"norml"', "'normal'"),
    "share of 3": (
        entity("Grocery", put(share=3)),
        "entity_types.json: Credit Card / Grocery: share", "3", "less than or equal to 1"),
    "negative share": (
        entity("Grocery", put(share=-0.2)),
        "entity_types.json: Credit Card / Grocery: share", "-0.2", "greater than or equal to 0"),
    "merchant twice": (
        named("Pharmacy", first("walmart")),
        "merchants.json: national / Pharmacy: number 1", '"walmart"', "stands there already"),
    "no favourites": (
        entity("Grocery", put(favourites=0)),
        "entity_types.json: Credit Card / Grocery: favourites", "0", "greater than or equal to 1"),
    "endings above 1": (
        endings(whole=0.5, five=0, ninety_nine=0.5, ninety_five=0, half=0.25),
        "entity_types.json: Credit Card / Grocery: endings", "shares that add up to 1.25", "1 at"),
    "five above whole": (
        endings(whole=0.08, five=0.09),
        "entity_types.json: Credit Card / Grocery / endings: five", "0.09", "whole, 0.08"),
    "no merchants": (
        national(drop("Grocery")),
        "merchants.json: national: Grocery", "no merchants", "one name at least"),
    "empty list of merchants": (
        national(put(Storage=[])),
        "merchants.json: national: Storage", "[]", "at least 1"),
    "missing ending": (
        entity("Grocery", lambda entry: entry["endings"].pop("half")),
        "entity_types.json: Credit Card / Grocery / endings: half", "nothing", "required"),
    "merchant not ASCII": (
        named("Grocery", first("Café Sol")),
        "merchants.json: national / Grocery: number 1", '"Café Sol"', "ASCII letters"),
    "first word not ASCII": (
        words(first("Núñez")),
        "merchants.json: local / first_words: number 1", '"Núñez"', "ASCII letters"),
    "merchant that CSV would quote": (
        named("Grocery", first("Lock, Stock")),
        "merchants.json: national / Grocery: number 1", '"Lock, Stock"', "ASCII letters"),
    "merchant that a spreadsheet would run": (
        named("Grocery", first("+1 Shop")),
        "merchants.json: national / Grocery: number 1", '"+1 Shop"', "beginning with a letter"),
    "merchant with a stray space": (
        named("Grocery", first("Corner  Shop")),
        "merchants.json: national / Grocery: number 1", '"Corner  Shop"', "one space"),
    "merchant too long": (
        named("Grocery", first("Shop Behind the Corner")),
        "merchants.json: national / Grocery: number 1", '"Shop Behind the Corner"', "18"),
    "merchant of a local name": (
        named("Grocery", first("Abbott Market")),
        "merchants.json: national / Grocery: number 1", '"Abbott Market"', "a local merchant's"),
    "merchants of nobody": (
        national(put(Grocry=["Corner Shop"])),
        "merchants.json: national: Grocry", '"Grocry"', "name of an entity type"),
    "too many merchants": (
        national(put(Storage=[f"Shop {number}" for number in range(101)])),
        "merchants.json: national: Storage", "[", "at most 100 items"),
    "merchants of numbers": (
        national(put(Rent=["Landlord"])),
        "entity_types.json: Bank Transfer / Rent: typed", "true", "false"),
    "local share without kinds": (
        entity("Transit", put(local=0.35)),
        "entity_types.json: Credit Card / Transit: local", "0.35", "allowed is 0, because"),
    "kinds without a local share": (
        entity("Grocery", put(local=0)),
        "entity_types.json: Credit Card / Grocery: local", "0", "above 0, because Grocery has"),
    "kind of two entity types": (
        kinds(lambda each: each["Pharmacy"].insert(0, "Market")),
        "merchants.json: local / kinds / Pharmacy: number 1", '"Market"', "one entity type"),
    "first word of a kind": (
        words(first("Market")),
        "merchants.json: local / first_words: number 1", '"Market"', "no kind says"),
    "first words in step with their stride": (
        words(in_step),
        "merchants.json: local: first_words", "", "no multiple of 11"),
    "too few local names": (
        kinds(put(Pharmacy=["Rx"])),
        "merchants.json: local / kinds: Pharmacy", "", "16 for each city"),
    "entity type twice": (
        types(lambda each: each["Bank Transfer"]["entity_types"].append(GROCERY)),
        "entity_types.json: Bank Transfer / Grocery: name", '"Grocery"', "once"),
    "transaction types' shares": (
        types(lambda each: each["Credit Card"].update(share=1)),
        "entity_types.json: share", "shares that add up to 1.", "1, within 0.01"),
    "amounts beyond 32 bits": (
        entity("Grocery", put(median=40, sigma=15)),
        "entity_types.json: Credit Card / Grocery: sigma", "15 with a median of 40", "$3,000,000"),
    "hours without a curve": (
        entity("Grocery", put(hours="taxes")),
        "entity_types.json: Credit Card / Grocery: hours", '"taxes"', "that has an hour curve"),
    "a whole number in words": (
        entity("Grocery", put(favourites="four")),
        "entity_types.json: Credit Card / Grocery: favourites", '"four"', "a valid integer"),
    "23 hours": (
        measured(lambda entry: entry["hour"].pop()),
        "payment_facts.json: payment_type / Credit Card: hour", "[", "at least 24"),
    "6 weekdays": (
        measured(lambda entry: entry["day_of_week"].pop()),
        "payment_facts.json: payment_type / Credit Card: day_of_week", "[", "at least 7"),
    "32 days": (
        measured(lambda entry: entry["day_of_month"].append(1)),
        "payment_facts.json: payment_type / Credit Card: day_of_month", "[", "at most 31"),
    "negative hour": (
        measured(lambda entry: entry["hour"].__setitem__(3, -0.1)),
        "payment_facts.json: payment_type / Credit Card / hour: number 4", "-0.1", "equal to 0"),
    "hours above 1": (
        measured(lambda entry: entry["hour"].__setitem__(3, 0.5)),
        "payment_facts.json: payment_type / Credit Card: hour", "[", "allowed is 1, within 0.01"),
    "not a number": (
        amount(put(ln_mu=float("nan"))),
        "payment_facts.json: payment_type / Credit Card / amount: ln_mu", "NaN", "finite number"),
    "falling quantiles": (
        amount(lambda entry: entry["quantiles"].update(p50=1e6)),
        "payment_facts.json: payment_type / Credit Card / amount: quantiles", "{", "none below"),
    "payment type missing": (
        (PAYMENT_FACTS, lambda content: content["payment_type"].pop("Bank Transfer")),
        "entity_types.json: Bank Transfer", '"Bank Transfer"', "payment_type of payment_facts"),
    "no word about the sources": (
        (PAYMENT_FACTS, drop("_about")),
        "payment_facts.json: _about", "nothing", "required"),
}  # fmt: skip


@pytest.mark.parametrize(("slip", "place", "value", "allowed"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_by_file_entry_field_and_value(
    slip: tuple[str, Edit], place: str, value: str, allowed: str, tmp_path: Path
) -> None:
    (only,) = problems(edit_json(tmp_path, *slip))
    assert only.startswith(f"{place}: got {value}")
    assert allowed in only


def test_a_transaction_type_of_another_name_is_refused(tmp_path: Path) -> None:
    unknown, unmeasured = problems(edit_json(tmp_path, *types(rename("Bank Transfer", "Wire"))))
    assert unknown.startswith("entity_types.json: transaction_types: got Credit Card, Online Pur")
    assert "allowed are Credit Card, Online Purchase, Venmo/PayPal, Bank Transfer" in unknown
    assert unmeasured.startswith('entity_types.json: Wire: got "Wire"; allowed is a payment_type')


def key_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every key of every object in a document."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children:
        if isinstance(value, dict):
            yield (*path, key)
        if isinstance(child, dict | list):
            yield from key_paths(child, (*path, key))


ENTITIES = document(ENTITY_TYPES)
PATHS = list(key_paths(ENTITIES))
OPTIONAL = {
    name
    for model in (EntityTypeEntry, TransactionTypeEntry)
    for name, field in model.model_fields.items()
    if not field.is_required()
}


def told_of(change: Callable[[dict[str, Any], str], object], path: tuple[Any, ...]) -> str:
    """What is wrong when a change is made at a key, or nothing."""
    content = copy.deepcopy(ENTITIES)
    parent = content
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    with TemporaryDirectory() as folder:
        (Path(folder) / ENTITY_TYPES).write_text(json.dumps(content), "utf-8")
        return told(Path(folder))


@pytest.mark.slow
@given(st.sampled_from(PATHS))
def test_a_key_that_is_left_out_is_missed_or_optional(path: tuple[Any, ...]) -> None:
    said = told_of(lambda parent, key: parent.pop(key), path)
    if path[0] == "_about" and len(path) > 1:
        assert not said
    elif path[-1] not in OPTIONAL:
        assert f"{path[-1]}: got nothing" in said or "transaction_types: got" in said


@pytest.mark.slow
@given(st.sampled_from(PATHS), st.data())
def test_a_misspelt_key_is_named(path: tuple[Any, ...], data: st.DataObject) -> None:
    key = str(path[-1])
    spot = data.draw(st.integers(0, len(key) - 1))
    misspelt = key[:spot] + key[spot + 1 :]
    said = told_of(lambda parent, key: parent.__setitem__(misspelt, parent.pop(key)), path)
    if path[0] == "_about" and len(path) > 1:
        assert not said
    else:
        assert f"{misspelt}: got" in said


def test_names_that_readers_of_the_dataset_know_are_there() -> None:
    names = {entity.name: entity.national_names for entity in reference().entity_types}
    assert "SuperMart" in names["Grocery"]
    assert names["Online Retail"][0] == "Amazon"
