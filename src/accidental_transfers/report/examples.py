"""Real examples of accidents and look-alikes, with the rows around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accidental_transfers.block import POSITION_DIGITS, Block, customer_id
from accidental_transfers.csv_files import PERSON_PREFIX, TRANSACTION_COLUMNS
from accidental_transfers.model.labels import Kind, Label
from accidental_transfers.model.recipients import NUMBER_DIGITS, recipients
from accidental_transfers.model.reference import reference
from accidental_transfers.report.statistics import CONTEXT, KINDS, Example

LABEL_TEXTS = [[str(label == each) for each in list(Label)[1:]] for label in Label]


def first_examples(block: Block, kind: Kind, most: int) -> list[Example]:
    """Give the first examples of one kind, each with two rows of the customer on both sides."""
    truth = block.truth
    first = truth.row[(truth.kind == kind) & (truth.position == 1)][:most]
    return [_example(block, set(truth.row[truth.group == group].tolist())) for group in first]


def no_examples() -> dict[str, list[Example]]:
    """Give a list for each kind."""
    return {name: [] for name in KINDS}


def _example(block: Block, members: set[int]) -> Example:
    first, last = min(members), max(members)
    customer = block.customer[first]
    start = max(first - CONTEXT, int(block.starts[customer]))
    stop = min(last + CONTEXT + 1, int(block.starts[customer + 1]))
    values = _spelt_out(block, start, stop)
    return [
        {**dict(zip(TRANSACTION_COLUMNS, each, strict=True)), "is_example": row in members}
        for row, each in enumerate(values, start)
    ]


def _spelt_out(block: Block, start: int, stop: int) -> Iterator[tuple[str, ...]]:
    """Write a few rows of one customer as the CSV does: they are not worth its tables."""
    facts = reference()
    customer = customer_id(block.customers.number[block.customer[start]])
    midnight = datetime.fromordinal(block.first_day.toordinal())
    columns = (
        block.position, block.second, block.entity, block.cents, block.label, block.city,
        block.recipient, block.original,
    )  # fmt: skip
    rows = zip(*(column[start:stop].tolist() for column in columns), strict=True)
    for position, second, code, cents, label, city, recipient, original in rows:
        entity = facts.entity_types[code]
        yield (
            customer,
            f"{customer}-{position:0{POSITION_DIGITS}d}",
            str(midnight + timedelta(seconds=second)),
            facts.transaction_types[entity.transaction_type].name,
            f"{cents // 100}.{cents % 100:02d}",
            *LABEL_TEXTS[label],
            facts.cities[city].name,
            entity.name,
            _recipient(block, recipient),
            _recipient(block, original),
        )


def _recipient(block: Block, code: int) -> str:
    known = recipients()
    if code < known.first_person:
        return known.names[code]
    number = int(block.number[code - known.first_person])
    return f"{PERSON_PREFIX.decode()}{number:0{NUMBER_DIGITS}d}"
