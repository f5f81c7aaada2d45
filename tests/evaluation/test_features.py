from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.features import (
    Groups,
    history_columns,
    lookahead_columns,
    raw_columns,
)
from accidental_transfers.evaluation.payees import FAR, TRANSPOSED, resemblance
from tests.evaluation.foreign import foreign_frame, line_of

ROWS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3)), min_size=1, max_size=30)
Float = npt.NDArray[np.float64]


def by_loop(
    rows: list[tuple[int, int]], look: Callable[[int, list[int], list[int]], float]
) -> list[float]:
    """What ``look`` makes of a row, its group's earlier rows and its later ones."""
    group = [key for _, key in rows]
    return [
        look(
            row,
            [other for other in range(row) if group[other] == group[row]],
            [other for other in range(row + 1, len(rows)) if group[other] == group[row]],
        )
        for row in range(len(rows))
    ]


@pytest.mark.slow
@given(ROWS)
def test_groups_look_back_and_ahead_as_a_loop_does(given_rows: list[tuple[int, int]]) -> None:
    rows = sorted(given_rows, key=lambda row: row[0])
    second = np.array([row[0] for row in rows])
    groups = Groups(second, np.zeros(len(rows), np.int64), np.array([row[1] for row in rows]))
    time, value = second.tolist(), np.sin(np.arange(len(rows)))

    def check(found: Float, look: Callable[[int, list[int], list[int]], float]) -> None:
        assert found == pytest.approx(np.array(by_loop(rows, look)), nan_ok=True)

    check(groups.before(), lambda _, past, __: len(past))
    check(groups.since_last(), lambda r, past, _: time[r] - time[past[-1]] if past else np.nan)
    check(groups.until_next(), lambda r, _, next_: time[next_[0]] - time[r] if next_ else np.nan)
    check(groups.within(10), lambda r, past, _: sum(time[r] - time[p] <= 10 for p in past))
    check(groups.last(value), lambda _, past, __: value[past[-1]] if past else np.nan)
    check(groups.greatest(value), lambda _, past, __: max(value[past]) if past else np.nan)
    mean, sd = groups.mean_and_sd(value)
    check(mean, lambda _, past, __: value[past].mean() if len(past) > 2 else np.nan)
    check(sd, lambda _, past, __: value[past].std(ddof=1) if len(past) > 2 else np.nan)


def slip(new: str, known: str) -> float:
    """The distance of two texts of one length, by definition."""
    places = [n for n in range(len(new)) if new[n] != known[n]]
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        if new[first] == known[second] and new[second] == known[first]:
            return TRANSPOSED
    return float(len(places)) if 1 <= len(places) <= 2 else FAR


PAYMENTS = st.lists(
    st.tuples(st.integers(0, 1), st.text("012", min_size=3, max_size=4)), min_size=1, max_size=25
)


@pytest.mark.slow
@given(PAYMENTS)
def test_a_new_payee_is_compared_with_all_known_ones(payments: list[tuple[int, str]]) -> None:
    payments.sort(key=lambda payment: payment[0])
    names = pd.Series([name for _, name in payments], dtype="category")
    found = resemblance(np.array([customer for customer, _ in payments]), names)
    for row, (customer, name) in enumerate(payments):
        past = [other for who, other in payments[:row] if who == customer]
        near = {
            other: slip(name, other)
            for other in past
            if name not in past and len(other) == len(name) and slip(name, other) < FAR
        }
        assert found.distance[row] == min(near.values(), default=FAR)
        assert found.similar[row] == len(near)
        nearest = next((other for other in near if near[other] == min(near.values())), None)
        assert found.familiar[row] == past.count(str(nearest))


@pytest.mark.slow
def test_payees_by_the_thousand_are_compared_in_parts() -> None:
    names = pd.Series(
        [f"user_{number * 1000:010d}" for number in range(2500)] + ["user_0000000001"]
    )
    found = resemblance(np.zeros(len(names), np.int64), names.astype("category"))
    assert found.distance[-1] == 1
    assert found.familiar[-1] == 1
    assert found.distance[1] == 1  # 0000001000 after 0000000000
    assert np.count_nonzero(found.distance == FAR) == 1  # the first of all


def test_history_knows_nothing_of_what_comes_later() -> None:
    frame = foreign_frame(customers=5)
    early = frame[frame["timestamp"] < "2023-05-20"]
    whole, part = dataset(frame), dataset(early)
    rows = whole.rows["second"].isin(part.rows["second"]) & (whole.rows["day"] < 19)
    pd.testing.assert_frame_equal(
        history_columns(whole)[rows.to_numpy()].reset_index(drop=True), history_columns(part)
    )


def test_no_column_is_made_from_a_label_or_from_the_intended_recipient() -> None:
    frame = foreign_frame(customers=5)
    other = frame.assign(
        is_accident_burst=frame.index % 3 == 0,
        is_mistyped_entity_accident=frame.index % 3 == 1,
        original_recipient_entity="nobody",
    )
    train = np.arange(len(frame)) < 1000
    for columns in (history_columns, lookahead_columns, lambda data: raw_columns(data, train)):
        pd.testing.assert_frame_equal(columns(dataset(frame)), columns(dataset(other)))


def test_who_looks_ahead_looks_five_minutes_ahead() -> None:
    lines = [
        line_of("a", "2024-01-01 12:00:00"),
        line_of("a", "2024-01-01 12:05:00"),
        line_of("a", "2024-01-01 12:10:01"),
    ]
    columns = lookahead_columns(dataset(pd.DataFrame(lines)))
    until = columns["until_same_recipient_and_amount"]
    assert until.to_numpy() == pytest.approx([300, np.nan, np.nan], nan_ok=True)
    apart = columns["apart_from_same_recipient_and_amount"]
    assert apart.to_numpy() == pytest.approx([300, 300, 301])
