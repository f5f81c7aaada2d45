"""Rows that are held until there are enough, in little memory, from whatever blocks they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.arrow import told_apart
from accidental_transfers.dataset.block import Block, NamedRows, Rows
from accidental_transfers.model.arrays import Codes, Int
from accidental_transfers.model.recipients import recipients

AS_NARROW_AS: dict[str, npt.DTypeLike] = {
    "customer": np.int32,
    "day": np.int16,
    "position": np.int16,
    "second": np.int32,
    "entity": np.uint8,
    "city": np.uint16,
    "cents": np.int32,
    "label": np.uint8,
    "recipient": np.int64,
    "original": np.int64,
}
"""Of what rows have, the narrowest types that hold any: 36 bytes a row."""


@dataclass
class HeldRows(Rows):
    """Rows whose codes mean the same in every block.

    Customers are their numbers, recipients codes of merchants, or of people: ``first_person`` and
    their number.
    """

    @staticmethod
    def of(block: Block) -> HeldRows:
        """Give a block's rows."""
        first = recipients().first_person
        lasting = np.concatenate([np.arange(first), first + block.number.astype(np.int64)])
        own: dict[str, Any] = {name: getattr(block, name) for name in AS_NARROW_AS}
        own["customer"] = block.customer_number.take(block.customer)
        own["recipient"] = lasting.take(block.recipient)
        own["original"] = lasting.take(block.original)
        narrow: dict[str, Any] = {
            name: own[name].astype(dtype, copy=False) for name, dtype in AS_NARROW_AS.items()
        }
        return HeldRows(**narrow)

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, rows: slice) -> HeldRows:
        return self._of_each(lambda array: array[rows])

    def take(self, rows: Int) -> HeldRows:
        """Give some rows, and nothing that holds on to the others."""
        return self._of_each(lambda array: array.take(rows))

    def _of_each(self, some: Callable[[Codes], Codes]) -> HeldRows:
        chosen: dict[str, Any] = {name: some(getattr(self, name)) for name in AS_NARROW_AS}
        return HeldRows(**chosen)


def named_again(parts: Sequence[HeldRows], first_day: date) -> NamedRows:
    """Put rows together and name their customers and people.

    Parameters
    ----------
    parts
        One at least, together in order of their customers.
    first_day
        The day that their days and seconds count from.
    """
    own: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in AS_NARROW_AS
    }
    begins = np.diff(own["customer"], prepend=-1) != 0
    number = _people_told_apart(own["recipient"], own["original"])
    own |= {"customer": np.cumsum(begins) - 1, "customer_number": own["customer"][begins]}
    return NamedRows(first_day=first_day, number=number.astype(np.uint64), **own)


def _people_told_apart(*columns: Int) -> Int:
    """Make numbers of people, in columns of recipients, codes of the numbers that are given."""
    first = recipients().first_person
    people = [np.flatnonzero(column >= first) for column in columns]
    given = [column[rows] for column, rows in zip(columns, people, strict=True)]
    codes, numbers = told_apart(np.concatenate(given))
    ends = np.cumsum([len(rows) for rows in people])
    for column, rows, own in zip(columns, people, np.split(codes, ends[:-1]), strict=True):
        column[rows] = first + own
    return numbers - first
