"""Datasets of every kind, from nothing at all to accidents all the time."""

from functools import cache
from typing import Any

import pandas as pd

from accidental_transfers import DatasetSpec
from tests.samples import PROBABILITIES, Dataset, fixed

OFTEN: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0.25))
NEVER: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0))
SPECS: dict[str, dict[str, Any]] = {
    "one customer": {"customers": 1},
    "a block and one": {"customers": 3_001, "end_date": "2024-01-01"},
    "three blocks": {"customers": 6_100, "end_date": "2024-01-01", "seed": "three"},
    "one day": {"customers": 40, "end_date": "2024-01-01"},
    "next to nothing": {
        "customers": 50,
        "end_date": "2024-01-01",
        "daily_transactions": fixed(0.1),
    },
    "nothing at all": {
        "customers": 2,
        "seed": 6,
        "end_date": "2024-01-01",
        "daily_transactions": fixed(0.1),
    },
    "200 a day": {"customers": 3, "end_date": "2024-01-03", "daily_transactions": fixed(200)},
    "a leap day": {"customers": 9, "start_date": "2024-02-27", "end_date": "2024-03-02"},
    "a year's end": {"customers": 9, "start_date": "2023-12-28", "end_date": "2024-01-03"},
    "the first days there are": {
        "customers": 5,
        "start_date": "2007-01-01",
        "end_date": "2007-01-09",
    },
    "the last day there is": {
        "customers": 40,
        "start_date": "2099-12-31",
        "end_date": "2099-12-31",
    },
    "accidents all the time": {"customers": 12, "end_date": "2024-01-31", **OFTEN},
    "no accidents": {"customers": 12, "end_date": "2024-01-31", **NEVER},
    "with the optional accident": {
        "customers": 9,
        "end_date": "2024-01-31",
        "wrong_payee_accident_probability": fixed(0.1),
    },
    "ten years": {
        "customers": 2,
        "start_date": "2015-01-01",
        "end_date": "2025-01-07",
        "daily_transactions": fixed(0.5),
    },
    "enormous amounts": {
        "customers": 9,
        "end_date": "2024-01-31",
        "high_amount_multiplier": fixed(100),
        "high_amount_accident_probability": fixed(0.25),
    },
}


@cache
def dataset_of(name: str) -> Dataset:
    return Dataset(DatasetSpec.parse(SPECS[name]))


def picked_again(truth: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows of the truth are wrong numbers that had been saved, and are typed by nobody."""
    return (truth["kind"] == "mistyped") & (truth["typing_error"] == "")


def as_intended(dataset: Dataset) -> pd.DataFrame:
    """The rows as people meant them: undone by the ground truth, without their ids."""
    truth = dataset.accidents.set_index("transaction_id")
    extra = truth.index[truth["position"] > 1]
    added = [*extra, *dataset.follow_ups["transaction_id"]]
    kept = dataset.rows.set_index("transaction_id").drop(index=added)
    meant = truth[truth["position"] == 1]
    kept.loc[meant.index, "amount"] = meant["intended_amount"]
    kept["recipient_entity"] = kept["original_recipient_entity"]
    kept[dataset.labels] = False
    return kept.reset_index(drop=True)
