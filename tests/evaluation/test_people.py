import numpy as np
import pandas as pd
import pytest

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import dataset
from accidental_transfers.evaluation.people import (
    MEASURES,
    heaps_exponent,
    intraclass_correlation,
    zipf_exponent,
)
from accidental_transfers.evaluation.places import MEASURES as PLACES
from accidental_transfers.evaluation.readings import Reading
from tests.evaluation.foreign import foreign_frame, line_of


def value(found: float | Reading) -> float:
    return found.value if isinstance(found, Reading) else found


def test_zipfs_exponent_is_that_of_the_first_hundred() -> None:
    rank = np.arange(1, 1001)
    counts = np.where(rank <= 100, 1e6 * rank**-0.9, 1.0)
    assert zipf_exponent(np.random.default_rng(0).permutation(counts)) == pytest.approx(0.9)


def test_heaps_exponent_is_the_growth_of_the_vocabulary() -> None:
    distinct = np.ceil(np.arange(1, 2001) ** 0.7)
    new = np.diff(distinct, prepend=0) > 0
    assert heaps_exponent(new) == pytest.approx(0.7, abs=0.02)
    assert heaps_exponent(np.ones(100, bool)) == pytest.approx(1)


def test_the_share_of_variance_between_groups_is_found_whatever_their_sizes() -> None:
    chance = np.random.default_rng(0)
    group = np.repeat(np.arange(2000), chance.integers(5, 60, 2000))
    values = chance.normal(0, np.sqrt(0.3), 2000)[group]
    values += chance.normal(0, np.sqrt(0.7), len(group))
    assert intraclass_correlation(values, group) == pytest.approx(0.3, abs=0.02)
    assert intraclass_correlation(chance.permutation(values), group) == pytest.approx(0, abs=0.005)


def one_customer(rows: pd.DataFrame, copies: int = 30) -> pd.DataFrame:
    names = [f"c{number}" for number in range(copies)]
    return pd.concat([rows.assign(customer_id=name) for name in names])


def test_loyalty_is_measured_on_each_customers_purchases() -> None:
    shops = ["A", "B", "A", "C", "A"] * 40 + [f"new {number}" for number in range(50)]
    lines = [
        line_of("x", f"2024-01-{1 + n // 24:02d} {n % 24:02d}:00:00", recipient_entity=shop)
        for n, shop in enumerate(shops)
    ]
    data = dataset(one_customer(pd.DataFrame(lines)))
    assert value(MEASURES["repeat_rate"](data)) == pytest.approx(1 - 53 / 250)
    assert value(MEASURES["top_merchant"](data)) == pytest.approx(120 / 250)
    assert value(MEASURES["distinct_merchants"](data)) == 3


def test_known_payees_and_standing_amounts_are_earlier_ones_of_the_same_customer() -> None:
    payees = ["mum", "mum", "landlord", "mum", "landlord"] * 10
    lines = [
        line_of(
            "x",
            f"2024-01-{1 + n:02d} 10:00:00" if n < 31 else f"2024-02-{n - 30:02d} 10:00:00",
            transaction_type="Bank Transfer",
            recipient_entity=payee,
            amount=500.0 if payee == "landlord" else 10.0 + n,
        )
        for n, payee in enumerate(payees)
    ]
    data = dataset(one_customer(pd.DataFrame(lines)))
    assert value(MEASURES["known_payee"](data)) == pytest.approx(48 / 50)
    assert value(MEASURES["standing_amounts"](data)) == pytest.approx(19 / 50)


def test_trips_persist_and_a_coin_flip_per_payment_does_not() -> None:
    frame = foreign_frame(days=60)
    coin = dataset(frame)
    assert value(PLACES["still_away"](coin)) == pytest.approx(0.1, abs=0.03)
    assert value(PLACES["home_low"](coin)) == pytest.approx(0.88, abs=0.03)
    away = (frame["timestamp"].dt.day > 25).map({True: "Shelbyville", False: "Springfield"})
    trips = dataset(frame.assign(city=away))
    assert value(PLACES["still_away"](trips)) > 0.9


def test_a_journey_at_the_speed_of_light_is_counted_in_universal_time() -> None:
    lines = [
        line_of("a", "2024-01-01 12:00:00", city="New York"),
        line_of("a", "2024-01-01 12:30:00", city="Los Angeles"),  # 3.5 hours later
        line_of("a", "2024-01-01 16:00:00", city="New York"),  # half an hour later
        line_of("b", "2024-01-01 16:10:00", city="Los Angeles"),  # somebody else
    ]
    assert value(PLACES["impossible_journeys"](dataset(pd.DataFrame(lines)))) == 1


def test_unknown_cities_cannot_be_judged() -> None:
    with pytest.raises(NotComputableError, match="two cities of the reference data"):
        PLACES["impossible_journeys"](dataset(foreign_frame()))
