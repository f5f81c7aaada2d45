"""What goes wrong with a key: how people mistype numbers, and what else a slip is called."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Codes, Int, Lanes, Numbers
from accidental_transfers.model.streams import among
from accidental_transfers.model.tables import LookupTable, choice_table

DIGITS = 10
POWERS = 10 ** np.arange(DIGITS - 1, -1, -1, dtype=np.int64)

NEIGHBOUR_SHARE = 0.6
"""Part of the wrong digits that are a key beside the right one: own estimate, the rest is even."""
KEYPAD = ("123", "456", "789", " 0 ")
"""A telephone's keys, as on the screen where a payee's number is typed."""
MISTYPE_LANES = 8


class Slip(IntEnum):
    """What goes wrong when somebody types, as the companion about accidents names it.

    The first three in the number of a recipient, the others in an amount.
    """

    NONE = 0
    SUBSTITUTION = 1
    TRANSPOSITION = 2
    TWO_SUBSTITUTIONS = 3
    POINT_MISSED = 4
    ZERO_ADDED = 5
    DIGIT_DOUBLED = 6


SLIP_WEIGHTS = (0.0, 0.79, 0.10, 0.11)
"""Shares of errors in typed numbers (Verhoeff, Error Detecting Decimal Codes, 1969)."""


def mistype(numbers: Numbers, lanes: Lanes) -> tuple[Numbers, Int]:
    """Mistype ten-digit numbers; the result always differs from the original.

    Parameters
    ----------
    numbers
        (n,), below 10 ** 10.
    lanes
        (n, `MISTYPE_LANES` or more) random numbers.

    Returns
    -------
    The mistyped numbers and the `Slip` of each; where a number of ten equal digits
    cannot be transposed, one digit is substituted.
    """
    digits = numbers.astype(np.int64)[:, None] // POWERS % 10
    error = _slip_table()[lanes[:, 0]].astype(np.int64)
    unlike = digits[:, 1:] != digits[:, :-1]
    error[(error == Slip.TRANSPOSITION) & ~unlike.any(axis=1)] = Slip.SUBSTITUTION
    (rows,) = (error == Slip.TRANSPOSITION).nonzero()
    _transpose(digits, rows, unlike[rows], lanes[rows, 5])
    place = among(lanes[:, 1], DIGITS)
    (rows,) = (error != Slip.TRANSPOSITION).nonzero()
    _substitute(digits, rows, place[rows], lanes[rows, 3])
    other = (place + 1 + among(lanes[:, 2], DIGITS - 1)) % DIGITS
    (rows,) = (error == Slip.TWO_SUBSTITUTIONS).nonzero()
    _substitute(digits, rows, other[rows], lanes[rows, 4])
    return (digits @ POWERS).astype(np.uint64), error


def _substitute(digits: Int, rows: Int, place: Int, lane: Lanes) -> None:
    """Make a digit of some rows wrong, in place."""
    digits[rows, place] = _wrong_digits().draw(digits[rows, place], lane)


def _transpose(digits: Int, rows: Int, unlike: Bool, lane: Lanes) -> None:
    """Swap two unlike neighbours of some rows, chosen evenly among all such pairs, in place."""
    chosen = among(lane, unlike.sum(axis=1))
    place = (unlike.cumsum(axis=1) > chosen[:, None]).argmax(axis=1)
    left, right = digits[rows, place], digits[rows, place + 1]
    digits[rows, place], digits[rows, place + 1] = right, left


@cache
def _wrong_digits() -> LookupTable[np.integer]:
    """Draw a wrong digit: a row for each right one."""
    at = {key: (row, column) for row, keys in enumerate(KEYPAD) for column, key in enumerate(keys)}
    tables = []
    for right in range(10):
        row, column = at[str(right)]
        near = [
            other
            for other in range(10)
            if abs(at[str(other)][0] - row) + abs(at[str(other)][1] - column) == 1
        ]
        weights = np.full(10, (1 - NEIGHBOUR_SHARE) / 9)
        weights[near] += NEIGHBOUR_SHARE / len(near)
        weights[right] = 0
        tables.append(choice_table(weights))
    return LookupTable(tables)


@cache
def _slip_table() -> Codes:
    return choice_table(SLIP_WEIGHTS)
