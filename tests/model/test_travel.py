"""Travel: one trip or none in ten days, and each one's share of days at home."""

from datetime import date, timedelta
from functools import cache
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.streams import seed_key
from accidental_transfers.model.travel import (
    AWAY,
    DAY_TRIP_KM,
    HOME,
    LAST_DAY,
    WINDOW,
    Itinerary,
    destination_table,
    itinerary,
    journey_table,
)
from tests.geography import CITIES, kilometres
from tests.samples import default_sample


@cache
def people(bias: tuple[float, float] = (0.75, 0.95), customers: int = 400) -> Customers:
    given_ = {"home_city_bias": {"min": bias[0], "max": bias[1]}}
    return draw_customers(DatasetSpec.parse(given_).wanted, seed_key(2024), 1, customers)


def whereabouts(customers: Customers, first: date, days: int) -> Itinerary:
    ordinal = first.toordinal() + np.arange(days)
    return itinerary(customers.key, customers.home, customers.home_bias, ordinal)


@cache
def two_years() -> Itinerary:
    """730 days of 400 people."""
    return whereabouts(people(), date(2024, 1, 1), 730)


def trips() -> list[tuple[int, int, int]]:
    """Who went where for how long, the trips at the ends of the two years left out."""
    found = []
    for person, days in enumerate(two_years().city.tolist()):
        stays = [(where, len(list(own))) for where, own in groupby(days)]
        home = int(people().home[person])
        found += [(person, where, length) for where, length in stays[1:-1] if where != home]
    return found


def at_home(customers: Customers, places: Itinerary) -> np.ndarray:
    share: np.ndarray = (places.city[:, 1:] == customers.home[:, None]).mean(axis=1)
    return share


def test_people_are_at_home_as_much_as_their_bias_says() -> None:
    """Two years: some 47 trips, whose lengths give each one's share a sd of 0.02 to 0.03."""
    difference = at_home(people(), two_years()) - people().home_bias
    assert abs(difference.mean()) < 0.01
    assert difference.std() < 0.03
    assert np.abs(difference).max() < 0.10


@pytest.mark.slow
def test_who_lives_far_from_everybody_is_at_home_as_much_as_others() -> None:
    """Without a city near enough for a day trip: trips of two days make up for those of one."""
    distance = np.array([[kilometres(here, there) for there in CITIES] for here in CITIES])
    customers = people(customers=2_000)
    lonely = (distance <= DAY_TRIP_KM).sum(axis=1)[customers.home] == 1
    difference = (
        at_home(customers, whereabouts(customers, date(2024, 1, 1), 730)) - customers.home_bias
    )
    assert lonely.sum() > 50
    # Four standard errors of some 80 people.
    assert abs(difference[lonely].mean()) < 0.011
    assert abs(difference[~lonely].mean()) < 0.0025


def test_the_rows_show_it_too() -> None:
    """150 customers in 91 days, of which a trip more or less is 2."""
    sample = default_sample()
    share = 1 - sample.honest.groupby("customer_id")["away"].mean()
    difference = share - sample.customers["home_city_bias"]
    assert share.quantile(0.05) >= 0.70
    assert 0.03 <= share.std() <= 0.12
    assert abs(difference.mean()) < 0.02
    assert difference.abs().max() < 0.16


def test_trips_last_days_and_lead_to_one_city_and_back() -> None:
    """Some 18,000 trips of 400 people: shares within 0.02."""
    lengths = np.array([length for *_, length in trips()])
    counts = np.bincount(lengths, minlength=10) / len(lengths)
    assert len(lengths) > 15_000
    assert lengths.max() <= 9
    assert lengths.mean() == pytest.approx(2.4, abs=0.2)
    assert counts[[2, 3, 4, 5, 7]] == pytest.approx([0.33, 0.18, 0.09, 0.05, 0.04], abs=0.04)
    assert 0.28 < counts[1] < 0.36
    # Between two trips everybody comes home, if only for a day.
    for person, days in enumerate(two_years().city.tolist()):
        stays = [where for where, _ in groupby(days)]
        home = int(people().home[person])
        assert all(home in pair for pair in pairwise(stays))


def test_a_window_has_one_trip_or_none_and_ends_at_home() -> None:
    """Ten days from each one's own first day: the last of them is never spent away."""
    days = two_years().city[:, 1:] != people().home[:, None]
    ends = []
    for person, own in enumerate(days):
        quiet = [p for p in range(WINDOW) if not own[p::WINDOW].any()]
        assert quiet, person
        ends.append(len(quiet))
        end = quiet[-1] if len(quiet) == 1 else None
        if end is None:
            continue
        windows = own[end + 1 : end + 1 + (len(own) - end - 1) // WINDOW * WINDOW]
        begins = np.diff(windows.reshape(-1, WINDOW).astype(int), axis=1, prepend=0) == 1
        assert begins.sum(axis=1).max() <= 1
    # Of 73 windows with a trip in two thirds, other days are seldom quiet as well.
    assert np.median(ends) == 1


def test_a_day_trip_stays_within_160_miles() -> None:
    near = [
        kilometres(CITIES[people().home[person]], CITIES[where]) / 1.609344
        for person, where, length in trips()
        if length == 1
    ]
    assert len(near) > 4_000
    assert max(near) <= 160
    farther = [
        kilometres(CITIES[people().home[person]], CITIES[where]) / 1.609344
        for person, where, length in trips()
        if length > 1
    ]
    assert np.mean(np.array(farther) > 160) > 0.7
    assert max(farther) > 2_000


def test_days_know_whether_they_are_home_a_trips_or_its_last() -> None:
    places = two_years()
    is_away = places.city != people().home[:, None]
    assert ((places.stay == HOME) == ~is_away).all()
    ends = is_away[:, :-1] & ~is_away[:, 1:]
    assert ((places.stay[:, :-1] == LAST_DAY) == ends).all()
    assert ((places.stay[:, :-1] == AWAY) == (is_away[:, :-1] & ~ends)).all()


def test_who_changes_cities_arrives_when_the_journey_is_over() -> None:
    places = two_years()
    before, after = places.city[:, :-1], places.city[:, 1:]
    changes = before != after
    assert (places.arrival[~changes] == 0).all()
    assert (places.arrival[changes] == journey_table()[before[changes], after[changes]]).all()
    assert places.arrival[changes].min() > 5 * 3600
    assert places.arrival.max() <= 20 * 3600


@given(st.dates(date(2007, 1, 1), date(2099, 1, 1)), st.integers(0, 200), st.integers(1, 60))
def test_where_somebody_is_does_not_depend_on_the_period(first: date, skip: int, days: int) -> None:
    long = whereabouts(people(customers=20), first, 260)
    short = whereabouts(people(customers=20), first + timedelta(skip), days)
    assert (short.city == long.city[:, skip : skip + days + 1]).all()
    assert (short.stay == long.stay[:, skip : skip + days + 1]).all()
    assert (short.arrival == long.arrival[:, skip : skip + days]).all()


def test_who_was_away_at_the_last_payment_mostly_still_is() -> None:
    rows = default_sample().honest
    before = rows.groupby("customer_id")["away"].shift(1, fill_value=False)
    assert 0.50 <= rows.loc[before, "away"].mean() <= 0.97


@pytest.mark.parametrize("bias", [1.0, 0.9, 0.7, 0.5])
def test_the_ends_of_the_bias_are_kept(bias: float) -> None:
    """Two years of 200 people."""
    customers = people((bias, bias), 200)
    share = at_home(customers, whereabouts(customers, date(2023, 7, 1), 730))
    assert share.mean() == pytest.approx(bias, abs=0.008)
    assert np.abs(share - bias).max() < 0.12 * (bias < 1) + 1e-12


def test_trips_fill_a_period_to_its_end() -> None:
    """Ten years of 100 people who are away half the time: all years are alike."""
    customers = people((0.5, 0.5), 100)
    places = whereabouts(customers, date(2015, 1, 1), 3650)
    by_year = places.city[:, 1:] == customers.home[:, None]
    by_year = by_year.reshape(100, 10, 365).mean(axis=(0, 2))
    assert by_year == pytest.approx(np.full(10, 0.5), abs=0.015)


def test_people_go_where_people_are_near() -> None:
    destination = destination_table().values
    count = len(CITIES)
    assert len(destination) == 2 * count
    distance = np.array([[kilometres(here, there) for there in CITIES] for here in CITIES])
    population = np.array([city.population for city in CITIES], float)
    weights = population / np.maximum(distance, 300) * ~np.eye(count, dtype=bool)
    near = weights * (distance <= DAY_TRIP_KM)
    drawn = np.array([np.bincount(row, minlength=count) / row.size for row in destination])
    assert drawn[:count] == pytest.approx(
        weights / weights.sum(axis=1, keepdims=True), abs=1.1 / 1_024
    )
    for code in np.flatnonzero(near.sum(axis=1)).tolist():
        expected = near[code] / near[code].sum()
        assert drawn[count + code] == pytest.approx(expected, abs=1.1 / 1_024), CITIES[code].place
