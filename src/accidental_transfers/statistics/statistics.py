"""Statistics of a dataset: what the card and the manifest tell of it.

Every count is exact, and keyed by what the dataset calls it: the sum of what a run's slices counted
and what is read from somebody's CSV file have one shape. Two things are a choice that does not
depend on the slices: one customer's month, and the numbers of some people.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from accidental_transfers.model.arrays import Codes
from accidental_transfers.statistics.month import Month

BINS_PER_DECADE = 10
LARGEST_EXPONENT = 16
EXAMPLES = 3
"""Examples of each kind."""
CONTEXT = 2
"""Rows of the same customer before an example, and after it."""

Counts = dict[str, int]
Histogram = dict[int, int]
Example = list[dict[str, str | bool]]
"""Neighbouring rows as the CSV spells them, and ``is_example``: whether the row belongs to it."""

_EDGES = np.array(
    [math.ceil(10 ** (k / BINS_PER_DECADE)) for k in range(BINS_PER_DECADE * LARGEST_EXPONENT)]
)


def amount_bins(cents: Codes) -> npt.NDArray[np.intp]:
    """Give amounts' places on a logarithmic axis.

    Bin k holds ``10 ** (k / 10) <= cents < 10 ** ((k + 1) / 10)``; bin -1 what is below a cent.
    """
    return np.searchsorted(_EDGES, cents, side="right") - 1


class Statistics(BaseModel):
    """What a dataset, or a slice of it, looks like.

    Attributes
    ----------
    rows, customers : int
        Customers without a single row count where their companion tells of them.
    home_rows : int
        Rows in the customer's home city: the companion's, else the customer's most frequent.
    by_date : dict
        Rows by date (ISO) and transaction type; days without any row are absent.
    by_weekday_hour : dict
        By transaction type: 7 lists, Monday first, of 24 rows.
    by_entity_type : dict
        Rows by transaction type and entity type.
    by_city : dict
        ``rows`` and ``home_customers`` by city, its state behind it where that is known.
    by_label : dict
        Rows by label.
    by_kind : dict
        ``events`` and ``rows`` by kind of accident or look-alike; empty without the truth.
    labels_by_week : dict
        Rows by the Monday of the week (ISO) and label; weeks without any are absent.
    amounts : dict
        Rows by transaction type, label (or ``all``) and bin, see `amount_bins`.
    cents : dict
        By transaction type: the ``sum`` of all amounts and the ``largest``, in cents.
    merchants : dict
        Rows by recipient, of all recipients that are no person.
    people : dict
        ``payments`` to people, whom a number names.
    rows_per_customer : dict
        Customers by their number of rows.
    labels_per_customer : dict
        By label: customers by their number of such rows.
    spending_per_customer : dict
        Customers with rows by the bin of all that they paid.
    payees_per_customer : dict
        Customers by the number of people they pay. Of this and the next two, rows with a label
        and payments into accounts of the customer's own are no part.
    payments_per_payee : dict
        Pairs of a customer and a person who is paid, by the number of payments.
    numbers : dict
        What is known of some people's numbers: the use of each, see `network.Uses`.
    month : Month
        The month of one customer; None without rows.
    examples : dict
        The first three of each kind (without the truth: of each label) in the dataset's order,
        with the rows around them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rows: int = 0
    customers: int = 0
    home_rows: int = 0
    by_date: dict[str, Counts] = {}
    by_weekday_hour: dict[str, list[list[int]]] = {}
    by_entity_type: dict[str, Counts] = {}
    by_city: dict[str, Counts] = {}
    by_label: Counts = {}
    by_kind: dict[str, Counts] = {}
    labels_by_week: dict[str, Counts] = {}
    amounts: dict[str, dict[str, Histogram]] = {}
    cents: dict[str, Counts] = {}
    merchants: Counts = {}
    people: Counts = {}
    rows_per_customer: Histogram = {}
    labels_per_customer: dict[str, Histogram] = {}
    spending_per_customer: Histogram = {}
    payees_per_customer: Histogram = {}
    payments_per_payee: Histogram = {}
    numbers: dict[int, int] = {}
    month: Month | None = None
    examples: dict[str, list[Example]] = {}

    @property
    def by_type(self) -> Counts:
        """Rows by transaction type."""
        return {name: sum(counts.values()) for name, counts in self.by_entity_type.items()}

    @property
    def labelled(self) -> int:
        """Rows with a label."""
        return sum(self.by_label.values())


def in_order(statistics: Statistics) -> Statistics:
    """Sort the keys that come as they occur; all others have their order from the vocabulary."""
    values = {name: _sorted(value, name in _SORTED) for name, value in statistics}
    return statistics.model_copy(update=values)


_SORTED = {"by_date", "by_city", "labels_by_week", "merchants"}


def _sorted(value: Any, sort: bool = False) -> Any:
    """Sort the keys of histograms, and on demand a dictionary's own."""
    if not isinstance(value, dict):
        return value
    numeric = any(isinstance(key, int) for key in value)
    items = sorted(value.items()) if sort or numeric else value.items()
    return {key: _sorted(each) for key, each in items}
