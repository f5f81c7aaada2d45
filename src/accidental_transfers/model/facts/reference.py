"""The facts that the model is made of: cities, curves, entity types and recipients.

They are data files in ``data/``. Each JSON file says in its ``_about`` where its facts come from
and in which units they are; the cities are those of the 2020 Census, with GeoNames' places.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from accidental_transfers.errors import FactsError
from accidental_transfers.model.arrays import Bool, Codes
from accidental_transfers.model.facts.aftermath_files import AftermathFile
from accidental_transfers.model.facts.files import (
    HOURS,
    CityRow,
    EntityTypeEntry,
    PaymentTypeEntry,
    TransactionTypeEntry,
)
from accidental_transfers.model.facts.obligation_files import ObligationsFile, PlacesFile
from accidental_transfers.model.facts.occasion_files import OccasionEntry, PricesFile
from accidental_transfers.model.facts.reading import FILES, Facts, files_in, read_facts

__all__ = [
    "HOURS",
    "City",
    "EntityType",
    "Reference",
    "TransactionType",
    "read_reference",
    "reference",
]

NIGHT_HOURS = range(1, 5)


@dataclass(frozen=True)
class City:
    """One of the largest cities of the United States (2020 Census, GeoNames)."""

    name: str
    state: str
    population: int
    latitude: float
    longitude: float
    timezone: str

    @property
    def place(self) -> str:
        """The name that no other city has: ``New York, NY``."""
        return f"{self.name}, {self.state}"

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
    amounts: tuple[float, float]
    endings: dict[str, float]
    favourites: int
    zipf: float
    explore: float
    popularity: float
    local: float
    standing: float
    at_home: float
    away: float
    last_day: float
    typed: bool
    large: float
    second: str | None
    only_for: tuple[str, ...]
    others: str | None
    in_person: bool
    national_names: tuple[str, ...]
    billed_names: tuple[str, ...]
    local_kinds: tuple[str, ...]

    @property
    def is_only_owed(self) -> bool:
        """Whether it is a bill's: paid when it is due, and never as a purchase."""
        return not self.share


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
    amounts_of_merchants: dict[str, tuple[float, float]]
    places: PlacesFile
    owed: ObligationsFile
    occasions: tuple[OccasionEntry, ...]
    prices: PricesFile
    aftermath: AftermathFile

    @cached_property
    def type_names(self) -> list[str]:
        """The names of the transaction types, by their codes."""
        return [type_.name for type_ in self.transaction_types]

    @cached_property
    def type_of_entity(self) -> Codes:
        """(entity types,): the code of each one's transaction type."""
        return np.array([entity.transaction_type for entity in self.entity_types], np.uint8)

    def are_of(self, *types: str) -> Bool:
        """Tell which entity types are of some transaction types, by name: (entity types,)."""
        return np.isin(self.type_names, types)[self.type_of_entity]

    @cached_property
    def entity_codes(self) -> dict[str, int]:
        """The code of each entity type, by its name."""
        return {entity.name: code for code, entity in enumerate(self.entity_types)}


@cache
def reference() -> Reference:
    """Read the package's own facts, once.

    Raises
    ------
    FactsError
        Naming everything that is wrong in them.
    """
    return read_reference()


def read_reference(folder: Path | None = None) -> Reference:
    """Read and check the facts.

    Parameters
    ----------
    folder
        A folder with some of the files of ``data/``, such as a copy that is being edited; what
        it has not is taken from the package.

    Raises
    ------
    FactsError
        Naming everything that is wrong, or the folder where it has none of the files.
    """
    if folder is not None and not files_in(folder):
        raise FactsError(f"{folder}: got none of the files; allowed are {', '.join(FILES)}")
    facts, problems = read_facts(folder)
    if facts is None:
        raise FactsError("\n".join(problems))
    types = [
        _transaction_type(name, entry, facts.payment_facts.payment_type[name])
        for name, entry in facts.entity_types.transaction_types.items()
    ]
    return Reference(
        cities=tuple(_city(row) for row in facts.cities.cities),
        transaction_types=tuple(types),
        entity_types=tuple(_entity_types(facts, types)),
        local_first_words=tuple(facts.merchants.local.first_words),
        amounts_of_merchants={
            name: (least, most)
            for own in facts.merchants.amounts.values()
            for name, (least, most) in own.items()
        },
        places=facts.places,
        owed=facts.owed,
        occasions=tuple(facts.holidays.holidays),
        prices=facts.prices,
        aftermath=facts.aftermath,
    )


def _city(row: CityRow) -> City:
    return City(
        name=row.city,
        state=row.state,
        population=row.population,
        latitude=row.latitude,
        longitude=row.longitude,
        timezone=row.timezone,
    )


def _transaction_type(
    name: str, entry: TransactionTypeEntry, measured: PaymentTypeEntry
) -> TransactionType:
    return TransactionType(
        name=name,
        share=entry.share,
        usual_maximum=entry.usual_maximum,
        hours=_at_night(measured.hour, entry.night_factor),
        weekdays=tuple(measured.day_of_week),
        month_days=tuple(measured.day_of_month),
    )


def _at_night(hours: list[float], factor: float) -> tuple[float, ...]:
    """Change the shares of the hours in which hardly anybody is awake; they add up to 1 again."""
    changed = [share * (factor if hour in NIGHT_HOURS else 1.0) for hour, share in enumerate(hours)]
    return tuple(share / sum(changed) for share in changed)


def _while_open(entry: EntityTypeEntry, hours: Iterable[float]) -> tuple[float, ...]:
    """Keep the shares of the hours in which something is paid; they add up to 1 again."""
    kept = [share if entry.is_open(hour) else 0.0 for hour, share in enumerate(hours)]
    return tuple(share / sum(kept) for share in kept)


def _entity_types(facts: Facts, types: list[TransactionType]) -> Iterator[EntityType]:
    classes = facts.payment_facts.merchant_class
    entries = facts.entity_types.transaction_types.values()
    for code, settings in enumerate(entries):
        for entry in settings.entity_types:
            curve = classes[entry.hours].hour if entry.hours else None
            yield _entity_type(entry, code, settings.in_person, curve or types[code].hours, facts)


def _entity_type(
    entry: EntityTypeEntry,
    transaction_type: int,
    in_person: bool,
    hours: Iterable[float],
    facts: Facts,
) -> EntityType:
    names = facts.merchants.national.get(entry.name, ())
    least, most = entry.amounts or (0.0, math.inf)
    return EntityType(
        **{name: value for name, value in entry if name != "open"}
        | {
            "transaction_type": transaction_type,
            "last_day": entry.away if entry.last_day is None else entry.last_day,
            "in_person": in_person,
            "hours": _while_open(entry, hours),
            "amounts": (least, most),
            "only_for": tuple(entry.only_for),
            "endings": dict(entry.endings),
            "national_names": tuple(names),
            "billed_names": tuple(name for name in facts.merchants.billed if name in names),
            "local_kinds": tuple(facts.merchants.local.kinds.get(entry.name, ())),
        }
    )
