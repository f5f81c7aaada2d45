"""What the customers of a block pay to people."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.model.arrays import Bool
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.people import own_account_types
from accidental_transfers.model.recipients import recipients
from accidental_transfers.statistics.network import Ties, ties


def ties_of_block(block: Block) -> Ties:
    """Count what customers pay to people, accidents and accounts of their own left out."""
    first_person = recipients().first_person
    to_people = np.flatnonzero(block.recipient >= first_person)
    counts = (block.label[to_people] == 0) & _to_others()[block.entity[to_people]]
    rows = to_people[counts]
    who = block.customers
    own = who.population.number(who.home.astype(np.int64), who.rank)
    return ties(
        customers=len(who),
        customer=block.customer[rows],
        number=block.number[block.recipient[rows] - first_person].astype(np.int64),
        own=own.astype(np.int64),
    )


@cache
def _to_others() -> Bool:
    own = own_account_types()
    return np.array([entity.name not in own for entity in reference().entity_types])
