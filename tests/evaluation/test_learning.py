"""Features and labels: as many as there are rows, of no later row, with the frame's own index."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score
from sklearn.tree import DecisionTreeClassifier

from accidental_transfers import features_and_labels, generate
from accidental_transfers.errors import DatasetFileError
from tests.samples import LABELS, accident_sample

TABLE = generate(customers=8, seed=7, end_date="2024-02-10")


def test_every_row_has_its_features_and_its_labels() -> None:
    features, labels = features_and_labels(TABLE)
    frame = TABLE.to_frame()
    assert features.index.equals(frame.index)
    assert set(map(str, features.dtypes)) == {"float32"}
    assert not {"customer", "until_any", *LABELS, "original_recipient_entity"} & set(features)
    assert labels.equals(frame[LABELS])


def test_they_do_not_depend_on_the_truth_or_on_later_rows() -> None:
    frame = TABLE.to_frame()
    known = frame[frame["timestamp"] < pd.Timestamp("2024-01-20")]
    altered = known.assign(
        original_recipient_entity=known["recipient_entity"], is_accident_burst=False
    )
    every, _ = features_and_labels(frame, train=known.index)
    early, _ = features_and_labels(altered)
    pd.testing.assert_frame_equal(every.loc[known.index], early)


def test_a_look_ahead_adds_columns_and_changes_none() -> None:
    features, _ = features_and_labels(TABLE)
    ahead, _ = features_and_labels(TABLE, lookahead=True)
    assert {"until_any", "apart_from_same_recipient"} <= set(ahead)
    pd.testing.assert_frame_equal(ahead[list(features)], features)


def test_rows_in_any_order_keep_their_index() -> None:
    frame = TABLE.to_frame()
    mixed = frame.sample(frac=1, random_state=1)
    features, labels = features_and_labels(frame)
    again, same = features_and_labels(mixed)
    assert sorted(again.index) == list(features.index)
    amount = mixed.loc[again.index, "amount"].to_numpy().astype(np.float32)
    assert (again["amount"].to_numpy() == amount).all()
    assert same.sort_index().equals(labels)


def test_a_frame_without_what_is_needed_is_refused() -> None:
    with pytest.raises(DatasetFileError, match="lacks the columns amount"):
        features_and_labels(TABLE.to_frame().drop(columns="amount"))


@pytest.mark.slow
def test_a_model_of_a_few_lines_learns_from_them() -> None:
    table = accident_sample().table
    train, held_out = table.split(by="time")
    features, labels = features_and_labels(table, train=train.index)
    wrong = labels.any(axis=1)
    model = DecisionTreeClassifier(max_depth=6, random_state=0)
    model.fit(features.loc[train.index], wrong[train.index])
    score = model.predict_proba(features.loc[held_out.index])[:, 1]
    share = wrong[held_out.index].mean()
    assert average_precision_score(wrong[held_out.index], score) > 3 * share
