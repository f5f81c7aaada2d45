"""The command ``facts check``: a person edits a copy, and is told what is wrong in it."""

from pathlib import Path

import pytest

from accidental_transfers.local.cli import main
from accidental_transfers.model.facts.reference import reference
from tests.facts_folder import ENTITY_TYPES, MERCHANTS, edit_json, entity_type


def test_the_packages_own_facts_are_as_they_should_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "check"]) == 0
    printed = capsys.readouterr()
    facts = reference()
    assert f"{len(facts.entity_types)} entity types" in printed.out
    assert f"{len(facts.cities)} cities" in printed.out
    assert not printed.err


def test_an_entity_type_that_is_added_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def add_type(content: dict[str, dict[str, dict[str, list[object]]]]) -> None:
        payee = {**entity_type(content, "Transit"), "name": "Ferry"}
        content["transaction_types"]["Credit Card"]["entity_types"].append(payee)

    edit_json(tmp_path, ENTITY_TYPES, add_type)
    edit_json(tmp_path, MERCHANTS, lambda content: content["national"].update(Ferry=["Sea Line"]))
    assert main(["facts", "check", str(tmp_path)]) == 0
    assert f"{len(reference().entity_types) + 1} entity types" in capsys.readouterr().out


def test_every_problem_has_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def slip(content: object) -> None:
        entity_type(content, "Rent").update(share=3, hours="rnet")

    edit_json(tmp_path, ENTITY_TYPES, slip)
    assert main(["facts", "check", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    share, hours = printed.err.splitlines()
    assert share.startswith("entity_types.json: Bank Transfer / Rent: share: got 3;")
    assert hours.startswith('entity_types.json: Bank Transfer / Rent: hours: got "rnet";')
    assert not printed.out


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", "check", str(tmp_path / "fcats")]) == 2
    assert f"{tmp_path / 'fcats'}: got none of the files; allowed are" in capsys.readouterr().err
