"""Real examples of accidents and look-alikes, with the rows around them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from accidental_transfers.block import POSITION_DIGITS, Block, customer_id
from accidental_transfers.csv_files import TRANSACTION_COLUMNS, person_names
from accidental_transfers.model.labels import Kind, Label
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.reference import reference
from accidental_transfers.report.statistics import CONTEXT, KINDS, Example


def first_examples(block: Block, kind: Kind, most: int) -> list[Example]:
    """Give the first examples of one kind, each with two rows of the customer on both sides."""
    truth = block.truth
    first = truth.row[(truth.kind == kind) & (truth.position == 1)][:most]
    return [_example(block, truth.row[truth.group == group]) for group in first]


def no_examples() -> dict[str, list[Example]]:
    """Give a list for each kind."""
    return {name: [] for name in KINDS}


def _example(block: Block, members: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Example:
    customer = block.customer[members[0]]
    start = max(int(members.min()) - CONTEXT, int(block.starts[customer]))
    stop = min(int(members.max()) + CONTEXT + 1, int(block.starts[customer + 1]))
    return [
        {**_spelt_out(block, row), "is_example": bool((members == row).any())}
        for row in range(start, stop)
    ]


def _spelt_out(block: Block, row: int) -> dict[str, str]:
    """Write one row as the CSV does; a few are not worth its tables."""
    facts = reference()
    entity = facts.entity_types[block.entity[row]]
    customer = customer_id(block.customers.number[block.customer[row]])
    time = datetime.combine(block.first_day, datetime.min.time(), UTC) + timedelta(
        seconds=int(block.second[row])
    )
    values = (
        customer,
        f"{customer}-{block.position[row]:0{POSITION_DIGITS}d}",
        f"{time:%Y-%m-%d %H:%M:%S}",
        facts.transaction_types[entity.transaction_type].name,
        f"{block.cents[row] / 100:.2f}",
        *(str(block.label[row] == label) for label in list(Label)[1:]),
        facts.cities[block.city[row]].name,
        entity.name,
        _recipient(block, int(block.recipient[row])),
        _recipient(block, int(block.original[row])),
    )
    return dict(zip(TRANSACTION_COLUMNS, values, strict=True))


def _recipient(block: Block, code: int) -> str:
    known = recipients()
    if code < known.first_person:
        return known.names[code]
    person = code - known.first_person
    return bytes(person_names(block.number[person : person + 1])[0]).decode("ascii")
