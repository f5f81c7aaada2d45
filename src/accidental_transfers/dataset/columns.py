"""The dataset's columns, each with all that is known of it, in the order of the CSV.

To add one: write how its text and its values are made of a block, and add an entry to
`COLUMNS`. The header, the CSV, the frame, the card's table and its SQL, the reader, the search
for leaks and the checks follow from it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache, lru_cache, partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import Block, NamedRows
from accidental_transfers.dataset.column import (
    BOOLEAN,
    CATEGORY,
    DECIMAL,
    TEXT,
    TIMESTAMP,
    Coded,
    Column,
)
from accidental_transfers.dataset.csv_text import (
    Field,
    Piece,
    Vocabulary,
    dollars,
    four_digits,
    times_of_day,
    vocabulary,
)
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import ACCIDENTS, LABELS
from accidental_transfers.model.arrays import Bool, Codes
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.recipients import recipients

Form = Literal["basic", "extended"]
"""ISO 8601's words for 20240131 and 2024-01-31."""


def transaction_id_text(block: Block, rows: Codes | None = None) -> list[Piece]:
    """Write ids of transactions, of all rows or of some: customer, day, position on that day."""
    customer, day, position = _places(block, rows)
    return [
        Field((block.ids,), customer),
        b"-",
        Field((_days(block, "basic"),), day),
        b"-",
        four_digits(position),
    ]


def recipient_text(block: Block, codes: Codes) -> list[Piece]:
    """Write recipients: merchants by name, people by number."""
    return [Field((_merchant_texts(), block.people), codes)]


def _customer_ids(block: NamedRows) -> list[str]:
    return [name.decode("ascii") for name in block.ids.texts.tolist()]


def transaction_ids(block: NamedRows, rows: Codes | None = None) -> npt.NDArray[np.bytes_]:
    """Spell ids of transactions, of all rows or of some: see `transaction_id_text`."""
    customer, day, position = _places(block, rows)
    customers = np.strings.add(block.ids.texts, b"-").take(customer)
    days = np.strings.add(_days(block, "basic").texts, b"-").take(day)
    positions = four_digits(position).texts.take(position)
    if block.ids.overhang:
        return np.strings.add(np.strings.add(customers, days), positions)
    # Ids of one length: nothing has to move up, which is several times as fast.
    pieces = {"customer": customers, "day": days, "position": positions}
    ids = np.empty(len(day), [(name, piece.dtype) for name, piece in pieces.items()])
    for name, piece in pieces.items():
        ids[name] = piece
    return ids.view(f"S{ids.itemsize}")


def _places(block: NamedRows, rows: Codes | None) -> tuple[Codes, Codes, Codes]:
    """Give customers, days and positions on them, of all rows or of some."""
    if rows is None:
        return block.customer, block.day, block.position
    return block.customer[rows], block.day[rows], block.position[rows]


def _days(block: NamedRows, form: Form) -> Vocabulary:
    """Write all days up to the last with a transaction, and some more."""
    return dates(block.first_day, block.day_bits, form)


@lru_cache(maxsize=8)
def dates(first: date, bits: int, form: Form) -> Vocabulary:
    """Write consecutive days, a power of two of them, so that blocks share what is made."""
    days = np.datetime64(first, "D") + np.arange(1 << bits)
    extended = np.datetime_as_string(days).astype("S10")
    texts = extended if form == "extended" else np.strings.replace(extended, b"-", b"")
    return Vocabulary(texts, lasts=True)


def _timestamp_text(block: Block) -> list[Piece]:
    time = times_of_day((block.second - block.day * SECONDS_PER_DAY).astype(np.int32))
    return [Field((_days(block, "extended"),), block.day), b" ", time]


def _timestamps(block: NamedRows) -> npt.NDArray[np.datetime64]:
    return np.datetime64(block.first_day, "s") + block.second


@cache
def _type_texts() -> Vocabulary:
    """Give the text of each entity type's transaction type."""
    names = reference().type_names
    return vocabulary((names[code] for code in reference().type_of_entity), lasts=True)


def _city_names() -> list[str]:
    return [city.name for city in reference().cities]


@cache
def _city_texts() -> Vocabulary:
    return vocabulary(_city_names(), lasts=True)


def _entity_names() -> list[str]:
    return [entity.name for entity in reference().entity_types]


@cache
def _entity_texts() -> Vocabulary:
    return vocabulary(_entity_names(), lasts=True)


@cache
def _merchant_texts() -> Vocabulary:
    return vocabulary(recipients().names, lasts=True)


def _recipient_names(block: NamedRows) -> list[str]:
    return [*recipients().names, *block.people_names]


@cache
def _flag_texts(label: int) -> Vocabulary:
    """Give the text that each label has in the column of one."""
    return vocabulary((str(each == label) for each in range(len(LABELS) + 1)), lasts=True)


def _flag_text(label: int, block: Block) -> list[Piece]:
    return [Field((_flag_texts(label),), block.label)]


def _flags(label: int, block: NamedRows) -> Bool:
    return np.equal(block.label, label)


def _label_column(label: int, accident: Accident) -> Column:
    meaning = accident.meaning
    if accident.is_optional:
        meaning += f"; only where {accident.probability.field} is above 0"
    return Column(
        accident.column,
        BOOLEAN,
        meaning,
        partial(_flag_text, label),
        partial(_flags, label),
        is_truth=True,
        is_optional=accident.is_optional,
    )


_EVERY_LABEL = tuple(_label_column(label, each) for label, each in enumerate(ACCIDENTS, 1))
_LABEL_COLUMNS = tuple(column for column in _EVERY_LABEL if not column.is_optional)
_OPTIONAL_COLUMNS = tuple(column for column in _EVERY_LABEL if column.is_optional)

COLUMNS: tuple[Column, ...] = (
    Column(
        "customer_id",
        TEXT,
        "customer_001 and so on; a customer stays the same when customers are added",
        lambda block: [Field((block.ids,), block.customer)],
        lambda block: Coded(_customer_ids(block), block.customer),
        is_needed=True,
        is_searched_apart=True,
        allowed="customer_ and three digits or more, from 1",
    ),
    Column(
        "transaction_id",
        TEXT,
        "the customer, the day, and the position in that customer's day, by time",
        transaction_id_text,
        transaction_ids,
        is_searched_apart=True,
        allowed="each one once",
    ),
    Column(
        "timestamp",
        TIMESTAMP,
        "local wall clock where the customer is, whole seconds",
        _timestamp_text,
        _timestamps,
        is_needed=True,
        is_searched_apart=True,
        allowed="within the dataset's days",
    ),
    Column(
        "transaction_type",
        CATEGORY,
        "how it was paid: Credit Card, Online Purchase, Venmo/PayPal or Bank Transfer",
        lambda block: [Field((_type_texts(),), block.entity)],
        lambda block: Coded(reference().type_names, reference().type_of_entity[block.entity]),
        is_needed=True,
        is_searched_apart=True,
    ),
    Column(
        "amount",
        DECIMAL,
        "dollars, two decimals",
        lambda block: dollars(block.cents),
        lambda block: block.cents / 100,
        is_needed=True,
        is_searched_apart=True,
        allowed="0.01 and more",
    ),
    *_LABEL_COLUMNS,
    Column(
        "city",
        CATEGORY,
        "where the customer is at that moment",
        lambda block: [Field((_city_texts(),), block.city)],
        lambda block: Coded(_city_names(), block.city),
        is_searched_apart=True,
    ),
    Column(
        "entity_type",
        CATEGORY,
        "such as Grocery, Person-to-Person or Rent; each transaction type has its own",
        lambda block: [Field((_entity_texts(),), block.entity)],
        lambda block: Coded(_entity_names(), block.entity),
        is_searched_apart=True,
    ),
    Column(
        "recipient_entity",
        TEXT,
        "whom it went to: SuperMart, Amazon, user_1234567890; the wrong number, if it was mistyped",
        lambda block: recipient_text(block, block.recipient),
        lambda block: Coded(_recipient_names(block), block.recipient),
        categories="recipients",
        is_searched_apart=True,
        allowed="a name, or user_ and ten digits",
    ),
    Column(
        "original_recipient_entity",
        TEXT,
        "whom the customer meant to pay, in every row: ground truth, no feature",
        lambda block: recipient_text(block, block.original),
        lambda block: Coded(_recipient_names(block), block.original),
        is_truth=True,
        categories="recipients",
        allowed="as recipient_entity",
    ),
    *_OPTIONAL_COLUMNS,
)
"""In the order of the CSV; which of them a dataset has, `columns_of` says."""

COLUMN_OF = {column.name: column for column in COLUMNS}
TRANSACTION_COLUMNS = tuple(COLUMN_OF)
LABEL_COLUMNS = tuple(column.name for column in _EVERY_LABEL)
LABEL_OF_COLUMN = dict(zip(LABEL_COLUMNS, LABELS, strict=True))


def columns_of(accidents: Collection[Accident]) -> tuple[Column, ...]:
    """Give the columns of a dataset that some accidents are part of.

    Parameters
    ----------
    accidents
        As of `DatasetSpec.accidents`, `Block.accidents` or `Files.accidents`.
    """
    return _columns_of(tuple(accidents))


@lru_cache(maxsize=8)
def _columns_of(accidents: tuple[Accident, ...]) -> tuple[Column, ...]:
    labels = {accident.column for accident in accidents}
    return tuple(column for column in COLUMNS if not column.is_optional or column.name in labels)
