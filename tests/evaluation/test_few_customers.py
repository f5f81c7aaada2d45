"""Few customers: chance is no failure, and no excuse either."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import generate
from accidental_transfers.evaluation.dataset import Dataset, dataset, read_dataset
from accidental_transfers.evaluation.few_customers import (
    BANDS_ARE_FOR,
    GROUPS,
    allowing_for_chance,
    jackknifed,
    without,
)
from accidental_transfers.evaluation.scorecard import Line, Verdict, measured, scorecard
from tests.evaluation.foreign import foreign_frame

ITEM, TYPE = "amount_median", "Credit Card"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """As small as events/small.json: 20 customers in a month."""
    file = tmp_path_factory.mktemp("small") / "small.csv"
    table = generate(customers=20, seed=7, start_date="2024-02-01", end_date="2024-02-29")
    table.to_csv(file, companions=True)
    return read_dataset(file)


def line(data: Dataset, item: str, part: str = "", **band: float | None) -> Line:
    """A line of the scorecard, with its own band or another one, as it is first judged."""
    found = next(
        each for each in scorecard(data, models=False) if (each.item, each.part) == (item, part)
    )
    low, high = band.get("low", found.low), band.get("high", found.high)
    return replace(found, low=low, high=high, verdict=Verdict.OUTSIDE)


@pytest.mark.slow
def test_a_small_dataset_of_our_own_passes(small: Dataset) -> None:
    first = list(scorecard(small, models=False))
    lines = allowing_for_chance(small, first)
    assert sum(line.verdict == Verdict.OUTSIDE for line in first) >= 5
    assert [line.title for line in lines if line.verdict == Verdict.OUTSIDE] == []
    assert sum(line.verdict == Verdict.WITHIN for line in lines) > 60
    few = [line for line in lines if line.verdict == Verdict.TOO_FEW]
    assert all(line.note.endswith(" are needed") and line.value is not None for line in few)


@pytest.mark.parametrize(
    ("item", "needed"),
    [
        ("known_payee", "29 days; at least 75 are needed"),
        ("shared_payees", "20 customers; at least 100 are needed"),
    ],
)
def test_a_band_may_be_for_more_days_or_customers(small: Dataset, item: str, needed: str) -> None:
    found = next(each for each in scorecard(small, models=False) if each.item == item)
    assert (found.verdict, found.note) == (Verdict.TOO_FEW, needed)


def test_what_chance_does_not_explain_is_out_of_its_band(small: Dataset) -> None:
    """The same customers at two and a half times the prices."""
    dear = replace(small, rows=small.rows.assign(amount=small.rows["amount"] * 2.5))
    found = line(dear, ITEM, TYPE)
    assert allowing_for_chance(dear, [found]) == [found]


def test_a_little_out_of_its_band_is_too_few_to_judge_and_says_how_many_are_needed(
    small: Dataset,
) -> None:
    value = measured(small, ITEM, TYPE).value
    needed = []
    for distance in (0.5, 1.0, 2.0):
        (judged,) = allowing_for_chance(small, [line(small, ITEM, TYPE, low=value + distance)])
        assert judged.verdict == Verdict.TOO_FEW
        needed.append(int(judged.note.split()[-3]))
    assert 20 < needed[2] < needed[1] <= needed[0] <= BANDS_ARE_FOR


def test_a_promise_holds_for_any_number_of_customers(small: Dataset) -> None:
    """Of the rows without a label, one was paid to somebody else than was meant."""
    honest = int(np.flatnonzero(~small.rows["labelled"].to_numpy())[0])
    rows = small.rows.copy()
    rows.loc[honest, "recipient"] = rows["recipient"].cat.categories[0]
    broken = replace(small, rows=rows)
    found = line(broken, "others_as_intended")
    assert found.value is not None
    assert 0.999 < found.value < 1
    assert allowing_for_chance(broken, [found]) == [found]


def test_the_bands_are_no_wider_for_as_many_customers_as_they_are_made_for() -> None:
    many = dataset(foreign_frame(customers=BANDS_ARE_FOR, days=2))
    assert len(many.customer_ids) == BANDS_ARE_FOR
    found = replace(line(many, ITEM, TYPE), low=1000.0)
    slightly = replace(found, low=float(found.value or 0) + 0.01)
    assert allowing_for_chance(many, [found, slightly]) == [found, slightly]


def test_the_error_of_a_mean_is_the_one_of_the_textbook() -> None:
    """Over 2,000 samples of 500 it is right in the mean of its squares, within a tenth."""
    chance = np.random.default_rng(0)
    errors = []
    for _ in range(2000):
        groups = chance.normal(0, 3, (GROUPS, 500 // GROUPS))
        means = [np.delete(groups, group, axis=0).mean() for group in range(GROUPS)]
        errors.append(jackknifed(means))
    assert np.mean(np.square(errors)) == pytest.approx(3**2 / 500, rel=0.1)


def test_parts_of_a_dataset_are_datasets_of_fewer_customers(small: Dataset) -> None:
    parts = [without(small, group) for group in range(GROUPS)]
    assert sum(len(small.rows) - len(part.rows) for part in parts) == len(small.rows)
    for part in parts:
        assert part.customers is not None
        assert len(part.customer_ids) == len(part.customers) == 16
        assert part.rows["customer"].max() == 15
        for companion in (part.truth, part.aftermath):
            told = part.rows["id"].iloc[companion["row"]].reset_index(drop=True)
            pd.testing.assert_series_equal(told, companion["transaction_id"], check_names=False)


def test_fewer_than_twenty_customers_tell_nothing_of_the_error(tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    generate(customers=5, end_date="2024-01-14").to_csv(file)
    few = read_dataset(file)
    (judged,) = allowing_for_chance(few, [line(few, ITEM, TYPE, low=1000.0)])
    assert judged.note == f"5 customers; at least {BANDS_ARE_FOR} are needed"
