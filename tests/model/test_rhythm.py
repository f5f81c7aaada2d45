"""When people pay, by the hour, the weekday and the day of the month, against what was measured.

The sample is 150 customers in 91 days: some 19,000 payments of the rarest type.
"""

import json
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from tests.samples import TYPES, Dataset, default_sample

FACTS: dict[str, Any] = json.loads(
    files("accidental_transfers.model").joinpath("data", "payment_facts.json").read_text("utf-8")
)["payment_type"]
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
PERIOD = pd.date_range("2024-01-01", "2024-03-31")


def honest(*types: str) -> pd.DataFrame:
    rows = default_sample().honest
    return rows[rows["transaction_type"].isin(types)]


def hours(rows: pd.DataFrame) -> np.ndarray:
    shares: np.ndarray = np.bincount(rows["timestamp"].dt.hour, minlength=24) / len(rows)
    return shares


def daily_index(rows: pd.DataFrame) -> pd.Series:
    """Each day's payments over the mean."""
    counts = rows["day"].value_counts().reindex(PERIOD, fill_value=0)
    return counts / counts.mean()


def weekday_index(*types: str) -> list[float]:
    index = daily_index(honest(*types))
    return [float(index[PERIOD.day_of_week == weekday].mean()) for weekday in range(7)]


def divergence(one: np.ndarray, other: np.ndarray) -> float:
    """The relative entropy in bits."""
    some = one > 0
    return float((one[some] * np.log2(one[some] / other[some])).sum())


@pytest.mark.parametrize("type_", TYPES)
def test_hours_are_those_that_were_measured(type_: str) -> None:
    found, measured = hours(honest(type_)), np.array(FACTS[type_]["hour"])
    measured = measured / measured.sum()
    middle = (found + measured) / 2
    distance = ((divergence(found, middle) + divergence(measured, middle)) / 2) ** 0.5
    assert distance <= 0.12
    assert (found > 0).all()


def test_next_to_nothing_is_paid_at_three_in_the_morning() -> None:
    at_three = {type_: hours(honest(type_))[3] for type_ in TYPES}
    assert 0.0002 <= at_three["Credit Card"] <= 0.006
    assert max(at_three.values()) < 0.012


def test_noon_and_early_evening_are_busy() -> None:
    card = hours(honest("Credit Card"))
    assert card[12:14].sum() > 0.16
    assert card[17:20].sum() > 0.18
    assert card[12:14].mean() > 1.5 * card[9:11].mean()
    bank = hours(honest("Bank Transfer"))
    assert bank[8:18].sum() > 0.6
    assert bank.argmax() in (8, 9, 10)


def test_restaurants_fill_at_meals_and_shops_between_them() -> None:
    rows = default_sample().honest
    by_kind = {kind: hours(own) for kind, own in rows.groupby("entity_type")}
    restaurant, store = by_kind["Restaurant"], by_kind["Department Store"]
    assert restaurant[17:20].sum() > store[17:20].sum() + 0.08
    assert store[13:16].sum() > restaurant[13:16].sum()


def test_fridays_are_up_and_sundays_are_down() -> None:
    together = weekday_index(*TYPES)
    assert 1.02 <= together[FRIDAY] <= 1.15
    assert 0.98 <= together[SATURDAY] <= 1.20
    assert 0.80 <= together[SUNDAY] <= 1.00
    cards = weekday_index("Credit Card")
    assert cards[FRIDAY] > 1.02
    assert cards[SATURDAY] > 1.05


def test_bank_transfers_rest_at_the_weekend() -> None:
    bank = weekday_index("Bank Transfer")
    assert 0.30 <= bank[SATURDAY] <= 0.75
    assert 0.30 <= bank[SUNDAY] <= 0.75
    assert min(bank[:5]) > max(bank[5:]) + 0.2


def test_a_month_begins_with_bills() -> None:
    begin = PERIOD.day <= 5
    bank, card = daily_index(honest("Bank Transfer")), daily_index(honest("Credit Card"))
    assert 1.3 <= bank[begin].mean() <= 1.8
    assert 0.95 <= card[begin].mean() <= 1.12
    assert bank[PERIOD.day == 1].mean() > 1.8


def test_rent_is_due_at_the_turn_of_the_month() -> None:
    rent = default_sample().honest
    rent = rent[rent["entity_type"] == "Rent"]
    day = rent["timestamp"].dt.day
    at_turn = ((day >= 28) | (day <= 5)).mean()
    # These are 27 of the 91 days.
    assert at_turn > 0.6


def test_every_day_is_there_the_leap_day_too() -> None:
    index = daily_index(default_sample().honest)
    assert index.index.is_unique
    assert len(index) == 91
    assert 0.8 < index[pd.Timestamp(2024, 2, 29)] < 1.2
    assert index.between(0.6, 1.6).all()


def test_seconds_and_minutes_are_even() -> None:
    """156,000 times: chi-square of 60 values has mean 59 and sd 10.9."""
    time = default_sample().honest["timestamp"].dt
    second = np.bincount(time.second, minlength=60)
    expected = second.sum() / 60
    assert ((second - expected) ** 2 / expected).sum() < 59 + 5 * 10.9
    minute = np.bincount(time.minute, minlength=60)
    assert minute.min() > 0.9 * minute.mean()
    assert minute.max() < 1.1 * minute.mean()


def test_customers_have_hours_of_their_own() -> None:
    """The spread of customers' mean afternoon times is far beyond chance (about 300 seconds)."""
    rows = honest("Credit Card")
    rows = rows[rows["timestamp"].dt.hour.between(5, 23)]
    second = (rows["timestamp"] - rows["day"]).dt.total_seconds()
    means = second.groupby(rows["customer_id"]).mean()
    assert 1_200 < means.std() < 4_000


@pytest.mark.slow
def test_a_year_has_its_rate() -> None:
    """20 customers, 2023: the calendar gives and takes, and in the end the mean rate stands."""
    spec = DatasetSpec.parse(
        {"customers": 20, "start_date": "2023-01-01", "end_date": "2023-12-31"}
    )
    sample = Dataset(spec)
    rate = sample.honest.groupby("customer_id").size() / 365
    assert (rate / sample.customers["daily_transactions"]).mean() == pytest.approx(1, abs=0.015)
