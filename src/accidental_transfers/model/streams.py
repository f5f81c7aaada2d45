"""Random numbers without a state: each is a hash of what it is for.

What a number is for is a path: the seed, the customer, the day, the purpose, a position. Each step
turns a key into the key of a child, and the last key is read as four 16-bit numbers. So any
number can be had at any time, in any order, for any selection of customers and days, and none
moves because others are drawn or not.

The hash is the output function of SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom
Number Generators, 2014, with the constants of Stafford's variant 13): a child is the number that
this generator gives at the child's position, from the parent as its state.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Codes, Float, Int, Keys, Lanes, constant

LANES_PER_KEY = 4
LANE_BITS = 16
LANE_VALUES = 1 << LANE_BITS
_WORD, _LANE = np.dtype("<u8"), np.dtype("<u2")


def _word_of(number: int) -> Keys:
    return constant(number, np.uint64)


_ONE = _word_of(1)
_GOLDEN = _word_of(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio, odd: the step from one position to the next."""
_FIRST, _SECOND = _word_of(0xBF58476D1CE4E5B9), _word_of(0x94D049BB133111EB)
_SHIFT, _SECOND_SHIFT, _LAST_SHIFT = _word_of(30), _word_of(27), _word_of(31)
_ABOVE_A_LANE, _ABOVE_A_FRACTION = _word_of(48), _word_of(12)
_LANE_BITS, _HALF = constant(LANE_BITS), constant(0.5)
_LANE_SHARE, _FRACTION_SHARE = constant(1 / LANE_VALUES), constant(2.0**-52)


def seed_key(seed: int | str) -> Keys:
    """Turn a seed into the key of everything, (1,); 7 and ``"7"`` are the same seed."""
    return np.array([_digest(str(seed))], np.uint64)


def named(parent: Keys, name: str) -> Keys:
    """Give the keys of the children of a name: of the shape of ``parent``."""
    return _mixed(parent ^ _word(name))


def named_each(parent: Keys, names: tuple[str, ...]) -> Keys:
    """Give the keys of the children of several names: (*shape of parent, names)."""
    return _mixed(parent[..., None] ^ _digests(names))


def named_by(parent: Keys, names: tuple[str, ...], which: Codes) -> Keys:
    """Give the keys of the children of one of several names each: of the shape of ``parent``."""
    return _mixed(parent ^ _digests(names)[which])


def child(parent: Keys, position: Codes | int) -> Keys:
    """Give the keys of children by their positions, of the shape to which both broadcast."""
    return _mixed(parent + _steps(position))


def children(parent: Keys, count: int) -> Keys:
    """Give the keys of so many children of each parent: (*shape of parent, count)."""
    return _mixed(parent[..., None] + _steps_to(count))


def lanes(key: Keys, count: int) -> Lanes:
    """Draw 16-bit numbers from each key: (count, keys), a row for each of ``count`` decisions."""
    steps = _first_steps(-(-count // LANES_PER_KEY), key.ndim)
    words = _mixed(key + steps)
    in_order = words if _WORD.isnative else words.astype(_WORD)
    split = in_order.view(_LANE).reshape(len(steps), -1, LANES_PER_KEY)
    return split.swapaxes(1, 2).reshape(len(steps) * LANES_PER_KEY, *key.shape)[:count]


def lane(key: Keys) -> Lanes:
    """Draw one 16-bit number from each key: of the shape of ``key``."""
    return (key >> _ABOVE_A_LANE).astype(np.uint16)


def among(lane: Codes, count: Codes | int) -> Int:
    """Turn 16-bit numbers into whole ones from 0 to below ``count``, each about as often."""
    return lane.astype(np.int64) * count >> _LANE_BITS


def unit(lane: Lanes) -> Float:
    """Centre 16-bit numbers within (0, 1)."""
    return (lane + _HALF) * _LANE_SHARE


def fine_unit(key: Keys) -> Float:
    """Turn keys into numbers within (0, 1), 2^52 of them."""
    return np.asarray(((key >> _ABOVE_A_FRACTION) + _HALF) * _FRACTION_SHARE)


@cache
def _digests(names: tuple[str, ...]) -> Keys:
    return np.array([_digest(name) for name in names], np.uint64)


@cache
def _word(name: str) -> Keys:
    return _word_of(_digest(name))


def _steps(position: Codes | int) -> Keys:
    """Give what is added to a parent for the child at each position."""
    if isinstance(position, np.ndarray):
        step = position.astype(np.uint64)
    else:
        step = np.array([position], np.uint64)
    step += _ONE
    step *= _GOLDEN
    return step


@cache
def _steps_to(count: int) -> Keys:
    """Give the steps to the first children: (count,)."""
    return _steps(np.arange(count))


@cache
def _first_steps(count: int, axes: int) -> Keys:
    """Give the steps to the first children, along an axis in front of the parents' axes."""
    return _steps_to(count).reshape(count, *(1,) * axes)


@cache
def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def _mixed(words: npt.NDArray[np.uint64]) -> Keys:
    """Spread every bit of words over all bits, in place."""
    shifted = words >> _SHIFT
    words ^= shifted
    words *= _FIRST
    words ^= np.right_shift(words, _SECOND_SHIFT, shifted)
    words *= _SECOND
    words ^= np.right_shift(words, _LAST_SHIFT, shifted)
    return words
