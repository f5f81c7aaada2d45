"""Whom a payment may have been meant for: the payees whom the customer knows at that moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from accidental_transfers.evaluation.dataset import SECONDS_PER_DAY, Dataset
from accidental_transfers.evaluation.payees import TRANSPOSED, Visits, letters_of, swapped
from accidental_transfers.model.arrays import Bool, Float, Int

KEYPAD = np.array([[3, 1], *([row, column] for row in range(3) for column in range(3))], float)
"""Where the keys 0 to 9 are on a telephone's keypad, by row and column."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Every payment in question with every payee who may have been meant.

    Attributes
    ----------
    payments
        The rows in question: (payments,).
    payment
        (candidates,) positions in ``payments``, in ascending order.
    meant
        (candidates,) whether it is the intended one.
    features
        What a ranker sees of each.
    """

    payments: Int
    payment: Int
    meant: Bool
    features: pd.DataFrame


def candidates(data: Dataset, payments: Int) -> Candidates:
    """Give the payees that the customer paid before each payment, but for the one it went to.

    They are those with names of the same form (all digits are alike): nobody types a shop's name
    where a number belongs.
    """
    rows = data.rows
    customer = rows["customer"].to_numpy().astype(np.int64)
    code = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    original = rows["original"].cat.codes.to_numpy()
    known = pd.DataFrame({"customer": customer, "code": code, "row": np.arange(len(code))})
    known = known[code >= 0].drop_duplicates(["customer", "code"])
    asked = pd.DataFrame(
        {"customer": customer[payments], "payment": np.arange(len(payments)), "at": payments}
    )
    pairs = asked.merge(known, on="customer")
    form = _forms(rows["recipient"])
    at, other = pairs["at"].to_numpy(), pairs["code"].to_numpy()
    fits = (pairs["row"].to_numpy() < at) & (other != code[at]) & (form[other] == form[code[at]])
    pairs = pairs[fits].sort_values(["payment", "row"], ignore_index=True)
    at, other = pairs["at"].to_numpy(), pairs["code"].to_numpy()
    return Candidates(
        payments,
        pairs["payment"].to_numpy(),
        original[at] == other,
        _features(data, at, other),
    )


def _forms(recipient: pd.Series) -> Int:
    names = pd.Series(recipient.cat.categories.astype("str"))
    return pd.factorize(names.str.replace(r"\d", "9", regex=True))[0]


def _features(data: Dataset, at: Int, other: Int) -> pd.DataFrame:
    """Compare each payment with what the customer paid to a candidate before."""
    rows = data.rows
    customer = rows["customer"].to_numpy().astype(np.int64)
    code = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    second, log_amount = rows["second"].to_numpy(), rows["log_amount"].to_numpy()
    visits, asked = Visits(customer, code), (customer[at], other, at)
    before, last = visits.before(*asked), visits.last(*asked)
    interval = (second[last] - second[visits.first(*asked)]) / np.maximum(before - 1, 1)
    since = (second[at] - second[last]).astype(np.float64)
    distance, keys = _distances(data, code[at], other)
    columns = {
        "distance": distance,
        "keys": keys,
        "before": before,
        "since": since,
        "due": np.log((since + 1) / np.where(interval > 0, interval, np.nan)),
        "amount_over_last": log_amount[at] - log_amount[last],
        "amount_over_mean": log_amount[at] - visits.mean_before(*asked, log_amount),
        "days_of_month_apart": _days_of_month_apart(data, at, last),
        "weekdays_apart": (second[at] - second[last]) // SECONDS_PER_DAY % 7,
        "hours_apart": np.abs(rows["hour"].to_numpy()[at] - rows["hour"].to_numpy()[last]),
        **_habits(data, asked, before),
        "recipient_before": visits.before(customer[at], code[at], at),
        "log_amount": log_amount[at],
    }
    found = pd.DataFrame(columns, copy=False)
    by_payment = found.groupby(at)
    found["rank_of_last"] = by_payment["since"].rank()
    found["rank_of_before"] = by_payment["before"].rank(ascending=False)
    found["rank_of_distance"] = by_payment["distance"].rank()
    return found.astype(np.float32)


def _habits(data: Dataset, asked: tuple[Int, Int, Int], before: Int) -> dict[str, Float]:
    """Give the share of a candidate's payments that have something in common with the payment."""
    rows, (customer, other, at) = data.rows, asked
    code = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    found = {}
    for name in ("entity_type", "type", "cents", "weekday"):
        value = pd.factorize(rows[name], use_na_sentinel=False)[0].astype(np.int64)
        size = int(value.max()) + 1
        alike = Visits(rows["customer"].to_numpy().astype(np.int64), code * size + value)
        found[f"same_{name}"] = alike.before(customer, other * size + value[at], at) / before
    return found


def _days_of_month_apart(data: Dataset, at: Int, last: Int) -> Float:
    """Give how many days of the month a payment is from the candidate's last, across its end."""
    days = data.dates.day.to_numpy()[data.rows["day"].to_numpy()]
    apart = np.abs(days[at] - days[last])
    return np.minimum(apart, 31 - apart).astype(np.float64)


def _distances(data: Dataset, typed: Int, other: Int) -> tuple[Float, Float]:
    """Give in how many places two names differ, and how far apart the wrong keys are at most."""
    letters, _ = letters_of(data.rows["recipient"])
    one, two = letters[typed], letters[other]
    differs = one != two
    distance = differs.sum(axis=1).astype(np.float64)
    distance[swapped(one, two)] = TRANSPOSED
    zero, nine = ord("0"), ord("9")
    digits = differs & (one >= zero) & (one <= nine) & (two >= zero) & (two <= nine)
    places = [np.where(digits, each - np.uint32(zero), 0).astype(np.int64) for each in (one, two)]
    apart = np.abs(KEYPAD[places[0]] - KEYPAD[places[1]]).sum(axis=2)
    return distance, np.where(digits, apart, 0).max(axis=1)
