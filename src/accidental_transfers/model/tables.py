"""Look-up tables that turn a 16-bit random number into a weighted choice or a quantity.

A look-up costs 2 to 3 ns where ``Generator.choice`` costs 50, and a table is as exact as its
slots: a probability is a multiple of one over their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain
from statistics import NormalDist
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Codes, Float, Lanes, constant
from accidental_transfers.model.streams import LANE_BITS, LANE_VALUES

SLOTS = LANE_VALUES
COARSE_SLOTS = 1 << 12
"""Enough for most choices, and small enough for many tables to stay in a core's cache."""

Value = TypeVar("Value", bound=np.generic)


class LookupTable(Generic[Value]):
    """Rows of equally likely slots: a random number picks the slot, its context the row.

    Parameters
    ----------
    rows
        Of one length, a power of two up to `SLOTS`, each from `choice_table` or of quantiles.
    """

    def __init__(self, rows: Iterable[npt.NDArray[Value]]) -> None:
        each = iter(rows)
        first = next(each)
        # One row at a time, for thousands of rows need not be in memory twice.
        self.values = np.fromiter(chain([first], each), np.dtype((first.dtype, first.shape)))
        self._flat = self.values.ravel()
        row_bits = self.values.shape[1].bit_length() - 1
        self._row_bits = constant(row_bits)
        self._lane_shift = constant(LANE_BITS - row_bits, np.uint16)

    def draw(self, row: Codes, lane: Lanes) -> npt.NDArray[Value]:
        """Draw from the given rows, one value for each element of the broadcast arguments."""
        return self._flat[(row << self._row_bits) + (lane >> self._lane_shift)]


def choice_table(
    weights: npt.ArrayLike, slots: int = SLOTS, dtype: npt.DTypeLike = np.uint8
) -> Codes:
    """Spread choices 0, 1, … over slots in proportion to their weights.

    Parameters
    ----------
    weights
        Non-negative, any scale, shape (choices,).
    slots
        Length of the table; a choice's probability is rounded to a multiple of 1 / slots.
    dtype
        Integer type that holds the number of choices.
    """
    cumulative = np.cumsum(np.asarray(weights, float))
    edges = np.rint(cumulative / cumulative[-1] * slots).astype(np.int64)
    return np.repeat(np.arange(len(edges), dtype=dtype), np.diff(edges, prepend=0))


@cache
def normal_table() -> Float:
    """Quantiles of the standard normal at the centres of `SLOTS` equal steps."""
    inverse: Callable[[float], float] = NormalDist().inv_cdf
    upper = np.array([inverse((slot + 0.5) / SLOTS) for slot in range(SLOTS // 2, SLOTS)])
    return np.concatenate([-upper[::-1], upper])


def zipf_weights(choices: int, exponent: float) -> Float:
    """Popularity 1 / rank ** exponent, shape (choices,), not normalised."""
    return np.arange(1, choices + 1, dtype=float) ** -exponent
