"""New payees whose number is near another one, by chance: honest, and like a typing error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.arrays import Bool, Float, Int, Keys, Numbers
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.people import ROLES, numbers_of, tie
from accidental_transfers.model.slips import MISTYPE_LANES, mistype
from accidental_transfers.model.streams import among, lanes, named, unit

LONE, WITH_KNOWN, BOTH_NEW = 1, 2, 3
WAYS = {LONE: 0.30, WITH_KNOWN: 0.30, BOTH_NEW: 0.40}
"""A payee near a known one; the same with an equal amount to the known one; two new payees who are
near each other, and get equal amounts: own estimates, after how mistyped payments go on."""
PAIRS = WAYS[WITH_KNOWN] + WAYS[BOTH_NEW]
KNOWN_FRIENDS = 10
"""Among so many friends is the one whose number is near."""


@dataclass(frozen=True)
class Neighbours:
    """What is near about new payees; every array is (payees,).

    Attributes
    ----------
    way
        A key of `WAYS`; 0 for who is near nobody.
    number, partner
        Numbers of the payees, and of those who get an equal amount, if `has_partner`.
    """

    way: Int
    number: Numbers
    partner: Numbers

    @property
    def has_partner(self) -> Bool:
        """Tell who is paid together with somebody else whose number is near."""
        return self.way >= WITH_KNOWN


def draw_neighbours(
    customers: Customers, customer: Int, payee: Keys, number: Numbers, frequency: Float
) -> Neighbours:
    """Let some new payees have numbers that are near others.

    Parameters
    ----------
    customer, payee, number
        (payees,): positions in ``customers``, keys and numbers of new payees.
    frequency
        (customers,): the part of a customer's new payees for whom it is so.
    """
    key = named(payee, "neighbours")
    happens, which, friend, turn = lanes(key, 4)
    way = np.zeros(len(payee), np.int64)
    rows = np.flatnonzero(unit(happens) < frequency[customer])
    if not len(rows):
        return Neighbours(way, number, number)
    way[rows] = 1 + np.searchsorted(np.cumsum(list(WAYS.values()))[:-1], unit(which[rows]))
    known = _friends(customers, customer[rows], among(friend[rows], KNOWN_FRIENDS))
    both_new = way[rows] == BOTH_NEW
    base = np.where(both_new, number[rows], known)
    near, _ = mistype(base, lanes(named(key[rows], "digits"), MISTYPE_LANES).T)
    keeps = both_new & (turn[rows] & 1 == 0)
    own, partner = number.copy(), number.copy()
    own[rows] = np.where(keeps, base, near)
    partner[rows] = np.where(keeps, near, base)
    return Neighbours(way, own, partner)


def _friends(customers: Customers, customer: Int, which: Int) -> Numbers:
    role = np.full(len(customer), ROLES.index("friend"))
    return numbers_of(customers, customer, role, which, tie(customers, customer, role, which))
