"""What a person would laugh at: amounts, hours and payees that there are not."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.amounts import amount_ranges, reflected
from accidental_transfers.model.customers import draw_customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.streams import seed_key
from tests.samples import default_job, default_sample

ENTITIES = {entity.name: entity for entity in reference().entity_types}
OWN = reference().amounts_of_merchants
LARGEST_STEP = 5.0
"""Dollars: an ending may move an amount by half of it, and up to it where that would be nothing."""


def dollars(*amounts: float) -> np.ndarray:
    return np.array(amounts) * 100


@given(
    st.floats(1, 1_000),
    st.floats(4, 1_000),
    st.lists(st.floats(0.5, 5e6), min_size=1, max_size=20),
)
def test_amounts_are_folded_into_their_range(low: float, ratio: float, cents: list[float]) -> None:
    """What is inside stays; what is outside comes in, where one reflection or two suffice."""
    given_, least = np.array(cents), np.full(len(cents), low)
    most = least * ratio
    folded = reflected(given_, least, most)
    inside = (given_ >= least) & (given_ <= most)
    assert (folded[inside] == given_[inside]).all()
    assert (folded <= most).all()
    near = (given_ <= most * ratio) & (given_ >= least / ratio)
    assert (folded[near] >= least[near] * (1 - 1e-12)).all()


def test_an_amount_beyond_a_limit_is_reflected_at_it() -> None:
    folded = reflected(dollars(20, 5, 240), dollars(10, 10, 10), dollars(120, 120, 120))
    assert folded.tolist() == pytest.approx([2_000, 2_000, 6_000])


def test_nothing_piles_up_at_a_limit() -> None:
    """Of 100,000 amounts, 14 % of them beyond the highest: no bin above twice the one before."""
    rng = np.random.default_rng(7)
    cents = np.exp(np.log(3_000) + rng.normal(size=100_000))
    folded = reflected(cents, np.full(cents.shape, 300.0), np.full(cents.shape, 9_000.0))
    counts, _ = np.histogram(np.log(folded), bins=30)
    assert (cents > 9_000).mean() > 0.12
    assert counts[-1] < 2 * counts[-4]
    assert (folded == 9_000).sum() == 0


def range_of(entity_type: str, recipient: str) -> tuple[float, float]:
    """The range in dollars: of the merchant, of its kind, or of the entity type."""
    kind = recipient.partition(" ")[2]
    is_local = kind in ENTITIES[entity_type].local_kinds
    return OWN.get(kind if is_local else recipient, ENTITIES[entity_type].amounts)


def test_the_table_of_ranges_is_that_of_the_files() -> None:
    known, codes = recipients(), reference().entity_codes
    by_name = {name: code for code, name in enumerate(known.names)}
    for entity_type, name in [
        ("Department Store", "Five Below"),
        ("Entertainment", "AMC Theatres"),
        ("Grocery", "Walmart"),
        ("Transit", "Amtrak"),
        ("Transit", "SacRT"),
    ]:
        entity, code = np.array([codes[entity_type]]), np.array([by_name[name]])
        (most,) = amount_ranges().most_cents(entity, code)
        assert most == range_of(entity_type, name)[1] * 100, name
    person = np.array([known.first_person + 12])
    (most,) = amount_ranges().most_cents(np.array([codes["Contractor"]]), person)
    assert most == ENTITIES["Contractor"].amounts[1] * 100


@cache
def bought() -> pd.DataFrame:
    """Ordinary rows of entity types that nobody owes anything to, each with its range."""
    owed = {entry.entity_type for entry in reference().owed.obligations}
    owed |= {service.entity_type for service in reference().owed.services.values()}
    rows = default_sample().ordinary
    rows = rows[~rows["entity_type"].isin(owed)]
    pairs = rows[["entity_type", "recipient_entity"]].itertuples(index=False)
    least, most = zip(*(range_of(*pair) for pair in pairs), strict=True)
    return rows.assign(least=least, most=most)


def test_nothing_costs_what_nobody_would_pay() -> None:
    """More than 90,000 purchases, at the prices of early 2024, within their endings."""
    rows = bought()
    assert len(rows) > 50_000
    assert (rows["amount"] >= rows["least"] * 0.98 - LARGEST_STEP / 2).all()
    assert (rows["amount"] <= rows["most"] * 1.02 + LARGEST_STEP / 2).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "most"),
    [("AMC Theatres", 125), ("Starbucks", 33), ("Great Clips", 80), ("Five Below", 95)],
)
def test_no_merchant_takes_more_than_it_sells_for(name: str, most: float) -> None:
    rows = default_job().ordinary
    amounts = rows.loc[rows["recipient_entity"] == name, "amount"]
    assert len(amounts) > 200
    assert amounts.max() < most


def test_nobody_buys_where_it_is_closed() -> None:
    """Whoever stands at the till when it closes is served."""
    rows = default_sample().ordinary
    hours = rows["timestamp"].dt.hour
    for name in ("Personal Care", "Clothing", "Department Store", "Coffee Shop", "Restaurant"):
        curve = np.array(ENTITIES[name].hours)
        own = hours[rows["entity_type"] == name]
        assert len(own) > 1_000
        assert (curve[own] > 0).all(), name
    assert ENTITIES["Personal Care"].hours[0] == 0
    assert ENTITIES["Restaurant"].hours[1] > 0


def test_who_only_sends_bills_is_not_bought_from() -> None:
    """The mail-order pharmacies and the like: what is paid to them is due."""
    rows = default_sample().ordinary
    names = {name for entity in ENTITIES.values() for name in entity.billed_names}
    own = rows[rows["recipient_entity"].isin(names)]
    days = own.groupby(["customer_id", "recipient_entity"]).size()
    assert {"Optum Rx", "FACTS Tuition"} <= names
    assert len(own) > 50
    # Childcare is paid every week, all else every month at most.
    weekly = {"KinderCare", "Bright Horizons", "Primrose School"}
    monthly = days[~days.index.get_level_values(1).isin(weekly)]
    assert monthly.max() <= 4


def test_schools_are_paid_by_families_and_students() -> None:
    """Of the default's customers, and by nobody else; some pay nothing in these three months."""
    spec = DatasetSpec(customers=150)
    people = draw_customers(spec.wanted, seed_key(spec.seed), 1, spec.customers)
    concerned = people.household["children"] | people.household["student"]
    rows = default_sample().ordinary
    own = rows.loc[rows["entity_type"] == "Education", "customer_id"].unique()
    names = default_sample().customers.index
    assert set(own) <= set(names[concerned])
    assert len(own) > 0.8 * concerned.sum() > 20
