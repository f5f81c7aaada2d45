"""Who pays whom by number: counts that add up over slices, and numbers chosen by a hash.

How often customers pay a person are histograms, exact for the whole. Whether two customers in
different slices pay the same person needs the person's number, and a receipt has no room for all of
them. So the numbers with the smallest hashes are kept, with everything that is known of each: in
every slice that has such a number it is among the slice's smallest too, and therefore counted in
full. Where there are no more numbers than are kept, this is exact as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accidental_transfers.dataset.block import PERSON_PREFIX
from accidental_transfers.model.arrays import Int, Keys
from accidental_transfers.model.streams import child

PERSON = PERSON_PREFIX.decode("ascii")
"""What stands before the number of a person in a dataset."""
MOST_NUMBERS = 3_000
"""Numbers that are kept: at most 15 kB of a receipt."""
SEVERAL = 2
"""Customers who pay a person are counted up to here."""
OWN = 4
"""Added where the number is a customer's own."""
NUMBER_BITS = 40
LONGEST_NUMBER = 12
"""Digits of a number: longer ones are known by their last ones."""
RECURRING = 3
"""Payments to a person from which on the customer knows the person."""
USE_BITS = 3
"""Of an item of `Uses`, below its number."""
_USE = (1 << USE_BITS) - 1
_KEY = np.zeros(1, np.uint64)
_HASHES = 2.0**64

Uses = Int
"""Numbers in ascending order, each above its use: ``number << USE_BITS | use``.

A use is how many customers pay the number, up to `SEVERAL`, and `OWN` where it is a customer's.
"""


@dataclass(frozen=True)
class Ties:
    """What some customers pay to people by number.

    Attributes
    ----------
    payees
        Customers by the number of people they pay.
    times
        Pairs of a customer and a person by the number of payments.
    uses
        Everything about the numbers, those of the customers included.
    """

    payees: Int
    times: Int
    uses: Uses


def ties(customers: int, customer: Int, number: Int, own: Int) -> Ties:
    """Count what customers pay to people, each to others than themselves.

    Parameters
    ----------
    customers
        How many there are, those who pay nobody included.
    customer, number
        (payments,): positions of customers, numbers of `LONGEST_NUMBER` digits at most.
    own
        (customers,): their own numbers, -1 where one has none; empty where nothing tells them.
    """
    if len(own):
        to_others = number != own[customer]
        customer, number = customer[to_others], number[to_others]
    pair, times = _counted(np.sort((customer << NUMBER_BITS) | number))
    paid, payers = _counted(np.sort(pair & ((1 << NUMBER_BITS) - 1)))
    return Ties(
        payees=np.bincount(np.bincount(pair >> NUMBER_BITS, minlength=customers)),
        times=np.bincount(times),
        uses=_one_each(
            np.concatenate(
                [
                    paid << USE_BITS | np.minimum(payers, SEVERAL),
                    own[own >= 0] << USE_BITS | OWN,
                ]
            )
        ),
    )


def _counted(values: Int) -> tuple[Int, Int]:
    """Give the values that occur in a sorted array, and how often each does."""
    begins = np.flatnonzero(np.diff(values, prepend=-1))
    return values[begins], np.diff(begins, append=len(values))


class Sample:
    """The uses of numbers that are kept, while ever more customers are added."""

    def __init__(self) -> None:
        self._kept: Uses = np.zeros(0, np.int64)
        self._largest = np.array(2**64 - 1, np.uint64)
        self._more: list[Uses] = []

    def add(self, uses: Uses) -> None:
        """Add what other customers do with numbers."""
        self._more.append(uses[_hashes(uses) <= self._largest])
        if sum(map(len, self._more)) > MOST_NUMBERS:
            self._add_up()

    def uses(self) -> Uses:
        """Give what is kept of all of them."""
        self._add_up()
        return self._kept

    def _add_up(self) -> None:
        self._kept = kept(_one_each(np.concatenate([self._kept, *self._more])))
        self._more = []
        if len(self._kept) == MOST_NUMBERS:
            # What has a larger hash is never kept again.
            self._largest = _hashes(self._kept).max()


def kept(uses: Uses) -> Uses:
    """Keep the numbers with the smallest hashes, at most `MOST_NUMBERS`."""
    if len(uses) <= MOST_NUMBERS:
        return uses
    return uses[np.sort(np.argpartition(_hashes(uses), MOST_NUMBERS)[:MOST_NUMBERS])]


def require_uses(uses: Int) -> None:
    """Refuse what no slice can keep.

    Raises
    ------
    ValueError
        If there are too many numbers, or one is too large, out of order, or in no use.
    """
    number, payers = uses >> USE_BITS, uses & _USE & ~OWN
    if len(uses) > MOST_NUMBERS or number.max(initial=0) >> NUMBER_BITS:
        raise ValueError(f"allowed are {MOST_NUMBERS:,} numbers of {NUMBER_BITS} bits at most")
    if (number[1:] <= number[:-1]).any() or payers.max(initial=0) > SEVERAL:
        raise ValueError(f"a number is out of order, or has more than {SEVERAL} who pay it")


def by_number(uses: Uses) -> dict[int, int]:
    """Give the use of each number."""
    return dict(zip((uses >> USE_BITS).tolist(), (uses & _USE).tolist(), strict=True))


def _one_each(uses: Int) -> Uses:
    """Make one use of all uses that a number has; they come in any order."""
    uses = np.sort(uses, kind="stable")
    number = uses >> USE_BITS
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    if len(begins) == len(uses):
        return uses
    payers = np.minimum(np.add.reduceat(uses & _USE & ~OWN, begins), SEVERAL)
    return number[begins] << USE_BITS | payers | np.bitwise_or.reduceat(uses & OWN, begins)


def _hashes(uses: Uses) -> Keys:
    return child(_KEY, uses >> USE_BITS)


@dataclass(frozen=True)
class Network:
    """What the kept numbers tell.

    Attributes
    ----------
    share
        Part of all numbers that was kept: 1 where that is all of them.
    people, shared
        Numbers among them that are paid, and that two customers or more pay.
    own, own_paid
        Numbers among them that are customers' own, and that another customer pays.
    """

    share: float
    people: int
    shared: int
    own: int
    own_paid: int


def network(uses: Mapping[int, int]) -> Network:
    """Read the numbers that were kept of a dataset."""
    payers = [use & ~OWN for use in uses.values()]
    owned = [use & ~OWN for use in uses.values() if use & OWN]
    return Network(
        share=_share(uses),
        people=sum(found > 0 for found in payers),
        shared=sum(found >= SEVERAL for found in payers),
        own=len(owned),
        own_paid=sum(found > 0 for found in owned),
    )


def _share(uses: Mapping[int, int]) -> float:
    """Estimate the part of all numbers that was kept, from the largest hash among them."""
    if len(uses) < MOST_NUMBERS:
        return 1.0
    largest = int(child(_KEY, np.fromiter(uses, np.int64, len(uses))).max())
    return largest / _HASHES * MOST_NUMBERS / (MOST_NUMBERS - 1)
