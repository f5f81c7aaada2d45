"""Recipients: merchants one returns to, people by number, each kind of them in its place."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.model.facts.files import LOCALS_PER_CITY
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.recipients import recipients
from tests.samples import TYPES, default_sample

PURCHASES = ["Credit Card", "Online Purchase"]
TRANSFERS = ["Venmo/PayPal", "Bank Transfer"]
ENTITIES = reference().entity_types
LANES = np.arange(65_536, dtype=np.uint16)


def test_every_entity_type_belongs_to_one_transaction_type() -> None:
    rows = default_sample().rows
    pools = rows.groupby("entity_type")["transaction_type"].unique()
    assert {len(pool) for pool in pools} == {1}
    assert set(pools.index) == {entity.name for entity in ENTITIES}
    assert len({entity.name for entity in ENTITIES}) == len(ENTITIES)
    sizes = rows.groupby("transaction_type")["entity_type"].nunique()
    assert (sizes.loc[TYPES] >= 4).all()


def test_rent_is_never_paid_by_card_and_groceries_never_by_transfer() -> None:
    rows = default_sample().rows
    by_type = rows.groupby("transaction_type")["entity_type"].unique().map(set)
    assert "Rent" in by_type["Bank Transfer"]
    assert "Rent" not in by_type["Credit Card"] | by_type["Online Purchase"]
    assert {"Grocery", "Gas Station"} <= by_type["Credit Card"]
    assert not {"Grocery", "Gas Station"} & by_type["Bank Transfer"]


def test_types_have_their_shares() -> None:
    shares = default_sample().honest["transaction_type"].value_counts(normalize=True)
    expected = {type_.name: type_.share for type_ in reference().transaction_types}
    assert dict(shares) == pytest.approx(expected, abs=0.03)


def test_a_name_is_one_recipient() -> None:
    """Also across cities: 1,920 of each kind that has merchants of its own in every city."""
    known = recipients()
    assert len(set(known.names)) == len(known.names) == known.first_person
    assert max(len(name) for name in known.names) <= 18
    locals_ = known.names[known.first_local :]
    assert len(locals_) == len(reference().cities) * known.locals_per_city
    assert known.locals_per_city == LOCALS_PER_CITY * sum(bool(e.local_kinds) for e in ENTITIES)
    assert default_sample().rows["recipient_entity"].nunique() > 2_000


def test_what_is_bought_from_one_merchant_is_of_one_kind() -> None:
    """What is owed may be of another: instalments of a purchase are paid to a lender."""
    national = [set(entity.national_names) for entity in ENTITIES]
    assert sum(map(len, national)) == len(set().union(*national))
    rows = default_sample().rows
    merchants = rows[~rows["recipient_entity"].str.startswith("user_")]
    kinds = merchants.groupby("recipient_entity")["entity_type"].agg(set)
    several = kinds[kinds.map(len) > 1]
    assert set(several.index) <= {"Affirm", "Klarna", "Afterpay"}


def test_people_and_accounts_are_user_and_ten_digits_where_numbers_are_typed() -> None:
    rows = default_sample().rows
    typed = rows["entity_type"].isin([entity.name for entity in ENTITIES if entity.typed])
    person = re.compile(r"user_\d{10}")
    for column in ("recipient_entity", "original_recipient_entity"):
        is_person = rows[column].map(lambda name: person.fullmatch(name) is not None)
        assert is_person[typed].all()
        # Who mows the lawn is a small business that is known by a number.
        assert set(rows.loc[is_person & ~typed, "entity_type"]) <= {"Small Business"}
        assert (is_person & ~typed).sum() < 0.02 * len(rows)
    assert set(rows.loc[typed, "transaction_type"]) == set(TRANSFERS)
    assert typed[rows["is_mistyped_entity_accident"]].all()


def test_a_citys_own_merchants_are_paid_in_that_city_when_one_has_to_go_there() -> None:
    known = recipients()
    visits = 0
    for block in default_sample().table.blocks:
        in_person = np.array([entity.in_person for entity in ENTITIES])[block.entity]
        is_local = (block.recipient >= known.first_local) & (block.recipient < known.first_person)
        there = (block.recipient - known.first_local) // known.locals_per_city
        home = block.customers.home[block.customer]
        # What is owed at home is also paid from elsewhere.
        here = (there == block.city) | (there == home)
        visits += int((in_person & is_local & (there == block.city)).sum())
        assert here[is_local].all()
    assert visits > 15_000


@cache
def where() -> dict[str, set[str]]:
    """The cities that each merchant serves, from the file itself, of those that are not everywhere.

    Merchants of the national lists are everywhere unless the file says where.
    """
    national = {name for entity in ENTITIES for name in entity.national_names}
    path = files("accidental_transfers.model").joinpath("data", "places.json")
    places: dict[str, Any] = json.loads(path.read_text("utf-8"))
    cities = {city.place: city.state for city in reference().cities}
    found: dict[str, set[str]] = {}
    for name, listed in places["where"].items():
        found[name] = {place for place, state in cities.items() if {place, state} & set(listed)}
    for place, services in places["by_city"].items():
        for providers in services.values():
            for name in providers:
                if name in found or name not in national:
                    found.setdefault(name, set()).add(place)
    return found


def serves_city(name: str, place: str) -> bool:
    return name not in where() or place in where()[name]


@pytest.mark.parametrize("seed", [2024, 7])
def test_nobody_is_paid_in_a_city_that_it_does_not_serve(seed: int) -> None:
    """600 customers in a month; on a trip a bill at home is paid as well as a shop there."""
    names, places = recipients().names, [city.place for city in reference().cities]
    serves = np.ones((len(names), len(places)), bool)
    for code, name in enumerate(names):
        if name in where():
            serves[code] = [serves_city(name, place) for place in places]
    spec = DatasetSpec.parse({"customers": 600, "seed": seed, "end_date": "2024-01-31"})
    limited = serves.sum(axis=1) < len(places)
    seen = 0
    for block in generate(spec).blocks:
        rows = np.flatnonzero(block.recipient < len(names))
        whom, city = block.recipient[rows], block.city[rows]
        home = block.customers.home[block.customer[rows]]
        there, at_home = serves[whom, city], serves[whom, home]
        wrong = rows[~there & ~at_home]
        assert [(names[block.recipient[row]], places[block.city[row]]) for row in wrong] == []
        seen += int(limited[whom].sum())
    assert seen > 20_000


def test_serving_is_told_as_the_file_says() -> None:
    known, places = recipients(), [city.place for city in reference().cities]
    for code, name in enumerate(known.names[: known.first_local]):
        expected = [serves_city(name, place) for place in places]
        assert known.serves[code].tolist() == expected, name


@pytest.mark.slow
@pytest.mark.parametrize("code", range(len(ENTITIES)), ids=[entity.name for entity in ENTITIES])
def test_popularity_belongs_to_the_kinds_own_names_that_serve_the_city(code: int) -> None:
    """All 65,536 draws, in the first city, in one in the middle and in the last."""
    entity, known = ENTITIES[code], recipients()
    if entity.typed:
        assert not entity.national_names
        assert not entity.local_kinds
        return
    for city in (0, 57, len(reference().cities) - 1):
        drawn = known.draw(np.full(LANES.shape, code), np.full(LANES.shape, city), LANES)
        is_local = drawn >= known.first_local
        place = reference().cities[city].place
        served = {name for name in entity.national_names if serves_city(name, place)}
        served -= set(entity.billed_names)
        assert is_local.mean() == pytest.approx(entity.local if served else 1, abs=0.005)
        names = {known.names[each] for each in set(drawn[~is_local].tolist())}
        also = set()
        if entity.name == "Transit":
            also = set(places_of("transit")[place])
        assert names <= served | also
        assert len(names) > 0.8 * len(served | also) or len(served) > 30
        assert len(set(drawn[is_local].tolist())) == (LOCALS_PER_CITY if entity.local else 0)
        assert ((drawn[is_local] - known.first_local) // known.locals_per_city == city).all()
        # The first of the names is the most popular, and so on.
        order = [known.names.index(name) for name in entity.national_names if name in served - also]
        counts = np.bincount(drawn[~is_local], minlength=known.first_local)[order]
        assert (np.diff(counts) <= 65_536 // 1_024).all()


def places_of(service: str) -> dict[str, dict[str, float]]:
    path = files("accidental_transfers.model").joinpath("data", "places.json")
    by_city = json.loads(path.read_text("utf-8"))["by_city"]
    return {place: services[service] for place, services in by_city.items()}


def test_transit_is_the_citys_own() -> None:
    """Of 300 payments for transit or more, at home, four in five go where the city sends them."""
    rows = default_sample().honest
    own = places_of("transit")
    transit = rows[(rows["entity_type"] == "Transit") & ~rows["away"]]
    place = (
        transit["city"]
        + ", "
        + transit["customer_id"].map(default_sample().customers["home_state"])
    )
    local = [
        name in own[where_] for name, where_ in zip(transit["recipient_entity"], place, strict=True)
    ]
    assert len(transit) > 1_000
    assert np.mean(local) > 0.4


@pytest.mark.parametrize("code", range(len(ENTITIES)), ids=[entity.name for entity in ENTITIES])
def test_favourites_have_their_shares_and_the_rest_is_explored(code: int) -> None:
    """All 1,024 slots of an entity type's table; new people are met elsewhere: see new payees."""
    entity, known = ENTITIES[code], recipients()
    table = known.slot.values[code]
    shares = np.bincount(table, minlength=entity.favourites + 1) / len(table)
    weights = np.arange(1, entity.favourites + 1) ** -entity.zipf
    explored = 0 if entity.typed else entity.explore
    assert len(shares) == entity.favourites + 1
    assert shares[:-1] == pytest.approx(
        (1 - explored) * weights / weights.sum(), abs=1.1 / len(table)
    )
    assert shares[-1] == pytest.approx(explored, abs=1.1 / len(table))


def test_customers_return_to_their_merchants_and_try_others() -> None:
    """Medians of 150 customers with some 780 purchases each."""
    rows = default_sample().honest
    purchases = rows[rows["transaction_type"].isin(PURCHASES)]
    repeats, tops, early, growth = [], [], [], []
    for _, own in purchases.groupby("customer_id")["recipient_entity"]:
        names = own.tolist()
        distinct = len(set(names))
        repeats.append(1 - distinct / len(names))
        tops.append(own.value_counts().iloc[0] / len(names))
        early.append(len(set(names[:100])))
        growth.append(np.log(distinct / early[-1]) / np.log(len(names) / 100))
    assert 0.60 <= np.median(repeats) <= 0.92
    assert 0.08 <= np.median(tops) <= 0.35
    assert 25 <= np.median(early) <= 65
    assert 0.35 <= np.median(growth) <= 0.85


def test_popular_merchants_follow_zipf() -> None:
    rows = default_sample().honest
    purchases = rows[rows["transaction_type"].isin(PURCHASES)]
    counts = purchases["recipient_entity"].value_counts().to_numpy()[:100]
    slope = np.polyfit(np.log(np.arange(1, 101)), np.log(counts), 1)[0]
    assert 0.7 <= -slope <= 1.1


def test_transfers_mostly_go_to_known_payees() -> None:
    rows = default_sample().honest
    transfers = rows[rows["transaction_type"].isin(TRANSFERS)]
    assert 0.75 <= transfers.duplicated(["customer_id", "recipient_entity"]).mean() <= 0.95


def test_customers_have_favourites_of_their_own() -> None:
    rows = default_sample().honest
    grocery = rows[rows["entity_type"] == "Grocery"]
    top = grocery.groupby("customer_id")["recipient_entity"].agg(lambda own: own.mode().iloc[0])
    assert top.nunique() > 40


def test_a_tenant_has_one_landlord() -> None:
    rows = default_sample().ordinary
    rent = rows[rows["entity_type"] == "Rent"].groupby("customer_id")["recipient_entity"]
    assert (rent.nunique() == 1).all()
