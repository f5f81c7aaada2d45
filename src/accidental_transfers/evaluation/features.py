"""What a row and its customer's history tell about it: the columns that models learn from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.payees import resemblance
from accidental_transfers.model.arrays import Bool, Float, Int

WINDOWS = (10, 60, 120, 300)
"""Seconds that merchants' duplicate filters look back, and less."""
LOOKAHEAD = 300
"""Seconds after a payment in which it may still be held back."""
MOST_CATEGORIES = 200
"""What is rarer than the most frequent values is one category of its own."""
FEWEST_BEFORE = 3
"""An amount is compared with at least so many earlier ones."""


class Groups:
    """Rows that share a key, in order of time: looks back, and ahead, within a group.

    Parameters
    ----------
    second
        (rows,): within a group they never decrease.
    keys
        (rows,) each: rows that agree in all of them are a group.
    """

    def __init__(self, second: Int, *keys: Int) -> None:
        group = keys[0]
        for key in keys[1:]:
            group = pd.factorize(group * (int(key.max()) + 2) + key + 1)[0].astype(np.int64)
        self._order = np.argsort(group, kind="stable")
        ordered = group[self._order]
        first = np.append(True, ordered[1:] != ordered[:-1])
        starts = np.flatnonzero(first)
        self._start = np.repeat(starts, np.diff(np.append(starts, len(ordered))))
        self._second = second[self._order]
        self._group = np.cumsum(first) - 1

    def _unsorted(self, values: npt.NDArray[np.generic]) -> Float:
        result = np.empty(len(values))
        result[self._order] = values
        return result

    def before(self) -> Float:
        """Count the earlier rows of each row's group."""
        return self._unsorted(np.arange(len(self._start)) - self._start)

    def since_last(self) -> Float:
        """Give the seconds since the group's row before; NaN for the first one."""
        gap = np.diff(self._second, prepend=0).astype(np.float64)
        gap[self._start == np.arange(len(gap))] = np.nan
        return self._unsorted(gap)

    def until_next(self) -> Float:
        """Give the seconds to the group's row after; NaN for the last one."""
        gap = np.diff(self._second, append=0).astype(np.float64)
        gap[np.append(self._start[1:] == np.arange(1, len(gap)), True)] = np.nan
        return self._unsorted(gap)

    def within(self, seconds: int) -> Float:
        """Count the group's earlier rows that are at most so many seconds away."""
        span = int(self._second.max() - self._second.min()) + seconds + 1
        time = self._group * span + (self._second - self._second.min())
        oldest = np.searchsorted(time, time - seconds)
        return self._unsorted(np.arange(len(time)) - oldest)

    def last(self, values: Float) -> Float:
        """Give the value of the group's row before; NaN for the first one."""
        return self._shifted(values[self._order])

    def mean_and_sd(self, values: Float) -> tuple[Float, Float]:
        """Give mean and standard deviation of the group's earlier values; NaN if few."""
        ordered = np.nan_to_num(values[self._order])
        count = np.arange(len(ordered)) - self._start
        total, squares = self._sums(ordered), self._sums(ordered**2)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total / count
            variance = (squares - total * mean) / (count - 1)
        few = count < FEWEST_BEFORE
        mean[few] = np.nan
        variance[few] = np.nan
        return self._unsorted(mean), self._unsorted(np.sqrt(np.maximum(variance, 0)))

    def greatest(self, values: Float) -> Float:
        """Give the largest of the group's earlier values; NaN for the first row."""
        ordered = pd.Series(values[self._order])
        highest = ordered.groupby(self._group).cummax()
        return self._shifted(np.asarray(highest, np.float64))

    def _shifted(self, ordered: Float) -> Float:
        shifted = np.append(np.nan, ordered[:-1])
        shifted[self._start == np.arange(len(shifted))] = np.nan
        return self._unsorted(shifted)

    def _sums(self, ordered: Float) -> Float:
        """Sum the group's earlier values."""
        total = np.append(0, np.cumsum(ordered))[:-1]
        return total - total[self._start]


def raw_columns(data: Dataset, train: Bool) -> pd.DataFrame:
    """Give what a row says by itself, without the intended recipient, which is the truth.

    The frequent recipients, as ``train`` has them, are categories; the others are one.
    """
    rows = data.rows
    amount = rows["amount"].to_numpy()
    return pd.DataFrame(
        {
            "amount": amount,
            "cents": rows["cents"].to_numpy() % 100,
            "transaction_type": _frequent(rows["type"], train),
            "entity_type": _frequent(rows["entity_type"], train),
            "city": _frequent(rows["city"], train),
            "recipient": _frequent(rows["recipient"], train),
            "recipient_length": _lengths(rows["recipient"]),
            "customer": rows["customer"].to_numpy(),
            "hour": rows["hour"].to_numpy(),
            "second_of_day": rows["second"].to_numpy() % 86_400,
            "weekday": rows["weekday"].to_numpy(),
            "day_of_month": (data.first_day + pd.to_timedelta(rows["day"], "D")).dt.day.to_numpy(),
        },
        copy=False,
    ).astype(np.float32)


def _frequent(column: pd.Series, train: Bool) -> Int:
    codes = column.cat.codes.to_numpy()
    counts = np.bincount(codes[train & (codes >= 0)], minlength=len(column.cat.categories))
    best = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
    rank = np.full(len(counts) + 1, MOST_CATEGORIES)
    rank[best] = np.arange(len(best))
    rank[-1] = MOST_CATEGORIES + 1  # an empty field
    return rank[codes]


def _lengths(column: pd.Series) -> Int:
    lengths = np.append(column.cat.categories.str.len().to_numpy(), 0)
    return lengths[column.cat.codes.to_numpy()]


def history_columns(data: Dataset) -> pd.DataFrame:
    """Give what the customer's history, up to the row and no further, tells about a row."""
    rows = data.rows
    customer, second = rows["customer"].to_numpy(), rows["second"].to_numpy()
    recipient = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    type_ = rows["type"].cat.codes.to_numpy().astype(np.int64)
    entity = rows["entity_type"].cat.codes.to_numpy().astype(np.int64)
    city = rows["city"].cat.codes.to_numpy().astype(np.int64)
    cents, log_amount = rows["cents"].to_numpy(), rows["log_amount"].to_numpy()
    groups = {
        "any": Groups(second, customer),
        "same_amount": Groups(second, customer, cents),
        "same_recipient": Groups(second, customer, recipient),
        "same_recipient_and_amount": Groups(second, customer, recipient, cents),
    }
    columns = {}
    for name, group in groups.items():
        columns[f"since_{name}"] = group.since_last()
        columns[f"before_{name}"] = group.before()
        columns |= {f"within_{wide}s_{name}": group.within(wide) for wide in WINDOWS}
    of_recipient = groups["same_recipient"]
    columns["amount_over_last_to_recipient"] = log_amount - of_recipient.last(log_amount)
    columns["amount_over_recipient_mean"] = log_amount - of_recipient.mean_and_sd(log_amount)[0]
    for name, group in (
        ("type", Groups(second, customer, type_)),
        ("entity", Groups(second, customer, type_, entity)),
    ):
        mean, sd = group.mean_and_sd(log_amount)
        columns[f"amount_z_in_{name}"] = (log_amount - mean) / np.maximum(sd, 0.1)
        columns[f"amount_over_greatest_in_{name}"] = log_amount - group.greatest(log_amount)
    here = Groups(second, customer, city).before()
    columns["share_in_city"] = here / np.maximum(columns["before_any"], 1)
    like = resemblance(customer, rows["recipient"])
    columns["distance_to_known_payee"] = like.distance
    columns["similar_known_payees"] = like.similar
    columns["payments_to_similar_payee"] = like.familiar
    return pd.DataFrame(columns, copy=False).astype(np.float32)


def lookahead_columns(data: Dataset) -> pd.DataFrame:
    """Give what the `LOOKAHEAD` seconds after a row tell about it.

    Every member of a burst is labelled, the first included, and nothing before a first one
    tells it from any other payment: who judges payments some minutes later can know it.
    """
    rows = data.rows
    customer, second = rows["customer"].to_numpy(), rows["second"].to_numpy()
    recipient = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    columns = {}
    for name, group in (
        ("any", Groups(second, customer)),
        ("same_recipient", Groups(second, customer, recipient)),
        (
            "same_recipient_and_amount",
            Groups(second, customer, recipient, rows["cents"].to_numpy()),
        ),
    ):
        until = group.until_next()
        until[until > LOOKAHEAD] = np.nan
        columns[f"until_{name}"] = until
        columns[f"apart_from_{name}"] = np.fmin(until, group.since_last())
    return pd.DataFrame(columns, copy=False).astype(np.float32)
