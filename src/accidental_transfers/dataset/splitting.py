"""Rows to learn from and rows to test with: what the ones tell of the others is only the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.errors import SplitError, shown
from accidental_transfers.model.arrays import Bool
from accidental_transfers.spec.plain import plain

if TYPE_CHECKING:
    import pandas as pd

    from accidental_transfers.dataset.table import Table

By = Literal["time", "customer"]


def split(table: Table, by: By, test: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the rows to learn from and those to test with: see `Table.split`."""
    if by not in get_args(By):
        raise SplitError(f"by: got {shown(by)}; allowed: {' or '.join(map(repr, get_args(By)))}")
    share = plain(test)
    if not (isinstance(share, float) and 0 < share < 1):
        raise SplitError(f"test: got {shown(test)}; allowed: a share above 0 and below 1")
    choose = _of_last_days(table, share) if by == "time" else _of_last_customers(table, share)
    is_test = np.concatenate([choose(block) for block in table.blocks])
    frame = table.to_frame()
    return frame[~is_test], frame[is_test]


def _of_last_days(table: Table, test: float) -> Callable[[Block], Bool]:
    first = _first_of_test(table.spec.days, test, "days")
    # No accident or look-alike goes on after midnight: a customer's day stands by itself.
    return lambda block: block.day >= first


def _of_last_customers(table: Table, test: float) -> Callable[[Block], Bool]:
    first = _first_of_test(table.customer_count, test, "customers")
    number = int(table.blocks[0].customers.number[0]) + first
    return lambda block: block.customers.number[block.customer] >= number


def _first_of_test(count: int, test: float, what: str) -> int:
    first = round(count * (1 - test))
    if not 0 < first < count:
        raise SplitError(
            f"test: got {shown(test)} of {count} {what}; "
            f"allowed: what leaves one at least to either part"
        )
    return first
