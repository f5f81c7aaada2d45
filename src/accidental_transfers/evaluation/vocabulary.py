"""The words by which a dataset tells what a payment is for: the only place that lists them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.model.arrays import Bool

ENTITY_TYPES: dict[str, tuple[str, ...]] = {
    "rent": ("Rent",),
    "mortgage": ("Mortgage",),
    "loan": ("Loan Payment", "Loan"),
    "insurance": ("Insurance",),
    "phone or internet": ("Phone and Internet", "Phone", "Internet"),
    "utilities": ("Utilities",),
    "credit card bill": ("Card Payment",),
    "tax": ("Taxes", "Tax", "Local Government"),
    "home fees": ("Home Fees",),
    "subscription": ("Subscription",),
    "savings": ("Savings",),
    "fuel": ("Gas Station",),
    "coffee or fast food": ("Coffee Shop", "Fast Food"),
    "grocery": ("Grocery",),
    "hotel": ("Hotel",),
    "transit": ("Transit",),
}
"""What a payment is for, and the entity types that mean it; a dataset need not have them all."""
BILLS = (
    "rent",
    "mortgage",
    "loan",
    "insurance",
    "phone or internet",
    "utilities",
    "credit card bill",
    "tax",
    "home fees",
)
"""What is owed, and paid when it is due."""
MORTGAGE_LENDER = re.compile(
    r"mortgage|home loan|^(Wells Fargo Home|Mr\. Cooper|PennyMac|LoanDepot|Newrez)$", re.IGNORECASE
)
"""Names of those to whom a loan payment is a mortgage's."""
NUMBER = re.compile(r"user_\d+")
"""The name of a payee who is paid by number: a person, or a small business."""


def of_purpose(data: Dataset, *purposes: str) -> pd.DataFrame:
    """Give the unlabelled rows of some purposes (keys of `ENTITY_TYPES`).

    Raises
    ------
    NotComputableError
        If there is none.
    """
    found = data.honest[is_for(data.honest, *purposes)]
    if found.empty:
        raise NotComputableError(
            f"no unlabelled row of entity type {' or '.join(_names(purposes))}"
        )
    return found


def is_for(rows: pd.DataFrame, *purposes: str) -> Bool:
    """Tell which rows are of some purposes (keys of `ENTITY_TYPES`)."""
    return np.asarray(rows["entity_type"].isin(_names(purposes)))


def _names(purposes: Iterable[str]) -> list[str]:
    return [name for purpose in purposes for name in ENTITY_TYPES[purpose]]


def mortgages(rows: pd.DataFrame) -> Bool:
    """Tell which rows pay a mortgage: by entity type, or as a loan of a mortgage lender."""
    lender = where_name(rows["recipient"], lambda name: bool(MORTGAGE_LENDER.search(name)))
    return is_for(rows, "mortgage") | (is_for(rows, "loan") & lender)


def by_number(rows: pd.DataFrame) -> Bool:
    """Tell which rows pay somebody by number, a customer's own savings account left out."""
    number = where_name(rows["recipient"], lambda name: bool(NUMBER.fullmatch(name)))
    return number & ~is_for(rows, "savings")


def where_name(column: pd.Series, holds: Callable[[str], bool]) -> Bool:
    """Tell for which rows something holds of a category's name; it does not where none is."""
    names = [holds(name) for name in column.cat.categories]
    return np.array([*names, False], dtype=bool)[column.cat.codes]
