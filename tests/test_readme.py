"""The README tells the truth about the input."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from accidental_transfers import DatasetSpec

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| `([^|]+)` \| [^|]+ \|$", README, re.MULTILINE))


def test_the_table_of_the_input_has_every_field_and_no_other() -> None:
    assert list(ROWS) == list(DatasetSpec.model_fields)


@pytest.mark.parametrize("field", DatasetSpec.model_fields)
def test_the_defaults_are_those_of_the_specification(field: str) -> None:
    assert json.loads(ROWS[field]) == DatasetSpec().model_dump(mode="json")[field]
