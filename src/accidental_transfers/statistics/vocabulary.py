"""Codes by the names under which what has them is counted."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.facts.reference import reference


def entities_by_type() -> dict[str, npt.NDArray[np.intp]]:
    """Give the codes of each transaction type's entity types."""
    facts = reference()
    return {
        name: np.flatnonzero(facts.type_of_entity == code)
        for code, name in enumerate(facts.type_names)
    }


@cache
def cities_by_name() -> list[tuple[str, int]]:
    """Give the names of all cities with their states, sorted, and the code of each."""
    cities = reference().cities
    return sorted((f"{city.name}, {city.state}", code) for code, city in enumerate(cities))
