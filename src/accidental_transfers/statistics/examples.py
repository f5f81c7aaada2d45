"""Real examples of accidents and look-alikes, with the rows around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accidental_transfers.dataset.block import POSITION_DIGITS, Block, customer_id
from accidental_transfers.dataset.columns import PERSON_PREFIX, TRANSACTION_COLUMNS
from accidental_transfers.model.accidents import KIND_NAMES, LABELS
from accidental_transfers.model.facts import reference
from accidental_transfers.model.recipients import NUMBER_DIGITS, recipients
from accidental_transfers.statistics.statistics import CONTEXT, EXAMPLES, Example

EXAMPLE_COLUMNS = (*TRANSACTION_COLUMNS, "is_example")
LABEL_TEXTS = [
    [str(label == each) for each in range(1, len(LABELS) + 1)] for label in range(len(LABELS) + 1)
]


def add_examples(examples: dict[str, list[Example]], block: Block) -> None:
    """Add the first examples of each kind that lacks any, with the customer's rows around them."""
    truth = block.truth
    is_first = truth.position == 1
    for kind, name in enumerate(KIND_NAMES):
        lacking = EXAMPLES - len(examples[name])
        if lacking:
            groups = truth.row[is_first & (truth.kind == kind)][:lacking].tolist()
            examples[name] += [_example(block, group) for group in groups]


def no_examples() -> dict[str, list[Example]]:
    """Give a list for each kind."""
    return {name: [] for name in KIND_NAMES}


def _example(block: Block, group: int) -> Example:
    members = set(block.truth.row[block.truth.group == group].tolist())
    first, last = min(members), max(members)
    customer = block.customer[first]
    start = max(first - CONTEXT, int(block.starts[customer]))
    stop = min(last + CONTEXT + 1, int(block.starts[customer + 1]))
    belongs = (row in members for row in range(start, stop))
    return [
        dict(zip(EXAMPLE_COLUMNS, (*values, is_example), strict=True))
        for values, is_example in zip(_spelt_out(block, start, stop), belongs, strict=True)
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
        paid = _recipient(block, recipient)
        yield (
            customer,
            f"{customer}-{position:0{POSITION_DIGITS}d}",
            str(midnight + timedelta(0, second)),
            facts.transaction_types[entity.transaction_type].name,
            f"{cents // 100}.{cents % 100:02d}",
            *LABEL_TEXTS[label],
            facts.cities[city].name,
            entity.name,
            paid,
            paid if original == recipient else _recipient(block, original),
        )


def _recipient(block: Block, code: int) -> str:
    known = recipients()
    if code < known.first_person:
        return known.names[code]
    number = int(block.number[code - known.first_person])
    return f"{PERSON_PREFIX.decode()}{number:0{NUMBER_DIGITS}d}"
