"""Payees who are paid by several: a world with two sides. Without labels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.obligations import Pairs, pairs_of
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.evaluation.vocabulary import by_number

FEWEST = 20
RECURRING = 3
"""A payee that is paid so often is one whom the customer knows."""
OWN_NUMBER = "own_number"
ROLE_TYPES = 2
"""One role may use two entity types."""


@lru_cache(maxsize=1)
def _persons(data: Dataset) -> Pairs:
    """Give the customers with the persons (and small businesses) whom they pay by number."""
    pairs = pairs_of(data.honest[by_number(data.honest)])
    enough(range(pairs.count), FEWEST, "customers and payees paid by number")
    return pairs


def _who(pairs: Pairs) -> pd.DataFrame:
    """Name each pair's customer and recipient: a row for each pair."""
    return pairs.rows[["customer", "recipient"]].drop_duplicates()


def _shared(data: Dataset) -> Reading:
    paid_by = _who(_persons(data))["recipient"].cat.codes.value_counts()
    return Reading(
        float((paid_by > 1).mean()),
        {"most customers of one payee": float(paid_by.max())},
    )


def _paid_by_another(data: Dataset) -> Reading:
    owners = _owners(data)
    rows = data.honest[data.honest["recipient"].isin(list(owners)).to_numpy()]
    owner = rows["recipient"].astype("str").map(owners).to_numpy()
    paid = np.unique(owner[owner != rows["customer"].to_numpy()])
    return Reading(len(paid) / data.rows["customer"].nunique())


def _owners(data: Dataset) -> dict[str, int]:
    """Tell whose each customer's own number is: number -> customer (code).

    Raises
    ------
    NotComputableError
        If no companion tells the numbers, or not those of these customers.
    """
    if data.customers is None or not {"customer_id", OWN_NUMBER} <= set(data.customers.columns):
        raise NotComputableError(f"needs the column {OWN_NUMBER} in the companion .customers.csv")
    named = data.customers.dropna(subset=["customer_id", OWN_NUMBER]).astype("str")
    code = data.customer_ids.astype("str").get_indexer(pd.Index(named["customer_id"]))
    pairs = zip(named[OWN_NUMBER], code, strict=True)
    owners = {number: int(customer) for number, customer in pairs if customer >= 0}
    if not owners:
        raise NotComputableError("the companion .customers.csv is about other customers")
    return owners


def _recurring(data: Dataset) -> Reading:
    sizes = _persons(data).sizes()
    return Reading(
        float((sizes >= RECURRING).mean()),
        {"paid once": float((sizes == 1).mean()), "paid twice": float((sizes == 2).mean())},
    )


def _roles(data: Dataset) -> Reading:
    pairs = _persons(data)
    often = pairs.only(pairs.sizes() >= RECURRING)
    enough(range(often.count), FEWEST, f"customers and payees paid {RECURRING} times or more")
    types = often.rows["entity_type"].groupby(often.pair).nunique()
    return Reading(
        float((types > ROLE_TYPES).mean()), {"in one entity type": float((types == 1).mean())}
    )


MEASURES: dict[str, Measure] = {
    "shared_payees": _shared,
    "paid_by_another": _paid_by_another,
    "recurring_payees": _recurring,
    "payee_roles": _roles,
}
