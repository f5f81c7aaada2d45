import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.obligations import (
    by_month,
    paid_monthly,
    pairs_of,
    whole_months,
)
from tests.evaluation.foreign import lines_on


def spanning(*dates: str) -> Dataset:
    return dataset(pd.DataFrame(lines_on("a", dates)))


def test_only_whole_months_count() -> None:
    months = whole_months(spanning("2023-12-15", "2024-03-10"))
    january, february = np.full(31, 0), np.full(29, 1)
    expected = np.concatenate([np.full(17, -1), january, february, np.full(10, -1)])
    assert months.tolist() == expected.tolist()


def test_a_month_that_lacks_its_last_day_is_not_whole() -> None:
    with pytest.raises(NotComputableError, match="0 whole months; at least 1 are needed"):
        whole_months(spanning("2024-01-01", "2024-01-30"))
    with pytest.raises(NotComputableError, match="1 whole months; at least 2 are needed"):
        whole_months(spanning("2024-01-01", "2024-02-28"), least=2)


def test_the_same_month_of_two_years_is_two_months() -> None:
    assert whole_months(spanning("2023-01-01", "2024-12-31")).max() == 23


def test_pairs_are_customers_with_their_payees() -> None:
    lines = [
        *lines_on("a", ("2024-01-01", "2024-01-31", "2024-03-01"), recipient_entity="Bank"),
        *lines_on("a", ("2024-01-05",), recipient_entity=None),
        *lines_on("b", ("2024-01-01", "2024-03-31"), recipient_entity="Bank"),
        *lines_on("a", ("2024-02-01",), recipient_entity="Gym"),
    ]
    data = dataset(pd.DataFrame(lines))
    pairs = pairs_of(data.honest)
    assert sorted(pairs.sizes()) == [1, 2, 3]
    assert sorted(pairs.gaps()) == [30, 30, 90]
    often = pairs.only(pairs.sizes() > 2)
    assert (often.count, len(often.rows), set(often.rows["recipient"])) == (1, 3, {"Bank"})
    counts = by_month(pairs.pair, pairs.rows["day"].to_numpy(), whole_months(data))
    assert sorted(counts.tolist()) == [[0, 1, 0], [1, 0, 1], [2, 0, 1]]


def test_monthly_is_what_is_paid_in_more_than_half_of_the_months() -> None:
    counts = np.array([[1, 1, 1, 1], [0, 2, 1, 1], [1, 0, 1, 0], [3, 0, 0, 0]])
    assert paid_monthly(counts).tolist() == [True, True, False, False]
