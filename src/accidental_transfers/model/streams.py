"""Random numbers: one counter-based stream per customer and purpose.

A customer's numbers depend on the seed, the customer and the purpose alone, so neither the
slicing nor the other customers can change them, and what one purpose draws never shifts
another's.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Codes, Float, Lanes

LANES_PER_WORD = 4
LANE_VALUES = 65_536
WORDS_PER_COUNT = 4
"""64-bit numbers that Philox makes of one value of its counter."""


class Purpose(IntEnum):
    """What the streams are for that have a number; others are known by a name."""

    WHO = 0
    PAYMENTS = 1
    ACCIDENTS = 2
    LOOKALIKES = 3


def seed_key(seed: int | str) -> int:
    """Turn a seed into the 64-bit key of all its streams; 7 and ``"7"`` are the same seed."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    return int.from_bytes(digest[:8], "little")


def purpose_named(name: str) -> int:
    """Turn a name into the number of a purpose of its own, above all of `Purpose`."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")


class Streams:
    """The streams of several customers for one purpose, read side by side.

    Parameters
    ----------
    key
        From `seed_key`.
    customers
        Customer numbers, from 1.
    purpose
        What the numbers are for: a `Purpose`, or the number of a name.
    """

    def __init__(self, key: int, customers: Codes, purpose: int) -> None:
        self._key = key
        self._customers = customers.tolist()
        self._purpose = purpose
        self._counters = [0] * len(self._customers)
        self._philox = np.random.Philox(key=key)
        self._state: Any = self._philox.state

    def lanes(self, per_customer: int) -> Lanes:
        """Draw the same number of 16-bit numbers for each customer: (customers, per_customer)."""
        words = -(-per_customer // LANES_PER_WORD)
        drawn = [self._words(position, words) for position in range(len(self._customers))]
        return _lanes(np.concatenate(drawn)).reshape(len(drawn), -1)[:, :per_customer]

    def ragged_lanes(self, counts: Codes, per_item: int) -> Lanes:
        """Draw for ``counts[c]`` items of each customer c: (sum of counts, per_item).

        ``per_item`` is a multiple of `LANES_PER_WORD`, so that an item owns whole words.
        """
        words = per_item // LANES_PER_WORD
        drawn = [
            self._words(position, words * count) for position, count in enumerate(counts.tolist())
        ]
        return _lanes(np.concatenate(drawn)).reshape(-1, per_item)

    def _words(self, position: int, words: int) -> npt.NDArray[np.uint64]:
        """Draw the next 64-bit numbers of one customer's stream."""
        counter = self._counters[position]
        self._state["state"]["key"][:] = self._key, self._customers[position]
        # Philox counts in the lowest word of its counter: the purpose in the highest keeps
        # the streams of one customer 2^192 numbers apart. One generator that is moved from
        # stream to stream costs a tenth of one generator for each.
        self._state["state"]["counter"][:] = counter, 0, 0, self._purpose
        self._state["buffer_pos"] = WORDS_PER_COUNT
        self._philox.state = self._state
        counts = -(-words // WORDS_PER_COUNT)
        self._counters[position] = counter + counts
        return self._philox.random_raw(counts * WORDS_PER_COUNT)[:words]


def _lanes(words: npt.NDArray[np.uint64]) -> Lanes:
    return words.astype("<u8", copy=False).view("<u2")


def unit(lanes: Lanes) -> Float:
    """Centre 16-bit numbers within (0, 1)."""
    return (lanes + 0.5) / LANE_VALUES
