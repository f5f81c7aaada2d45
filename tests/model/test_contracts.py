"""Who owes what to whom: plausible sets of obligations, and payees of the place.

The sample is 1,500 customers: four standard deviations of a share of them are 0.05 at most.
"""

from dataclasses import fields, replace

import numpy as np
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.contracts import Contracts, _without_second_bills, draw_contracts
from accidental_transfers.model.customers import draw_customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.obligation_tables import obligations
from accidental_transfers.model.obligations import CADENCES, MOST_SUBSCRIPTIONS
from accidental_transfers.model.streams import seed_key
from tests.owed import (
    OBLIGATIONS,
    PEOPLE,
    SERVICES,
    contracts,
    document,
    owed,
    payees,
    people,
    service,
)

PLACES = document("places.json")
HOME = ("rent", "mortgage")
FIELDS = [field.name for field in fields(Contracts) if field.name != "people"]


def has(*names: str) -> np.ndarray:
    """Which customers owe any of these: (customers,)."""
    found = np.zeros(PEOPLE, bool)
    found[owed().loc[owed()["name"].isin(names), "customer"]] = True
    return found


def trait(name: str) -> np.ndarray:
    found: np.ndarray = people().household[name]
    return found


def test_nobody_pays_rent_and_mortgage_and_tenants_and_buyers_pay_one() -> None:
    homes = owed()[owed()["name"].isin(HOME)]
    assert homes["customer"].is_unique
    assert (has("rent") == ~trait("owner")).all()
    assert (has("mortgage") == trait("mortgaged")).all()
    assert has("mortgage").mean() == pytest.approx(0.657 * 0.6, abs=0.05)


def test_owners_and_tenants_owe_what_owners_and_tenants_owe() -> None:
    owner = trait("owner")
    assert not has("renters insurance")[owner].any()
    assert not has("home insurance", "property tax", "hoa")[~owner].any()
    free = owner & ~trait("mortgaged")
    # A mortgage's escrow often pays the insurance and the tax.
    assert (
        has("home insurance")[free].mean() > has("home insurance")[trait("mortgaged")].mean() + 0.3
    )
    assert has("property tax")[free].mean() > 0.85
    assert has("property tax")[trait("mortgaged")].mean() < 0.35


def test_who_has_a_car_insures_it_and_nobody_else() -> None:
    car = trait("car")
    assert has("car insurance")[car].mean() > 0.9
    assert not has(
        "car insurance", "car loan", "second car loan", "car wash club", "vehicle registration"
    )[~car].any()
    assert not has("second car loan")[~trait("two_cars")].any()


def test_children_pets_and_debts_bring_their_bills() -> None:
    assert not has("childcare")[~trait("children")].any()
    assert not has("pet insurance", "pet autoship")[~trait("pets")].any()
    assert not has("student loan")[~trait("student_debt")].any()
    assert not has("estimated tax")[~trait("self_employed")].any()


@pytest.mark.parametrize("name", OBLIGATIONS)
def test_an_obligation_is_as_common_as_the_file_says(name: str) -> None:
    """By the first condition that holds; four sd of a share of those it is about."""
    if OBLIGATIONS[name].get("times") or OBLIGATIONS[name]["entity_type"] == "Utilities":
        pytest.skip("depends on the place, or shares a bill: see below")
    left = np.ones(PEOPLE, bool)
    known = {
        **people().household,
        "renter": ~trait("owner"),
        "owner_free": trait("owner") & ~trait("mortgaged"),
        "all": np.ones(PEOPLE, bool),
    }
    provided = OBLIGATIONS[name]["payee"].get("service")
    place = np.array([city.place for city in reference().cities])[people().home]
    if provided:
        left = np.array([bool(PLACES["by_city"][each].get(provided)) for each in place])
    for condition, probability in OBLIGATIONS[name]["has"].items():
        about = left & known[condition]
        left &= ~known[condition]
        if about.sum() > 20:
            sd = (max(probability * (1 - probability), 0.002) / about.sum()) ** 0.5
            assert has(name)[about].mean() == pytest.approx(probability, abs=4 * sd), condition
    assert not has(name)[left].any()


@pytest.mark.parametrize("name", SERVICES)
def test_a_subscription_is_as_common_as_the_file_says(name: str) -> None:
    share = SERVICES[name]["share"]
    # Who would have more than a dozen has a few less.
    low, high = (share + each * (share * (1 - share) / PEOPLE) ** 0.5 for each in (-4.5, 4))
    assert low * 0.96 <= has(service(name)).mean() <= high


def test_nobody_has_more_than_a_dozen_subscriptions() -> None:
    own = owed()[owed()["name"].str.startswith("subscription to ")]
    counts = own.groupby("customer").size()
    assert counts.max() <= MOST_SUBSCRIPTIONS == 12
    assert 3 <= counts.median() <= 8
    assert not own.duplicated(["customer", "name"]).any()


def test_a_provider_of_several_services_sends_one_bill() -> None:
    utilities = owed()[owed()["entity_type"] == "Utilities"]
    assert not utilities.duplicated(["customer", "payee"]).any()
    both = sum(
        PLACES["by_city"][place]["electricity"].keys() & PLACES["by_city"][place]["water"].keys()
        != set()
        for place in PLACES["by_city"]
    )
    assert both > 5  # there are cities in which it matters


def test_one_bill_is_the_sum_of_its_parts() -> None:
    """Who pays power every month and water every third month pays a third of it with each bill."""
    of, own = obligations(), contracts()
    power, water, gas = (
        of.names.index(n) for n in ("electricity", "water and sewer", "natural gas")
    )
    two = replace(
        own,
        **{name: getattr(own, name)[:5] for name in FIELDS},
    )
    apart = replace(
        two,
        customer=np.array([0, 0, 0, 1, 1]),
        recipient=np.array([9, 9, 9, 9, 8]),
        obligation=np.array([power, gas, water, power, water]),
        cadence=np.array(
            [CADENCES.index(n) for n in ("monthly", "monthly", "quarterly", "monthly", "quarterly")]
        ),
        cents=np.array([100_00.0, 50_00.0, 90_00.0, 70_00.0, 60_00.0]),
    )
    joined = _without_second_bills(apart, of)
    assert joined.customer.tolist() == [0, 1, 1]
    assert joined.obligation.tolist() == [power, power, water]
    assert joined.cents.tolist() == pytest.approx([180_00.0, 70_00.0, 60_00.0])


def test_what_is_paid_once_a_year_is_paid_in_one_of_its_months() -> None:
    """The balance of one's taxes in February or March, by everybody who pays it early."""
    own = owed()[owed()["name"] == "early tax balance"]
    phase = contracts().phase[own.index]
    month = -phase % 12 + 1
    assert set(own["cadence"]) == {"annual"}
    assert set(month.tolist()) == {2, 3}
    assert np.bincount(month)[2:] / len(own) == pytest.approx([1 / 2] * 2, abs=0.2)


@pytest.mark.parametrize(
    "provided", ["electricity", "gas", "water", "internet", "transit", "tolls"]
)
def test_providers_are_those_of_the_customers_city(provided: str) -> None:
    (name,) = (
        name for name, entry in OBLIGATIONS.items() if entry["payee"].get("service") == provided
    )
    own = owed()[owed()["name"] == name]
    assert len(own) > 20
    for place, names in own.groupby("place")["payee"]:
        assert set(names) <= set(PLACES["by_city"][place][provided])


def test_providers_have_their_shares_of_a_city() -> None:
    """Some 190 New Yorkers, Queens and the Bronx included."""
    own = owed()[(owed()["name"] == "internet") & (owed()["place"] == "New York, NY")]
    expected = PLACES["by_city"]["New York, NY"]["internet"]
    found = own["payee"].value_counts(normalize=True)
    assert len(own) > 120
    for payee, share in expected.items():
        assert found.get(payee, 0) == pytest.approx(share, abs=0.16), payee


def test_gas_is_burnt_where_there_are_pipes() -> None:
    """By state: 0.9 in some, next to none in Florida."""
    share = PLACES["gas_share"]
    expected = np.array([share[city.state] for city in reference().cities])[people().home]
    owns = has("natural gas")
    # A provider of both sends one bill for power and gas, under the name of the first.
    often, seldom = expected > 0.7, expected < 0.2
    assert owns[seldom].mean() < 0.2
    assert owns[often].mean() > owns[seldom].mean() + 0.1


def test_named_payees_are_those_of_the_file_and_serve_the_place() -> None:
    for name, entry in OBLIGATIONS.items():
        names = entry["payee"].get("names")
        if not names or entry["payee"].get("local"):
            continue
        payees = set(owed().loc[owed()["name"] == name, "payee"])
        assert payees <= set(names), name


def test_people_are_paid_by_number_and_the_rest_by_name() -> None:
    is_person = owed()["payee"].str.fullmatch(r"user_\d{10}")
    expected = owed()["name"].map(lambda name: bool(person_of(name)))
    assert (is_person == expected).all()
    assert 0.1 < is_person.mean() < 0.4


def person_of(name: str) -> str | None:
    entry = OBLIGATIONS.get(name)
    found: str | None = entry["payee"].get("person") if entry else None
    return found


@pytest.mark.parametrize("name", OBLIGATIONS)
def test_cadences_and_due_days_have_their_shares(name: str) -> None:
    """Of some hundred contracts each: four sd of a share."""
    own, entry = owed()[owed()["name"] == name], OBLIGATIONS[name]
    if len(own) < 60:
        pytest.skip("too few have it")
    sd = (0.25 / len(own)) ** 0.5
    cadence = own["cadence"].value_counts(normalize=True)
    for every, share in entry["cadence"].items():
        assert cadence.get(every, 0) == pytest.approx(share, abs=4 * sd), every
    assert set(cadence.index) <= set(entry["cadence"])
    if entry["cadence"].keys() & {"monthly", "quarterly", "annual", "semiannual"}:
        words = {"last": 31, "payday": -1, "sunday": -2, "tax day": -3}
        days = own["due"].value_counts(normalize=True)
        for day, share in entry["due"].items():
            if day != "any":
                number = words.get(day) or int(day)
                among = share + (entry["due"].get("any", 0) / 28 if 1 <= number <= 28 else 0)
                assert days.get(number, 0) == pytest.approx(among, abs=4 * sd + 0.003), day


def test_subscriptions_are_due_on_any_day_up_to_the_28th() -> None:
    own = owed()[owed()["name"].str.startswith("subscription to ")]
    shares = own["due"].value_counts(normalize=True).reindex(range(1, 29), fill_value=0)
    assert len(own) > 5_000
    assert own["due"].between(1, 28).all()
    assert shares.to_numpy() == pytest.approx(np.full(28, 1 / 28), abs=0.0105)


def test_rates_are_the_payments_a_day_that_are_owed() -> None:
    rate = contracts().rate(PEOPLE)
    assert rate.shape == (PEOPLE, 4)
    assert (rate >= 0).all()
    # PEOPLE: some 18 obligations a customer.
    assert 12 < len(owed()) / PEOPLE < 24
    assert 0.35 < rate.sum(axis=1).mean() < 1.2


def test_a_customers_contracts_are_the_same_in_any_company() -> None:
    some = draw_customers(DatasetSpec().wanted, seed_key(2024), 301, 340)
    alone, among = draw_contracts(some), contracts()
    rows = (among.customer >= 300) & (among.customer < 340)
    for name in ("obligation", "keys", "cadence", "due", "phase", "cents", "plan", "tax"):
        assert (getattr(alone, name) == getattr(among, name)[rows]).all(), name
    assert payees(some, alone) == owed().loc[rows, "payee"].tolist()
