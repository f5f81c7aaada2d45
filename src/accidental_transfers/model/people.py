"""Whom people pay by number: friends, family, housemates, tradespeople, accounts of their own.

A payee is a place in the population: a city and a rank in it. Most are near in rank and in the same
city, some far: a small world, in which customers pay each other and share landlords and sitters.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.model.arrays import Codes, Int, Keys, Lanes, Numbers
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.population import HOUSEHOLD, ORDINARY_RANKS
from accidental_transfers.model.recipients import recipients, typed_in
from accidental_transfers.model.streams import among, child, lanes, named, unit
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
FARTHEST = 50_000
MONTHS_BACK = 3
"""A new payee was met in this month or the two before."""
NEW_A_MONTH = 3


def numbers_of(customers: Customers, customer: Int, role: Codes, which: Int, key: Keys) -> Numbers:
    """Give the numbers of payees.

    Parameters
    ----------
    customer
        (payees,): positions in ``customers``.
    role
        (payees,): positions in `ROLES`.
    which
        (payees,): tells several payees of one role apart.
    key
        (payees,): keys of the ties, the same for the same customer, role and ``which``.
    """
    own_city, own_rank = customers.home[customer].astype(np.int64), customers.rank[customer]
    near, direction, far, place = lanes(key, 4)
    is_far = (unit(far) < FAR) & _may_be_far()[role]
    city = np.where(is_far, customers.population.city(place.astype(np.int64)), own_city)
    elsewhere = (key % np.uint64(FARTHEST)).astype(np.int64)
    rank = np.where(is_far, elsewhere, _nearby(own_rank, near, direction))
    for is_role, chosen in (
        (role == _code("household"), _housemates(own_rank, which)),
        (_businesses()[role] > 0, _business(role, place)),
        (role >= _code("own account"), _own_account(own_rank, role)),
    ):
        rank = np.where(is_role, chosen, rank)
    return customers.population.number(city, rank)


def _nearby(own_rank: Int, near: Lanes, direction: Lanes) -> Int:
    """Give the ranks of people some steps up or down; nobody is his own friend."""
    steps = np.ceil(REACH * np.exp(REACH_SIGMA * normal_table()[near])).astype(np.int64)
    rank = np.abs(own_rank + np.where(direction & 1, steps, -steps))
    return rank + (rank == own_rank) * HOUSEHOLD


def _business(role: Codes, place: Lanes) -> Int:
    """Give the ranks of people whom many of a city may pay, each of a household of its own."""
    return _first_of_role()[role] + HOUSEHOLD * among(place, _businesses()[role])


def _own_account(own_rank: Int, role: Codes) -> Int:
    """Give ranks that belong to nobody, two for each customer."""
    return 2 * ORDINARY_RANKS + own_rank * 2 + (role == _code("second account"))


@cache
def own_account_types() -> frozenset[str]:
    """Name the entity types by which customers pay into accounts of their own."""
    return frozenset(name for name, role in ROLE_OF_ENTITY.items() if role == "own account")


def tie(customers: Customers, customer: Int, role: Codes, which: Int) -> Keys:
    """Give the keys of the ties between customers and their payees."""
    key = named(customers.key, "ties")[customer]
    return child(child(key, role), which)


def new_ties(customers: Customers, customer: Int, role: Codes, month: Int, key: Keys) -> Keys:
    """Give the keys of ties to people met lately: in this month or one of the two before.

    ``role`` is what they would be if they were known: tradespeople are no friends.
    """
    back, which = lanes(key, 2)
    met = month - among(among(back, back), MONTHS_BACK)
    of_customer = child(named(customers.key, "new ties")[customer], role == _code("agency"))
    return child(child(of_customer, met), among(which, NEW_A_MONTH))


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
    number = numbers_of(customers, who, role, which, tie(customers, who, role, which))
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
