from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_info, threadpool_limits

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation import baselines
from accidental_transfers.evaluation.baselines import (
    best_single_column,
    binned,
    boosting,
    precision_of_alerts,
    training_rows,
    tree_precision,
)
from accidental_transfers.evaluation.dataset import dataset
from tests.evaluation.foreign import foreign_frame, with_high_amounts


def threads() -> set[int]:
    """Threads that the libraries which train would take."""
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "openmp"}


@pytest.mark.slow
def test_labels_that_one_rule_finds_are_trivial() -> None:
    data = dataset(with_high_amounts(foreign_frame()))
    found = best_single_column(data, "raw", "high_amount")
    assert found.value == pytest.approx(1)
    assert found.note == "by amount"
    assert boosting(data, "raw", "any").average_precision > 0.99


@pytest.mark.slow
def test_labels_at_random_are_noise() -> None:
    frame = foreign_frame()
    random = np.random.default_rng(3).random(len(frame)) < 0.05
    data = dataset(frame.assign(is_accident_burst=random))
    assert best_single_column(data, "lookahead", "burst").value < 0.12
    found = boosting(data, "lookahead", "any")
    assert found.share == pytest.approx(0.05, abs=0.01)
    assert found.average_precision < 0.12


@pytest.mark.slow
def test_history_helps_where_the_customers_history_tells() -> None:
    """60 customers: about 63,000 payments, 800 accident rows."""
    data = dataset(generate(DatasetSpec(customers=60, seed=7)).to_frame())
    raw, history = (boosting(data, which, "any") for which in ("raw", "lookahead"))
    assert 0.03 < raw.average_precision < 0.45
    assert history.average_precision - raw.average_precision > 0.2


@pytest.mark.slow
def test_training_takes_one_thread_and_gives_the_others_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = []

    class Watched(HistGradientBoostingClassifier):  # type: ignore[misc]
        def fit(self, *given: Any, **named: Any) -> Any:
            taken.append(threads())
            return super().fit(*given, **named)

    monkeypatch.setattr(baselines, "HistGradientBoostingClassifier", Watched)
    data = dataset(with_high_amounts(foreign_frame()))
    with threadpool_limits(limits=2):
        baselines.boosting(data, "raw", "any")
        assert taken == [{1}]
        assert threads() == {2}


def test_too_few_accidents_are_said_to_be_too_few() -> None:
    with pytest.raises(NotComputableError, match=r"0 accidents .* in the training days"):
        boosting(dataset(foreign_frame()), "raw", "mistyped")


def test_a_tree_on_bins_is_the_tree_on_rows() -> None:
    chance = np.random.default_rng(0)
    column = chance.integers(0, 40, 5000).astype(float)
    label = chance.random(5000) < np.where((column > 10) & (column < 20), 0.3, 0.02)
    train = np.arange(5000) < 3300
    tree = DecisionTreeClassifier(max_depth=2, random_state=0)
    tree.fit(column[train, None], label[train])
    score = tree.predict_proba(column[~train, None])[:, 1]
    expected = average_precision_score(label[~train], score)
    assert tree_precision(binned(column, label), label, train) == pytest.approx(expected)


def test_bins_keep_the_order_and_the_accidents_apart() -> None:
    chance = np.random.default_rng(0)
    column = np.append(chance.normal(size=50_000), [np.nan, 9.0, 9.1])
    accident = column > 8.5
    bins = binned(column, accident)
    known = ~np.isnan(column)
    assert (np.diff(bins[known][np.argsort(column[known])]) >= 0).all()
    assert bins.max() < 2100
    assert (bins[~known] < bins[known].min()).all()
    assert bins[accident].min() > bins[known & ~accident].max()


def test_the_alerts_are_each_days_highest_scores() -> None:
    day = np.repeat([0, 1], [150, 50])
    score = np.append(np.arange(150.0), np.arange(50.0))
    truth = np.append(np.arange(150) >= 120, np.zeros(50, bool))  # 30 among the first day's 100
    assert precision_of_alerts(truth, score, day) == pytest.approx((0.3 + 0) / 2)
    assert precision_of_alerts(truth, -score, day) == 0


def test_rows_left_out_of_training_are_stood_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accidental_transfers.evaluation.baselines.MOST_HONEST_ROWS", 100)
    label, train = np.arange(2000) < 20, np.arange(2000) % 2 == 0
    rows, weight = training_rows(label, train)
    assert train[rows].all()
    assert len(rows) == len(set(rows)) == 110
    assert weight[label[rows]].sum() == 10
    assert weight.sum() == pytest.approx(1000)
