"""Look-up tables that turn a 16-bit random number into a weighted choice or a quantity.

A look-up costs 2 to 3 ns where ``Generator.choice`` costs 50, and a table is as exact as its
slots: a probability is a multiple of one over their number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

SLOTS = 65_536
COARSE_BITS = 12
COARSE_SLOTS = 1 << COARSE_BITS
COARSE_SHIFT = np.uint16(16 - COARSE_BITS)
"""Shifts a 16-bit number to one of the `COARSE_SLOTS`."""

Float = npt.NDArray[np.float64]


def choice_table(
    weights: npt.ArrayLike, slots: int = SLOTS, dtype: npt.DTypeLike = np.uint8
) -> npt.NDArray[np.integer]:
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
