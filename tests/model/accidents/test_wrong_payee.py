"""Wrong payees, and those who are seldom paid: whom they go to, and what they leave alone."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents.wrong_payee import ACCIDENT, where_contacts_are_picked
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.payments import PICKED
from accidental_transfers.model.people import contact_weights, contacts
from tests.model.accidents.striking import check_strikes_as_asked, of_kind
from tests.model.lived import Lived
from tests.samples import PROBABILITIES, Dataset, fixed

FIELD, COLUMN = ACCIDENT.probability.field, ACCIDENT.column
CONTACTS = {"Person-to-Person", "Shared Bills", "Friends and Family", "Contractor"}
RECIPIENTS = ["recipient_entity", "original_recipient_entity"]


@cache
def sample() -> Dataset:
    """180 customers: some 1,700 accidents, and 800 look-alikes."""
    own = {FIELD: {"min": 0.02, "max": 0.2}}
    return Dataset(DatasetSpec.parse({"customers": 180, "lookalikes": 4, **own}))


@cache
def without() -> Dataset:
    """The same customers where the accident is no part of the dataset."""
    return Dataset(DatasetSpec.parse({"customers": 180, "lookalikes": 4}))


def lists_of(rows: pd.DataFrame) -> np.ndarray:
    """The customer's contacts of each row's entity type, most often paid first; "" beyond them."""
    found = np.full((len(rows), contact_weights().shape[1]), "", object)
    codes = {each.name: code for code, each in enumerate(reference().entity_types)}
    entity = rows["entity_type"].map(codes).to_numpy()
    number = rows["customer_id"].str.removeprefix("customer_").astype(int).to_numpy()
    for block in sample().table.blocks:
        own = np.flatnonzero(np.isin(number, block.customers.number))
        position = np.searchsorted(block.customers.number, number[own])
        listed = contacts(block.customers, position, entity[own])
        names = np.char.add("user_", np.char.zfill(listed.astype(str), 10))
        found[own] = np.where(contact_weights()[entity[own]] > 0, names, "")
    return found


@pytest.mark.slow
def test_they_strike_with_each_customers_own_probability() -> None:
    """Where somebody is picked from a list: not who is new, and not where numbers are typed.

    Some 1,500 of 200 customers, to whom nothing else happens.
    """
    never = dict.fromkeys(PROBABILITIES, fixed(0))
    lived = Lived.of(customers=200, lookalikes=0, **never, **{FIELD: {"min": 0.02, "max": 0.2}})
    check_strikes_as_asked(lived, ACCIDENT, least=1_000)
    struck = lived.truth.row[lived.is_kind("wrong_payee")]
    assert (lived.life.payments.typed[struck] == PICKED).all()
    assert lived.customers.saves_payees[lived.payments.customer[struck]].all()


@pytest.mark.slow
def test_the_wrong_payee_is_another_one_of_the_customers_own_list() -> None:
    for kind in ("wrong_payee", "honest_switch"):
        found = of_kind(sample(), kind)
        assert len(found) > 600
        listed = lists_of(found) == found["recipient_entity"].to_numpy()[:, None]
        assert listed.any(axis=1).all()
        own = found["customer_id"].map(sample().customers["own_number"])
        assert (found["recipient_entity"] != own).all()
    wrong = of_kind(sample(), "wrong_payee")
    assert (wrong["recipient_entity"] != wrong["intended_recipient"]).all()
    assert (wrong["intended_recipient"] == wrong["original_recipient_entity"]).all()
    assert (wrong["intended_amount"] == wrong["amount"]).all()
    assert wrong[COLUMN].all()
    assert (wrong["typing_error"] == "").all()


def test_who_is_paid_often_is_picked_often_and_who_is_not_is_switched_to() -> None:
    """Person-to-Person, ten contacts: the shares of the first and of the last of the list.

    The first is paid in 31 % of the payments to contacts, and then cannot be the wrong one; by the
    weights 27 % of the wrong ones are the first and 5 % the last. Of look-alikes it is the
    reverse. Four sd of 1,000 rows are 0.056.
    """
    first, last = {}, {}
    for kind in ("wrong_payee", "honest_switch"):
        found = of_kind(sample(), kind)
        found = found[found["entity_type"] == "Person-to-Person"]
        place = (lists_of(found) == found["recipient_entity"].to_numpy()[:, None]).argmax(axis=1)
        first[kind], last[kind] = (place == 0).mean(), (place == 9).mean()
    assert first["wrong_payee"] == pytest.approx(0.27, abs=0.056)
    assert last["wrong_payee"] == pytest.approx(0.05, abs=0.03)
    assert first["honest_switch"] == pytest.approx(0.03, abs=0.03)
    assert last["honest_switch"] == pytest.approx(0.30, abs=0.07)


def test_only_people_are_confused_and_no_accounts_of_ones_own() -> None:
    ready = where_contacts_are_picked()
    entities = zip(reference().entity_types, ready, strict=True)
    assert {each.name for each, can in entities if can} == CONTACTS
    struck = sample().rows.loc[sample().rows[COLUMN], "entity_type"]
    assert struck.nunique() == 4
    assert (struck == "Person-to-Person").mean() > 0.5


@pytest.mark.slow
def test_the_amount_is_usual_for_whom_it_was_meant_and_not_for_who_got_it() -> None:
    """What a model can go by: the same customer's other payments of just this amount.

    1,700 accidents; four sd of a share are 0.046.
    """
    wrong = of_kind(sample(), "wrong_payee")
    honest = sample().ordinary
    usual = honest.groupby(["customer_id", "recipient_entity", "amount"]).size()

    def times(whom: str) -> "pd.Series[int]":
        keys = pd.MultiIndex.from_frame(wrong[["customer_id", whom, "amount"]])
        return usual.reindex(keys, fill_value=0)

    meant, got = (times("intended_recipient") > 0).mean(), (times("recipient_entity") > 0).mean()
    assert meant > 0.3
    assert got < 0.16


@pytest.mark.slow
def test_nothing_else_is_different_where_it_is_part_of_a_dataset() -> None:
    """Of the twelve columns only the recipients differ, in the rows of its two kinds.

    But for what is sent again to who was meant, and the ids after that.
    """
    told = sample().outcomes
    sent = told.loc[told["kind"] == "wrong_payee", "follow_up_transaction_id"].dropna()
    assert len(sent) > 500
    rows = sample().rows[~sample().rows["transaction_id"].isin(sent)].reset_index(drop=True)
    before = without().rows.drop(columns="transaction_id")
    after = rows.drop(columns=[COLUMN, "transaction_id"])
    differs = (before != after).any(axis=1)
    kinds = sample().truth.set_index("transaction_id")["kind"]
    own = rows["transaction_id"].map(kinds).isin(["wrong_payee", "honest_switch"])
    assert len(before) == len(after)
    assert (differs == own).all()
    others = before.columns.difference(RECIPIENTS)
    assert before[others].equals(after[others])
    wrong = rows[COLUMN]
    meant = after.loc[wrong, "original_recipient_entity"]
    assert meant.equals(before.loc[wrong, "recipient_entity"])


@pytest.mark.slow
def test_its_lookalikes_keep_away_from_what_the_others_can_strike() -> None:
    """With all others at their highest probability, not one look-alike is another or gone."""
    often = {name: fixed(0.25) for name in (
        "accident_probability", "high_amount_accident_probability",
        "mistyped_entity_accident_probability")}  # fmt: skip
    found = []
    for others in ({}, often):
        spec = {"customers": 40, FIELD: fixed(0.08), "lookalikes": 4, **others}
        switched = of_kind(Dataset(DatasetSpec.parse(spec)), "honest_switch")
        found.append(switched[["customer_id", "timestamp", "amount", *RECIPIENTS]])
    assert len(found[0]) > 200
    assert found[0].to_numpy().tolist() == found[1].to_numpy().tolist()


@pytest.mark.slow
def test_there_are_about_two_lookalikes_for_each_accident_of_the_range_that_is_proposed() -> None:
    """300 customers: some 250 accidents and twice as many look-alikes; four sd are a third."""
    spec = {"customers": 300, FIELD: {"min": 0.001, "max": 0.015}}
    kinds = Dataset(DatasetSpec.parse(spec)).truth["kind"].value_counts()
    assert kinds["wrong_payee"] > 150
    assert 1.4 < kinds["honest_switch"] / kinds["wrong_payee"] < 2.7
