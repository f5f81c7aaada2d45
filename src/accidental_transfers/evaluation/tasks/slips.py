"""What a high amount may have been meant to be: the amounts that one slip of a key explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.arrays import Int

HUNDREDTH, TENTH, DOUBLED = "point missed", "a zero too many", "a digit doubled"
SLIPS = (HUNDREDTH, TENTH, DOUBLED)


@dataclass(frozen=True, eq=False)
class Slips:
    """Every payment in question with every amount that one slip explains.

    Attributes
    ----------
    payment
        (candidates,) positions among the payments, in ascending order.
    cents
        (candidates,) the amount.
    slip
        (candidates,) position in `SLIPS`.
    """

    payment: Int
    cents: Int
    slip: Int


def one_slip(paid: Int) -> Slips:
    """Undo every slip that can have led to some amounts in cents.

    The point was missed (÷ 100), a zero was one too many (÷ 10), a digit was typed twice. Where
    two slips lead to one amount, the first of them stands.
    """
    found = [
        (payment, cents, slip)
        for payment, amount in enumerate(paid.tolist())
        for cents, slip in _meant(amount).items()
    ]
    payment, cents, slip = np.array(found, np.int64).reshape(-1, 3).T
    return Slips(payment, cents, slip)


def _meant(paid: int) -> dict[int, int]:
    """Give the amounts that one slip turns into another, with the slip."""
    meant: dict[int, int] = {}
    for slip, factor in enumerate((100, 10)):
        if paid % factor == 0 and paid >= factor:
            meant.setdefault(paid // factor, slip)
    digits = str(paid)
    for place in range(len(digits) - 1):
        if digits[place] == digits[place + 1]:
            shorter = int(digits[:place] + digits[place + 1 :])
            if shorter:
                meant.setdefault(shorter, SLIPS.index(DOUBLED))
    return meant
