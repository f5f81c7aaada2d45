"""README's tables and rows."""

from __future__ import annotations

import io
import json
import re

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.columns import COLUMNS
from accidental_transfers.dataset.generate import generate
from accidental_transfers.local.documents.parts import table
from accidental_transfers.model.accidents import LABELS
from accidental_transfers.spec import DatasetSpec, JobSpec

CUSTOMERS = 10
"""The first of the default dataset, whose rows are shown."""


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    return {"rows": _rows(), "columns": _columns(), "fields": _fields()}


def _rows() -> str:
    """Show rows of the default dataset: one without a label, and an accident of each label."""
    table = generate(DatasetSpec(customers=CUSTOMERS))
    (block,) = table.blocks
    text = io.StringIO()
    table.write_csv(text)
    header, *lines = text.getvalue().splitlines()
    labels = [LABELS.index(accident.name) + 1 for accident in block.accidents]
    shown = {row for label in (0, *labels) for row in _first(block, label)}
    return "\n".join(["```", header, *(lines[row] for row in sorted(shown)), "```"])


def _first(block: Block, label: int) -> list[int]:
    """Give the rows of the first accident with a label, or the first row that has none."""
    row = int(np.argmax(block.label == label))
    group = block.truth.group[block.truth.row == row]
    found: list[int] = block.truth.row[np.isin(block.truth.group, group)].tolist()
    return found or [row]


def _columns() -> str:
    rows = ((f"`{each.name}`", each.type.name, each.meaning) for each in COLUMNS)
    return table(("column", "type", "value"), rows)


def _fields() -> str:
    resolved = JobSpec().model_dump(mode="json")
    rows = (
        (f"`{name}`", f"`{json.dumps(resolved[name])}`", _marked_up(str(field.description)))
        for name, field in JobSpec.model_fields.items()
    )
    return table(("field", "default", "allowed"), rows)


_NAMED = ("start_date", "end_date", "scheduled_time", "output_key", "lookalikes")
"""Fields that the descriptions of others name."""


def _marked_up(text: str) -> str:
    """Show values that stand in quotes, and the fields that a text names, as code."""
    text = re.sub(r"'([\w-]+)'", r'`"\1"`', text)
    return re.sub(rf"\{{\w+\}}|\b({'|'.join(_NAMED)})\b", r"`\g<0>`", text)
