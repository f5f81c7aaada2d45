"""A block: the transactions of some consecutive customers, as arrays of codes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.csv_text import Text, Vocabulary, as_text, digits
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import accidents_among
from accidental_transfers.model.aftermath import Aftermath, Outcomes, outcomes
from accidental_transfers.model.arrays import Cents, Codes, Int, Numbers
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.population import NUMBER_DIGITS
from accidental_transfers.model.truth import Truth

CUSTOMER_PREFIX = b"customer_"
CUSTOMER_DIGITS = 3
PERSON_PREFIX = b"user_"


@dataclass
class Rows:
    """What stands in every row. Every array is (rows,).

    Attributes
    ----------
    customer
        Position among the block's customers.
    day
        Days since the block's first day.
    position
        Place in the customer's day, from 1.
    second
        Seconds since the block's first day, by the local clock.
    entity, city, cents, label, recipient, original
        Codes of `Reference`, of `accidents.LABELS` (0 is none) and of `Recipients`; the amount.
    """

    customer: Int
    day: Int
    position: Int
    second: Int
    entity: npt.NDArray[np.uint8]
    city: Codes
    cents: Cents
    label: npt.NDArray[np.uint8]
    recipient: Int
    original: Int

    @property
    def rows(self) -> int:
        """Number of transactions."""
        return len(self.second)


@dataclass
class NamedRows(Rows):
    """Transactions, and what their codes of customers and people mean: enough for every column.

    Attributes
    ----------
    first_day
        The day that seconds count from.
    customer_number
        Numbers of the customers, from 1: (customers,).
    number
        Ten-digit numbers of people, whom recipients at and above ``first_person`` mean.
    """

    first_day: date
    customer_number: Codes
    number: Numbers

    @cached_property
    def day_bits(self) -> int:
        """Bits of the last day with a transaction."""
        return int(self.day.max(initial=0)).bit_length()

    @cached_property
    def ids(self) -> Vocabulary:
        """The ids of its customers."""
        return Vocabulary(customer_ids(self.customer_number))

    @cached_property
    def people(self) -> Vocabulary:
        """The names of ``number``."""
        return Vocabulary(person_names(self.number))

    @cached_property
    def people_names(self) -> list[str]:
        """The same as text."""
        names: list[str] = self.people.texts.astype(str).tolist()
        return names


@dataclass
class Block(NamedRows):
    """The transactions of some consecutive customers, in order of customer and time.

    Attributes
    ----------
    customers
        Who they are.
    starts
        (customers + 1,): each customer's first row, and the end.
    truth
        The truth about accidents and look-alikes, in order of their rows.
    struck
        The payments that the truth is about, row by row, as they were drawn.
    aftermath
        Whether something came of them.
    """

    customers: Customers
    starts: Int
    truth: Truth
    struck: Payments
    aftermath: Aftermath

    @property
    def accidents(self) -> tuple[Accident, ...]:
        """The accidents that are part of the dataset."""
        return accidents_among(self.customers.own)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What came of accidents and look-alikes, in order of their rows."""
        if self.aftermath == "none":
            return Outcomes.none()
        return outcomes(self.struck, self.truth, self.customers, self.first_day.toordinal())

    def excerpt(self, rows: Int) -> Block:
        """Give some rows, in ascending order; only truth and outcomes stay those of the block."""
        chosen: dict[str, Any] = {
            field.name: getattr(self, field.name)[rows] for field in fields(Rows)
        }
        starts = np.searchsorted(chosen["customer"], np.arange(len(self.starts)))
        excerpt = replace(self, **chosen, starts=starts)
        # The names are the same: they need not be made again.
        excerpt.__dict__.update(ids=self.ids, people=self.people)
        return excerpt


def customer_ids(numbers: Codes) -> Text:
    """Name customers: at least three digits, the same whatever the number of customers."""
    places = max(CUSTOMER_DIGITS, len(str(numbers.max(initial=0))))
    ids = _numbered(CUSTOMER_PREFIX, numbers, places)
    shorter = numbers < 10 ** (places - 1)
    if places > CUSTOMER_DIGITS and shorter.any():
        ids[shorter] = customer_ids(numbers[shorter])
    return ids


def person_names(numbers: Codes) -> Text:
    """Name people by their numbers: ``user_`` and ten digits."""
    return _numbered(PERSON_PREFIX, numbers, NUMBER_DIGITS)


def _numbered(prefix: bytes, numbers: Codes, places: int) -> Text:
    characters = np.empty((len(numbers), len(prefix) + places), np.uint8)
    characters[:, : len(prefix)] = _characters(prefix)
    characters[:, len(prefix) :] = digits(numbers, places)
    return as_text(characters)


@cache
def _characters(text: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text, np.uint8)
