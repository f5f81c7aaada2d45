"""A block: the transactions of some consecutive customers, as arrays of codes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.csv_text import Text, Vocabulary, as_text, digits
from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import accidents_among
from accidental_transfers.model.arrays import Cents, Codes, Int, Numbers
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.population import NUMBER_DIGITS
from accidental_transfers.model.truth import Truth

POSITION_DIGITS = 4
CUSTOMER_PREFIX = b"customer_"
CUSTOMER_DIGITS = 3
PERSON_PREFIX = b"user_"


@dataclass(frozen=True)
class Rows:
    """What stands in every row. Every array is (rows,).

    Attributes
    ----------
    customer
        Position among the block's customers.
    position
        Place in the customer's day, from 1.
    second
        Seconds since the block's first day, by the local clock.
    entity, city, cents, label, recipient, original
        Codes of `Reference`, of `accidents.LABELS` (0 is none) and of `Recipients`; the amount.
    """

    customer: Int
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

    @cached_property
    def day(self) -> Int:
        """Days since the block's first day."""
        return self.second // SECONDS_PER_DAY


@dataclass(frozen=True)
class Block(Rows):
    """The transactions of some consecutive customers, in order of customer and time.

    Attributes
    ----------
    first_day
        The day that seconds count from.
    customers
        Who they are.
    starts
        (customers + 1,): each customer's first row, and the end.
    number
        Ten-digit numbers of people, whom recipients at and above ``first_person`` mean.
    truth
        The truth about accidents and look-alikes, in order of their rows.
    """

    first_day: date
    customers: Customers
    starts: Int
    number: Numbers
    truth: Truth

    @property
    def accidents(self) -> tuple[Accident, ...]:
        """The accidents that are part of the dataset."""
        return accidents_among(self.customers.own)

    @cached_property
    def ids(self) -> Vocabulary:
        """The ids of its customers."""
        return Vocabulary(customer_ids(self.customers.number))

    @cached_property
    def people(self) -> Vocabulary:
        """The names of ``number``."""
        return Vocabulary(person_names(self.number))

    def excerpt(self, rows: Int) -> Block:
        """Give some rows, in ascending order; only the truth stays that of the whole block."""
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
    most = int(numbers.max(initial=0))
    shortest = np.strings.lstrip(as_text(digits(numbers, len(str(most)))), b"0")
    return np.strings.add(CUSTOMER_PREFIX, np.strings.zfill(shortest, CUSTOMER_DIGITS))


def person_names(numbers: Codes) -> Text:
    """Name people by their numbers: ``user_`` and ten digits."""
    prefix = np.tile(np.frombuffer(PERSON_PREFIX, np.uint8), (len(numbers), 1))
    return as_text(np.hstack([prefix, digits(numbers, NUMBER_DIGITS)]))
