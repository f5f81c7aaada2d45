"""What `make docs` writes: up to date, complete, and as the code has it."""

import re
from importlib import import_module

import numpy as np
import pytest

from accidental_transfers.local.documents import DOCUMENTS, ROOT, written_anew

CONSTANT = re.compile(r"^\| `([\w.]+)\.([A-Z_]+)` \| ([^|]+) \|", re.MULTILINE)
CONSTANTS = CONSTANT.findall((ROOT / "docs" / "model.md").read_text("utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_made_from_the_code_is_up_to_date(name: str) -> None:
    assert written_anew(name) == (ROOT / name).read_text("utf-8"), "make docs"


def test_the_page_about_the_model_has_constants() -> None:
    assert len(CONSTANTS) > 50


@pytest.mark.parametrize(
    ("module", "name", "told"), CONSTANTS, ids=[f"{module}.{name}" for module, name, _ in CONSTANTS]
)
def test_a_constant_of_that_page_is_the_code_s(module: str, name: str, told: str) -> None:
    value = getattr(import_module(f"accidental_transfers.model.{module}"), name)
    numbers = [float(each) for each in re.sub(r"(\d),(\d{3})", r"\1\2", told).split(", ")]
    assert numbers == np.atleast_1d(value).tolist()
