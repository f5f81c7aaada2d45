"""What follows an accident: what is sent again, what is never recovered, what is done in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import (
    BANK,
    PURCHASES,
    SECONDS_PER_DAY,
    TRANSFERS,
    Dataset,
)
from accidental_transfers.evaluation.kinds import kinds, of_kind
from accidental_transfers.evaluation.payees import Visits
from accidental_transfers.evaluation.readings import Measure, Reading, enough
from accidental_transfers.evaluation.stakes import cents_at_stake
from accidental_transfers.model.arrays import Bool, Float, Int
from accidental_transfers.model.holidays import bank_holidays

FEWEST = 20
Times = npt.NDArray[np.datetime64]


def sent_again_after(data: Dataset, row: Int) -> Float:
    """Give the seconds until each payment's amount goes to whom it was meant for; NaN if never."""
    rows = data.rows
    customer = rows["customer"].to_numpy().astype(np.int64)
    recipient = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    original = rows["original"].cat.codes.to_numpy().astype(np.int64)
    cents, second = rows["cents"].to_numpy(), rows["second"].to_numpy()
    code, amounts = pd.factorize(cents)
    size = len(amounts)
    meant = original[row] * size + code[row]
    following = Visits(customer, recipient * size + code).next(customer[row], meant, row)
    return np.where(following >= 0, (second[following] - second[row]).astype(np.float64), np.nan)


def _sent_again(data: Dataset) -> Reading:
    """Judge the noticed mistyped payments whose day after is in the dataset."""
    outcomes = data.aftermath
    _needs(outcomes, "noticed_at")
    mistyped = np.flatnonzero(of_kind(data, "mistyped"))
    second = data.rows["second"].to_numpy()
    mistyped = mistyped[second[mistyped] <= second.max() - SECONDS_PER_DAY]
    noticed = np.zeros(len(data.rows), np.bool_)
    noticed[outcomes["row"][outcomes["noticed_at"].notna().to_numpy()]] = True
    soon = sent_again_after(data, mistyped) <= SECONDS_PER_DAY
    enough(mistyped[noticed[mistyped]], FEWEST, "noticed mistyped payments")
    return Reading(
        float(soon[noticed[mistyped]].mean()),
        {"of all mistyped": float(soon.mean()), "noticed": float(noticed[mistyped].mean())},
    )


def _never_recovered(data: Dataset, part: str) -> Reading:
    """Give the share of the dollars at stake that nobody got back, of a kind or of all."""
    outcomes, stake = data.aftermath, cents_at_stake(data)
    _needs(outcomes, "recovered_amount")
    back = np.zeros(len(stake), np.int64)
    back[outcomes["row"]] = (outcomes["recovered_amount"] * 100).round()
    lost = stake - np.minimum(back, stake)
    of_kind = kinds(data)
    rows = data.rows["labelled"].to_numpy() if part == "all" else of_kind.get(part)
    if rows is None or not stake[rows].any():
        raise NotComputableError(f"nothing was at stake in {part}")
    also = {
        name: float(lost[each].sum() / stake[each].sum())
        for name, each in of_kind.items()
        if part == "all" and stake[each].any()
    }
    return Reading(float(lost[rows].sum() / stake[rows].sum()), also)


@dataclass(frozen=True)
class Deadline:
    """That one time is not before another, and how many days after it at most.

    Attributes
    ----------
    begin, end
        Names of the two times: ``paid``, or a column of the companion.
    days, banking_days
        The most that may lie between their dates, by one or by neither. What begins while banks
        are closed begins on the next day on which they are open.
    types, outcomes, reasons
        Where it applies; no outcome stands for any, and no reason.
    """

    begin: str
    end: str
    types: tuple[str, ...] = (*PURCHASES, *TRANSFERS)
    outcomes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    days: int | None = None
    banking_days: int | None = None

    def kept(self, begin: Times, end: Times) -> Bool:
        """Tell which of equally many times keep it."""
        kept = begin <= end
        first, last = begin.astype("datetime64[D]"), end.astype("datetime64[D]")
        if self.days is not None:
            kept &= (last - first).astype(np.int64) <= self.days
        if self.banking_days is not None and len(first):
            closed = _closed(first.min(), last.max())
            kept &= last <= np.busday_offset(first, self.banking_days, "forward", holidays=closed)
        return kept


def _closed(first: np.datetime64, last: np.datetime64) -> Times:
    """Give the holidays of the banks between two days, and of some years around."""
    years = range(int(str(first)[:4]) - 1, int(str(last)[:4]) + 2)
    return np.array([day for year in years for day in bank_holidays(year)], "datetime64[D]")


DEADLINES = {
    "paid, then noticed": Deadline("paid", "noticed_at"),
    "noticed, then reported": Deadline("noticed_at", "reported_at"),
    "reported, then resolved": Deadline("reported_at", "resolved_at"),
    "paid, then the label known": Deadline("paid", "label_known_at"),
    "card disputed within 120 days (Visa 12.6)": Deadline(
        "paid", "reported_at", PURCHASES, days=120
    ),
    "transfer reported within 60 days of a monthly statement (Regulation E)": Deadline(
        "paid", "reported_at", TRANSFERS, days=60 + 31
    ),
    "refunded within 45 days of the report (Regulation E)": Deadline(
        "reported_at", "resolved_at", TRANSFERS, ("refunded",), days=45
    ),
    "bounced within 3 banking days (ACH returns R02 to R04)": Deadline(
        "paid", "resolved_at", (BANK,), ("bounced",), banking_days=3
    ),
    "reversed within 5 banking days (Nacha, erroneous entries)": Deadline(
        "paid", "resolved_at", (BANK,), ("reversed",), banking_days=5
    ),
    "answered within 20 banking days (UK credit payment recovery)": Deadline(
        "reported_at",
        "resolved_at",
        (BANK,),
        ("returned", "recovered_in_part", "refused"),
        ("AC03",),  # a wrong receiver
        banking_days=20,
    ),
}
"""What comes after what, and how soon."""


def _deadlines(data: Dataset) -> Reading:
    """Judge every outcome by each deadline that applies to it; times that are empty by none."""
    outcomes = data.aftermath
    found = {
        name: kept for name, each in DEADLINES.items() if len(kept := _kept(data, outcomes, each))
    }
    if not found:
        raise NotComputableError("no outcome has two times to compare")
    every = np.concatenate(list(found.values()))
    worst = min(found, key=lambda name: found[name].mean())
    note = "" if every.all() else f"worst: {worst}"
    return Reading(
        float(every.mean()), {name: float(kept.mean()) for name, kept in found.items()}, note=note
    )


def _kept(data: Dataset, outcomes: pd.DataFrame, deadline: Deadline) -> Bool:
    """Tell which of the outcomes to which a deadline applies keep it."""
    row = outcomes["row"].to_numpy()
    seconds = data.rows["second"].to_numpy()[row].astype("datetime64[s]")
    times = outcomes.assign(paid=seconds)
    if not {deadline.begin, deadline.end} <= set(times):
        return np.empty(0, np.bool_)
    applies = data.rows["type"].isin(deadline.types).to_numpy()[row]
    applies &= times[[deadline.begin, deadline.end]].notna().all(axis=1).to_numpy()
    for name, values in (("outcome", deadline.outcomes), ("reason", deadline.reasons)):
        if values:
            applies &= times.get(name, pd.Series("", times.index)).isin(values).to_numpy()
    begin, end = (
        times[name].to_numpy().astype("datetime64[s]")[applies]
        for name in (deadline.begin, deadline.end)
    )
    return deadline.kept(begin, end)


def _needs(outcomes: pd.DataFrame, column: str) -> None:
    if column not in outcomes:
        raise NotComputableError(f"needs the column {column} in the companion .outcomes.csv")


MEASURES: dict[str, Measure] = {
    "sent_again": _sent_again,
    "never_recovered": _never_recovered,
    "deadlines": _deadlines,
}
