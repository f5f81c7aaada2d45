from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.leaks import (
    ANY_OTHER_COLUMN,
    FEATURES,
    MEASURES,
    accident_lift,
    area,
)
from accidental_transfers.evaluation.readings import Reading
from tests.evaluation.foreign import foreign_frame


def labelled(share: float = 0.1, **planted: object) -> pd.DataFrame:
    """8,400 payments, a share of which are accidents at random, about 840."""
    frame = foreign_frame()
    chance = np.random.default_rng(5).random(len(frame)) < share
    frame["is_accident_burst"] = chance
    for column, values in planted.items():
        frame[column] = frame[column].where(~chance, values)
    return frame


def leak(frame: pd.DataFrame, feature: str) -> Reading:
    found = MEASURES["leak"](dataset(frame), feature)
    assert isinstance(found, Reading)
    return found


def test_the_area_is_scikit_learns() -> None:
    chance = np.random.default_rng(0)
    accident = chance.integers(3, 9, 200).astype(float)
    honest = chance.integers(0, 7, 900).astype(float)
    expected = roc_auc_score(np.repeat([1, 0], [200, 900]), np.append(accident, honest))
    assert area(accident, honest) == pytest.approx(expected)


@pytest.mark.parametrize("feature", FEATURES)
def test_labels_at_random_leak_nothing(feature: str) -> None:
    # 840 accidents: chance moves the area by 0.01 (one standard deviation).
    assert leak(labelled(), feature).value < 0.54


@pytest.mark.slow
def test_planted_leaks_are_found() -> None:
    frame = labelled()
    ids = frame["transaction_id"]
    suffix = labelled(transaction_id=ids + "_dup")
    assert leak(suffix, "pattern of the id").value == pytest.approx(1)
    assert leak(suffix, "length of the id").value > 0.95
    prefix = labelled(transaction_id="z" + ids)
    assert leak(prefix, "rank of the id").value == pytest.approx(1)
    whole = labelled(amount=frame["amount"].round())
    assert leak(whole, "cents").value > 0.9
    minutes = labelled(timestamp=frame["timestamp"].dt.floor("min"))
    assert leak(minutes, "seconds").value > 0.9
    parts = labelled(timestamp=frame["timestamp"] + pd.Timedelta(microseconds=123))
    assert leak(parts, "fractions of a second").value == pytest.approx(1)
    nulls = labelled(city=None)
    assert leak(nulls, "empty fields").value == pytest.approx(1)
    last = labelled().sort_values("is_accident_burst")
    assert leak(last, "position in the file").value == pytest.approx(1)
    names = labelled(recipient_entity="a name of quite some length")
    assert leak(names, "length of the recipient's name").value == pytest.approx(1)


def random_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns that no dataset of ours has, and that know nothing of labels."""
    chance = np.random.default_rng(8)
    return frame.assign(
        channel=pd.Series(["app", "web", None])
        .sample(len(frame), replace=True, random_state=8)
        .reset_index(drop=True),
        balance=chance.normal(1000, 300, len(frame)).round(2),
        reference=[f"R-{number:06d}" for number in chance.permutation(len(frame))],
    )


def test_columns_that_know_nothing_leak_nothing() -> None:
    found = leak(random_columns(labelled()), ANY_OTHER_COLUMN)
    assert found.value < 0.55
    assert found.also.keys() == {"channel", "balance", "reference"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "planted", "way"),
    [
        ("balance", lambda given: given + 5_000, "number"),
        ("balance", lambda given: (1_000 + (given - 1_000) / 50).round(2), "range of numbers"),
        ("channel", lambda given: given.replace("app", "App"), "value"),
        ("channel", lambda given: given.where(given.notna(), "web"), "value"),
        ("reference", lambda given: given + "x", "pattern"),
        ("reference", lambda given: given + "7", "length"),
    ],
    ids=["larger", "nearer the mean", "another case", "never empty", "another form", "longer"],
)
def test_a_leak_in_a_column_that_nobody_knows_is_found_and_named(
    column: str, planted: Callable[[pd.Series], pd.Series], way: str
) -> None:
    frame = random_columns(labelled())
    accident = frame["is_accident_burst"]
    frame[column] = frame[column].mask(accident, planted(frame[column]))
    found = leak(frame, ANY_OTHER_COLUMN)
    assert found.value > 0.6
    assert found.note == f"{column}, by its {way}: burst"
    assert max(area for name, area in found.also.items() if name != column) < 0.55


def test_the_datasets_own_features_and_the_truth_are_no_other_columns() -> None:
    with pytest.raises(NotComputableError, match="no other column"):
        leak(labelled(), ANY_OTHER_COLUMN)


def test_without_ids_their_leaks_are_not_searched_for() -> None:
    with pytest.raises(NotComputableError, match="needs the column transaction_id"):
        leak(labelled().drop(columns="transaction_id"), "rank of the id")


def test_what_the_type_explains_is_no_leak() -> None:
    frame = labelled()
    crypto = frame["transaction_type"] == "Crypto"
    frame["amount"] = frame["amount"].where(~crypto, frame["amount"].round())
    frame["is_accident_burst"] &= crypto
    found = leak(frame, "cents")
    assert found.value < 0.54
    assert found.also["burst, against all rows"] > 0.7
    assert found.limit == 0.65  # the kind exists in one type only


def test_a_pattern_of_chance_is_learnt_from_other_rows_than_it_is_judged_on() -> None:
    chance = np.random.default_rng(0)
    accident, half = chance.random(20_000) < 0.02, chance.random(20_000) < 0.5
    lift = accident_lift(chance.integers(0, 500, 20_000), accident, half)
    assert area(lift[accident], lift[~accident]) == pytest.approx(0.5, abs=0.04)


def test_few_accidents_prove_nothing() -> None:
    with pytest.raises(NotComputableError, match="no label has 200 rows"):
        leak(labelled(share=0.01), "cents")


@pytest.mark.parametrize(("whole_honest", "low", "high"), [(True, 0.5, 0.56), (False, 0.9, 1)])
def test_cents_of_high_amounts_are_compared_with_those_of_large_honest_ones(
    whole_honest: bool, low: float, high: float
) -> None:
    """300 high amounts in whole dollars beside 600 large honest ones, among 8,400 payments."""
    frame, chance = foreign_frame(types=("Credit Card",)), np.random.default_rng(2)
    large = frame.sample(900, random_state=0).index
    amount = 480 * chance.uniform(2.2, 8, 900)  # the usual maximum of credit cards is 480 dollars
    whole = np.append(np.full(300, True), np.full(600, whole_honest))
    frame.loc[large, "amount"] = np.where(whole, amount.round(), amount.round(2))
    found = leak(frame.assign(is_high_amount_accident=frame.index.isin(large[:300])), "cents")
    assert low <= found.value <= high
