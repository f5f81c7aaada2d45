"""Random numbers: one counter-based stream per customer and purpose.

A customer's numbers depend on the seed, the customer and the purpose alone, so neither the
slicing nor the other customers can change them, and what one purpose draws never shifts
another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

LANES_PER_WORD = 4
LANE_VALUES = 65_536


class Purpose(IntEnum):
    """What a stream of random numbers is for."""

    WHO = 0
    PAYMENTS = 1
    ACCIDENTS = 2


def seed_key(seed: int | str) -> int:
    """Turn a seed into the 64-bit key of all its streams; 7 and ``"7"`` are the same seed."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    return int.from_bytes(digest[:8], "little")


class Streams:
    """The streams of several customers for one purpose, read side by side.

    Parameters
    ----------
    key
        From `seed_key`.
    customers
        Customer numbers, from 1.
    purpose
        What the numbers are for.
    """

    def __init__(self, key: int, customers: Sequence[int], purpose: Purpose) -> None:
        # Philox counts in the lowest word of its counter: the purpose in the highest
        # keeps the streams of one customer 2^192 numbers apart.
        counter = np.array([0, 0, 0, purpose], np.uint64)
        self._generators = [
            np.random.Philox(key=np.array([key, customer], np.uint64), counter=counter)
            for customer in customers
        ]

    def lanes(self, per_customer: int) -> npt.NDArray[np.uint16]:
        """Draw the same number of 16-bit numbers for each customer: (customers, per_customer)."""
        words = -(-per_customer // LANES_PER_WORD)
        drawn = np.concatenate([generator.random_raw(words) for generator in self._generators])
        return _lanes(drawn).reshape(len(self._generators), -1)[:, :per_customer]

    def ragged_lanes(
        self, counts: npt.NDArray[np.integer], per_item: int
    ) -> npt.NDArray[np.uint16]:
        """Draw for ``counts[c]`` items of each customer c: (sum of counts, per_item).

        ``per_item`` is a multiple of `LANES_PER_WORD`, so that an item owns whole words.
        """
        words = per_item // LANES_PER_WORD
        drawn = [
            generator.random_raw(words * int(count))
            for generator, count in zip(self._generators, counts, strict=True)
        ]
        return _lanes(np.concatenate(drawn)).reshape(-1, per_item)


def _lanes(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint16]:
    return words.astype("<u8", copy=False).view("<u2")


def unit(lanes: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    """Centre 16-bit numbers within (0, 1)."""
    return (lanes + 0.5) / LANE_VALUES
