"""The most usual month of a block, spelt out."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.csv_text import Vocabulary
from accidental_transfers.model.accidents import LABELS
from accidental_transfers.model.arrays import Bool
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.recipients import recipients
from accidental_transfers.statistics.month import (
    Bill,
    Choice,
    Month,
    Payments,
    iso,
    most_usual,
    sums_by_day,
)

USUAL = (False, 0)
"""The rank of a month that no other is better than."""
NAMES = ("", *LABELS)


def better_month(before: Month | None, block: Block) -> Month | None:
    """Give the most usual month of the blocks before and this one."""
    if before is not None and before.rank == USUAL:
        return before
    owed = np.flatnonzero(_is_owed().take(block.entity))
    payments = Payments(block.first_day, block.customer, block.day, block.starts, owed)
    choice = most_usual(payments)
    if choice is None:
        return before
    found = _spelt_out(block, choice)
    return before.or_better(found) if before else found


@cache
def _is_owed() -> Bool:
    return np.array([entity.is_only_owed for entity in reference().entity_types])


def _spelt_out(block: Block, choice: Choice) -> Month:
    person = choice.customer
    others = choice.others
    cities = _city_names()
    return Month(
        customer=_text(block.ids, person),
        home=cities[block.customers.home[person]],
        first=iso(block.first_day, choice.first),
        last=iso(block.first_day, choice.last),
        is_whole=choice.is_whole,
        owed=[_bill(block, row) for row in choice.owed.tolist()],
        others=sums_by_day(
            block.first_day,
            block.day[others],
            block.city[others].astype(np.int64),
            block.cents[others],
            cities,
        ),
    )


@cache
def _city_names() -> list[str]:
    return [city.name for city in reference().cities]


def _date(block: Block, row: int) -> str:
    return iso(block.first_day, int(block.day[row]))


def _bill(block: Block, row: int) -> Bill:
    return Bill(
        date=_date(block, row),
        entity_type=reference().entity_types[block.entity[row]].name,
        payee=_payee(block, int(block.recipient[row])),
        cents=int(block.cents[row]),
        label=NAMES[block.label[row]],
    )


def _payee(block: Block, code: int) -> str:
    vocabulary = recipients()
    if code < vocabulary.first_person:
        return vocabulary.names[code]
    return _text(block.people, code - vocabulary.first_person)


def _text(names: Vocabulary, code: int) -> str:
    text: bytes = names.texts[code]
    return text.decode("ascii")
