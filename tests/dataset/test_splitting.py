"""A split: nothing that happened in the test rows is known from the others."""

from typing import Any

import pandas as pd
import pytest

from accidental_transfers import generate
from accidental_transfers.dataset.table import Table
from accidental_transfers.errors import SplitError
from tests.dataset.datasets import OFTEN
from tests.samples import default_sample

MIDNIGHT = {"customers": 400, "seed": 3, "end_date": "2024-01-31", "lookalikes": 20, **OFTEN}


def groups_of(table: Table, part: pd.DataFrame) -> set[str]:
    truth = table.accidents()
    return set(truth["group"][truth["transaction_id"].isin(part["transaction_id"])])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "test"), [("time", 1 / 3), ("time", 0.5), ("customer", 0.5), ("customer", 1 / 3)]
)
def test_every_row_is_in_one_part_and_no_accident_in_both(by: Any, test: float) -> None:
    table = default_sample().table
    train, held_out = table.split(by, test)
    frame = table.to_frame()
    assert sorted([*train.index, *held_out.index]) == list(frame.index)
    assert (held_out["amount"] == frame["amount"][held_out.index]).all()
    assert len(held_out) / len(frame) == pytest.approx(test, abs=0.03)
    assert len(groups_of(table, train)) > 300
    assert not groups_of(table, train) & groups_of(table, held_out)


def test_the_last_days_are_the_test() -> None:
    table = default_sample().table
    train, held_out = table.split("time", test=31 / 91)
    assert train["timestamp"].max() < pd.Timestamp("2024-03-01") <= held_out["timestamp"].min()


@pytest.mark.slow
def test_no_accident_or_lookalike_goes_on_after_midnight() -> None:
    table = generate(**MIDNIGHT)
    told = table.accidents().merge(table.to_frame(), on="transaction_id")
    first = told.drop_duplicates("group")
    late = first["timestamp"] - first["timestamp"].dt.normalize() > pd.Timedelta("23:59:45")
    burst = told["group"].isin(first["group"][late]) & (told["position"] > 1)
    assert burst.sum() > 10  # or the test would show nothing
    assert (told["timestamp"].dt.date.groupby(told["group"]).nunique() == 1).all()


def test_customers_are_on_one_side() -> None:
    table = default_sample().table
    train, held_out = table.split("customer", test=0.2)
    assert train["customer_id"].nunique() == 120
    assert held_out["customer_id"].nunique() == 30
    assert not set(train["customer_id"]) & set(held_out["customer_id"])


@pytest.mark.parametrize(
    ("by", "test", "said"),
    [
        ("day", 0.5, "by: got 'day'; allowed: 'time' or 'customer'"),
        ("time", 0, "test: got 0; allowed: a share above 0 and below 1"),
        ("time", 1.0, "test: got 1.0; allowed: a share"),
        ("time", "half", "test: got 'half'; allowed: a share"),
        ("time", 0.01, "test: got 0.01 of 3 days"),
        ("customer", 0.99, "test: got 0.99 of 2 customers"),
    ],
)
def test_a_split_that_cannot_be_is_refused(by: Any, test: Any, said: str) -> None:
    with pytest.raises(SplitError, match=said):
        generate(customers=2, end_date="2024-01-03").split(by, test)
