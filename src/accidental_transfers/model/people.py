"""Whom people pay by number: friends, family, housemates, tradespeople, accounts of their own.

A payee is a place in the population: a city and a rank in it. Most are near in rank and in the same
city, some far: a small world, in which customers pay each other and share landlords and sitters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import (
    Bool,
    Codes,
    Int,
    Int32,
    Keys,
    Lanes,
    Numbers,
    constant,
)
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.population import HOUSEHOLD, ORDINARY_RANKS
from accidental_transfers.model.recipients import recipients, typed_in
from accidental_transfers.model.streams import among, child, lanes, unit
from accidental_transfers.model.tables import normal_table

ROLES = (
    "friend", "housemate", "household", "family", "teacher", "sitter", "cleaner", "gardener",
    "landlord", "agency", "new", "own account", "second account",
)  # fmt: skip
"""What a payee is to a customer; the order gives the codes."""
BUSINESSES = {"landlord": 40, "agency": 12, "teacher": 30, "sitter": 30, "cleaner": 25,
              "gardener": 20}  # fmt: skip
"""How many people of a city whom several customers may pay share a role, for each."""
ROLE_OF_ENTITY = {
    "Person-to-Person": "friend",
    "Shared Bills": "housemate",
    "Friends and Family": "family",
    "Savings": "own account",
    "Contractor": "agency",
}
FAR = 0.15
"""Part of friends and family who live in another city: own estimate."""
REACH, REACH_SIGMA = 70.0, 1.6
"""Ranks to a near friend: median, sigma of ln."""
FARTHEST = constant(50_000, np.uint64)
_UP = constant(1, np.uint16)


@dataclass
class Ties:
    """Between customers and those whom they pay by number; every array is (ties,).

    Attributes
    ----------
    customer
        Positions in `Customers`.
    role
        Positions in `ROLES`.
    which
        Tells several payees of one role apart.
    key
        What their random numbers come from: the customer, the role and ``which``, or the payee.
    """

    customer: Int
    role: Codes
    which: Int
    key: Keys

    def __len__(self) -> int:
        return len(self.key)

    @classmethod
    def joined(cls, parts: Sequence[Ties]) -> Ties:
        """Put several together."""
        names = cls.__dataclass_fields__
        return cls(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})


def ties_of(customers: Customers, customer: Int, role: Codes, which: Int) -> Ties:
    """Give the ties to payees whom customers have known for long."""
    key = customers.keys["ties"][customer]
    return Ties(customer, role, which, child(child(key, role), which))


def numbers_of(customers: Customers, ties: Ties) -> Numbers:
    """Give the numbers of payees: (ties,)."""
    role, key = ties.role, ties.key
    city, own_rank = customers.home[ties.customer], customers.rank[ties.customer]
    near, direction, far, place = lanes(key, 4)
    rank = _nearby(own_rank, near, direction)
    (rows,) = ((unit(far) < FAR) & _may_be_far()[role]).nonzero()
    # Few payees share a call as a rule, and then most of what follows is not among them.
    if len(rows):
        city[rows] = customers.population.city(place[rows].astype(np.int64))
        rank[rows] = key[rows] % FARTHEST
    (rows,) = (role == _code("household")).nonzero()
    if len(rows):
        rank[rows] = _housemates(own_rank[rows], ties.which[rows])
    (rows,) = _businesses()[role].nonzero()
    if len(rows):
        rank[rows] = _business(role[rows], place[rows])
    (rows,) = (role >= _code("own account")).nonzero()
    if len(rows):
        rank[rows] = _own_account(own_rank[rows], role[rows])
    return customers.population.number(city, rank)


def _nearby(own_rank: Int, near: Lanes, direction: Lanes) -> Int:
    """Give the ranks of people some steps up or down; nobody is his own friend."""
    steps = _steps().take(near)
    rank = np.abs(own_rank + np.where(direction & _UP, steps, -steps))
    return rank + (rank == own_rank) * HOUSEHOLD


@cache
def _steps() -> Int32:
    """Draw how many ranks away a near friend is: (65,536,)."""
    return np.ceil(REACH * np.exp(REACH_SIGMA * normal_table())).astype(np.int32)


def _business(role: Codes, place: Lanes) -> Int:
    """Give the ranks of people whom many of a city may pay, each of a household of its own."""
    return _first_of_role()[role] + among(place, _businesses()[role]) * HOUSEHOLD


def _own_account(own_rank: Int, role: Codes) -> Int:
    """Give ranks that belong to nobody, two for each customer."""
    return 2 * ORDINARY_RANKS + own_rank * 2 + (role == _code("second account"))


@cache
def own_account_types() -> frozenset[str]:
    """Name the entity types by which customers pay into accounts of their own."""
    return frozenset(name for name, role in ROLE_OF_ENTITY.items() if role == "own account")


@cache
def typed_by_hand() -> Bool:
    """Tell of each entity type whether somebody else's number has to be typed: (entity types,)."""
    own = np.array([entity.name in own_account_types() for entity in reference().entity_types])
    return typed_in() & ~own


def typed_each_time(customers: Customers, customer: Int, entity: Codes) -> npt.NDArray[np.uint8]:
    """Tell how known payees are chosen, by codes of `Payments.typed`: those who save none type."""
    return (typed_by_hand()[entity] & ~customers.saves_payees[customer]).view(np.uint8)


def contacts(customers: Customers, customer: Int, entity: Codes) -> Numbers:
    """Give the numbers of the people whom customers return to: who is paid most often first.

    Parameters
    ----------
    customer, entity
        (payments,): positions in ``customers`` and entity types.

    Returns
    -------
    (payments, contacts): where an entity type has fewer than others, `contact_weights` is 0.
    """
    most = contact_weights().shape[1]
    who, which = np.repeat(customer, most), np.tile(np.arange(most), len(customer))
    role = np.repeat(role_of_entities()[entity], most)
    number = numbers_of(customers, ties_of(customers, who, role, which))
    return number.reshape(len(customer), most)


@cache
def contact_weights() -> Int:
    """Give how often each contact is paid, in whole numbers: (entity types, contacts)."""
    entities = reference().entity_types
    counts = np.where(typed_in(), [entity.favourites for entity in entities], 0)
    most = int(counts.max())
    tables = zip(recipients().slot.values, counts, strict=True)
    return np.array([np.bincount(slot[slot < count], minlength=most) for slot, count in tables])


def role_of_entities() -> Int:
    """Give the role of those who are paid with each entity type: (entity types,)."""
    roles = [ROLE_OF_ENTITY.get(entity.name, "agency") for entity in reference().entity_types]
    return np.array([_code(role) for role in roles])


@cache
def _code(role: str) -> int:
    return ROLES.index(role)


def _housemates(own_rank: Int, which: Int) -> Int:
    """Give the ranks of the others of a household."""
    place = own_rank % HOUSEHOLD
    return own_rank - place + (place + 1 + which % (HOUSEHOLD - 1)) % HOUSEHOLD


@cache
def _may_be_far() -> Codes:
    return np.array([role in {"friend", "family", "new"} for role in ROLES])


@cache
def _businesses() -> Int:
    return np.array([BUSINESSES.get(role, 0) for role in ROLES])


@cache
def _first_of_role() -> Int:
    pools = _businesses()
    return ORDINARY_RANKS + HOUSEHOLD * (np.cumsum(pools) - pools)
