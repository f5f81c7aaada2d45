"""Whether people pay where they live or travel, and those who serve there. Without labels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import CARD, Dataset
from accidental_transfers.evaluation.places import homes
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.evaluation.vocabulary import of_purpose, where_name
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.facts.places import COUNTRY
from accidental_transfers.model.facts.reference import reference

Where = Mapping[str, frozenset[str]]
"""Name of a payee -> where it is: cities ("Austin, TX") and states ("TX"), or `COUNTRY`."""

FEWEST = 100


@cache
def _facts() -> Where:
    """Give where each payee is that is not everywhere, and the providers of each city."""
    facts = reference()
    where = {name: set(at) for name, at in facts.places.where.items()}
    merchants = {name for entity in facts.entity_types for name in entity.national_names}
    for city, services in facts.places.by_city.items():
        for name in {name for shares in services.values() for name in shares}:
            if name in where or name not in merchants:
                where.setdefault(name, set()).add(city)
    return {name: frozenset(at) for name, at in where.items()}


def _state(place: str) -> str:
    return place[-2:]


def _is_city(place: str) -> bool:
    return ", " in place


def states_of(where: Where) -> Where:
    """Take those who serve one city of a state for serving the state."""
    return {name: frozenset(map(_state, places)) for name, places in where.items()}


def only_local(where: Where) -> Where:
    """Leave out those who serve the whole country."""
    return {name: places for name, places in where.items() if COUNTRY not in places}


def _places(cities: pd.Index) -> list[frozenset[str]]:
    """Tell how the facts may name each city: a name without its state may mean several."""
    named: dict[str, set[str]] = {}
    for city in reference().cities:
        here = {f"{city.name}, {city.state}", city.state, COUNTRY}
        named.setdefault(city.name, set()).update(here)
    return [frozenset(named.get(name, ())) for name in cities]


def _share_served(rows: pd.DataFrame, city: Int, where: Where) -> float:
    """Give the share of rows whose payee serves a city: (rows,) codes of the rows' cities.

    Payees and cities without facts are left out.
    """
    payee, places = rows["recipient"], _places(rows["city"].cat.categories)
    known = where_name(payee, where.__contains__) & np.array([*map(bool, places), False])[city]
    enough(range(np.count_nonzero(known)), FEWEST, "rows of payees whose places are known")
    pairs = payee.cat.codes.to_numpy()[known].astype(np.int64) * len(places) + city[known]
    pairs, count = np.unique(pairs, return_counts=True)
    names = payee.cat.categories.to_numpy()[pairs // len(places)]
    there = [places[number] for number in pairs % len(places)]
    serves = [bool(where[name] & here) for name, here in zip(names, there, strict=True)]
    return float(np.average(serves, weights=count))


def _home(data: Dataset, rows: pd.DataFrame) -> Int:
    return homes(data)[rows["customer"].to_numpy()]


def _city(rows: pd.DataFrame) -> Int:
    return rows["city"].cat.codes.to_numpy().astype(np.int64)


def local_billers(data: Dataset, where: Where) -> float:
    """Give the share of utility and tax payments to those who serve the customer's home state.

    Those who serve the whole country, such as the federal tax office, are left out.
    """
    rows = of_purpose(data, "utilities", "tax")
    return _share_served(rows, _home(data, rows), states_of(only_local(where)))


def transit_cards(data: Dataset, where: Where) -> float:
    """Give the share of payments with a city's transit card that are made in that city."""
    cards = {name: places for name, places in where.items() if all(map(_is_city, places))}
    rows = of_purpose(data, "transit")
    return _share_served(rows, _city(rows), cards)


def served(data: Dataset, where: Where) -> Reading:
    """Give the share of payments to those who serve the place, of all who do not serve every one.

    Cards are used where the row is, and all other payments come from home.
    """
    rows = data.honest
    card = (rows["type"] == CARD).to_numpy()
    city = np.where(card, _city(rows), _home(data, rows))
    value = _share_served(rows, city, only_local(where))
    also = {}
    for name, part in (("with a card", card), ("from home", ~card)):
        try:
            also[name] = _share_served(rows[part], city[part], only_local(where))
        except NotComputableError:
            continue  # all payments are of the other part, which is judged
    return Reading(value, also)


def _at_home(data: Dataset, purpose: str) -> float:
    rows = of_purpose(data, purpose)
    rows = enough(rows[rows["city"].notna().to_numpy()], FEWEST, f"rows of a {purpose} in a city")
    return float((_city(rows) == _home(data, rows)).mean())


def _hotels(data: Dataset) -> float:
    return 1 - _at_home(data, "hotel")


def _groceries(data: Dataset) -> float:
    return _at_home(data, "grocery")


def _local_billers(data: Dataset) -> float:
    return local_billers(data, _facts())


def _transit_cards(data: Dataset) -> float:
    return transit_cards(data, _facts())


def _served(data: Dataset) -> Reading:
    return served(data, _facts())


MEASURES: dict[str, Measure] = {
    "local_billers": _local_billers,
    "transit_cards": _transit_cards,
    "hotels_away": _hotels,
    "groceries_home": _groceries,
    "served": _served,
}
