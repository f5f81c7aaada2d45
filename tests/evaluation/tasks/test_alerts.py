import numpy as np
import pytest

from accidental_transfers.evaluation.tasks.alerts import (
    COST_OF_AN_ALERT,
    Rows,
    alerts,
    dollars_stopped,
    judged,
    saved,
)
from accidental_transfers.evaluation.tasks.which_row import blind, knowing


def two_days() -> Rows:
    """Ten rows a day, of which the first three and the first are accidents of 10 to 40 dollars."""
    truth = np.zeros(20, bool)
    truth[[0, 1, 2, 10]] = True
    stake = np.zeros(20, np.int64)
    stake[[0, 1, 2, 10]] = [1000, 100, 2000, 4000]
    return Rows(
        truth=truth,
        stake=stake,
        day=np.repeat([0, 1], 10),
        customer=np.arange(20) % 4,
        customers=4,
        alerts_a_day=2,
    )


def test_alerts_are_each_days_most_suspicious_rows() -> None:
    score = np.arange(20.0)
    assert sorted(alerts(score, two_days().day, 2)) == [8, 9, 18, 19]
    assert sorted(alerts(np.zeros(20), two_days().day, 2)) == [0, 1, 10, 11]


def test_dollars_are_what_is_at_stake_less_what_alerts_cost() -> None:
    rows = two_days()
    by_position = -np.arange(20.0)  # rows 0 and 1 of the first day, 10 and 11 of the second
    found = judged(rows, by_position)
    assert found.precision.value == 3 / 4
    assert found.saved is not None
    assert found.saved.value == (10 + 1 + 40 - 4 * COST_OF_AN_ALERT) / 2
    assert dollars_stopped(rows, by_position)[0] == 51
    dollars = saved(rows, np.asarray(rows.stake) / 100, least=COST_OF_AN_ALERT)
    assert dollars is not None
    assert dollars.value == (10 + 20 + 40 - 3 * COST_OF_AN_ALERT) / 2


def test_dollars_may_have_an_order_of_their_own() -> None:
    rows = two_days()
    found = judged(rows, -np.arange(20.0), by_dollars=np.asarray(rows.stake, float))
    assert found.precision.value == 3 / 4
    assert found.saved is not None
    assert found.saved.value == (10 + 20 + 40 - 4 * COST_OF_AN_ALERT) / 2


def test_who_knows_the_answer_is_bound_by_the_days_and_spends_nothing_on_trifles() -> None:
    found = knowing(two_days())
    assert found.average_precision.value == 1
    assert found.precision.value == 3 / 4  # the second day has one accident, and two alerts
    assert found.saved is not None
    assert found.saved.value == (10 + 20 + 40 - 3 * COST_OF_AN_ALERT) / 2


def test_a_blind_guess_gets_the_mean() -> None:
    found = blind(two_days())
    assert found.average_precision.value == found.precision.value == 4 / 20
    assert found.saved is not None
    assert found.saved.value == pytest.approx(2 * (71 / 20 - COST_OF_AN_ALERT))


def test_without_stakes_there_are_no_dollars() -> None:
    rows = two_days()
    unknown = Rows(rows.truth, None, rows.day, rows.customer, 4, 2)
    assert judged(unknown, np.zeros(20)).saved is None
    assert blind(unknown).saved is None
    assert knowing(unknown).saved is None
