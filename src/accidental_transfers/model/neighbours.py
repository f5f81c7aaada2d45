"""New payees whose number is near another one, by chance: honest, and like a typing error."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Bool, Float, Int, Keys, Numbers, constant
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.people import ROLES, numbers_of, ties_of
from accidental_transfers.model.slips import MISTYPE_LANES, mistype
from accidental_transfers.model.streams import among, lanes, named, unit

LONE, WITH_KNOWN, BOTH_NEW = 1, 2, 3
WAYS = {LONE: 0.30, WITH_KNOWN: 0.30, BOTH_NEW: 0.40}
"""A payee near a known one; the same with an equal amount to the known one; two new payees who are
near each other, and get equal amounts: own estimates, after how mistyped payments go on."""
PAIRS = constant(WAYS[WITH_KNOWN] + WAYS[BOTH_NEW])
NEIGHBOURS = "neighbours"
"""The name of the random numbers for all of that."""
KNOWN_FRIENDS = 10
"""Among so many friends is the one whose number is near."""


def draw_ways(key: Keys, frequency: Float) -> Int:
    """Draw which new payees have a number that is near another one.

    Parameters
    ----------
    key, frequency
        (payees,): the children named `NEIGHBOURS` of their keys, and how likely it is.

    Returns
    -------
    (payees,): a key of `WAYS`; 0 for who is near nobody.
    """
    happens, which = lanes(key, 2)
    way = 1 + _bounds().searchsorted(unit(which))
    return np.where(unit(happens) < frequency, way, 0)


def has_partner(way: Int) -> Bool:
    """Tell who is paid together with somebody else whose number is near: (payees,)."""
    return way >= WITH_KNOWN


def near_numbers(
    customers: Customers, customer: Int, payee: Keys, way: Int, number: Numbers
) -> tuple[Numbers, Numbers]:
    """Give the numbers of new payees who are near others, and of those who get an equal amount.

    Parameters
    ----------
    customer, payee, way, number
        (payees,): positions in ``customers``, their keys, ways above 0, and the numbers that they
        would have if they were near nobody.
    """
    key = named(payee, NEIGHBOURS)
    _, _, friend, turn = lanes(key, 4)
    both_new = way == BOTH_NEW
    known = _friends(customers, customer, among(friend, KNOWN_FRIENDS))
    base = np.where(both_new, number, known)
    near, _ = mistype(base, lanes(named(key, "digits"), MISTYPE_LANES).T)
    keeps = both_new & (turn & 1 == 0)
    return np.where(keeps, base, near), np.where(keeps, near, base)


def _friends(customers: Customers, customer: Int, which: Int) -> Numbers:
    role = np.full(len(customer), ROLES.index("friend"))
    return numbers_of(customers, ties_of(customers, customer, role, which))


@cache
def _bounds() -> Float:
    """Give the bounds between the parts of the ways."""
    return np.cumsum(list(WAYS.values()))[:-1]
