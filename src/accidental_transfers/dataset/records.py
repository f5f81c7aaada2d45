"""Rows as records of a fixed width, whose codes mean the same in every block: rows to gather."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import Block, NamedRows
from accidental_transfers.model.arrays import Codes, Int
from accidental_transfers.model.recipients import recipients

RECORD = np.dtype(
    [
        ("customer", np.int32),  # the customer's number
        ("day", np.int16),
        ("position", np.int16),
        ("second", np.int32),
        ("entity", np.uint8),
        ("city", np.uint16),
        ("cents", np.int32),
        ("label", np.uint8),
        ("recipient", np.int64),  # a merchant's code, or `first_person` and a person's number
        ("original", np.int64),
    ]
)
"""What `Rows` has, as narrow as it can be."""
AS_THEY_ARE = ("day", "position", "second", "entity", "city", "cents", "label")
Records = npt.NDArray[np.void]


def records_of(block: Block) -> Records:
    """Give a block's rows as records: (rows,) of `RECORD`, in the block's order."""
    records = np.empty(block.rows, RECORD)
    records["customer"] = block.customer_number[block.customer]
    for name in AS_THEY_ARE:
        records[name] = getattr(block, name)
    first = recipients().first_person
    lasting = np.concatenate([np.arange(first), first + block.number.astype(np.int64)])
    records["recipient"] = lasting[block.recipient]
    records["original"] = lasting[block.original]
    return records


def rows_of(records: Records, first_day: date) -> NamedRows:
    """Give the rows of records, which are in order of their customers, from one block or several.

    Parameters
    ----------
    first_day
        The day that the records' days and seconds count from.
    """
    customer, customer_number = _numbered_again(records["customer"])
    recipient, original, number = _with_people(records["recipient"], records["original"])
    return NamedRows(
        customer=customer,
        recipient=recipient,
        original=original,
        first_day=first_day,
        customer_number=customer_number,
        number=number.astype(np.uint64),
        **{name: records[name].astype(_WIDTHS.get(name, np.int64)) for name in AS_THEY_ARE},
    )


_WIDTHS = {name: RECORD[name] for name in ("entity", "city", "cents", "label")}


def _numbered_again(numbers: Codes) -> tuple[Int, Codes]:
    """Give the place of each of some ascending numbers among the different ones, and those."""
    begins = np.diff(numbers, prepend=-1) != 0
    return np.cumsum(begins) - 1, numbers[begins]


def _with_people(recipient: Int, original: Int) -> tuple[Int, Int, Int]:
    """Give codes of both, and the numbers of the people that these mean."""
    first = recipients().first_person
    codes = np.concatenate([recipient, original])
    (people,) = (codes >= first).nonzero()
    numbers, place = np.unique(codes[people], return_inverse=True)
    codes[people] = first + place
    return codes[: len(recipient)], codes[len(recipient) :], numbers - first
