"""The facts that the model is made of: cities, curves, entity types and recipients.

They are data files in ``data/``, with their sources named there; this module only reads them.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

HOURS = 24
NIGHT_HOURS = range(1, 5)


@dataclass(frozen=True)
class City:
    """One of the 120 largest cities of the United States (2020 Census, GeoNames)."""

    name: str
    state: str
    population: int
    latitude: float
    longitude: float
    timezone: str

    @property
    def saves_daylight(self) -> bool:
        """Whether clocks go forward in March: nowhere in Hawaii, nor in Arizona's cities."""
        return self.timezone not in {"America/Phoenix", "Pacific/Honolulu"}


@dataclass(frozen=True)
class EntityType:
    """A kind of recipient within a transaction type; ``entity_types.json`` says what each is."""

    name: str
    transaction_type: int
    share: float
    hours: tuple[float, ...]
    shape: str
    median: float
    sigma: float
    endings: dict[str, float]
    favourites: int
    zipf: float
    explore: float
    local: float
    standing: float
    month_start: float
    typed: bool
    large: float
    in_person: bool
    national_names: tuple[str, ...]
    local_kinds: tuple[str, ...]


@dataclass(frozen=True)
class TransactionType:
    """A way to pay, with its rhythm (rates over their mean) and usual maximum in dollars."""

    name: str
    share: float
    usual_maximum: float
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    month_days: tuple[float, ...]


@dataclass(frozen=True)
class Reference:
    """All facts, in the order that gives them their codes."""

    cities: tuple[City, ...]
    transaction_types: tuple[TransactionType, ...]
    entity_types: tuple[EntityType, ...]
    local_first_words: tuple[str, ...]


def _read(name: str) -> str:
    return files("accidental_transfers.model").joinpath("data", name).read_text("utf-8")


def _cities() -> tuple[City, ...]:
    return tuple(
        City(
            row["city"],
            row["state"],
            int(row["population"]),
            float(row["latitude"]),
            float(row["longitude"]),
            row["timezone"],
        )
        for row in csv.DictReader(_read("us_cities.csv").splitlines())
    )


def _transaction_type(name: str, settings: dict[str, Any], facts: Any) -> TransactionType:
    measured = facts["payment_type"][name]
    return TransactionType(
        name=name,
        share=settings["share"],
        usual_maximum=settings["usual_maximum"],
        hours=_at_night(measured["hour"], settings["night_factor"]),
        weekdays=tuple(measured["day_of_week"]),
        month_days=tuple(measured["day_of_month"]),
    )


def _at_night(hours: list[float], factor: float) -> tuple[float, ...]:
    """Change the shares of the hours in which hardly anybody is awake; they add up to 1 again."""
    changed = [share * (factor if hour in NIGHT_HOURS else 1.0) for hour, share in enumerate(hours)]
    return tuple(share / sum(changed) for share in changed)


def _entity_type(
    given: dict[str, Any],
    code: int,
    type_: TransactionType,
    in_person: bool,
    facts: Any,
    merchants: Any,
) -> EntityType:
    curve = facts["merchant_class"].get(given["hours"], {}).get("hour", type_.hours)
    return EntityType(
        name=given["name"],
        transaction_type=code,
        share=given["share"],
        hours=tuple(curve),
        shape=given.get("shape", "lognormal"),
        median=given["median"],
        sigma=given["sigma"],
        endings=given["endings"],
        favourites=given["favourites"],
        zipf=given["zipf"],
        explore=given["explore"],
        local=given.get("local", 0.0),
        standing=given.get("standing", 0.0),
        month_start=given.get("month_start", 1.0),
        typed=given.get("typed", False),
        large=given.get("large", 0.0),
        in_person=in_person,
        national_names=tuple(merchants["national"].get(given["name"], ())),
        local_kinds=tuple(merchants["local"]["kinds"].get(given["name"], ())),
    )


@cache
def reference() -> Reference:
    """Read the reference data, once."""
    facts = json.loads(_read("payment_facts.json"))
    settings = json.loads(_read("entity_types.json"))["transaction_types"]
    merchants = json.loads(_read("merchants.json"))
    types = tuple(_transaction_type(name, each, facts) for name, each in settings.items())
    entities = tuple(
        _entity_type(given, code, types[code], each.get("in_person", False), facts, merchants)
        for code, each in enumerate(settings.values())
        for given in each["entity_types"]
    )
    return Reference(_cities(), types, entities, tuple(merchants["local"]["first_words"]))
