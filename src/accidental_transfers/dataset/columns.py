"""The columns of the three CSV files: the dataset, its accidents, its customers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

import numpy as np

from accidental_transfers.dataset.block import POSITION_DIGITS, Block, customer_id
from accidental_transfers.dataset.csv_text import (
    Codes,
    Field,
    Text,
    as_text,
    constant,
    digits,
    dollars,
    four_digits,
    joined,
    quoted,
    times_of_day,
    vocabulary,
)
from accidental_transfers.model.accidents import ACCIDENTS, KIND_NAMES, LABELS, PARAMETERS
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts import reference
from accidental_transfers.model.recipients import NUMBER_DIGITS, recipients
from accidental_transfers.model.slips import Slip

LABEL_COLUMNS = tuple(accident.column for accident in ACCIDENTS)
TRANSACTION_COLUMNS = (
    "customer_id",
    "transaction_id",
    "timestamp",
    "transaction_type",
    "amount",
    *LABEL_COLUMNS,
    "city",
    "entity_type",
    "recipient_entity",
    "original_recipient_entity",
)
ACCIDENT_COLUMNS = (
    "transaction_id",
    "kind",
    "group",
    "position",
    "intended_amount",
    "intended_recipient",
    "typing_error",
)
CUSTOMER_COLUMNS = (
    "customer_id",
    "home_city",
    "home_state",
    "daily_transactions",
    "home_city_bias",
    *(parameter.field for parameter in PARAMETERS),
)
TYPING_ERRORS = ("", *(slip.name.lower() for slip in list(Slip)[1:]))
PERSON_PREFIX = b"user_"
THOUSANDS = 10_000
"""Positions are written as four leading digits, which hardly ever change, and four more."""


def transaction_fields(block: Block) -> list[Field]:
    """Lay out the rows of the dataset."""
    entities, cities = len(reference().entity_types), len(reference().cities)
    day = block.second // SECONDS_PER_DAY
    place = (block.label.astype(np.int32) * cities + block.city) * entities + block.entity
    return [
        *_ids(block, block.customer, block.position, "{0},{0}-"),
        Field(_dates(block, int(day.max(initial=0)) + 1), day),
        times_of_day(block.second - day * SECONDS_PER_DAY),
        Field(_type_texts(), block.entity),
        *dollars(block.cents),
        Field(_label_city_entity_texts(), place),
        _recipient_pairs(block),
    ]


def accident_fields(block: Block) -> list[Field]:
    """Lay out the rows of the companion that tells the truth about accident rows."""
    truth = block.truth
    customer, position = block.customer, block.position
    return [
        *_ids(block, customer[truth.row], position[truth.row], "{0}-"),
        Field(vocabulary(KIND_NAMES, ","), truth.kind),
        *_ids(block, customer[truth.group], position[truth.group], "{0}-"),
        Field(vocabulary(map(str, range(10)), ","), truth.position),
        *dollars(truth.intended_cents),
        Field(_names(block), truth.intended_recipient),
        constant(","),
        Field(vocabulary(TYPING_ERRORS, "\n"), truth.slip),
    ]


def customer_lines(customers: Customers) -> Iterable[str]:
    """Write the lines of the companion with every customer's true parameters."""
    cities = reference().cities
    for position, number in enumerate(customers.number):
        home = cities[customers.home[position]]
        values = (
            customers.daily_rate[position],
            customers.home_bias[position],
            *(customers.own[parameter.field][position] for parameter in PARAMETERS),
        )
        numbers = ",".join(f"{value:.6g}" for value in values)
        yield f"{customer_id(number)},{quoted(home.name)},{home.state},{numbers}\n"


def person_names(numbers: Codes) -> Text:
    """Name people by their numbers: ``user_`` and ten digits."""
    prefix = np.tile(np.frombuffer(PERSON_PREFIX, np.uint8), (len(numbers), 1))
    return as_text(np.hstack([prefix, digits(numbers, NUMBER_DIGITS)]))


def _ids(block: Block, customer: Codes, position: Codes, pattern: str) -> list[Field]:
    """Write ids of transactions behind a pattern that names the customer."""
    customers = [pattern.format(customer_id(number)) for number in block.customers.number]
    most = int(position.max(initial=0)) // THOUSANDS + 1
    leading = as_text(digits(np.arange(most), POSITION_DIGITS - 4))
    high = position // THOUSANDS
    return [
        Field(joined(np.array(customers, np.bytes_), leading), customer * most + high),
        four_digits(position - high * THOUSANDS),
        constant(","),
    ]


def _dates(block: Block, days: int) -> Text:
    return vocabulary(f"{block.first_day + timedelta(day)} " for day in range(days))


@cache
def _type_texts() -> Text:
    """Give the text of each entity type's transaction type."""
    types = reference().transaction_types
    return vocabulary(
        (types[entity.transaction_type].name for entity in reference().entity_types), ","
    )


@cache
def _label_city_entity_texts() -> Text:
    codes = range(len(LABELS) + 1)
    flags = (",".join(str(label == each) for each in codes[1:]) for label in codes)
    labels = np.array([f"{text},".encode("ascii") for text in flags])
    cities = vocabulary((city.name for city in reference().cities), ",")
    entities = vocabulary((entity.name for entity in reference().entity_types), ",")
    return joined(labels, joined(cities, entities))


@cache
def _merchant_texts() -> Text:
    return vocabulary(recipients().names)


@cache
def _merchant_pairs() -> Text:
    return _pairs(_merchant_texts(), _merchant_texts())


def _pairs(recipient: Text, original: Text) -> Text:
    return np.strings.add(np.strings.add(recipient, b","), np.strings.add(original, b"\n"))


def _names(block: Block) -> Text:
    """Give the text of every recipient code of a block."""
    return np.concatenate([_merchant_texts(), person_names(block.number)])


def _recipient_pairs(block: Block) -> Field:
    """Write the recipient and the intended one, who is the same in all but mistyped rows."""
    people = person_names(block.number)
    mistyped = np.flatnonzero(block.recipient != block.original)
    first_person = recipients().first_person
    pairs = [
        _merchant_pairs(),
        _pairs(people, people),
        _pairs(
            people[block.recipient[mistyped] - first_person],
            people[block.original[mistyped] - first_person],
        ),
    ]
    codes = block.recipient.copy()
    codes[mistyped] = first_person + len(people) + np.arange(len(mistyped))
    return Field(np.concatenate(pairs), codes)
