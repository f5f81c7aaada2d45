"""The facts about obligations, places, occasions and prices: each slip is named where it is."""

from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.model.facts.reference import read_reference
from tests.facts_folder import Edit, edit_city, edit_json, problems
from tests.model.facts.fact_edits import (
    HOLIDAYS,
    OBLIGATIONS,
    drop,
    first_again,
    household,
    named,
    occasion,
    owed,
    place,
    price,
    put,
    service,
    swap_history,
)

# What is changed, the place that is named, what was given, and a part of what is allowed.
SLIPS: dict[str, tuple[tuple[str, Edit], str, str, str]] = {
    "entity type": (
        owed("rent", put(entity_type="Rents")),
        "obligations.json: rent: entity_type", '"Rents"', "entity_types.json"),
    "payee": (
        owed("mortgage", put(names=["Rocket Mortgag"]), "payee"),
        "obligations.json: mortgage / payee: names", '"Rocket Mortgag"', "merchants.json"),
    "service nobody supplies": (
        owed("electricity", put(service="power"), "payee"),
        "obligations.json: electricity / payee: service", '"power"', "places.json"),
    "role": (
        owed("rent", put(person="landlady"), "payee"),
        "obligations.json: rent / payee: person", '"landlady"', "'landlord'"),
    "two kinds of payees": (
        owed("rent", put(names=["Walmart"]), "payee"),
        "obligations.json: rent: payee", "names and person", "one of"),
    "nobody to pay": (
        owed("car loan", put(payee={})),
        "obligations.json: car loan / payee: local", "0", "no local merchants"),
    "a merchant where numbers are typed": (
        owed("rent", put(payee={"names": ["Walmart"]})),
        "obligations.json: rent / payee: person", "no person", "typed"),
    "condition": (
        owed("rent", put(tenant=1.0), "has"),
        "obligations.json: rent / has: tenant", '"tenant"', "'renter'"),
    "certain and more": (
        owed("rent", put(renter=1.5), "has"),
        "obligations.json: rent / has: renter", "1.5", "1 at most"),
    "cadence": (
        owed("rent", lambda each: each.update(daily=each.pop("monthly")), "cadence"),
        "obligations.json: rent / cadence: daily", '"daily"', "'monthly'"),
    "shares of cadences": (
        owed("rent", put(monthly=0.5), "cadence"),
        "obligations.json: rent: cadence", "shares that add up to 0.5", "1, within 0.01"),
    "shares of due days": (
        owed("rent", put(last=0.5), "due"),
        "obligations.json: rent: due", "shares that add up to 1.42", "1, within 0.01"),
    "due day": (
        owed("rent", lambda due: due.update({"32": due.pop("28")}), "due"),
        "obligations.json: rent / due: 32", '"32"', "1 to 31, last"),
    "months that never come": (
        owed("property tax", put(months=[4])),
        "obligations.json: property tax: months", "[4] with semiannual", "other cadences"),
    "month": (
        owed("lawn", put(months=[13])),
        "obligations.json: lawn / months: number 1", "13", "less than or equal to 12"),
    "no rule for the amount": (
        owed("rent", drop("median"), "amount"),
        "obligations.json: rent: amount", "neither of median and prices", "one of them"),
    "two rules for the amount": (
        owed("rent", put(prices=[[5, 1]]), "amount"),
        "obligations.json: rent: amount", "both of median and prices", "one of them"),
    "season": (
        owed("electricity", put(season="electrik"), "amount"),
        "obligations.json: electricity / amount: season", '"electrik"', "electric, electric_hot"),
    "level": (
        owed("rent", put(level="houses"), "amount"),
        "obligations.json: rent / amount: level", '"houses"', "electricity"),
    "a price without a weight": (
        owed("gym", lambda amount: amount["prices"].__setitem__(0, [19.99]), "amount"),
        "obligations.json: gym / amount / prices / number 1: number 2", "nothing", "required"),
    "mean of a season": (
        (OBLIGATIONS, lambda content: content["seasons"]["gas"].__setitem__(0, 9)),
        "obligations.json: seasons: gas", "", "allowed is 1, within 0.01"),
    "eleven months": (
        (OBLIGATIONS, lambda content: content["seasons"]["gas"].pop()),
        "obligations.json: seasons: gas", "[", "at least 12"),
    "season of states": (
        (OBLIGATIONS, lambda content: content["season_states"].update(electric_cold=["AK"])),
        "obligations.json: season_states: electric_cold", '"electric_cold"', "seasons"),
    "obligation twice": (
        owed("mortgage", put(name="rent")),
        "obligations.json: rent: name", '"rent"', "each obligation once"),
    "subscription without a merchant": (
        (OBLIGATIONS, lambda all_: all_["services"].update(Netflox=all_["services"]["Dropbox"])),
        "obligations.json: services: Netflox", '"Netflox"', "a merchant of Subscription"),
    "weights of plans": (
        service("Netflix", lambda entry: entry["plans"][0].update(weight=0.9)),
        "obligations.json: services / Netflix: plans", "shares that add up to 1.68", "1, within"),
    "history out of order": (
        service("Netflix", swap_history),
        "obligations.json: services / Netflix: history", "2014-05-01 behind", "days in order"),
    "a price too many": (
        service("Netflix", lambda entry: entry["history"][0][1].append(1.0)),
        "obligations.json: services / Netflix: history", "4 prices on 2014-05-01", "3, one for"),
    "a plan that goes and comes": (
        service("Netflix", lambda entry: entry["history"][3][1].__setitem__(1, None)),
        "obligations.json: services / Netflix: history", "null on 2019-03-01", "null before"),
    "two prices of one day": (
        service("Netflix", lambda entry: entry["plans"][1].update(price=14.99)),
        "obligations.json: services / Netflix / plans / number 2: price", "14.99", "15.49"),
    "no day": (
        service("Netflix", lambda entry: entry["history"][0].__setitem__(0, "2014-05-32")),
        "obligations.json: services / Netflix / history / number 1: number 1", '"2014-05-32"',
        "a day such as"),
    "share of a household": (
        household(owner=65.7),
        "obligations.json: household: owner", "65.7", "shares of 0 to 1"),
    "a tenure without a share": (
        household(pets={"owner": 0.5}),
        "obligations.json: household: pets", "{", "one for each of owner, renter"),
    "trait": (
        household(boats=0.1),
        "obligations.json: household: boats", '"boats"', "what is known"),
    "cars of a city": (
        (OBLIGATIONS, lambda content: content["household"]["car"].update({"Paris, TX": 0.9})),
        "obligations.json: household / car: Paris, TX", '"Paris, TX"', "us_cities.csv"),
    "city": (
        place(lambda cities: cities.update({"Paris, TX": cities["Irving, TX"]}), "by_city"),
        "places.json: by_city: Paris, TX", '"Paris, TX"', "us_cities.csv"),
    "city without providers": (
        place(drop("Irving, TX"), "by_city"),
        "places.json: by_city: Irving, TX", "nothing", "each one of us_cities.csv"),
    "city without gas": (
        place(drop("gas"), "by_city", "Irving, TX"),
        "places.json: by_city / Irving, TX: gas", "no provider", "natural gas"),
    "state without a share of gas": (
        place(drop("TX"), "gas_share"),
        "places.json: gas_share: TX", "nothing", "each one of us_cities.csv"),
    "shares of providers": (
        place(put(**{"Xcel Energy": 0.5}), "by_city", "Aurora, CO", "gas"),
        "places.json: by_city / Aurora, CO: gas", "shares that add up to 0.5", "1, within 0.01"),
    "a provider with a shop's name": (
        place(lambda all_: all_.update({"Aurora Waste": all_.pop("Aurora Water Dept")}),
              "by_city", "Aurora, CO", "water"),
        "places.json: by_city / Aurora, CO / water: Aurora Waste", '"Aurora Waste"', "first word"),
    "a provider with two spellings": (
        place(lambda all_: all_.update({"XCEL Energy": all_.pop("Xcel Energy")}),
              "by_city", "Aurora, CO", "gas"),
        "places.json: by_city / Aurora, CO / gas: XCEL Energy", '"XCEL Energy"', "Xcel Energy"),
    "a provider's long name": (
        place(lambda all_: all_.update({"Aurora Water Department": all_.pop("Aurora Water Dept")}),
              "by_city", "Aurora, CO", "water"),
        "places.json: by_city / Aurora, CO / water: Aurora Water Department",
        '"Aurora Water Department"', "at most 18"),
    "whereabouts of nobody": (
        place(put(Krogger=["TX"]), "where"),
        "places.json: where: Krogger", '"Krogger"', "merchants.json"),
    "place": (
        place(lambda where: where["Kroger"].append("Texas"), "where"),
        "places.json: where / Kroger: number 18", '"Texas"', "a state, or a city"),
    "transit of nowhere": (
        place(put(**{"Paris, TX": 0.1}), "transit_share"),
        "places.json: transit_share: Paris, TX", '"Paris, TX"', "us_cities.csv"),
    "factor on nothing": (
        occasion("Halloween", put(Candy=2.0), "up"),
        "holidays.json: Halloween / up: Candy", '"Candy"', "entity_types.json"),
    "factor of nothing": (
        occasion("Halloween", put(Grocery=0), "rests"),
        "holidays.json: Halloween / rests: Grocery", "0", "greater than 0"),
    "after nothing": (
        occasion("Black Friday", put(after="Thanksgivin"), "rule"),
        "holidays.json: Black Friday / rule: after", '"Thanksgivin"', "holidays.json"),
    "after what is after": (
        occasion("Cyber Monday", put(after="Black Friday"), "rule"),
        "holidays.json: Cyber Monday / rule: after", '"Black Friday"', "after no other"),
    "two rules at once": (
        occasion("Halloween", put(easter=3), "rule"),
        "holidays.json: Halloween: rule", "{", "month and day, month and weekday"),
    "no rule": (
        occasion("Halloween", put(rule={})),
        "holidays.json: Halloween: rule", "{}", "or easter"),
    "a day that is not every year": (
        occasion("Halloween", put(month=2, day=29), "rule"),
        "holidays.json: Halloween / rule: day", "29 in month 2", "a day of every year"),
    "a fifth Monday": (
        occasion("Labor Day", put(nth=5), "rule"),
        "holidays.json: Labor Day / rule: nth", "5", "1 to 4, and -1"),
    "days in no order": (
        occasion("Halloween", put(days=[1, 0])),
        "holidays.json: Halloween: days", "[1, 0]", "not before the first"),
    "years in no order": (
        occasion("Juneteenth", put(until=2020)),
        "holidays.json: Juneteenth: since", "2021", "2020 at most"),
    "a day of another year": (
        occasion("Tax Day", put(**{"2020": "2021-07-15"}), "exceptions"),
        "holidays.json: Tax Day / exceptions: 2020", '"2021-07-15"', "a day of 2020"),
    "no year": (
        occasion("Tax Day", put(MMXX="2020-07-15"), "exceptions"),
        "holidays.json: Tax Day / exceptions: MMXX", '"MMXX"', "valid integer"),
    "occasion twice": (
        (HOLIDAYS, first_again),
        "holidays.json: New Year's Day: name", '"New Year\'s Day"', "each occasion once"),
    "a year without prices": (
        price(drop("2015"), "cpi_u"),
        "prices.json: cpi_u: 2015", "nothing", "every year from 2007 to 2025"),
    "prices of no year": (
        price(put(twelve=200.0), "cpi_u"),
        "prices.json: cpi_u: twelve", '"twelve"', "a year"),
    "state without a tax": (
        price(drop("TX"), "digital_tax"),
        "prices.json: digital_tax: TX", "nothing", "each state"),
    "tax in per cent": (
        price(put(TX=8.2), "digital_tax"),
        "prices.json: digital_tax: TX", "8.2", "less than or equal to 0.3"),
}  # fmt: skip


@pytest.mark.parametrize(("slip", "place", "value", "allowed"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_by_file_entry_field_and_value(
    slip: tuple[str, Edit], place: str, value: str, allowed: str, tmp_path: Path
) -> None:
    (only,) = problems(edit_json(tmp_path, *slip))
    given_ = f"got {value}" if value else ""
    assert only.startswith(f"{place}: {given_}")
    assert allowed in only


def test_a_city_more_wants_providers_and_shares(tmp_path: Path) -> None:
    found = problems(edit_city(tmp_path, city="Brooklyn", state="XY"))
    places = {line.partition(": got")[0] for line in found}
    assert "places.json: by_city: Brooklyn, XY" in places
    assert "places.json: gas_share: XY" in places
    assert "prices.json: digital_tax: XY" in places
    assert "places.json: by_city: New York, NY" in places


def test_a_new_obligation_is_an_entry(tmp_path: Path) -> None:
    """CONTRIBUTING's recipe: nothing else is needed."""

    def add(content: Any) -> None:
        gym = named(content["obligations"], "gym")
        content["obligations"].append({**gym, "name": "climbing wall"})

    assert read_reference(edit_json(tmp_path, OBLIGATIONS, add)).owed.obligations[-1].name == (
        "climbing wall"
    )
