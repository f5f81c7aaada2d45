"""The README tells the truth about the input."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from accidental_transfers import generate
from accidental_transfers.local.documents.readme import CUSTOMERS
from accidental_transfers.spec import JobSpec
from tests.samples import LABELS

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| `([^|]+)` \| [^|]+ \|$", README, re.MULTILINE))


def test_the_table_of_the_input_has_every_field_and_no_other() -> None:
    assert list(ROWS) == list(JobSpec.model_fields)


@pytest.mark.parametrize("field", JobSpec.model_fields)
def test_the_defaults_are_those_of_the_specification(field: str) -> None:
    assert json.loads(ROWS[field]) == JobSpec().model_dump(mode="json")[field]


def test_the_rows_that_it_shows_are_rows_of_the_default_dataset() -> None:
    header, *shown = re.findall(r"^customer_(?:\d{3}|id),.*$", README, re.MULTILINE)
    text = io.StringIO()
    generate(JobSpec(customers=CUSTOMERS)).write_csv(text)
    written = text.getvalue().splitlines()
    assert header == written[0]
    assert set(shown) <= set(written)
    rows = list(csv.DictReader([header, *shown]))
    labels = [[row[column] for column in LABELS] for row in rows]
    assert ["False"] * len(LABELS) in labels
    assert all("True" in label for label in zip(*labels, strict=True))
