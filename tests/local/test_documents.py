"""What `make docs` writes: up to date, complete, and as the code has it."""

import re
from importlib import import_module

import numpy as np
import pytest

from accidental_transfers import generate
from accidental_transfers.local.documents import DOCUMENTS, ROOT, written_anew
from accidental_transfers.local.documents.schemas import schemas
from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.aftermath_tables import OUTCOME_MEANINGS, OUTCOMES

CONSTANT = re.compile(r"^\| `([\w.]+)\.([A-Z_]+)` \| ([^|]+) \|", re.MULTILINE)
CONSTANTS = CONSTANT.findall((ROOT / "docs" / "model.md").read_text("utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_made_from_the_code_is_up_to_date(name: str) -> None:
    assert written_anew(name) == (ROOT / name).read_text("utf-8"), "make docs"


DICTIONARY = (ROOT / "docs" / "dictionary.md").read_text("utf-8")


def rows(section: str) -> dict[str, list[str]]:
    """The rows of a section's first table, by what their first cell names."""
    table = DICTIONARY.partition(f"<!-- {section} -->\n")[2].partition("<!--")[0]
    cells = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return {first.strip("`"): others for first, *others in cells}


def test_the_dictionary_has_every_column_of_every_file() -> None:
    table = generate(customers=1, wrong_payee_accident_probability=(0.1, 0.1))
    told = {"transactions": list(table.to_frame())}
    told |= {name: list(getattr(table, name)()) for name in ("accidents", "customers", "outcomes")}
    for section, columns in told.items():
        assert list(rows(section)) == columns
        for column, cells in rows(section).items():
            assert all(cells[:3]), column


def test_the_dictionary_has_every_field_of_the_manifest_with_what_it_means() -> None:
    for model in schemas()["manifest.schema.json"]["$defs"].values():
        for name, each in model.get("properties", {}).items():
            assert "description" in each or "$ref" in each, name
    fields = rows("manifest")
    assert {"run", "counts.accident", "files.*.parts[].crc32", "card.version_id"} <= set(fields)
    assert all(all(cells) for cells in fields.values())
    assert all(all(cells) for cells in rows("receipts").values())


def test_every_outcome_has_a_meaning_and_every_kind_a_row() -> None:
    assert sorted(OUTCOME_MEANINGS) == sorted(OUTCOMES)
    assert list(rows("kinds")) == list(KIND_NAMES)


def test_the_page_about_the_model_has_constants() -> None:
    assert len(CONSTANTS) > 50


@pytest.mark.parametrize(
    ("module", "name", "told"), CONSTANTS, ids=[f"{module}.{name}" for module, name, _ in CONSTANTS]
)
def test_a_constant_of_that_page_is_the_code_s(module: str, name: str, told: str) -> None:
    value = getattr(import_module(f"accidental_transfers.model.{module}"), name)
    numbers = [float(each) for each in re.sub(r"(\d),(\d{3})", r"\1\2", told).split(", ")]
    assert numbers == np.atleast_1d(value).tolist()
