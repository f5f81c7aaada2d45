"""When what is owed is paid, and how much: two years of 1,500 customers, some 650,000 payments."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers.model.calendar import PAYDAYS
from accidental_transfers.model.obligation_files import DUE_WORDS
from tests.bank_days import is_open, modified_following
from tests.owed import OBLIGATIONS, SERVICES, document, owed, paid, people, service

FIRST, DAYS = date(2024, 1, 1), 731
MONTHS = 24
BASE = FIRST.year * 12
NO_TAX = {state for state, rate in document("prices.json")["digital_tax"].items() if not rate}


@cache
def payments() -> pd.DataFrame:
    return paid(FIRST, DAYS)


def of(*names: str) -> pd.DataFrame:
    return payments()[payments()["name"].isin(names)]


def in_months(rows: pd.DataFrame) -> pd.DataFrame:
    """How many payments of each contract fall into each month: (contracts, 24)."""
    counts = rows.groupby(["contract", "month"]).size().unstack(fill_value=0)
    return counts.reindex(columns=range(BASE, BASE + MONTHS), fill_value=0)


def monthly(*, services: bool) -> pd.DataFrame:
    """The payments of what is owed in every month."""
    name = payments()["name"]
    whole = name.map(lambda each: not OBLIGATIONS.get(each, {}).get("months"))
    subscription = name.str.startswith("subscription to ")
    return payments()[(payments()["cadence"] == "monthly") & whole & (subscription == services)]


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
    own = of("tithe")
    sundays = own[(own["cadence"] == "weekly") & (own["due"] == DUE_WORDS["sunday"])]
    assert sundays["contract"].nunique() > 20
    assert set(sundays["day"].dt.day_of_week) == {6}


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


@pytest.mark.parametrize("name", ["rent", "storage unit", "school tuition"])
def test_an_amount_rises_by_its_step_and_stands_between(name: str) -> None:
    own, step = of(name).sort_values(["contract", "day"]), OBLIGATIONS[name]["amount"]["step"]
    unit = OBLIGATIONS[name]["amount"].get("unit", 0.01) * 100
    own = own[~own["is_extra"]]
    before = own.groupby("contract")["cents"].shift()
    rise = (own["cents"] / before)[before.notna()]
    changes = rise[rise != 1]
    tolerance = (unit / before[changes.index]).max()
    assert changes.between(1 + step["rise"] - tolerance, 1 + step["rise"] + tolerance).all()
    # A contract has a step in every so many months, or one more within the two years.
    each = (rise != 1).groupby(own.loc[rise.index, "contract"]).sum()
    assert each.between(MONTHS // step["months"] - 1, MONTHS // step["months"] + 1).all()


def test_amounts_without_a_step_or_a_season_stand_still() -> None:
    own = of("car loan", "student loan", "life insurance")
    assert (own[~own["is_extra"]].groupby("contract")["cents"].nunique() == 1).all()


@pytest.mark.parametrize(
    ("name", "curve", "states"),
    [
        ("electricity", "electric_hot", ["TX", "FL", "AZ"]),
        ("electricity", "electric_mild", ["CA"]),
        ("electricity", "electric", ["NY", "IL", "MI", "OH"]),
        ("natural gas", "gas", ["CA", "NY", "IL", "MI", "OH", "CO"]),
    ],
)
def test_a_metered_bill_follows_the_season_of_the_place(
    name: str, curve: str, states: list[str]
) -> None:
    """Geometric means of some hundred contracts by month, over two years, within 3 %."""
    own = of(name)
    alone = ~own.duplicated(["contract", "month"], keep=False)
    own = own[own["state"].isin(states) & alone]
    ln = np.log(own["cents"]) - np.log(own["cents"]).groupby(own["contract"]).transform("mean")
    found = np.exp(ln.groupby(own["day"].dt.month).mean()).to_numpy()
    season = np.array(document("obligations.json")["seasons"][curve])
    assert own["contract"].nunique() > 60
    assert found == pytest.approx(season / np.exp(np.log(season).mean()), rel=0.035)


def test_a_meter_never_shows_the_same_twice() -> None:
    own = of("electricity")
    spread = np.log(own["cents"]).groupby([own["contract"], own["day"].dt.month]).std()
    # Within a sigma of 0.09, of two Januaries each.
    assert 0.04 < spread.mean() < 0.12
    assert (own.groupby("contract")["cents"].nunique() > 15).all()


def untaxed(name: str) -> pd.DataFrame:
    own = of(service(name))
    return own[own["state"].isin(NO_TAX)]


@pytest.mark.parametrize("name", SERVICES)
def test_a_subscription_costs_one_of_its_published_prices(name: str) -> None:
    """In states without a tax on it, from January to March 2024."""
    own = untaxed(name)
    own = own[own["day"] < "2024-04-01"]
    plans = {round(plan["price"] * 100) for plan in SERVICES[name]["plans"]}
    changed = [
        round(price * 100)
        for day, prices in SERVICES[name].get("history", ())
        if "2024-01-01" < day < "2024-04-01"
        for price in prices
        if price
    ]
    assert set(own["cents"]) <= plans | set(changed)


def test_the_tax_of_the_state_comes_on_top() -> None:
    rates = document("prices.json")["digital_tax"]
    own = of(service("Netflix"))
    own = own[own["day"] < "2024-04-01"]
    allowed = {
        state: {round(price * (1 + rate)) for price in (699, 1549, 2299)}
        for state, rate in rates.items()
    }
    assert own["state"].nunique() > 15
    assert all(
        cents in allowed[state] for state, cents in zip(own["state"], own["cents"], strict=True)
    )


def test_a_price_changes_on_its_day_for_everybody() -> None:
    """Netflix rose on 21 February 2025: 15.49 to 17.99 and 22.99 to 24.99."""
    own = untaxed("Netflix")
    before, after = (own[chosen]["cents"] for chosen in (
        own["day"].between("2024-01-01", "2025-02-20"), own["day"] >= "2025-02-21"
    ))  # fmt: skip
    assert set(before) == {699, 1549, 2299}
    assert set(after) == {799, 1799, 2499}


def test_some_customers_see_another_price_within_a_quarter() -> None:
    """PEOPLE's band of pairs of a customer and a service with more than one price."""
    own = payments()
    own = own[own["name"].str.startswith("subscription to ") & (own["day"] < "2024-04-01")]
    several = own.groupby("contract")["cents"].nunique() > 1
    assert len(several) > 4_000
    assert 0.005 <= several.mean() <= 0.10


def test_subscriptions_come_on_their_day_every_month_or_once_a_year() -> None:
    own = monthly(services=True).sort_values(["contract", "day"])
    gaps = own.groupby("contract")["day"].diff().dt.days.dropna()
    assert 0.97 <= gaps.between(27, 32).mean() <= 1
    yearly = payments()[
        payments()["name"].str.startswith("subscription to ") & (payments()["cadence"] == "annual")
    ]
    assert yearly["contract"].nunique() > 100
    assert set(yearly.groupby("contract").size()) == {2}
    assert set(
        yearly.groupby("contract")["day"].agg(lambda days: len(set(days.dt.strftime("%m%d"))))
    ) == {1}


def test_a_plan_for_less_than_a_dollar_costs_less_than_a_dollar() -> None:
    assert 99 in set(untaxed("Apple.com/Bill")["cents"])


def test_amounts_are_rounded_to_their_unit() -> None:
    for name, entry in OBLIGATIONS.items():
        own = of(name)
        own = own[~own["is_extra"]]
        unit = round(entry["amount"].get("unit", 0.01) * 100)
        if "prices" not in entry["amount"] and unit > 1:
            assert (own["cents"] % unit == 0).all() or (own["cents"] == 100).any(), name
            assert (own["cents"] % unit == 0).mean() > 0.99, name
    assert (payments()["cents"] > 0).all()


def test_a_payment_on_top_is_round() -> None:
    extra = payments()[payments()["is_extra"]]
    assert set(extra["name"]) <= {name for name, each in OBLIGATIONS.items() if each.get("extra")}
    assert len(extra) > 100
    assert (extra["cents"] % 2_500 == 0).all()
    assert extra["cents"].between(5_000, 50_000).all()


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


def test_amounts_of_other_decades_follow_consumer_prices() -> None:
    """Nobody pays 2024's prices in 2034, and rises of the years around 2024 do not go on."""
    medians = {
        year: paid(date(year, 1, 1), 366).groupby("name")["cents"].median()
        for year in (2008, 2024, 2034, 2098)
    }
    for name in ("rent", "car insurance", "home insurance", "electricity", "student loan"):
        own = {year: median[name] for year, median in medians.items()}
        assert 0.45 < own[2008] / own[2024] < 0.85, name
        assert 1.15 < own[2034] / own[2024] < 1.8, name
        assert 4 < own[2098] / own[2024] < 9, name
