"""Copies of the files of facts, for tests to make slips in."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from accidental_transfers.errors import FactsError
from accidental_transfers.model.facts.reference import read_reference

ENTITY_TYPES = "entity_types.json"
MERCHANTS = "merchants.json"
PAYMENT_FACTS = "payment_facts.json"
CITIES = "us_cities.csv"
DATA = Path(str(files("accidental_transfers.model") / "data"))

Edit = Callable[[Any], object]


def document(name: str) -> Any:
    """What a JSON file of the package holds."""
    return json.loads((DATA / name).read_text("utf-8"))


def entity_type(document: Any, name: str) -> dict[str, Any]:
    """An entity type's own entry in a document of ``entity_types.json``."""
    types = document["transaction_types"].values()
    (found,) = (each for type_ in types for each in type_["entity_types"] if each["name"] == name)
    assert isinstance(found, dict)
    return found


def edit_json(folder: Path, name: str, edit: Edit) -> Path:
    """Put a JSON file into a folder, with a change, or change the one that is there."""
    target = folder / name
    content = json.loads(target.read_text("utf-8")) if target.exists() else document(name)
    edit(content)
    target.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


def edit_text(folder: Path, name: str, old: str, new: str) -> Path:
    """Put a file into a folder, with the first occurrence of a text replaced."""
    target = folder / name
    text = (target if target.exists() else DATA / name).read_text("utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def edit_city(folder: Path, **values: str) -> Path:
    """Put the cities into a folder, with the first one changed."""
    columns, first, *others = (DATA / CITIES).read_text("utf-8").splitlines()
    row = dict(zip(columns.split(","), first.split(","), strict=True)) | values
    lines = [columns, ",".join(row.values()), *others]
    (folder / CITIES).write_text("\n".join(lines), "utf-8")
    return folder


def told(folder: Path) -> str:
    """What is said to be wrong with the files of a folder, or nothing."""
    try:
        read_reference(folder)
    except FactsError as error:
        return str(error)
    return ""


def problems(folder: Path) -> list[str]:
    """The problems of a folder's files, of which there are some."""
    found = told(folder).splitlines()
    assert found
    return found
