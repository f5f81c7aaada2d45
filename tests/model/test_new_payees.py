"""New payees: who is met, how often each is paid, when and how much."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec
from accidental_transfers.model.arrays import Bool
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar, calendar
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.lives import draw_life
from accidental_transfers.model.meetings import FIRST, PARTNER, SECOND, THIRD
from accidental_transfers.model.met import NewPayees
from accidental_transfers.model.neighbours import LONE
from accidental_transfers.model.new_payees import (
    FirstPayments,
    Matter,
    draw_new_payees,
    new_payee_rate,
)
from accidental_transfers.model.payments import ENTERED, LATELY, TYPED
from accidental_transfers.model.people import numbers_of
from accidental_transfers.model.streams import seed_key
from accidental_transfers.model.time_keys import time_keys
from tests.model.lived import usual
from tests.samples import fixed

PEOPLE, DAYS = 1_500, 366
WHOLE = 27 * SECONDS_PER_DAY
SEVERAL = 12
TYPE_OF = np.array([entity.transaction_type for entity in reference().entity_types])
BANK = reference().type_names.index("Bank Transfer")


def people(customers: int = PEOPLE, **fields: object) -> Customers:
    spec = DatasetSpec.parse({"customers": customers, **fields})
    return draw_customers(spec.wanted, seed_key(7), 1, customers)


def none(first: FirstPayments) -> Bool:
    return np.zeros(len(first.key), bool)


def drawn(customers: Customers, when: Calendar, matter: Matter = none) -> NewPayees:
    month_key = time_keys(customers, when).month
    return draw_new_payees(customers, np.full(len(customers), 0.1), when, month_key, matter)


def leap_year() -> Calendar:
    return calendar(date(2024, 1, 1), DAYS)


def numbers(met: NewPayees, customers: Customers) -> np.ndarray:
    return met.with_neighbours(customers, numbers_of(customers, met.ties))


def table(customers: Customers, when: Calendar, matter: Matter = none) -> pd.DataFrame:
    met = drawn(customers, when, matter)
    return pd.DataFrame({
        "customer": met.customer, "payee": met.payee, "position": met.position,
        "second": met.second, "number": numbers(met, customers), "entity": met.entity,
        "cents": met.cents, "entered": met.is_entered, "key": met.key, "near": met.is_near,
    })  # fmt: skip


@cache
def busy() -> pd.DataFrame:
    """A year of 1,500 customers with 11.5 payments a day: some 59,000 payees, 110,000 payments."""
    found = table(people(daily_transactions=fixed(11.5)), leap_year())
    assert len(found) > 100_000
    return found


@cache
def by_payee() -> pd.DataFrame:
    """When each payee is paid for the first time, the second, the third: (payees, positions).

    Only those whose 27 days lie in the year.
    """
    table = busy().pivot_table(index="payee", columns="position", values="second", aggfunc="first")
    return table[table[FIRST] < DAYS * int(SECONDS_PER_DAY) - WHOLE]


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "a_month"), [(11.5, 3.29), (4, 1.14), (21, 6), (40, 6)])
def test_who_pays_more_often_meets_more_people(rate: float, a_month: float) -> None:
    """Three a month at 11.5 payments a day, six from 21 on: a year of 1,500 customers."""
    met = drawn(people(daily_transactions=fixed(rate)), leap_year())
    firsts = (met.position == FIRST).sum()
    assert firsts / PEOPLE / 12 == pytest.approx(a_month, abs=0.07)


@pytest.mark.slow
def test_half_of_them_are_paid_again_and_half_of_these_once_more() -> None:
    """With 0.55; but what would come after 27 days does not come. Four sd are 0.011."""
    times = by_payee()
    second, third = times[SECOND].notna(), times[THIRD].notna()
    assert len(times) > 50_000
    assert 0.50 < second.mean() < 0.555
    assert 0.47 < (second & third).sum() / second.sum() < 0.555
    assert not (third & ~second).any()


@pytest.mark.slow
def test_they_are_paid_in_order_and_for_27_days_at_most() -> None:
    times = by_payee()
    assert (times[SECOND] >= times[FIRST])[times[SECOND].notna()].all()
    assert (times[THIRD] >= times[SECOND])[times[THIRD].notna()].all()
    assert (times[[SECOND, THIRD]].max(axis=1) - times[FIRST]).max() <= WHOLE
    # Some so late that 28 days would come next.
    assert (times[THIRD] - times[FIRST]).max() > WHOLE - 2 * SECONDS_PER_DAY
    gap = (times[SECOND] - times[FIRST]).dropna() / SECONDS_PER_DAY
    assert gap.median() == pytest.approx(1.9, abs=0.25)
    assert (gap < 0.1).mean() > 0.02
    assert (gap > 14).mean() > 0.04


@pytest.mark.slow
def test_each_payee_has_a_day_of_its_own_of_the_month() -> None:
    """Of some 59,000 payees: a day has 1,000 and more by app, but for what banks put off."""
    met = busy()
    app = TYPE_OF[met["entity"]] != BANK
    first = met[(met["position"] == FIRST) & app]
    day = pd.Timestamp(2024, 1, 1) + pd.to_timedelta(first["second"] // SECONDS_PER_DAY, "D")
    counts = day.dt.day.value_counts().sort_index()[:28]
    assert len(first) > 20_000
    assert counts.max() / counts.min() < 1.35


@pytest.mark.slow
def test_banks_are_paid_on_business_days_alone() -> None:
    met = busy()
    bank = met[TYPE_OF[met["entity"]] == BANK]
    day = np.unique(bank["second"] // SECONDS_PER_DAY)
    days = pd.Timestamp(2024, 1, 1) + pd.to_timedelta(day, "D")
    assert (days.day_of_week < 5).all()
    for holiday in ("2024-07-04", "2024-11-28", "2024-12-25"):
        assert pd.Timestamp(holiday) not in days
    app = met[TYPE_OF[met["entity"]] != BANK]
    assert len(np.unique(app["second"] // SECONDS_PER_DAY)) == DAYS


@pytest.mark.slow
def test_a_payee_keeps_its_number_and_only_the_first_payment_enters_it() -> None:
    met = busy()
    own = met[met["position"] != PARTNER].groupby("payee")
    assert (own["number"].nunique() == 1).all()
    assert (own["entity"].nunique() == 1).all()
    assert (own["customer"].nunique() == 1).all()
    assert (met["entered"] == (met["position"] == FIRST))[met["position"] != PARTNER].all()
    assert met["key"].is_unique


@pytest.mark.slow
def test_some_payees_get_the_same_again() -> None:
    """What becomes a habit of a tie: by how often that is so with the entity type."""
    met = busy()
    first = met[met["position"] == FIRST].set_index("payee")["cents"]
    again = met[met["position"] == SECOND]
    first = first.reindex(again["payee"])
    known = first.notna().to_numpy()
    same = (again["cents"].to_numpy() == first.to_numpy())[known]
    standing = np.array([each.standing for each in reference().entity_types])
    expected = standing[again["entity"].to_numpy()[known]]
    # Equal round amounts are frequent by chance.
    assert expected.mean() < same.mean() < expected.mean() + 0.2


def test_who_saves_payees_picks_them_and_who_does_not_types_them() -> None:
    """Once their numbers are entered, lately: 300 customers, a quarter of whom never save one."""
    life, customers = usual().life, usual().customers
    met, typed = life.met, life.payments.typed[: len(life.met)]
    saves = customers.saves_payees[met.customer]
    assert (typed[met.is_entered] == ENTERED).all()
    assert (typed[~met.is_entered & saves] == LATELY).all()
    assert (typed[~met.is_entered & ~saves] == TYPED).all()
    assert 0.18 < (~customers.saves_payees).mean() < 0.32


@cache
def half_a_year() -> pd.DataFrame:
    return table(people(SEVERAL), calendar(date(2024, 1, 1), 182))


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(0, 170), st.integers(1, 60))
def test_a_day_has_the_same_payments_whenever_the_period_begins(first: int, days: int) -> None:
    """Of twelve customers: what belongs to a payee who was met before is there."""
    days = min(days, 182 - first)
    when = calendar(date(2024, 1, 1) + timedelta(first), days)
    part = table(people(SEVERAL), when)
    part["second"] += first * SECONDS_PER_DAY
    begin, end = first * SECONDS_PER_DAY, (first + days) * SECONDS_PER_DAY
    whole = half_a_year()
    whole = whole[whole["second"].between(begin, end - 1)]
    columns = list(whole.columns)
    pd.testing.assert_frame_equal(
        part.sort_values(columns, ignore_index=True), whole.sort_values(columns, ignore_index=True)
    )


def test_first_payments_before_the_period_are_given_where_they_are_asked_for() -> None:
    """Every other one of the 27 days before March; they are what they are in February."""
    customers = people(2 * SEVERAL)
    march, february = calendar(date(2024, 3, 1), 31), calendar(date(2024, 2, 3), 27)
    asked = table(customers, march, lambda first: first.key % np.uint64(2) == 0)
    before = asked[asked["second"] < 0]
    assert (before["position"] == FIRST).all()
    firsts = table(customers, february)
    firsts = firsts[(firsts["position"] == FIRST) & (firsts["key"] % 2 == 0)]
    assert len(firsts) > 15
    firsts["second"] -= 27 * SECONDS_PER_DAY
    pd.testing.assert_frame_equal(
        before.sort_values("key", ignore_index=True), firsts.sort_values("key", ignore_index=True)
    )
    pd.testing.assert_frame_equal(
        asked[asked["second"] >= 0].reset_index(drop=True), table(customers, march)
    )


def test_who_is_asked_about_is_told_whether_the_payee_is_paid_again() -> None:
    told: list[FirstPayments] = []

    def note(first: FirstPayments) -> Bool:
        told.append(first)
        return np.ones(len(first.key), bool)

    met = table(people(2 * SEVERAL), calendar(date(2024, 3, 1), 31), note)
    (first,) = told
    again = set(met.loc[met["position"].isin([SECOND, THIRD]), "payee"])
    payee = met[met["second"] < 0].set_index("key")["payee"]
    assert 5 < first.is_paid_again.sum() < len(first.key) - 5
    assert first.is_paid_again.tolist() == payee[first.key].isin(again).tolist()


@pytest.mark.slow
@pytest.mark.parametrize(("low", "high"), [(8, 10), (13, 15)])
def test_a_customers_rate_stays_the_one_it_drew(low: float, high: float) -> None:
    """Fewer purchases make room for new payees: 300 customers' means, within 2 %."""
    life, customers = usual().life, usual().customers
    paid = np.bincount(life.payments.customer, minlength=len(customers)) / usual().spec.days
    chosen = (customers.daily_rate >= low) & (customers.daily_rate < high)
    assert chosen.sum() > 60
    assert (paid / customers.daily_rate)[chosen].mean() == pytest.approx(1, abs=0.02)


@pytest.mark.slow
def test_the_rate_that_is_set_aside_is_that_of_the_payments() -> None:
    """By transaction type, of 1,500 customers in a year; 27 days cut off a twentieth."""
    customers = people()
    met = drawn(customers, leap_year())
    aside = new_payee_rate(customers, np.full(PEOPLE, 0.1)).sum(axis=0) * DAYS
    paid = np.bincount(TYPE_OF[met.entity], minlength=4)
    used = aside > 0
    assert used.sum() == 2
    assert paid[~used].sum() == 0
    assert (paid[used] / aside[used]).tolist() == pytest.approx([0.96, 0.96], abs=0.05)


def test_nobody_else_changes_when_a_life_is_drawn_with_others() -> None:
    """A customer's new payees follow from its own key."""
    alone = people(1)
    when = calendar(date(2024, 1, 1), 60)
    one = draw_life(alone, when).met
    many = draw_life(people(SEVERAL), when).met
    mine = many.customer == 0
    assert one.key.tolist() == many.key[mine].tolist()
    assert one.second.tolist() == many.second[mine].tolist()
    assert numbers(one, alone).tolist() == numbers(many, people(SEVERAL))[mine].tolist()


def test_who_is_near_nobody_keeps_the_number() -> None:
    customers = people(300)
    met = drawn(customers, calendar(date(2024, 1, 1), 91))
    own = numbers_of(customers, met.ties)
    changed = numbers(met, customers) != own
    assert not changed[met.way == 0].any()
    assert changed[met.way == LONE].all()
    assert (met.way > 0).sum() > 100
