"""A block: the transactions of some consecutive customers, as arrays of codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Codes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.truth import Truth

POSITION_DIGITS = 8

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
        (rows,): seconds since ``first_day`` by the local clock; codes of `Reference`, of
        `accidents.LABELS` (0 is none) and of `Recipients`.
    number
        Ten-digit numbers of people, whom recipients at and above ``first_person`` mean.
    truth
        The truth about accidents and look-alikes, in order of their rows.
    """

    first_day: date
    customers: Customers
    starts: Int
    second: Int
    entity: npt.NDArray[np.uint8]
    city: Codes
    cents: npt.NDArray[np.int32]
    label: npt.NDArray[np.uint8]
    recipient: Int
    original: Int
    number: npt.NDArray[np.uint64]
    truth: Truth

    @property
    def rows(self) -> int:
        """Number of transactions."""
        return len(self.second)

    @cached_property
    def customer(self) -> Int:
        """Each row's position in ``customers``: (rows,)."""
        return np.repeat(np.arange(len(self.customers)), np.diff(self.starts))

    @cached_property
    def position(self) -> Int:
        """Each row's place in its customer's order of time, from 1: (rows,)."""
        first = np.repeat(self.starts[:-1], np.diff(self.starts))
        return np.arange(1, self.rows + 1) - first


def customer_id(number: int) -> str:
    """Name a customer: at least three digits, the same whatever the number of customers."""
    return f"customer_{number:03d}"
