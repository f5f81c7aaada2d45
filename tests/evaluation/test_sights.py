from typing import cast

import numpy as np
import pandas as pd
import pytest

from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.payees import FAR, Visits
from accidental_transfers.evaluation.sights import DAY, MINUTES, PAST, Sights, sights
from tests.evaluation.foreign import foreign_frame, line_of


def payment(when: str, recipient: str, amount: float = 50.0) -> dict[str, object]:
    return line_of("a", f"2024-01-{when}", recipient_entity=recipient, amount=amount)


def seen(lines: list[dict[str, object]]) -> Sights:
    return sights(dataset(pd.DataFrame(lines)))


def test_a_row_is_compared_with_what_the_nearest_known_number_gets() -> None:
    found = seen(
        [
            payment("01 12:00:00", "user_1234", 40),
            payment("08 12:00:00", "user_1234", 60),
            payment("09 12:00:00", "user_1299", 7),
            payment("15 12:00:00", "user_1235", 50),  # one digit from the first, two from the other
            payment("16 12:00:00", "user_1234", 50),  # the known one resembles the new one now
        ]
    ).near
    assert found["near_distance"].tolist() == [FAR, FAR, 2, 1, 1]
    typed = found.iloc[3]
    assert typed["near_payments"] == 2
    assert typed["since_near"] == 7 * 86_400
    assert typed["near_due"] == pytest.approx(0, abs=1e-4)  # paid every seven days
    assert typed["amount_over_last_to_near"] == pytest.approx(np.log(50 / 60), abs=1e-6)
    assert typed["amount_over_near_mean"] == pytest.approx(
        np.log(50) - np.log([40, 60]).mean(), abs=1e-6
    )
    assert found["near_payments"].iloc[4] == 1


def test_the_day_after_shows_who_gets_the_same_amount() -> None:
    found = seen(
        [
            payment("01 12:00:00", "user_1235"),
            payment("01 12:30:00", "user_7777", 9),
            payment("01 13:00:00", "user_1234"),
            payment("03 12:00:00", "user_1234"),
        ]
    ).day
    assert found["until_near"].tolist()[0] == 3600
    assert found["until_near_same_amount"].tolist()[0] == 3600
    assert found["until_same_amount_elsewhere"].tolist()[0] == 3600
    # What comes two days later is not seen.
    assert found.iloc[2].isna().all()


def test_the_past_sees_nothing_of_what_comes() -> None:
    frame = foreign_frame(customers=3, days=10)
    early = frame["timestamp"] < frame["timestamp"].max() - pd.Timedelta(days=3)
    every = sights(dataset(frame))
    rows = np.flatnonzero(dataset(frame).rows["file_row"].isin(np.flatnonzero(early)))
    now = every.columns(PAST, rows).drop(columns="recipient")  # ranks of names need training days
    cut = frame[early].reset_index(drop=True)
    then = sights(dataset(cut)).columns(PAST, np.arange(len(cut)))
    for name in now:
        if name not in {"transaction_type", "entity_type", "city"}:  # ranks as well
            np.testing.assert_allclose(now[name].to_numpy(), then[name].to_numpy(), err_msg=name)
    widths = [len(every.columns(sight, rows).columns) for sight in (PAST, MINUTES, DAY)]
    assert widths == sorted(set(widths))


def test_visits_are_found_from_any_row() -> None:
    chance = np.random.default_rng(0)
    customer, code = np.sort(chance.integers(0, 3, 60)), chance.integers(-1, 4, 60)
    value = chance.random(60)
    visits = Visits(customer, code)
    for at in range(60):
        for who, whom in ((0, 0), (1, 3), (2, 1)):
            rows = np.flatnonzero((customer == who) & (code == whom))
            past, rest = rows[rows < at], rows[rows >= at]
            asked = np.array([who]), np.array([whom]), np.array([at])
            assert visits.before(*asked) == len(past)
            assert visits.last(*asked) == (past[-1] if len(past) else -1)
            assert visits.first(*asked) == (past[0] if len(past) else -1)
            assert visits.next(*asked) == (rest[0] if len(rest) else -1)
            mean = cast(float, visits.mean_before(*asked, value)[0])
            assert mean == pytest.approx(value[past].mean() if len(past) else np.nan, nan_ok=True)
