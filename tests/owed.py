"""What some customers owe and what they pay of it, as tables that several tests look at."""

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from accidental_transfers import DatasetSpec
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.contracts import Contracts, draw_contracts
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.due import amounts, dues
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.hours import times_of_day
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.obligations import CADENCES
from accidental_transfers.model.people import numbers_of
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.streams import seed_key

PEOPLE = 1_500


def document(name: str) -> dict[str, Any]:
    """A file of facts, as it is written."""
    path = files("accidental_transfers.model").joinpath("data", name)
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


OBLIGATIONS = {entry["name"]: entry for entry in document("obligations.json")["obligations"]}
SERVICES = document("obligations.json")["services"]


def service(name: str) -> str:
    """What a subscription's obligation is called."""
    return f"subscription to {name}"


@cache
def people(seed: int = 2024) -> Customers:
    """1,500 customers."""
    return draw_customers(DatasetSpec().wanted, seed_key(seed), 1, PEOPLE)


@cache
def contracts(seed: int = 2024) -> Contracts:
    """Some 27,000 contracts of theirs."""
    return draw_contracts(people(seed))


def payees(who: Customers, own: Contracts) -> list[str]:
    """The names of those whom customers' contracts are with."""
    names, numbers = recipients().names, numbers_of(who, own.people)
    return [
        names[code] if code < len(names) else f"user_{numbers[code - len(names)]:010d}"
        for code in own.recipient.tolist()
    ]


@cache
def owed(seed: int = 2024) -> pd.DataFrame:
    """A row for each contract."""
    own, who, of = contracts(seed), people(seed), obligations()
    home = who.home[own.customer]
    return pd.DataFrame(
        {
            "customer": own.customer,
            "name": np.array(of.names)[own.obligation],
            "entity_type": np.array([each.name for each in reference().entity_types])[
                of.entity[own.obligation]
            ],
            "payee": payees(who, own),
            "cadence": np.array(CADENCES)[own.cadence],
            "due": own.due,
            "place": np.array([city.place for city in reference().cities])[home],
            "state": np.array([city.state for city in reference().cities])[home],
            "payday": who.payday[own.customer],
        }
    )


@cache
def paid(first: date, days: int, seed: int = 2024) -> pd.DataFrame:
    """A row for each payment in a period, with its contract's columns."""
    own, who, when = contracts(seed), people(seed), calendar(first, days)
    due = dues(own, who, when)
    found = pd.DataFrame(
        {
            "contract": due.contract,
            "day": pd.to_datetime([date.fromordinal(day) for day in due.ordinal.tolist()]),
            "cents": amounts(due, own, who),
            "second": times_of_day(due.entity, due.key),
            "is_extra": due.is_extra,
            "key": due.key,
        }
    )
    found["month"] = found["day"].dt.year * 12 + found["day"].dt.month - 1
    return found.join(owed(seed), on="contract").reset_index(drop=True)


FIRST, DAYS, MONTHS = date(2024, 1, 1), 731, 24
BASE = FIRST.year * 12


@cache
def payments() -> pd.DataFrame:
    """Two years of payments: some 650,000."""
    return paid(FIRST, DAYS)


def of(*names: str) -> pd.DataFrame:
    """The payments of some obligations."""
    return payments()[payments()["name"].isin(names)]


def in_months(rows: pd.DataFrame) -> pd.DataFrame:
    """How many payments of each contract fall into each month: (contracts, 24)."""
    counts = rows.groupby(["contract", "month"]).size().unstack(fill_value=0)
    return counts.reindex(columns=range(BASE, BASE + MONTHS), fill_value=0)


def monthly(*, services: bool) -> pd.DataFrame:
    """The payments of what is owed in every month."""
    name = payments()["name"]
    whole = name.map(lambda each: not OBLIGATIONS.get(each, {}).get("months"))
    subscription = name.str.startswith("subscription to ")
    return payments()[(payments()["cadence"] == "monthly") & whole & (subscription == services)]
