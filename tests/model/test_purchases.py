"""What is bought: by the hour, the day and where one is; for how much, as the years go by."""

import json
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.calendar import calendar
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.holidays import factors
from accidental_transfers.model.travel import AWAY, HOME, LAST_DAY
from tests.samples import Dataset, default_sample

LANES = np.arange(65_536, dtype=np.uint16)
ENTITIES = reference().entity_types
TYPES = reference().transaction_types


def entry(name: str) -> dict[str, Any]:
    """An entity type as the file has it."""
    path = files("accidental_transfers.model").joinpath("data", "entity_types.json")
    types = json.loads(path.read_text("utf-8"))["transaction_types"].values()
    (found,) = (each for type_ in types for each in type_["entity_types"] if each["name"] == name)
    assert isinstance(found, dict)
    return found


@pytest.mark.slow
@settings(max_examples=40)
@given(
    st.dates(date(2007, 1, 1), date(2099, 12, 31)),
    st.integers(0, 3),
    st.sampled_from([HOME, AWAY, LAST_DAY]),
    st.integers(0, 23),
)
def test_what_is_bought_has_its_share_of_the_day_the_place_and_the_hour(
    day: date, type_: int, stay: int, hour: int
) -> None:
    """All 65,536 draws, to two of the table's 1,024 slots."""
    _, of_day = factors(day, 1)
    weights = np.zeros(len(ENTITIES))
    for code, entity in enumerate(ENTITIES):
        if entity.transaction_type == type_:
            known = entry(entity.name)
            at = [known.get("at_home", 1.0), known.get("away", 1.0)]
            at.append(known.get("last_day", at[1]))
            weights[code] = known["share"] * at[stay] * entity.hours[hour] * of_day[0, code]
    same = np.zeros(LANES.shape, int)
    drawn = calendar(day, 1).draw_entities(same + type_, same, same + stay, same + hour, LANES)
    shares = np.bincount(drawn, minlength=len(ENTITIES)) / len(LANES)
    assert shares == pytest.approx(weights / weights.sum(), abs=2 / 1_024)


def away(name: str) -> float:
    rows = default_sample().honest
    return float(rows.loc[rows["entity_type"] == name, "away"].mean())


def test_trips_have_a_mix_of_their_own() -> None:
    """PEOPLE: hotels belong to trips, groceries to home; no haircut far from home."""
    assert away("Hotel") >= 0.70
    assert away("Grocery") <= 0.15
    for name in ("Personal Care", "Auto Service", "Medical", "Home Improvement"):
        assert away(name) < 0.08, name
    assert away("Restaurant") > 1.3 * away("Pharmacy")


@pytest.mark.slow
def test_a_hotel_is_not_paid_on_a_trips_last_evening() -> None:
    """Of some 900 nights away: who is at home the day after has left the hotel by then."""
    rows = default_sample().honest
    hotel = rows[(rows["entity_type"] == "Hotel") & rows["away"]]
    is_home = rows[~rows["away"]].groupby("customer_id")["day"].agg(set)
    last = [
        day + pd.Timedelta("1D") in is_home[customer]
        for customer, day in zip(hotel["customer_id"], hotel["day"], strict=True)
    ]
    assert len(hotel) > 400
    # Deposits in the small hours of the way home, and days on which the way back begins late.
    assert np.mean(last) < 0.15


def test_nobody_pays_two_hotels_on_a_day() -> None:
    hotels = default_sample().ordinary
    hotels = hotels[hotels["entity_type"] == "Hotel"]
    assert len(hotels) > 400
    assert hotels.groupby(["customer_id", hotels["timestamp"].dt.date]).size().max() == 1


def test_no_coffee_costs_five_hundred_dollars() -> None:
    rows = default_sample().honest
    small = rows[rows["entity_type"].isin(["Coffee Shop", "Fast Food"])]
    assert len(small) > 10_000
    assert small["amount"].max() <= 500


@pytest.mark.slow
def test_prices_of_2034_are_those_of_2024_risen_by_the_assumed_rate() -> None:
    """120 customers, February of both years: medians of purchases of some 15,000 each."""
    medians = []
    for year in (2024, 2034):
        spec = {"customers": 120, "start_date": f"{year}-02-01", "end_date": f"{year}-02-28"}
        rows = Dataset(DatasetSpec.parse(spec)).ordinary
        bought = rows[rows["entity_type"].isin(["Grocery", "Restaurant", "Fast Food", "Pharmacy"])]
        medians.append(bought["amount"].median())
    # 3.6 % up to the middle of 2025, and 2.3 % a year from then on.
    assert medians[1] / medians[0] == pytest.approx(1.036 * 1.023**8.6, rel=0.035)


@pytest.mark.slow
def test_standing_amounts_are_paid_to_people_again() -> None:
    """To a friend who is paid often it is the same amount again, where it stands."""
    rows = default_sample().honest
    for name in ("Person-to-Person", "Friends and Family"):
        own = rows[rows["entity_type"] == name]
        pairs = own.groupby(["customer_id", "recipient_entity"])["amount"]
        shares = [
            amounts.value_counts().iloc[0] / len(amounts)
            for _, amounts in pairs
            if len(amounts) >= 5
        ]
        share = np.mean(shares)
        assert share > entry(name).get("standing", 0) * 0.9, name


@pytest.mark.slow
@settings(max_examples=15)
@given(st.integers(0, 75), st.integers(1, 15))
def test_purchases_of_a_day_do_not_depend_on_the_period(skip: int, days: int) -> None:
    begin = date(2024, 1, 1) + timedelta(skip)
    spec = {"customers": 10, "start_date": str(begin), "end_date": str(begin + timedelta(days - 1))}
    short = Dataset(DatasetSpec.parse(spec)).rows
    whole = default_sample().rows
    same = whole[whole["transaction_id"].isin(short["transaction_id"])]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), short)
    day = whole["timestamp"].dt.normalize()
    end = pd.Timestamp(begin + timedelta(days - 1))
    within = day.between(pd.Timestamp(begin), end) & (whole["customer_id"] <= "customer_010")
    assert within.sum() == len(short)
