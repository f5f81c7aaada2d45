"""The table of transactions: what a user gets as a DataFrame, as CSV and with its companions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, TextIO

import numpy as np
import numpy.typing as npt

from accidental_transfers.csv_text import (
    Field,
    Text,
    constant,
    dollars,
    integers,
    quoted,
    times_of_day,
    vocabulary,
    write_rows,
)
from accidental_transfers.model.accidents import AccidentKind, Accidents, Label
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.recipients import NUMBER_DIGITS, recipients
from accidental_transfers.model.reference import reference
from accidental_transfers.model.typing_errors import POWERS, TypingError

if TYPE_CHECKING:
    import pandas as pd

LABEL_COLUMNS = (
    "is_accident_burst",
    "is_high_amount_accident",
    "is_mistyped_entity_accident",
)
COLUMNS = (
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
    "accident_probability",
    "high_amount_accident_probability",
    "mistyped_entity_accident_probability",
    "high_amount_multiplier",
)
ACCIDENT_KINDS = tuple(kind.name.lower() for kind in AccidentKind)
TYPING_ERRORS = ("", *(error.name.lower() for error in list(TypingError)[1:]))
POSITION_DIGITS = 8
PERSON_PREFIX = b"user_"

Int = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """The transactions of some consecutive customers, in order of customer and time.

    Attributes
    ----------
    first_day
        The day that seconds count from.
    customers
        Who they are.
    starts
        (customers + 1,): each customer's first row, and the end.
    second, entity, city, cents, label, recipient, original
        (rows,): seconds since ``first_day`` by the local clock; codes of `Reference`, `Label`
        and `Recipients`.
    number
        Ten-digit numbers of people, whom recipients at and above ``first_person`` mean.
    accidents
        The truth about labelled rows, in order of their rows.
    """

    first_day: date
    customers: Customers
    starts: Int
    second: Int
    entity: npt.NDArray[np.uint8]
    city: npt.NDArray[np.uint8]
    cents: npt.NDArray[np.int32]
    label: npt.NDArray[np.uint8]
    recipient: Int
    original: Int
    number: npt.NDArray[np.uint64]
    accidents: Accidents

    @property
    def rows(self) -> int:
        """Number of transactions."""
        return len(self.second)

    @property
    def customer(self) -> Int:
        """Each row's position in ``customers``: (rows,)."""
        return np.repeat(np.arange(len(self.customers)), np.diff(self.starts))

    @property
    def position(self) -> Int:
        """Each row's place in its customer's order of time, from 1: (rows,)."""
        return np.arange(1, self.rows + 1) - self.starts.take(self.customer)


class Table:
    """Labelled transactions.

    Parameters
    ----------
    blocks
        Of consecutive customers.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = tuple(blocks)

    @property
    def rows(self) -> int:
        """Number of transactions."""
        return sum(block.rows for block in self.blocks)

    def write_csv(self, stream: TextIO, header: bool = True) -> None:
        """Write the dataset as CSV text, byte for byte what pandas would write.

        Equal to ``to_frame().to_csv(stream, index=False, float_format="%.2f")``.
        """
        _write_header(stream, COLUMNS, header)
        for block in self.blocks:
            write_rows(stream, block.rows, _transaction_fields(block))

    def write_accidents_csv(self, stream: TextIO, header: bool = True) -> None:
        """Write the companion that tells the truth about every accident row."""
        _write_header(stream, ACCIDENT_COLUMNS, header)
        for block in self.blocks:
            write_rows(stream, len(block.accidents), _accident_fields(block))

    def write_customers_csv(self, stream: TextIO, header: bool = True) -> None:
        """Write the companion with every customer's true parameters."""
        _write_header(stream, CUSTOMER_COLUMNS, header)
        for block in self.blocks:
            stream.writelines(_customer_lines(block.customers))

    def counts(self) -> dict[str, dict[str, int]]:
        """Count rows by transaction type and by label.

        Returns
        -------
        ``{"transaction_type": {"Credit Card": …}, "accident": {"burst": …}}``
        """
        types = reference().transaction_types
        by_type = sum(
            (
                np.bincount(_type_of_entity().take(block.entity), minlength=len(types))
                for block in self.blocks
            ),
            np.zeros(len(types), np.int64),
        )
        by_label = sum(
            (np.bincount(block.label, minlength=len(Label)) for block in self.blocks),
            np.zeros(len(Label), np.int64),
        )
        return {
            "transaction_type": {
                type_.name: int(by_type[code]) for code, type_ in enumerate(types)
            },
            "accident": {
                label.name.lower(): int(by_label[label]) for label in Label if label != Label.NONE
            },
        }

    def to_frame(self) -> pd.DataFrame:
        """Give the dataset as a pandas DataFrame, with categories where values repeat."""
        import pandas as pd

        frames = [_frame(block) for block in self.blocks]
        if len(frames) == 1:
            return frames[0]
        columns = {
            name: pd.api.types.union_categoricals([frame[name] for frame in frames])
            if isinstance(frames[0][name].dtype, pd.CategoricalDtype)
            else pd.concat([frame[name] for frame in frames], ignore_index=True)
            for name in COLUMNS
        }
        return pd.DataFrame(columns)


def customer_id(number: int) -> str:
    """Name a customer: at least three digits, the same whatever the number of customers."""
    return f"customer_{number:03d}"


def _write_header(stream: TextIO, columns: Sequence[str], wanted: bool) -> None:
    if wanted:
        stream.write(",".join(columns) + "\n")


@cache
def _type_of_entity() -> npt.NDArray[np.intp]:
    return np.array([entity.transaction_type for entity in reference().entity_types])


@cache
def _recipient_names() -> Text:
    return vocabulary(recipients().names)


@cache
def _type_texts() -> Text:
    """Give the transaction type's text of each entity type."""
    types = reference().transaction_types
    return vocabulary((types[code].name for code in _type_of_entity()), ",")


@cache
def _city_texts() -> Text:
    return vocabulary((city.name for city in reference().cities), ",")


@cache
def _entity_texts() -> Text:
    return vocabulary((entity.name for entity in reference().entity_types), ",")


@cache
def _label_texts() -> Text:
    flags = ([str(label == each) for each in list(Label)[1:]] for label in Label)
    return np.array([(",".join(texts) + ",").encode("ascii") for texts in flags])


def _person_names(numbers: npt.NDArray[np.uint64]) -> Text:
    text = np.empty((len(numbers), len(PERSON_PREFIX) + NUMBER_DIGITS), np.uint8)
    text[:, : len(PERSON_PREFIX)] = np.frombuffer(PERSON_PREFIX, np.uint8)
    text[:, len(PERSON_PREFIX) :] = numbers.astype(np.int64)[:, None] // POWERS % 10 + ord("0")
    return text.view(f"S{text.shape[1]}").ravel()


def _names(block: Block) -> Text:
    """Give the text of every recipient code of a block."""
    return np.concatenate([_recipient_names(), _person_names(block.number)])


def _id_texts(block: Block, pattern: str) -> Text:
    ids = (pattern.replace("*", customer_id(number)) for number in block.customers.number)
    return np.array([text.encode("ascii") for text in ids])


def _transaction_fields(block: Block) -> list[Field]:
    days = np.arange(block.second.max(initial=0) // SECONDS_PER_DAY + 1)
    dates = vocabulary(f"{block.first_day + timedelta(int(day))} " for day in days)
    day = block.second // SECONDS_PER_DAY
    names = _names(block)
    return [
        Field(_id_texts(block, "*,*-"), block.customer),
        *integers(block.position, POSITION_DIGITS),
        constant(","),
        Field(dates, day),
        times_of_day(block.second - day * SECONDS_PER_DAY, ","),
        Field(_type_texts(), block.entity),
        *dollars(block.cents, ","),
        Field(_label_texts(), block.label),
        Field(_city_texts(), block.city),
        Field(_entity_texts(), block.entity),
        Field(names, block.recipient),
        constant(","),
        Field(names, block.original),
        constant("\n"),
    ]


def _accident_fields(block: Block) -> list[Field]:
    truth = block.accidents
    ids = _id_texts(block, "*-")
    customer, position = block.customer, block.position
    return [
        Field(ids, customer[truth.row]),
        *integers(position[truth.row], POSITION_DIGITS),
        constant(","),
        Field(vocabulary(ACCIDENT_KINDS, ","), truth.kind),
        Field(ids, customer[truth.group]),
        *integers(position[truth.group], POSITION_DIGITS),
        constant(","),
        Field(vocabulary(map(str, range(10)), ","), truth.position),
        *dollars(truth.intended_cents, ","),
        Field(_names(block), truth.intended_recipient),
        constant(","),
        Field(vocabulary(TYPING_ERRORS, "\n"), truth.typing_error),
    ]


def _customer_lines(customers: Customers) -> Iterable[str]:
    cities = reference().cities
    for position, number in enumerate(customers.number):
        home = cities[customers.home[position]]
        values = (
            customers.daily_rate[position],
            customers.home_bias[position],
            *customers.accident_probability[position],
            customers.multiplier[position],
        )
        numbers = ",".join(f"{value:.6f}" for value in values)
        yield f"{customer_id(number)},{quoted(home.name)},{home.state},{numbers}\n"


def _frame(block: Block) -> pd.DataFrame:
    import pandas as pd

    def categories(names: Sequence[str], codes: npt.NDArray[np.integer]) -> pd.Categorical[str]:
        used, compact = np.unique(codes, return_inverse=True)
        # Two codes may have one text: cities of the same name, a number mistyped twice alike.
        category, texts = pd.factorize(np.array([names[code] for code in used], object))
        return pd.Categorical.from_codes(category[compact], pd.Index(texts))

    ids = [customer_id(number) for number in block.customers.number]
    positions = pd.Series(block.position).astype(str).str.zfill(POSITION_DIGITS)
    types = [type_.name for type_ in reference().transaction_types]
    people = [name.decode("ascii") for name in _person_names(block.number)]
    names = [*recipients().names, *people]
    start = np.datetime64(block.first_day, "s")
    return pd.DataFrame(
        {
            "customer_id": categories(ids, block.customer),
            "transaction_id": pd.Series(np.array(ids)[block.customer]) + "-" + positions,
            "timestamp": start + block.second.astype("timedelta64[s]"),
            "transaction_type": categories(types, _type_of_entity()[block.entity]),
            "amount": block.cents / 100,
            **{
                column: block.label == label
                for column, label in zip(LABEL_COLUMNS, list(Label)[1:], strict=True)
            },
            "city": categories([city.name for city in reference().cities], block.city),
            "entity_type": categories(
                [entity.name for entity in reference().entity_types], block.entity
            ),
            "recipient_entity": categories(names, block.recipient),
            "original_recipient_entity": categories(names, block.original),
        }
    )
