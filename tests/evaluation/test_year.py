import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset, dataset
from accidental_transfers.evaluation.readings import Reading
from accidental_transfers.evaluation.year import MEASURES, autocorrelation
from tests.evaluation.foreign import foreign_frame, line_of, value

BANK = "Bank Transfer"


def daily(rows: pd.Series, customers: int = 1, **values: object) -> Dataset:
    """So many rows of each customer on each day of an index of dates."""
    lines = [
        line_of(f"c{number}", f"{day.date()} {at // 60:02d}:{at % 60:02d}:00", **values)
        for number in range(customers)
        for day, count in rows.items()
        if isinstance(day, pd.Timestamp)
        for at in range(count)
    ]
    return dataset(pd.DataFrame(lines))


def days(start: str = "2024-01-01", end: str = "2024-03-31") -> pd.DatetimeIndex:
    return pd.date_range(start, end)


def test_both_ends_of_the_month_are_compared_with_its_middle() -> None:
    """Half as many at weekends; three times as many at the end, twice at the start."""
    index = days()
    usual = np.where(index.day_of_week < 5, 10, 5)
    end, start = np.asarray(index.day >= 28), np.asarray(index.day <= 5)
    data = daily(pd.Series(usual * np.where(end, 3, np.where(start, 2, 1)), index))
    assert value(MEASURES["month_ends"](data, "days 28 to 31")) == pytest.approx(3)
    assert value(MEASURES["month_ends"](data, "days 1 to 5")) == pytest.approx(2)


def test_the_end_of_the_month_is_also_compared_with_the_mean_day() -> None:
    index = days("2024-01-01", "2024-01-31")
    data = daily(pd.Series(np.where(np.asarray(index.day >= 28), 20, 10), index))
    assert value(MEASURES["month_end"](data)) == pytest.approx(20 / (10 + 40 / 31))


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2024-01-10", "2024-01-25", "no day from the 28. to the 31. of a month"),
        ("2024-01-27", "2024-02-08", "no day from the 9. to the 26. of a month"),
        ("2024-01-28", "2024-02-10", "not every weekday is in the middle of a month"),
    ],
)
def test_a_part_of_a_month_gives_a_plain_reason(start: str, end: str, message: str) -> None:
    data = daily(pd.Series(1, days(start, end)))
    with pytest.raises(NotComputableError, match=message):
        MEASURES["month_ends"](data, "days 28 to 31")
    with pytest.raises(NotComputableError, match="days; at least 28 are needed"):
        MEASURES["month_end"](data)


def test_no_bank_settles_on_new_years_day() -> None:
    index = days()
    rows = pd.Series(np.where(index.day_of_week < 5, 4, 1), index)
    rows.iloc[0] = 1
    assert value(MEASURES["new_year"](daily(rows, transaction_type=BANK))) == pytest.approx(0.25)


def test_without_a_new_years_day_there_is_nothing_to_compare() -> None:
    frame = foreign_frame(types=(BANK,))
    with pytest.raises(NotComputableError, match="no 1 January in the period"):
        MEASURES["new_year"](dataset(frame))
    short = daily(pd.Series(40, days(end="2024-01-10")), transaction_type=BANK)
    with pytest.raises(NotComputableError, match="1 other Mondays; at least 4 are needed"):
        MEASURES["new_year"](short)


def test_autocorrelation_is_that_of_a_row_with_itself_a_step_later() -> None:
    counts = np.array([[1.0, 2, 3, 4, 5], [1, 5, 1, 5, 1], [3, 3, 3, 3, 3]])
    # Deviations -2 -1 0 1 2: (2 + 0 + 0 + 2) / 10.
    assert autocorrelation(counts[:1]) == pytest.approx([0.4])
    assert autocorrelation(counts[1:2])[0] < -0.7
    assert np.isnan(autocorrelation(counts[2:])).all()
    chance = np.random.default_rng(0).poisson(60, (5000, 13)).astype(float)
    assert autocorrelation(chance).mean() == pytest.approx(-1 / 13, abs=0.01)


def test_busy_weeks_that_follow_each_other_are_found() -> None:
    """Four busy weeks, then eight quiet ones; what is left of a thirteenth does not count."""
    index = days("2024-01-01", "2024-03-27")
    rows = pd.Series(np.where(np.arange(len(index)) < 28, 3, 1), index)
    found = MEASURES["persistence"](daily(rows, customers=20))
    assert isinstance(found, Reading)
    high, low = 2 / 3, -1 / 3
    squares = 4 * high**2 + 8 * low**2
    expected = (3 * high**2 + high * low + 7 * low**2) / squares
    assert found.value == pytest.approx(expected)
    assert found.also["beyond what independent weeks give"] == pytest.approx(expected + 1 / 12)


def test_a_few_weeks_or_customers_tell_nothing_of_persistence() -> None:
    with pytest.raises(NotComputableError, match="6 complete weeks; at least 8 are needed"):
        MEASURES["persistence"](dataset(foreign_frame()))
    with pytest.raises(NotComputableError, match="0 customers; at least 20 are needed"):
        MEASURES["persistence"](daily(pd.Series(1, days()), customers=30))
