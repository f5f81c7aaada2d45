"""What a model sees of a row: the past only, five minutes more, or a day more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from accidental_transfers.evaluation.baselines import Split, split
from accidental_transfers.evaluation.dataset import SECONDS_PER_DAY, Dataset
from accidental_transfers.evaluation.features import Groups
from accidental_transfers.evaluation.payees import FAR, NearPayees, Visits, near_payees
from accidental_transfers.model.arrays import Bool, Float, Int

PAST, MINUTES, DAY = "the past only", "with five minutes more", "with a day more"
SIGHTS = (PAST, MINUTES, DAY)


@dataclass(frozen=True, eq=False)
class Sights:
    """The columns that models see, made once for a dataset.

    Attributes
    ----------
    split
        What the row says, what its past says, and what five minutes more say.
    near
        What the past tells about payees whose numbers are near the row's.
    day
        What a day more tells.
    """

    split: Split
    near: pd.DataFrame
    day: pd.DataFrame

    def columns(self, sight: str, rows: Bool | Int) -> pd.DataFrame:
        """Give what is seen of some rows."""
        parts = [self.split.raw, self.split.history, self.near]
        parts += [self.split.lookahead] if sight != PAST else []
        parts += [self.day] if sight == DAY else []
        return pd.concat([part[rows] if rows.dtype == np.bool_ else part.iloc[rows]
                          for part in parts], axis=1)  # fmt: skip

    def column(self, name: str) -> Float:
        """Give one column, of whichever part."""
        parts = (self.split.raw, self.split.history, self.near, self.split.lookahead, self.day)
        return next(part[name] for part in parts if name in part).to_numpy()


@lru_cache(maxsize=1)
def sights(data: Dataset) -> Sights:
    """Make the columns."""
    pairs = _Pairs(data)
    return Sights(split(data), near_columns(data, pairs), day_columns(data, pairs))


class _Pairs:
    """Every row with every payee whose number is near the number of the row's payee."""

    def __init__(self, data: Dataset) -> None:
        rows = data.rows
        customer = rows["customer"].to_numpy().astype(np.int64)
        code = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
        near: NearPayees = near_payees(customer, rows["recipient"])
        both = pd.DataFrame(
            {
                "customer": np.tile(customer[near.later], 2),
                "code": code[np.append(near.later, near.earlier)],
                "other": code[np.append(near.earlier, near.later)],
                "distance": np.tile(near.distance, 2),
            }
        )
        own = pd.DataFrame({"customer": customer, "code": code, "row": np.arange(len(code))})
        found = own.merge(both, on=["customer", "code"])
        self.visits = Visits(customer, code)
        self.row = found["row"].to_numpy()
        self.customer = found["customer"].to_numpy()
        self.other = found["other"].to_numpy()
        self.distance = found["distance"].to_numpy()


def near_columns(data: Dataset, pairs: _Pairs) -> pd.DataFrame:
    """Compare each row with the customer's earlier payments to the payee of the nearest number.

    Of equally near ones it is the payee who was paid more often.
    """
    rows = data.rows
    second, log_amount = rows["second"].to_numpy(), rows["log_amount"].to_numpy()
    asked = pairs.customer, pairs.other, pairs.row
    before, last = pairs.visits.before(*asked), pairs.visits.last(*asked)
    known = np.flatnonzero(last >= 0)
    best = _first_of(pairs.row[known], (-before[known], pairs.distance[known]))
    chosen = known[best]
    row, last = pairs.row[chosen], last[chosen]
    once = pairs.customer[chosen], pairs.other[chosen], row
    first = pairs.visits.first(*once)
    mean = pairs.visits.mean_before(*once, log_amount)
    since = (second[row] - second[last]).astype(np.float64)
    interval = (second[last] - second[first]) / np.maximum(before[chosen] - 1, 1)
    columns = {
        "near_distance": pairs.distance[chosen],
        "near_payments": before[chosen],
        "since_near": since,
        "near_due": np.log((since + 1) / np.where(interval > 0, interval, np.nan)),
        "amount_over_last_to_near": log_amount[row] - log_amount[last],
        "amount_over_near_mean": log_amount[row] - mean,
    }
    return pd.DataFrame(
        {
            name: _spread(values, row, len(rows), FAR if name == "near_distance" else np.nan)
            for name, values in columns.items()
        },
        copy=False,
    ).astype(np.float32)


def day_columns(data: Dataset, pairs: _Pairs) -> pd.DataFrame:
    """Give what the day after a row tells about it."""
    rows = data.rows
    second, cents = rows["second"].to_numpy(), rows["cents"].to_numpy()
    customer = rows["customer"].to_numpy()
    recipient = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    amount, payee = Groups(second, customer, cents), Groups(second, customer, recipient)
    elsewhere = amount.until_next()
    elsewhere[_next_recipient(customer, cents, recipient) == recipient] = np.nan
    following = pairs.visits.next(pairs.customer, pairs.other, pairs.row)
    seen = following >= 0
    until = (second[following] - second[pairs.row]).astype(np.float64)
    equal = seen & (cents[following] == cents[pairs.row])
    columns = {
        "until_near": _soonest(until[seen], pairs.row[seen], len(rows)),
        "until_near_same_amount": _soonest(until[equal], pairs.row[equal], len(rows)),
        "until_same_amount_elsewhere": elsewhere,
        "until_same_recipient_of_day": payee.until_next(),
    }
    for values in columns.values():
        values[values > SECONDS_PER_DAY] = np.nan
    return pd.DataFrame(columns, copy=False).astype(np.float32)


def _next_recipient(customer: Int, cents: Int, recipient: Int) -> Int:
    """Give whom the customer's next payment of the same amount goes to; -2 without one."""
    following = pd.Series(recipient).groupby([customer, cents]).shift(-1, fill_value=-2)
    return following.to_numpy()


def _first_of(group: Int, by: tuple[Int | Float, ...]) -> Int:
    """Give the position of each group's first element in an order, the last key first."""
    order = np.lexsort((*by, group))
    starts = np.append(True, np.diff(group[order]) > 0)
    return order[starts[: len(order)]]


def _spread(values: Float | Int, row: Int, rows: int, otherwise: float) -> Float:
    spread = np.full(rows, otherwise)
    spread[row] = values
    return spread


def _soonest(until: Float, row: Int, rows: int) -> Float:
    soonest = np.full(rows, np.inf)
    np.minimum.at(soonest, row, until)
    soonest[np.isinf(soonest)] = np.nan
    return soonest
