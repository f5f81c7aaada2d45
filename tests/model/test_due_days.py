"""When what is owed is paid: two years of 1,500 customers, some 650,000 payments."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers.model.facts.obligation_files import DUE_WORDS
from accidental_transfers.model.months import PAYDAYS
from tests.bank_days import is_open, modified_following
from tests.owed import (
    FIRST,
    MONTHS,
    OBLIGATIONS,
    in_months,
    monthly,
    of,
    owed,
    paid,
    payments,
    people,
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "names", [("rent", "mortgage"), ("car insurance", "home insurance"), ("mobile phone",),
              ("internet",), ("car loan", "student loan", "personal loan")],
)  # fmt: skip
def test_a_monthly_bill_is_paid_once_in_nearly_every_month(names: tuple[str, ...]) -> None:
    """PEOPLE's band for whole months; what is missing is paid late, or something on top."""
    own = of(*names)
    counts = in_months(own[own["cadence"] == "monthly"])
    assert len(counts) > 300
    assert 0.90 <= (counts == 1).to_numpy().mean() <= 0.995


@pytest.mark.slow
def test_what_is_missed_is_paid_in_the_next_month_as_well() -> None:
    own = monthly(services=False)
    skipped = own["name"].map(lambda each: OBLIGATIONS[each].get("skip", 0) > 0)
    counts = in_months(own[~own["is_extra"] & ~skipped]).to_numpy()
    missed = counts[:, :-1] == 0
    assert len(counts) > 10_000
    assert 0.004 < missed.mean() < 0.03
    # None, then two; where the next one is missed as well, it is one, and then two.
    after = counts[:, 1:][missed]
    assert set(after.tolist()) == {1, 2}
    assert (after == 2).mean() > 0.95
    whole = counts.sum(axis=1)
    assert ((whole >= MONTHS - 1) & (whole <= MONTHS + 1)).mean() > 0.999


def test_a_late_payment_comes_within_ten_days_of_the_next_one() -> None:
    rent = of("rent")
    gaps = rent.sort_values(["contract", "day"]).groupby("contract")["day"].diff().dt.days.dropna()
    counts = in_months(rent)
    assert (counts == 2).to_numpy().sum() > 20
    usual = gaps.between(20, 40)
    assert usual.mean() > 0.97
    # From the missed day on: some 60 days, then up to 10.
    assert gaps[~usual].between(0, 10).any()
    assert gaps.max() < 76


@pytest.mark.slow
def test_bills_are_paid_on_the_business_day_that_follows_or_by_hand() -> None:
    """By hand within three days of the due day, whatever day that is, and in the same month."""
    for name in ("rent", "mortgage", "car loan", "credit card bill", "car insurance"):
        own, entry = of(name), OBLIGATIONS[name]
        own = own[(own["cadence"] == "monthly") & ~own["is_extra"] & (own["due"] > 0)]
        days = [day.date() for day in own["day"]]
        due = [due_day(day, number) for day, number in zip(days, own["due"], strict=True)]
        on_time = np.array(
            [day == modified_following(on) for day, on in zip(days, due, strict=True)]
        )
        apart = np.abs(np.array([(day - on).days for day, on in zip(days, due, strict=True)]))
        late = entry.get("late", 0)
        by_hand = entry["by_hand"]
        # A hand also pays on the very day: one time in seven, or in more where the month begins.
        assert (1 - late) * (1 - by_hand) < on_time.mean() < 1 - by_hand / 3, name
        assert (apart[~on_time] <= 3).mean() > 1 - 3 * late / max(by_hand, late), name


def due_day(day: date, number: int) -> date:
    """The due day in the month of a day."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return min(date(day.year, day.month, 1) + timedelta(number - 1), following - timedelta(1))


def test_what_nobody_pays_by_hand_is_never_paid_when_banks_are_closed() -> None:
    names = [
        name
        for name, entry in OBLIGATIONS.items()
        if entry["moves"] != "none"
        and not entry.get("by_hand")
        and not entry.get("late")
        and not entry.get("extra")
        and not entry["cadence"].keys() & {"weekly", "biweekly", "payday"}
    ]
    own = of(*names)
    if names:
        assert len(own) > 500
        assert all(is_open(day.date()) for day in own["day"].unique())
    weekend = (
        of("rent", "mortgage", "car loan", "car insurance", "electricity")["day"].dt.day_of_week
        >= 5
    )
    assert 0.02 <= weekend.mean() <= 0.15


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cadence", "every"), [("bimonthly", 2), ("quarterly", 3), ("semiannual", 6), ("annual", 12)]
)
def test_what_is_owed_every_so_many_months_keeps_its_months(cadence: str, every: int) -> None:
    own = payments()[(payments()["cadence"] == cadence) & ~payments()["is_extra"]]
    turn = own["month"] % every
    usual = turn.groupby(own["contract"]).transform(lambda each: each.mode().iloc[0])
    entries = own["name"].map(lambda each: OBLIGATIONS.get(each, {}))
    late = entries.map(lambda entry: entry.get("late", 0))
    assert own["contract"].nunique() > 20
    assert (turn == usual)[late == 0].all()
    # What is missed is paid in the month after.
    assert (turn != usual).mean() < 2 * late.max()
    counts = own.groupby("contract").size()
    kept = 1 - entries.map(lambda entry: entry.get("skip", 0)).mean()
    assert counts.mean() == pytest.approx(kept * MONTHS / every, rel=0.05)
    assert counts.max() <= MONTHS // every + 1


@pytest.mark.parametrize(("cadence", "days"), [("weekly", 7), ("biweekly", 14)])
def test_weekly_payments_keep_their_weekday_and_their_turn(cadence: str, days: int) -> None:
    own = payments()[payments()["cadence"] == cadence].sort_values(["contract", "day"])
    gaps = own.groupby("contract")["day"].diff().dt.days.dropna()
    assert len(gaps) > 10_000
    assert (gaps % days == 0).all()
    # Holidays of the sitter, the cleaner and the lawn in winter.
    assert 0.8 < (gaps == days).mean() < 1
    weekdays = own.groupby("contract")["day"].first().dt.day_of_week.value_counts(normalize=True)
    assert weekdays.max() < 0.5
    assert set(weekdays.index) == set(range(7))


def test_a_tithe_is_given_on_sundays() -> None:
    """Of every week, or the first of the month."""
    own = of("tithe")
    for cadence, least in (("weekly", 20), ("monthly", 5)):
        sundays = own[own["cadence"] == cadence]
        assert sundays["contract"].nunique() > least
        assert set(sundays["due"]) == {DUE_WORDS["sunday"]}
    assert set(own.loc[own["cadence"] != "payday", "day"].dt.day_of_week) == {6}
    assert (own.loc[own["cadence"] == "monthly", "day"].dt.day <= 7).all()


def test_half_of_those_who_owe_taxes_pay_them_on_the_last_day() -> None:
    """15 April in 2024 and in 2025."""
    own = of("tax balance")
    last = own["day"].isin(pd.to_datetime(["2024-04-15", "2025-04-15"]))
    assert len(own) > 200
    assert last.mean() == pytest.approx(0.5, abs=0.13)
    assert (own["day"].dt.month == 4).all()


def test_everybody_who_owes_estimated_tax_pays_it_on_time() -> None:
    """The 15th, or the next business day."""
    own = of("estimated tax")
    assert len(own) > 500
    assert own["day"].dt.day.between(10, 18).all()
    assert (own["day"].dt.day_of_week < 5).all()


def test_savings_are_put_aside_on_paydays() -> None:
    """Every payday of each one's rhythm, but for those that are left out."""
    own = of("savings transfer")
    own = own[own["cadence"] == "payday"]
    assert own["customer"].nunique() > 100
    for phase, rhythm in enumerate(PAYDAYS):
        mine = own[own["payday"] == phase]
        days = {day.date() for day in mine["day"]}
        match rhythm:
            case "weekly" | "biweekly":
                assert {day.weekday() for day in days} == {4}
                if rhythm == "biweekly":
                    assert len({day.toordinal() // 7 % 2 for day in days}) == 1
            case "semimonthly":
                assert {day.day for day in days} <= {15, 28, 29, 30, 31}
            case "monthly":
                assert all((day + timedelta(1)).day == 1 for day in days)
    skip = OBLIGATIONS["savings transfer"].get("skip", 0)
    weekly = own[own["payday"] == PAYDAYS.index("weekly")].groupby("contract").size()
    assert weekly.mean() == pytest.approx(104.5 * (1 - skip), rel=0.05)


@pytest.mark.parametrize("name", [name for name, each in OBLIGATIONS.items() if each.get("months")])
def test_what_has_its_months_is_paid_in_them(name: str) -> None:
    own, entry = of(name), OBLIGATIONS[name]
    moved = own["day"].dt.month.isin(entry["months"])
    assert len(own) > 10
    assert moved.mean() >= 1 - 2 * entry.get("late", 0)
    if "annual" in entry["cadence"]:
        assert own.groupby("contract").size().mean() == pytest.approx(2, abs=0.2)
        assert own["contract"].nunique() == (owed()["name"] == name).sum()


def test_everybody_with_a_balance_pays_his_taxes() -> None:
    share = of("tax balance")["customer"].nunique() / len(people())
    assert share == pytest.approx(OBLIGATIONS["tax balance"]["has"]["all"], abs=0.045)


def test_no_two_payments_share_a_key() -> None:
    assert payments()["key"].is_unique


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(0, 690), st.integers(1, 40))
def test_what_is_paid_on_a_day_does_not_depend_on_the_period(skip: int, days: int) -> None:
    begin = FIRST + timedelta(skip)
    short = paid.__wrapped__(begin, days)
    end = pd.Timestamp(begin + timedelta(days - 1))
    long = payments()[payments()["day"].between(pd.Timestamp(begin), end)]
    columns = ["contract", "day", "cents", "second", "is_extra", "key"]
    one, other = (each[columns].sort_values("key").reset_index(drop=True) for each in (short, long))
    pd.testing.assert_frame_equal(one, other)
