"""The recipe of a kind of obligation: one entry in one data file."""

import io

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from tests.recipes.scratch import Scratch
from tests.samples import PROBABILITIES, Dataset, fixed

ENTRY = """
  {"name": "climbing wall", "entity_type": "Fitness", "has": {"all": 0.2}, \
"payee": {"names": ["YMCA Gym"]}, "cadence": {"monthly": 1.0}, "due": {"9": 1.0}, \
"moves": "none", "amount": {"prices": [[77.77, 1]]}, \
"sources": {"has": "own", "amount": "own"}},"""
NEVER = {**dict.fromkeys(PROBABILITIES, fixed(0)), "lookalikes": 0}
CUSTOMERS = 100
COLUMNS = ["customer_id", "timestamp", "amount", "entity_type", "recipient_entity"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    scratch = Scratch.copy(tmp_path_factory.mktemp("obligation"))
    data = scratch.package / "model" / "data" / "obligations.json"
    scratch.insert(data, ENTRY, after='"obligations": [')
    scratch.make_docs()
    return scratch


@pytest.fixture(scope="module")
def rows(scratch: Scratch) -> pd.DataFrame:
    text = scratch.csv_of(customers=CUSTOMERS, **NEVER)
    return pd.read_csv(io.StringIO(text), parse_dates=["timestamp"])


def test_the_facts_are_as_they_should_be(scratch: Scratch) -> None:
    assert "nothing is wrong" in scratch.command("facts", "check")


def test_those_who_owe_it_pay_it_on_the_ninth_of_every_month(rows: pd.DataFrame) -> None:
    """Some 20 of 100 customers; four is a standard deviation."""
    paid = rows[(rows["recipient_entity"] == "YMCA Gym") & (rows["amount"] == 77.77)]
    assert 6 <= paid["customer_id"].nunique() <= 36
    assert set(paid["timestamp"].dt.day) == {9}
    months = paid.groupby("customer_id")["timestamp"].agg(lambda days: sorted(days.dt.month))
    assert all(own == [1, 2, 3] for own in months)


def test_who_does_not_owe_it_keeps_every_row(rows: pd.DataFrame) -> None:
    before = Dataset(DatasetSpec.parse({"customers": CUSTOMERS, **NEVER})).rows
    owes = set(rows.loc[rows["amount"] == 77.77, "customer_id"])
    kept, old = (each[~each["customer_id"].isin(owes)] for each in (rows, before))
    assert kept["customer_id"].nunique() > 60
    assert kept[COLUMNS].to_numpy().tolist() == old[COLUMNS].to_numpy().tolist()
    # Who owes it buys that much less: the mean stays each customer's own.
    assert len(rows) == pytest.approx(len(before), rel=0.003)


def test_the_other_bills_of_those_who_owe_it_stay_where_they_are(rows: pd.DataFrame) -> None:
    before = Dataset(DatasetSpec.parse({"customers": CUSTOMERS, **NEVER})).rows
    bills = ["Rent", "Utilities", "Loan Payment", "Insurance", "Phone and Internet"]
    kept, old = (each[each["entity_type"].isin(bills)] for each in (rows, before))
    assert len(old) > 1_500
    assert kept[COLUMNS].to_numpy().tolist() == old[COLUMNS].to_numpy().tolist()
