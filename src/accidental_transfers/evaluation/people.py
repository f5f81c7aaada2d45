"""Whom people pay: merchants they return to, payees they know, what they spend. Unlabelled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import (
    BANK,
    CARD,
    ONLINE,
    P2P,
    PURCHASES,
    TRANSFERS,
    Dataset,
)
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.model.arrays import Bool, Float, Int

POPULAR = 100
FIRST_PURCHASES = 100
FEWEST_CUSTOMERS = 20


def zipf_exponent(counts: Float) -> float:
    """Fit popularity proportional to rank^-exponent over the (at most) 100 most popular.

    Ordinary least squares of ln(count) on ln(rank), rank 1 the most popular.
    """
    top = np.sort(counts)[::-1][:POPULAR]
    slope, _ = np.polyfit(np.log(np.arange(1, len(top) + 1)), np.log(top), 1)
    return float(-slope)


def heaps_exponent(new: Bool) -> float:
    """Fit distinct merchants after n purchases proportional to n^exponent.

    Ordinary least squares of ln(distinct) on ln(n), n = 1, 2, 3 … each once (Heaps' law, as
    of words in a text).
    """
    slope, _ = np.polyfit(np.log(np.arange(1, len(new) + 1)), np.log(np.cumsum(new)), 1)
    return float(slope)


def intraclass_correlation(values: Float, group: Int) -> float:
    """Give the share of variance between groups: ICC(1) by a one-way analysis of variance.

    (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 = (N - sum n²/N) / (k - 1) for k groups of unequal
    sizes (Shrout and Fleiss, Psychological Bulletin 86, 1979; Donner 1986).
    """
    _, group = np.unique(group, return_inverse=True)
    size = np.bincount(group)
    groups, total = len(size), len(values)
    mean = np.bincount(group, values) / size
    between = float((size * (mean - values.mean()) ** 2).sum() / (groups - 1))
    within = float(((values - mean[group]) ** 2).sum() / (total - groups))
    typical = (total - (size.astype(np.float64) ** 2).sum() / total) / (groups - 1)
    return float((between - within) / (between + (typical - 1) * within))


def seen_before(rows: pd.DataFrame, *columns: str) -> Bool:
    """Tell which rows repeat an earlier one of the same customer in some columns."""
    keys = {name: _codes(rows[name]) for name in ("customer", *columns)}
    return pd.DataFrame(keys).duplicated().to_numpy()


def _codes(column: pd.Series) -> Int:
    codes = column.cat.codes if isinstance(column.dtype, pd.CategoricalDtype) else column
    return codes.to_numpy().astype(np.int64)


def _purchases(data: Dataset) -> pd.DataFrame:
    rows = data.of_types(*PURCHASES)
    return rows[rows["recipient"].notna().to_numpy()]


def _of_customers(data: Dataset) -> list[Bool]:
    """Tell for each customer with 100 purchases or more which were at a new merchant."""
    rows = _purchases(data)
    new = ~seen_before(rows, "recipient")
    cuts = np.flatnonzero(np.diff(rows["customer"].to_numpy())) + 1
    customers = [part for part in np.split(new, cuts) if len(part) >= FIRST_PURCHASES]
    return enough(customers, FEWEST_CUSTOMERS, f"customers with {FIRST_PURCHASES} purchases")


def _popularity(data: Dataset) -> Reading:
    merchants = _counts(_purchases(data))
    rows = data.honest
    everybody = _counts(rows[rows["recipient"].notna().to_numpy()])
    return Reading(
        zipf_exponent(merchants), {"of recipients of all types": zipf_exponent(everybody)}
    )


def _counts(rows: pd.DataFrame) -> Float:
    counts = rows["recipient"].value_counts().to_numpy().astype(np.float64)
    return enough(counts[counts > 0], 20, "recipients")


def _repeats(data: Dataset) -> float:
    return float(np.median([1 - new.mean() for new in _of_customers(data)]))


def _top_merchant(data: Dataset) -> float:
    rows = _purchases(data)
    counts = rows.groupby("customer")["recipient"].agg(_largest_share)
    many = rows["customer"].value_counts() >= FIRST_PURCHASES
    return float(enough(counts[many], FEWEST_CUSTOMERS, "customers with 100 purchases").median())


def _largest_share(recipients: pd.Series) -> float:
    _, counts = np.unique(recipients.cat.codes, return_counts=True)
    return float(counts.max() / counts.sum())


def _distinct(data: Dataset) -> float:
    return float(np.median([new[:FIRST_PURCHASES].sum() for new in _of_customers(data)]))


def _growth(data: Dataset) -> Reading:
    customers = _of_customers(data)
    return Reading(
        float(np.median([heaps_exponent(new) for new in customers])),
        {
            "over the first 100 purchases": float(
                np.median([heaps_exponent(new[:FIRST_PURCHASES]) for new in customers])
            )
        },
    )


def _between_customers(data: Dataset) -> Reading:
    also = {}
    for type_ in (CARD, ONLINE, P2P, BANK):
        try:
            also[type_] = _correlation(data.of_types(type_))
        except NotComputableError:
            continue  # the type is not in the dataset; the others are
    return Reading(_correlation(data.honest), also)


def _correlation(rows: pd.DataFrame) -> float:
    rows = rows[rows["log_amount"].notna().to_numpy()]
    customer = rows["customer"].to_numpy()
    enough(np.unique(customer), FEWEST_CUSTOMERS, "customers")
    return intraclass_correlation(rows["log_amount"].to_numpy(), customer)


def _known_payee(data: Dataset) -> Reading:
    return Reading(
        float(seen_before(data.of_types(*TRANSFERS), "recipient").mean()), _last_third(data)
    )


def _last_third(data: Dataset) -> dict[str, float]:
    """Leave the first payments of the period out of what is counted, not of what is known."""
    rows = data.of_types(*TRANSFERS)
    late = rows["day"].to_numpy() >= data.days * 2 / 3
    return {"in the last third of the days": float(seen_before(rows, "recipient")[late].mean())}


def _same_amount(data: Dataset) -> float:
    return float(seen_before(data.of_types(BANK), "recipient", "cents").mean())


MEASURES: dict[str, Measure] = {
    "zipf": _popularity,
    "repeat_rate": _repeats,
    "top_merchant": _top_merchant,
    "distinct_merchants": _distinct,
    "heaps": _growth,
    "icc": _between_customers,
    "known_payee": _known_payee,
    "standing_amounts": _same_amount,
}
