"""How much is paid of what is owed: two years of 1,500 customers, some 650,000 payments."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.owed import MONTHS, OBLIGATIONS, SERVICES, document, monthly, of, paid, payments, service

NO_TAX = {state for state, rate in document("prices.json")["digital_tax"].items() if not rate}


@pytest.mark.slow
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


def test_published_prices_that_rise_keep_their_ending() -> None:
    """Gyms and car washes have prices such as 24.99; no tax comes on top of them."""
    own = of("gym", "car wash club").sort_values(["contract", "day"])
    assert own.groupby("contract")["cents"].agg(lambda each: (each % 100).nunique()).max() == 1
    assert set(own.loc[own["name"] == "car wash club", "cents"] % 100) == {99}
    changed = own.groupby("contract")["cents"].nunique()
    assert (changed > 1).mean() > 0.3


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
