"""The facts about what follows accidents: each slip is named where it is; every figure's source."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accidental_transfers.model import aftermath_tables
from accidental_transfers.model.accidents import KIND_NAMES, kind_code
from accidental_transfers.model.facts.reference import read_reference, reference
from accidental_transfers.model.noticing import NEVER, noticed_and_sent_again
from tests.facts_folder import Edit, document, edit_json, problems
from tests.model.facts.fact_edits import AFTERMATH, drop, put, within
from tests.samples import FOLLOW_UP


def kind(name: str, edit: Edit, *keys: str | int) -> Edit:
    """Change a kind of accident, or what is within it."""
    return lambda content: edit(inside(content["kinds"][name], *keys))


def inside(target: Any, *keys: str | int) -> Any:
    for key in keys:
        target = target[key]
    return target


def deadline(name: str, **values: Any) -> Edit:
    return lambda content: content["deadlines"][name].update(values)


RIGHT_PAYEE_PAID = {"share": 1, "minutes": 1, "sigma": 1, "source": "own"}

# What is changed, the place that is named, what was given, and a part of what is allowed.
SLIPS: dict[str, tuple[Edit, str, str, str]] = {
    "reason": (
        kind("duplicate", put(reason="DUPP")),
        "kinds / duplicate: reason", '"DUPP"', "DUPL, AM09"),
    "source": (
        kind("duplicate", put(source="ows"), "noticed"),
        "kinds / duplicate / noticed: source", '"ows"', "what sources has"),
    "one of two sources": (
        kind("duplicate", put(source="VISA, VSIA"), "ways", 0, "reported"),
        "kinds / duplicate / ways / number 1 / reported: source", '"VSIA"', "what sources has"),
    "no source": (
        kind("split", drop("source"), "noticed"),
        "kinds / split / noticed: source", "nothing", "required"),
    "share": (
        kind("mistyped", put(share=1.2), "noticed"),
        "kinds / mistyped / noticed: share", "1.2", "less than or equal to 1"),
    "delay": (
        kind("mistyped", put(hours=0), "noticed"),
        "kinds / mistyped / noticed: hours", "0", "greater than 0"),
    "key": (
        kind("mistyped", put(day=3), "noticed"),
        "kinds / mistyped / noticed: day", "3", "share, hours, sigma"),
    "what is at stake": (
        kind("mistyped", put(at_stake="everything")),
        "kinds / mistyped: at_stake", '"everything"', "'nothing', 'extra', 'excess' or 'all'"),
    "outcome": (
        kind("mistyped", put(outcome="lost"), "ways", 0, "answers", 0),
        "kinds / mistyped / ways / number 1 / answers / number 1: outcome", '"lost"', "'returned'"),
    "shares of answers": (
        kind("mistyped", put(share=0.6), "ways", 0, "answers", 0),
        "kinds / mistyped / ways / number 1: answers", "shares that add up to 1.1", "1, within"),
    "a transaction type twice": (
        kind("duplicate", put(types=["Credit Card", "Bank Transfer"]), "ways", 0),
        "kinds / duplicate / ways: types", "[", "each once of Credit Card"),
    "deadline": (
        kind("duplicate", put(deadline="Visa"), "ways", 0, "reported"),
        "kinds / duplicate / ways / number 1 / reported: deadline", '"Visa"', "what deadlines has"),
    "a deadline of another step": (
        kind("duplicate", put(deadline="Nacha reversal"), "ways", 0),
        "kinds / duplicate / ways / number 1: deadline", '"Nacha reversal", which is from the pay',
        "from the report"),
    "a report before the payment": (
        deadline("Visa dispute", **{"from": "payday"}),
        "deadlines / Visa dispute: from", '"payday"', "'payment', 'statement' or 'report'"),
    "no days": (
        deadline("Nacha return", days=0),
        "deadlines / Nacha return: days", "0", "greater than or equal to 1"),
    "a part of a whole refund": (
        kind("duplicate", put(least=0.5), "ways", 0, "answers", 0),
        "kinds / duplicate / ways / number 1 / answers / number 1: least", "0.5",
        "recovered_in_part alone"),
    "no part": (
        kind("mistyped", drop("most"), "ways", 0, "answers", 1),
        "kinds / mistyped / ways / number 1 / answers / number 2: least", "0.3 and null",
        "two parts"),
    "something stands that is lost": (
        kind("split", put(at_stake="all")),
        "kinds / split / ways / number 1 / answers / number 1: outcome", '"stands"', "nothing is"),
    "honest and refunded": (
        kind("honest_large", put(outcome="refunded"), "ways", 0, "answers", 0),
        "kinds / honest_large / ways / number 1 / answers / number 1: outcome", '"refunded"',
        "refused for what is honest"),
    "honest and sent again": (
        kind("honest_large", put(sent_again=RIGHT_PAYEE_PAID)),
        "kinds / honest_large: sent_again", "a value", "nobody else was meant"),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "place", "value", "allowed"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_by_entry_field_and_value(
    edit: Edit, place: str, value: str, allowed: str, tmp_path: Path
) -> None:
    (only,) = problems(edit_json(tmp_path, AFTERMATH, edit))
    assert only.startswith(f"{AFTERMATH}: {place}: got {value}")
    assert allowed in only


def figures(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Objects with figures, and the way to each."""
    if isinstance(value, dict):
        if any(isinstance(each, int | float) and each is not True for each in value.values()):
            yield path, value
        for key, each in value.items():
            yield from figures(each, (*path, key))
    elif isinstance(value, list):
        for each in value:
            yield from figures(each, path)


def test_every_figure_has_its_source_and_every_source_is_used() -> None:
    content = document(AFTERMATH)
    found = list(figures(content))
    assert len(found) > 60
    named = {name for _, entry in found for name in entry["source"].split(", ")}
    named |= {reason["source"] for reason in content["reasons"].values()}
    assert named == set(content["sources"])


def test_what_follows_is_said_of_every_kind_there_is() -> None:
    known = reference().aftermath.kinds
    assert set(KIND_NAMES) == {*known, FOLLOW_UP}
    honest = {name for name, entry in known.items() if entry.honest}
    assert {"honest_repeat", "honest_large", "honest_neighbour"} <= honest
    assert honest.isdisjoint({"duplicate", "split", "card_test", "high_amount", "mistyped"})


def test_a_kind_of_which_nothing_is_said_is_not_noticed_and_not_sent_again() -> None:
    """An accident is one new file, and facts may follow."""
    keys = np.arange(1_000, dtype=np.uint64)
    for kind, happens in ((FOLLOW_UP, False), ("mistyped", True)):
        for after in noticed_and_sent_again(np.full(len(keys), kind_code(kind)), keys):
            assert (after != NEVER).any() == happens


def test_nothing_comes_of_a_kind_of_which_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of what is sent again; each other kind has its facts, as the test above holds."""
    folder = edit_json(tmp_path, AFTERMATH, lambda content: content["kinds"].pop("mistyped"))
    facts = read_reference(folder)
    monkeypatch.setattr(aftermath_tables, "reference", lambda: facts)
    known = aftermath_tables.rules.__wrapped__().is_known
    unknown = {name for name, is_known in zip(KIND_NAMES, known, strict=True) if not is_known}
    assert unknown == {"mistyped", FOLLOW_UP}


def test_the_deadlines_are_those_of_the_rules() -> None:
    content = within(document(AFTERMATH), "deadlines")
    days = {name: (entry["days"], entry["counted"], entry["from"])
            for name, entry in content.items() if entry["source"] != "own"}  # fmt: skip
    assert days == {
        "Visa dispute": (120, "calendar", "payment"),
        "Regulation E report": (60, "calendar", "statement"),
        "Regulation E answer": (45, "calendar", "report"),
        "Regulation Z answer": (90, "calendar", "report"),
        "Credit Payment Recovery": (20, "banking", "report"),
        "Nacha return": (2, "banking", "payment"),
        "Nacha reversal": (5, "banking", "payment"),
    }
