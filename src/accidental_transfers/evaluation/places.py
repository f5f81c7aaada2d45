"""Where people are: at home, or on a trip, and never in two distant cities at once."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.readings import Measure, enough
from accidental_transfers.model.arrays import Bool, Float, Int
from accidental_transfers.model.facts.reference import City, reference

FEWEST_CUSTOMERS = 20
EARTH_RADIUS_KM = 6371.0
DISTANT_KM = 150.0
"""Farther apart than neighbouring cities, between which people do pay within the hour."""
SOON = 3600


@lru_cache(maxsize=1)
def homes(data: Dataset) -> Int:
    """Give each customer's home, the city (code) of most of the unlabelled rows; -1 for none."""
    customer, city = _cities(data)
    counts = pd.DataFrame({"customer": customer, "city": city}).value_counts(sort=True)
    home = counts.reset_index().drop_duplicates("customer")
    found = np.full(int(data.rows["customer"].max()) + 1, -1)
    found[home["customer"]] = home["city"]
    return found


def _cities(data: Dataset) -> tuple[Int, Int]:
    """Give the customer and the city (codes) of each unlabelled row that has a city."""
    rows = data.honest[data.honest["city"].notna().to_numpy()]
    return rows["customer"].to_numpy(), rows["city"].cat.codes.to_numpy().astype(np.int64)


@lru_cache(maxsize=1)
def _away(data: Dataset) -> tuple[Int, Bool]:
    """Tell which payments were made away from home."""
    customer, city = _cities(data)
    return customer, city != homes(data)[customer]


def _home_shares(data: Dataset) -> Float:
    customer, away = _away(data)
    count = np.bincount(customer)
    shares = 1 - np.bincount(customer, away)[count > 0] / count[count > 0]
    return enough(shares, FEWEST_CUSTOMERS, "customers")


def _home_low(data: Dataset) -> float:
    return float(np.quantile(_home_shares(data), 0.05))


def _home_sd(data: Dataset) -> float:
    return float(_home_shares(data).std(ddof=1))


def _still_away(data: Dataset) -> float:
    """Give the share of payments away among those that follow one away."""
    customer, away = _away(data)
    follows = (customer[1:] == customer[:-1]) & away[:-1]
    return float(enough(away[1:][follows], 100, "payments after one away from home").mean())


def _impossible_journeys(data: Dataset) -> float:
    """Count neighbours in time that are more than 150 km and less than an hour apart."""
    rows = data.rows
    places = _known_cities(rows["city"].cat.categories)
    if len(places) < 2:
        raise NotComputableError("needs two cities of the reference data")
    code = rows["city"].cat.codes.to_numpy().astype(int)
    customer = rows["customer"].to_numpy()
    known = np.isin(code, list(places))
    moves = (customer[1:] == customer[:-1]) & (code[1:] != code[:-1]) & known[1:] & known[:-1]
    start, end = np.flatnonzero(moves), np.flatnonzero(moves) + 1
    far = _kilometres(places, code[start], code[end]) > DISTANT_KM
    second = rows["second"].to_numpy()
    start, end = start[far], end[far]
    gap = _universal(places, code[end], second[end]) - _universal(
        places, code[start], second[start]
    )
    return float((np.abs(gap) < SOON).sum())


def _known_cities(names: pd.Index) -> dict[int, City]:
    """Find the cities of the reference data, but for names that two of them bear."""
    found: dict[str, list[City]] = {}
    for city in reference().cities:
        found.setdefault(city.name, []).append(city)
    return {
        code: found[name][0] for code, name in enumerate(names) if len(found.get(name, ())) == 1
    }


def _kilometres(places: dict[int, City], one: Float, other: Float) -> Float:
    """Give great-circle distances (haversine)."""
    degrees = np.zeros((max(places) + 1, 2))
    for code, city in places.items():
        degrees[code] = city.latitude, city.longitude
    (lat1, lon1), (lat2, lon2) = (np.radians(degrees[code]).T for code in (one, other))
    chord = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))


def _universal(places: dict[int, City], code: Float, second: Int) -> Float:
    """Turn local clocks into seconds of universal time; NaN in the hour that comes twice."""
    result = np.full(len(code), np.nan)
    local = pd.to_datetime(second, unit="s")
    for timezone in {city.timezone for city in places.values()}:
        here = np.isin(code, [each for each in places if places[each].timezone == timezone])
        try:
            clock = local[here].tz_localize(timezone, ambiguous="NaT", nonexistent="shift_forward")
        except ZoneInfoNotFoundError as error:
            raise NotComputableError(f"this machine does not know {timezone}") from error
        elapsed = clock - pd.Timestamp(0, tz="UTC")
        result[here] = elapsed / pd.Timedelta(seconds=1)
    return result


MEASURES: dict[str, Measure] = {
    "home_low": _home_low,
    "home_sd": _home_sd,
    "still_away": _still_away,
    "impossible_journeys": _impossible_journeys,
}
