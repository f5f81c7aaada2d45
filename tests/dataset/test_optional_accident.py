"""An accident that is part of a dataset only where it is asked for: what is there, what is not."""

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.model.accidents.wrong_payee import ACCIDENT
from accidental_transfers.spec.dataset import PRESETS
from tests.dataset.datasets import as_intended
from tests.samples import PROBABILITIES, VERSION_1, Dataset, fixed, text_of

FIELD, COLUMN = ACCIDENT.probability.field, ACCIDENT.column
KIND, HONEST = "wrong_payee", "honest_switch"
TOO_SMALL = 1e-20
"""A probability that strikes no payment, since it is below one in 2^64; and it is not 0."""
FILES = ("write_csv", "write_accidents_csv", "write_customers_csv")
PERIOD = {"end_date": "2024-01-31"}
OFTEN = {FIELD: fixed(0.1)}


def made(**fields: Any) -> Dataset:
    return Dataset(DatasetSpec.parse({"customers": 20, **PERIOD, **fields}))


def without_the_column(text: str) -> list[str]:
    return [line.rpartition(",")[0] for line in text.splitlines()]


@pytest.mark.parametrize("preset", PRESETS)
def test_no_dataset_has_it_that_does_not_ask_for_it(preset: str) -> None:
    dataset = made(preset=preset)
    assert tuple(dataset.rows.columns) == VERSION_1
    assert tuple(dataset.table.to_frame().columns) == VERSION_1
    assert not {KIND, HONEST} & set(dataset.truth["kind"])
    assert not {FIELD, HONEST} & set(dataset.customers.columns)
    asked = made(preset=preset, **{FIELD: fixed(0)})
    for name in FILES:
        assert text_of(getattr(asked.table, name)) == text_of(getattr(dataset.table, name))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_dataset_that_asks_for_it_has_a_thirteenth_column(preset: str) -> None:
    dataset = made(preset=preset, **OFTEN)
    assert tuple(dataset.rows.columns) == (*VERSION_1, COLUMN)
    frame = dataset.table.to_frame()
    assert tuple(frame.columns) == (*VERSION_1, COLUMN)
    assert str(frame[COLUMN].dtype) == "bool"
    assert frame[COLUMN].sum() == dataset.rows[COLUMN].sum() > 40
    assert dataset.csv == frame.to_csv(index=False, float_format="%.2f")
    assert (dataset.truth.loc[dataset.truth[COLUMN], "kind"] == KIND).all()
    assert HONEST in set(dataset.truth["kind"]) or preset == "bank"
    assert (dataset.customers[FIELD] == 0.1).all()
    assert list(dataset.customers.columns).index(FIELD) == len(dataset.customers.columns) - 2


def test_slices_put_together_are_the_whole_with_one_header() -> None:
    spec = DatasetSpec.parse({"customers": 6, **PERIOD, **OFTEN})
    for name in FILES:
        parts = [
            text_of(partial(getattr(table, name), header=first == 1))
            for first in (1, 3, 5)
            for table in simulate(spec, first, first + 1)
        ]
        assert "".join(parts) == text_of(getattr(Dataset(spec).table, name))


def test_a_probability_that_strikes_nothing_is_not_that_of_a_dataset_without_it() -> None:
    """It has the column and the look-alikes: the twin of a dataset with the accident."""
    dataset = made(lookalikes=4, **{FIELD: fixed(TOO_SMALL)})
    assert tuple(dataset.rows.columns) == (*VERSION_1, COLUMN)
    assert not dataset.rows[COLUMN].any()
    assert (dataset.truth["kind"] == HONEST).sum() > 20


@pytest.mark.slow
@settings(max_examples=40, derandomize=True)
@given(st.integers(0, 2**63 - 1), st.integers(1, 3), st.floats(0, 0.25), st.floats(0.001, 0.25))
def test_to_ask_for_it_moves_nothing_of_the_others(
    seed: int, customers: int, others: float, own: float
) -> None:
    """All rows of the others are the same, and so are all honest ones but its look-alikes.

    What is sent again is left out here, since its rows move the ids of the others.
    """
    asked = dict.fromkeys(PROBABILITIES, fixed(others))
    before, after = (
        made(seed=seed, customers=customers, aftermath="none", **asked, **fields)
        for fields in ({}, {FIELD: fixed(own)})
    )
    kinds = after.truth.set_index("transaction_id")["kind"]
    is_own = after.rows["transaction_id"].map(kinds).isin([KIND, HONEST]).to_numpy()
    lines = zip(before.csv.splitlines()[1:], without_the_column(after.csv)[1:], is_own, strict=True)
    assert all(old == new for old, new, own in lines if not own)
    rest = after.truth[~after.truth["kind"].isin([KIND, HONEST])].drop(columns=COLUMN)
    assert rest.to_numpy().tolist() == before.truth.to_numpy().tolist()
    struck = after.rows[COLUMN]
    assert (
        after.rows.loc[struck, "original_recipient_entity"]
        .eq(before.rows.loc[struck, "recipient_entity"])
        .all()
    )


@pytest.mark.slow
@settings(max_examples=40, derandomize=True)
@given(st.integers(0, 2**63 - 1), st.integers(1, 3), st.floats(0.5, 40), st.floats(0, 20))
def test_its_twin_is_the_same_without_any_accident(
    seed: int, customers: int, rate: float, dial: float
) -> None:
    given_ = {"seed": seed, "customers": customers, "daily_transactions": fixed(rate),
              "lookalikes": dial}  # fmt: skip
    often, never = (
        made(**given_, **dict.fromkeys(PROBABILITIES, fixed(usual)), **{FIELD: fixed(own)})
        for usual, own in ((0.1, 0.1), (0, TOO_SMALL))
    )
    assert never.accidents.empty
    meant = as_intended(often)
    columns = list(meant.columns)
    assert meant.to_numpy().tolist() == never.rows[columns].to_numpy().tolist()
    names = ["kind", "position", "intended_amount", "intended_recipient", "timestamp"]
    assert (
        often.lookalikes[names].to_numpy().tolist() == never.lookalikes[names].to_numpy().tolist()
    )


@pytest.mark.slow
@settings(max_examples=20, derandomize=True)
@given(st.tuples(st.dates(date(2024, 1, 1), date(2024, 1, 31)),
                 st.dates(date(2024, 1, 1), date(2024, 1, 31))).map(sorted))  # fmt: skip
def test_a_day_is_the_same_in_any_period(days: list[date]) -> None:
    first, last = days
    whole = made(customers=4, **OFTEN).csv.splitlines()[1:]
    period = {"start_date": str(first), "end_date": str(last)}
    part = made(customers=4, **{**OFTEN, **period}).csv.splitlines()[1:]
    there = [row for row in whole if str(first) <= row.split(",")[2][:10] <= str(last)]
    assert part == there


def test_a_range_in_part_is_completed_by_none() -> None:
    """``max`` alone leaves ``min`` 0, of which nothing can be drawn on a logarithmic axis."""
    with pytest.raises(ValueError, match=f"{FIELD}: .*min must be above 0, or both"):
        DatasetSpec.parse({FIELD: {"max": 0.01}})


def test_what_the_rows_say_is_what_the_companion_says() -> None:
    dataset = made(**OFTEN)
    rows = dataset.rows.set_index("transaction_id")
    told = dataset.accidents.set_index("transaction_id")
    pd.testing.assert_index_equal(rows.index[rows[COLUMN]], told.index[told["kind"] == KIND])
