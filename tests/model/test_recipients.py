"""Recipients: merchants one returns to, people by number, each kind of them in its place."""

import re

import numpy as np
import pytest

from accidental_transfers.model.facts import reference
from accidental_transfers.model.facts_files import LOCALS_PER_CITY
from accidental_transfers.model.recipients import PERSON, recipients
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


def test_a_name_is_one_recipient_of_one_kind() -> None:
    known = recipients()
    assert len(set(known.names)) == len(known.names) == known.first_person
    rows = default_sample().rows
    merchants = rows[~rows["recipient_entity"].str.startswith("user_")]
    assert (merchants.groupby("recipient_entity")["entity_type"].nunique() == 1).all()
    assert merchants["recipient_entity"].nunique() > 2_000


def test_people_and_accounts_are_user_and_ten_digits_where_numbers_are_typed() -> None:
    rows = default_sample().rows
    typed = rows["entity_type"].isin([entity.name for entity in ENTITIES if entity.typed])
    person = re.compile(r"user_\d{10}")
    for column in ("recipient_entity", "original_recipient_entity"):
        is_person = rows[column].map(lambda name: person.fullmatch(name) is not None)
        assert (is_person == typed).all()
    assert set(rows.loc[typed, "transaction_type"]) == set(TRANSFERS)
    assert typed[rows["is_mistyped_entity_accident"]].all()


def test_a_citys_own_merchants_are_paid_in_that_city_when_one_has_to_go_there() -> None:
    known = recipients()
    visits = 0
    for block in default_sample().table.blocks:
        in_person = np.array([entity.in_person for entity in ENTITIES])[block.entity]
        is_local = (block.recipient >= known.first_local) & (block.recipient < known.first_person)
        there = (block.recipient - known.first_local) // known.locals_per_city
        visits += int((in_person & is_local).sum())
        assert (there == block.city)[in_person & is_local].all()
    assert visits > 15_000


@pytest.mark.parametrize("code", range(len(ENTITIES)), ids=[entity.name for entity in ENTITIES])
def test_popularity_belongs_to_the_kinds_own_names(code: int) -> None:
    """All 65,536 draws, in the first city and in the last."""
    entity, known = ENTITIES[code], recipients()
    for city in (0, len(reference().cities) - 1):
        drawn = known.draw(np.full(LANES.shape, code), np.full(LANES.shape, city), LANES)
        if entity.typed:
            assert (drawn == PERSON).all()
            continue
        is_local = drawn >= known.first_local
        assert is_local.mean() == pytest.approx(entity.local, abs=0.005)
        names = {known.names[each] for each in set(drawn[~is_local].tolist())}
        assert names == set(entity.national_names)
        assert len(set(drawn[is_local].tolist())) == (LOCALS_PER_CITY if entity.local else 0)
        assert ((drawn[is_local] - known.first_local) // known.locals_per_city == city).all()
        # The first of the names is the most popular, and so on.
        counts = np.bincount(drawn[~is_local] - drawn[~is_local].min())
        assert (np.diff(counts) <= 16).all()


@pytest.mark.parametrize("code", range(len(ENTITIES)), ids=[entity.name for entity in ENTITIES])
def test_favourites_have_their_shares_and_the_rest_is_explored(code: int) -> None:
    """All 4,096 slots of an entity type's table."""
    entity, known = ENTITIES[code], recipients()
    own = np.flatnonzero(known.slot_entity_type == code)
    shares = (
        np.bincount(known.slot.values[code], minlength=known.slots + 1) / known.slot.values.shape[1]
    )
    weights = np.arange(1, entity.favourites + 1) ** -entity.zipf
    assert len(own) == entity.favourites
    assert shares[own] == pytest.approx(
        (1 - entity.explore) * weights / weights.sum(), abs=1.1 / 4096
    )
    assert shares[-1] == pytest.approx(entity.explore, abs=1.1 / 4096)


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
    people = rows[rows["recipient_entity"].str.startswith("user_")]
    assert (people.groupby("recipient_entity")["customer_id"].nunique() == 1).mean() > 0.999


def test_landlords_are_few() -> None:
    rows = default_sample().ordinary
    rent = rows[rows["entity_type"] == "Rent"].groupby("customer_id")["recipient_entity"]
    assert (rent.nunique() == 1).all()
