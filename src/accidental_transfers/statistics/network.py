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
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.streams import child

PERSON = PERSON_PREFIX.decode("ascii")
"""What stands before the number of a person in a dataset."""
MOST_NUMBERS = 3_000
"""Numbers that are kept: at most 45 kB of a receipt."""
SEVERAL = 2
"""Customers who pay a person are counted up to here."""
OWN = 4
"""Added where the number is a customer's own."""
NUMBER_BITS = 40
LONGEST_NUMBER = 12
"""Digits of a number: longer ones are known by their last ones."""
RECURRING = 3
"""Payments to a person from which on the customer knows the person."""
_KEY = np.zeros(1, np.uint64)
_HASHES = 2.0**64

Uses = dict[int, int]
"""By number: how many customers pay it, up to `SEVERAL`, and `OWN` where it is a customer's."""


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
    uses = dict(zip(paid.tolist(), np.minimum(payers, SEVERAL).tolist(), strict=True))
    return Ties(
        payees=np.bincount(np.bincount(pair >> NUMBER_BITS, minlength=customers)),
        times=np.bincount(times),
        uses=added(uses, dict.fromkeys(own[own >= 0].tolist(), OWN)),
    )


def _counted(values: Int) -> tuple[Int, Int]:
    """Give the values that occur in a sorted array, and how often each does."""
    begins = np.flatnonzero(np.diff(values, prepend=-1))
    return values[begins], np.diff(begins, append=len(values))


def added(total: Uses, more: Mapping[int, int]) -> Uses:
    """Add what other customers do with numbers, in place; keep what is about to be kept."""
    if not total:
        return kept(dict(more))
    for number, use in more.items():
        before = total.get(number, 0)
        payers = min((before & ~OWN) + (use & ~OWN), SEVERAL)
        total[number] = payers | ((before | use) & OWN)
    return kept(total) if len(total) > 2 * MOST_NUMBERS else total


def kept(uses: Uses) -> Uses:
    """Keep the numbers with the smallest hashes, at most `MOST_NUMBERS`."""
    if len(uses) <= MOST_NUMBERS:
        return uses
    numbers = np.fromiter(uses, np.int64, len(uses))
    chosen = numbers[np.argpartition(child(_KEY, numbers), MOST_NUMBERS)[:MOST_NUMBERS]]
    return {number: uses[number] for number in chosen.tolist()}


def in_order(uses: Uses) -> Uses:
    """Sort by number."""
    return {number: uses[number] for number in sorted(uses)}


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
