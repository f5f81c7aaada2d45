from functools import cache

import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.sights import DAY, MINUTES, PAST
from accidental_transfers.evaluation.tasks.answers import answers
from accidental_transfers.evaluation.tasks.models import judged_rows, known_in_time, scores
from accidental_transfers.evaluation.tasks.page import page
from accidental_transfers.evaluation.tasks.rules import IN_RANGE, LARGEST
from accidental_transfers.evaluation.tasks.which_row import (
    BLIND,
    LATE,
    ORACLE,
    Finder,
    share_of_best_dollars,
    which_row,
)
from tests.evaluation.foreign import foreign_frame, with_high_amounts

CUSTOMERS, DAYS = 25, 42


@cache
def high_amounts(known_after: int = 0) -> Dataset:
    """8,400 payments, 2 % of which one rule finds, and whose labels are known days later."""
    frame = with_high_amounts(foreign_frame(CUSTOMERS, DAYS), share=0.02)
    struck = frame[frame["is_high_amount_accident"]]
    ids = struck["transaction_id"].to_numpy()
    truth = pd.DataFrame(
        {
            "transaction_id": ids,
            "kind": "high_amount",
            "group": ids,
            "position": "1",
            "intended_amount": "10.00",
        }
    )
    known = struck["timestamp"] + pd.Timedelta(days=known_after)
    outcomes = pd.DataFrame(
        {"transaction_id": ids, "label_known_at": known.dt.strftime("%Y-%m-%d %H:%M:%S").to_numpy()}
    )
    return dataset(frame, truth, outcomes=outcomes)


def lines(data: Dataset) -> dict[tuple[str, str], Finder]:
    return {(row.target, row.by): row for row in which_row(data)}


@pytest.mark.slow
def test_every_order_of_rows_stands_beside_the_others() -> None:
    found = lines(high_amounts())
    kinds = {target for target, _ in found}
    assert kinds == {"any", "high_amount"}
    by = [each for target, each in found if target == "high_amount"]
    assert by == [BLIND, f"rule: {LARGEST}", PAST, MINUTES, f"{MINUTES}, {LATE}", ORACLE]
    judged = {each: found["high_amount", each].found for each in by}
    precision = {each: row.average_precision.value for each, row in judged.items() if row}
    assert precision[BLIND] == pytest.approx(0.02, abs=0.005)
    assert precision[f"rule: {LARGEST}"] == pytest.approx(1)
    assert precision[ORACLE] == 1
    assert precision[PAST] > 0.99


def test_labels_that_are_known_too_late_teach_nothing() -> None:
    early, late = high_amounts(), high_amounts(known_after=60)
    train = ~np.isin(early.rows["day"], np.arange(28, DAYS))
    high = early.rows["high_amount"].to_numpy()
    assert (known_in_time(early) == (high & train)).all()
    assert not known_in_time(late).any()
    with pytest.raises(NotComputableError, match=r"0 known accidents .* in the training days"):
        scores(late, "high_amount", MINUTES, late=True)
    without = dataset(foreign_frame(CUSTOMERS, DAYS))
    with pytest.raises(NotComputableError, match=r"companion .outcomes.csv"):
        known_in_time(without)


def test_there_are_as_many_alerts_a_day_as_accidents() -> None:
    rows = judged_rows(high_amounts(), "high_amount")
    days = len(np.unique(rows.day))
    assert days == 14
    assert rows.alerts_a_day == round(rows.truth.sum() / days)
    assert rows.stake is not None
    assert (rows.stake[~rows.truth] == 0).all()


@pytest.mark.slow
def test_a_rule_that_finds_everything_saves_what_the_best_model_saves() -> None:
    found = share_of_best_dollars(high_amounts())
    assert found[LARGEST].value == pytest.approx(1, abs=0.02)
    # Crypto has no maximum that is known; the others are far above four times theirs.
    assert found[IN_RANGE].value < found[LARGEST].value


@pytest.mark.slow
def test_the_page_answers_every_question_or_says_why_not() -> None:
    data = high_amounts()
    found = answers(data)
    text = page(data, found, "accidental-transfers tasks data.csv")
    assert found.test_days == 14
    assert "8,400 rows, 25 customers, 42 days" in text
    assert f"| high amount | rule: {LARGEST} | " in text
    again = high_amounts.__wrapped__()  # nothing of it is cached
    assert text == page(again, answers(again), "accidental-transfers tasks data.csv")
    assert "| a learned choice | " in text
    assert "not computable: 0 high amounts that one slip explains in the training days" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    widths = {line.count("|") for line in tables}
    assert len(widths) <= 5  # every line of a table has all of its cells
    bare = dataset(foreign_frame(CUSTOMERS, DAYS))
    nothing = answers(bare)
    assert {row.note for row in nothing.which_row} == {
        "0 accidents (any) in the training days; at least 20 are needed"
    }
    assert "needs the companion .accidents.csv" in page(bare, nothing, "x")
    assert DAY not in {row.by for row in found.which_row}  # nobody was paid by mistake
