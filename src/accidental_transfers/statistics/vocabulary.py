"""The codes of a block's rows by the names under which they are counted."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import Block
from accidental_transfers.model.accidents import LABELS
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.recipients import recipients


def entities_by_type() -> dict[str, npt.NDArray[np.intp]]:
    """Give the codes of each transaction type's entity types."""
    facts = reference()
    return {
        name: np.flatnonzero(facts.type_of_entity == code)
        for code, name in enumerate(facts.type_names)
    }


def label_codes(block: Block) -> dict[str, int]:
    """Give the codes of the labels that the rows of a block's dataset may have."""
    return {accident.name: LABELS.index(accident.name) + 1 for accident in block.accidents}


@cache
def cities_by_name() -> list[tuple[str, int]]:
    """Give the names of all cities with their states, sorted, and the code of each."""
    cities = reference().cities
    return sorted((f"{city.name}, {city.state}", code) for code, city in enumerate(cities))


@cache
def merchants_by_name() -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Give the names of all merchants, sorted, and the code of each."""
    names = np.array(recipients().names, object)
    codes = np.argsort(names)
    return names[codes], codes
