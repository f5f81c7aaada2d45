"""Customers: everyone draws values of their own, spread as the spec says."""

import json
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents import lookalikes_of
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.months import PAYDAY_SHARES, PAYDAYS
from accidental_transfers.model.streams import seed_key
from tests.samples import PROBABILITIES, USUAL, fixed
from tests.spec.fields import DEFAULTS

OWN = (*PROBABILITIES, "high_amount_multiplier")

PEOPLE = 4_000
# The Kolmogorov-Smirnov distance that chance exceeds once in a thousand times.
KS_LIMIT = 1.95 / PEOPLE**0.5


def people(**given: Any) -> Customers:
    spec = DatasetSpec.parse(given)
    return draw_customers(spec.wanted, seed_key("people"), 1, PEOPLE)


@pytest.fixture(scope="module")
def drawn() -> Customers:
    return people()


def distance_to_even(values: Any) -> float:
    """The Kolmogorov-Smirnov distance of values to the uniform distribution on (0, 1)."""
    ordered = np.sort(values)
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("daily_rate", 8, 15), ("home_bias", 0.75, 0.95), ("high_amount_multiplier", 2.5, 4.0)],
)
def test_ranges_are_filled_evenly(drawn: Customers, name: str, low: float, high: float) -> None:
    values = drawn.own[name] if name in OWN else getattr(drawn, name)
    assert values.min() >= low
    assert values.max() <= high
    assert distance_to_even((values - low) / (high - low)) < KS_LIMIT


@pytest.mark.parametrize("name", PROBABILITIES)
def test_probabilities_are_filled_log_evenly(drawn: Customers, name: str) -> None:
    """As many customers between 1 and 2 in a thousand as between 4 and 8."""
    low, high = DEFAULTS[name]["min"], DEFAULTS[name]["max"]
    values = drawn.own[name]
    assert values.min() >= low
    assert values.max() <= high
    assert distance_to_even(np.log(values / low) / np.log(high / low)) < KS_LIMIT
    assert distance_to_even((values - low) / (high - low)) > 0.1


@pytest.mark.parametrize("name", PROBABILITIES)
def test_a_tiny_probability_is_drawn_and_none_is_none(name: str) -> None:
    tiny = people(**{name: {"min": 1e-9, "max": 0.25}}).own[name]
    assert 1e-9 <= tiny.min() < 1e-8
    assert 0.24 < tiny.max() <= 0.25
    assert np.median(tiny) == pytest.approx((1e-9 * 0.25) ** 0.5, rel=0.5)
    none = people(**{name: fixed(0)}).own
    assert (none[name] == 0).all()
    assert all((none[other] > 0).all() for other in PROBABILITIES if other != name)


def test_a_range_of_one_value_is_that_value() -> None:
    same = people(daily_transactions=fixed(11), high_amount_multiplier=fixed(3))
    assert (same.daily_rate == 11).all()
    assert (same.own["high_amount_multiplier"] == 3).all()


def test_one_trait_tells_nothing_about_another(drawn: Customers) -> None:
    traits = np.stack(
        [
            drawn.daily_rate,
            drawn.home_bias,
            *(np.log(drawn.own[name]) for name in PROBABILITIES),
            drawn.own["high_amount_multiplier"],
            np.log(drawn.spending_level),
            drawn.home.astype(float),
            drawn.payday.astype(float),
            *drawn.type_mix[:, :3].T,
        ]
    )
    correlation = np.asarray(np.corrcoef(traits))[:9]
    np.fill_diagonal(correlation, 0)
    # Four standard deviations; shares of types add up to 1 and so do depend on each other.
    assert np.abs(correlation).max() < 4 / PEOPLE**0.5


def test_changing_one_range_leaves_the_other_traits_alone(drawn: Customers) -> None:
    other = people(daily_transactions=fixed(30), accident_probability=fixed(0.1))
    for name in (
        "key",
        "home",
        "home_bias",
        "rank",
        "payday",
        "spending_level",
        "type_mix",
        "hour_shift",
        "saves_payees",
        "haste",
    ):
        assert (getattr(drawn, name) == getattr(other, name)).all(), name
    for name in OWN[1:]:
        assert (drawn.own[name] == other.own[name]).all(), name


def test_types_are_mixed_around_their_shares_by_everyone_differently(drawn: Customers) -> None:
    shares = [type_.share for type_ in reference().transaction_types]
    assert sum(shares) == pytest.approx(1)
    assert drawn.type_mix.sum(axis=1) == pytest.approx(np.ones(PEOPLE))
    assert drawn.type_mix.mean(axis=0) == pytest.approx(shares, abs=0.02)
    variation = drawn.type_mix.std(axis=0) / drawn.type_mix.mean(axis=0)
    assert (variation > 0.1).all()
    assert (variation < 0.4).all()


def test_spending_levels_spread_around_one(drawn: Customers) -> None:
    level = np.log(drawn.spending_level)
    assert level.mean() == pytest.approx(0, abs=0.03)
    assert level.std() == pytest.approx(0.42, abs=0.02)


def test_early_birds_stay_within_two_hours(drawn: Customers) -> None:
    assert np.abs(drawn.hour_shift).max() <= 7_200
    assert 2_000 < drawn.hour_shift.std() < 3_600
    # One's own habit and each type's: alike, and not the same.
    assert 0.6 < np.asarray(np.corrcoef(drawn.hour_shift.T))[0, 1] < 0.95


def test_a_customer_is_the_same_in_any_company(drawn: Customers) -> None:
    spec = DatasetSpec(customers=900)
    some = draw_customers(spec.wanted, seed_key("people"), 901, 950)
    for name in ("number", "key", "home", "rank", "daily_rate", "home_bias", "spending_level"):
        assert (getattr(some, name) == getattr(drawn, name)[900:950]).all(), name
    for name in ("payday", "type_mix", "hour_shift", "saves_payees", "haste"):
        assert (getattr(some, name) == getattr(drawn, name)[900:950]).all(), name
    for name in OWN:
        assert (some.own[name] == drawn.own[name][900:950]).all(), name
    for name, traits in drawn.household.items():
        assert (some.household[name] == traits[900:950]).all(), name


def test_customers_are_people_of_the_population(drawn: Customers) -> None:
    people = drawn.population
    assert (drawn.number == np.arange(1, PEOPLE + 1)).all()
    assert (drawn.home == people.city(drawn.number)).all()
    assert (drawn.rank == people.rank(drawn.number)).all()


def household_facts() -> Any:
    """From the file itself."""
    path = files("accidental_transfers.model").joinpath("data", "obligations.json")
    return json.loads(path.read_text("utf-8"))["household"]


def part(of: Any, among: Any) -> float:
    return float(of[among].mean())


def of(tenure: str, drawn: Customers) -> Any:
    owner = drawn.household["owner"]
    return owner if tenure == "owner" else ~owner


def test_households_are_those_of_the_country(drawn: Customers) -> None:
    """4,000 people: four sd of a share are 0.032, of one among 1,300 renters 0.055."""
    own, shares = drawn.household, household_facts()
    assert own["owner"].mean() == pytest.approx(shares["owner"], abs=0.032)
    assert part(own["mortgaged"], own["owner"]) == pytest.approx(
        shares["mortgaged_of_owners"], abs=0.04
    )
    by_tenure = ("children", "pets", "student")
    for tenure in ("owner", "renter"):
        for name in by_tenure:
            share = part(own[name], of(tenure, drawn))
            assert share == pytest.approx(shares[name][tenure], abs=0.055), name
        two = part(own["two_cars"], own["car"] & of(tenure, drawn))
        assert two == pytest.approx(shares["two_cars_of_car"][tenure], abs=0.06)
    assert own["self_employed"].mean() == pytest.approx(shares["self_employed"], abs=0.02)
    young = part(own["young_children"], own["children"])
    assert young == pytest.approx(shares["young_children_of_children"], abs=0.06)
    student = part(own["student_debt"], own["student"])
    assert student == pytest.approx(shares["student_debt"]["student"], abs=0.11)


def test_cars_are_fewer_where_trains_are(drawn: Customers) -> None:
    """Some 500 people of New York: four sd of a share are 0.09."""
    own, shares = drawn.household, household_facts()["car"]
    new_york = drawn.home == [city.place for city in reference().cities].index("New York, NY")
    assert part(own["car"], new_york) == pytest.approx(shares["New York, NY"], abs=0.09)
    special = np.array([city.place in shares for city in reference().cities])[drawn.home]
    for tenure in ("owner", "renter"):
        share = part(own["car"], of(tenure, drawn) & ~special)
        assert share == pytest.approx(shares[tenure], abs=0.05)


def test_traits_of_a_household_agree(drawn: Customers) -> None:
    own = drawn.household
    assert (own["mortgaged"] <= own["owner"]).all()
    assert (own["two_cars"] <= own["car"]).all()
    assert (own["young_children"] <= own["children"]).all()
    # Whether somebody has a car says nothing about children among owners.
    owner = own["owner"]
    together = np.corrcoef(own["car"][owner], own["children"][owner])[0, 1]
    assert abs(together) < 4 / owner.sum() ** 0.5


def test_paydays_have_the_shares_of_the_country(drawn: Customers) -> None:
    """4,000 people: four sd of a share are 0.031."""
    names = np.array(PAYDAYS)[drawn.payday]
    for name, share in PAYDAY_SHARES.items():
        assert (names == name).mean() == pytest.approx(share, abs=0.031)


@pytest.mark.parametrize("dial", [0.0, 0.5, 3.0])
def test_the_dial_multiplies_how_often_people_look_suspicious(
    drawn: Customers, dial: float
) -> None:
    turned = people(lookalikes=dial)
    for lookalike in lookalikes_of(USUAL):
        name = lookalike.frequency.field
        assert turned.own[name] == pytest.approx(dial * drawn.own[name])


def test_a_quarter_of_the_customers_never_save_a_payee(drawn: Customers) -> None:
    """4,000 people: four sd of a share are 0.027."""
    assert (~drawn.saves_payees).mean() == pytest.approx(0.25, abs=0.027)


def test_some_are_hurried_by_nothing_and_some_twice_as_much_as_most(drawn: Customers) -> None:
    assert drawn.haste.min() >= 0
    assert drawn.haste.max() < 2
    assert distance_to_even(drawn.haste / 2) < KS_LIMIT


def test_customers_know_the_ranges_that_were_asked_for() -> None:
    asked = people(high_amount_multiplier={"min": 3, "max": 9}).asked
    assert set(asked) == set(OWN)
    assert (asked["high_amount_multiplier"].min, asked["high_amount_multiplier"].max) == (3, 9)
    assert (asked["accident_probability"].min, asked["accident_probability"].max) == (0.001, 0.01)
