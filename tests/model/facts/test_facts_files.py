"""Whole files of facts: broken ones, several slips at once, folders, cities, too many of things."""

import json
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.errors import FactsError
from accidental_transfers.model.facts.reference import read_reference, reference
from tests.facts_folder import (
    CITIES,
    ENTITY_TYPES,
    MERCHANTS,
    PAYMENT_FACTS,
    document,
    edit_city,
    edit_json,
    edit_text,
    entity_type,
    problems,
    told,
)

# A column, a value that it refuses, and a part of what is allowed.
CITY_SLIPS = [
    ("timezone", "America/Chigaco", "a time zone of the United States"),
    ("timezone", "Europe/Paris", "a time zone of the United States"),
    ("city", "", "at least 3"),
    ("city", "Chicagó", "ASCII letters"),
    ("state", "Ill", "two capital letters"),
    ("population", "0", "greater than or equal to 1"),
    ("population", "many", "a valid integer"),
    ("latitude", "91", "less than or equal to 72"),
    ("latitude", "nan", "finite"),
    ("longitude", "87.6", "less than or equal to -65"),
]


@pytest.mark.parametrize(("column", "value", "allowed"), CITY_SLIPS)
def test_a_slip_in_a_city_is_named_by_line_and_column(
    column: str, value: str, allowed: str, tmp_path: Path
) -> None:
    (only,) = problems(edit_city(tmp_path, **{column: value}))
    assert re.match(rf'us_cities\.csv: line 2 \(.*\): {column}: got "{value}"; ', only)
    assert allowed in only


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/New_York,7", 'more: got ["7"]; unknown'), (None, "timezone: got null; ")],
    ids=["a column more", "a column less"],
)
def test_a_line_of_another_length_is_refused(zone: str | None, said: str, tmp_path: Path) -> None:
    new = f",{zone}" if zone else ""
    (only,) = problems(edit_text(tmp_path, CITIES, ",America/New_York", new))
    assert said in only


def test_a_city_twice_is_refused_and_two_of_one_name_are_not(tmp_path: Path) -> None:
    second = reference().cities[1]
    (only,) = problems(edit_city(tmp_path, city=second.name, state=second.state))
    assert only.startswith(f"us_cities.csv: line 3 ({second.name}, {second.state}): city: got")
    # Only who supplies the other one is not known.
    found = problems(edit_city(tmp_path, city=second.name, state="KS"))
    assert not [each for each in found if each.startswith(CITIES)]
    assert f"places.json: by_city: {second.name}, KS: got nothing" in "\n".join(found)


def test_cities_without_their_header_are_refused(tmp_path: Path) -> None:
    edit_text(tmp_path, CITIES, "city,state,", "town,state,")
    (only,) = problems(tmp_path)
    assert only.startswith("us_cities.csv: line 1: got 'town,state,population,")


def test_too_many_cities_for_their_codes_are_refused(tmp_path: Path) -> None:
    rows = [f"Town {number},KS,1000,39,-98,America/Chicago" for number in range(257)]
    columns = "city,state,population,latitude,longitude,timezone"
    (tmp_path / CITIES).write_text("\n".join([columns, *rows]), "utf-8")
    found = [each for each in problems(tmp_path) if each.startswith("us_cities.csv")]
    assert len(found) == 1
    assert "got 257; allowed are 2 to 256" in found[0]


def test_too_many_entity_types_for_their_codes_are_refused(tmp_path: Path) -> None:
    more = 257 - len(reference().entity_types)

    def multiply(content: Any) -> None:
        payee = entity_type(content, "Savings")
        own = content["transaction_types"]["Bank Transfer"]["entity_types"]
        own += [{**payee, "name": f"Savings {number}"} for number in range(more)]

    (only,) = problems(edit_json(tmp_path, ENTITY_TYPES, multiply))
    assert "entity_types: got 257; allowed are 256 at most" in only


def test_an_hour_in_which_nothing_is_paid_is_refused(tmp_path: Path) -> None:
    def only_by_day(content: Any) -> None:
        for curve in (
            content["payment_type"]["Credit Card"]["hour"],
            content["merchant_class"]["medical"]["hour"],
        ):
            curve[12] += curve[5]
            curve[5] = 0

    def only_doctors(content: Any) -> None:
        for entry in content["transaction_types"]["Credit Card"]["entity_types"]:
            entry["hours"] = "medical"

    edit_json(tmp_path, PAYMENT_FACTS, only_by_day)
    assert read_reference(tmp_path).transaction_types[0].hours[5] == 0
    (only,) = problems(edit_json(tmp_path, ENTITY_TYPES, only_doctors))
    assert only.startswith("entity_types.json: Credit Card: hours: got curves that are all 0 at 5")


def test_a_way_to_pay_that_nobody_uses_on_trips_is_refused(tmp_path: Path) -> None:
    def only_at_home(content: Any) -> None:
        for entry in content["transaction_types"]["Online Purchase"]["entity_types"]:
            entry["away"] = 0

    found = problems(edit_json(tmp_path, ENTITY_TYPES, only_at_home))
    assert len(found) == 24
    assert "Online Purchase: hours: got curves that are all 0 at 0 o'clock on a trip;" in found[0]


def test_all_slips_are_named_at_once(tmp_path: Path) -> None:
    def slips(content: Any) -> None:
        grocery = entity_type(content, "Grocery")
        grocery |= {"share": 3, "hours": "grocry", "shapes": "normal", "explore": [0.1]}
        grocery["second"] = "Rent"
        grocery["endings"] |= {"whole": 0.1, "five": 0.5, "half": -1}

    edit_json(tmp_path, ENTITY_TYPES, slips)
    edit_json(tmp_path, MERCHANTS, lambda content: content["national"]["Hotel"].insert(0, "CVS +"))
    edit_json(tmp_path, PAYMENT_FACTS, lambda all_: all_["merchant_class"]["gas"]["hour"].pop())
    edit_city(tmp_path, timezone="America/Chigaco")
    places = [line.partition(": got")[0].partition(": ")[2] for line in problems(tmp_path)]
    assert sorted(places) == [
        "Credit Card / Grocery / endings: five",
        "Credit Card / Grocery / endings: half",
        "Credit Card / Grocery: explore",
        "Credit Card / Grocery: hours",
        "Credit Card / Grocery: second",
        "Credit Card / Grocery: shapes",
        "Credit Card / Grocery: share",
        "line 2 (New York, NY): timezone",
        "merchant_class / gas: hour",
    ]


def test_broken_json_is_named_by_file_and_line(tmp_path: Path) -> None:
    edit_text(tmp_path, ENTITY_TYPES, ',\n   "night_factor"', '\n   "night_factor"')
    edit_city(tmp_path, timezone="America/Chigaco")
    broken, city = problems(tmp_path)
    text = (tmp_path / ENTITY_TYPES).read_text("utf-8")
    line = text[: text.index('   "night_factor": ')].count("\n") + 1
    assert broken.startswith(f'entity_types.json: line {line}, column 4: got "\\"night_factor')
    assert "America/Chigaco" in city


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1, column 1"),
        (b"[]", "got []; allowed is a JSON object"),
        (b"7", "got 7; allowed is a JSON object"),
        (b"{}", "_about: got nothing"),
        (b"\n\xff", "line 2: got bytes that are no text; allowed is UTF-8"),
        (b'{"a": 1, "a": 2}', "got a twice in one object; allowed is a key once"),
        (b"[" * 100_000, "too deep"),
    ],
    ids=["empty", "list", "number", "nothing", "bytes", "key twice", "deep"],
)
@pytest.mark.parametrize("name", [ENTITY_TYPES, MERCHANTS, PAYMENT_FACTS])
def test_a_file_that_holds_something_else_is_refused(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    first = problems(tmp_path)[0]
    assert first.startswith(f"{name}: ")
    assert said in first


def test_a_folder_is_read_and_what_it_has_not_is_the_packages(tmp_path: Path) -> None:
    def add(content: Any) -> None:
        content["national"]["Grocery"].insert(0, "Corner Shop")

    changed, own = read_reference(edit_json(tmp_path, MERCHANTS, add)), reference()
    before = {entity.name: entity for entity in own.entity_types}
    for entity in changed.entity_types:
        known = before[entity.name]
        if entity.name == "Grocery":
            known = replace(known, national_names=("Corner Shop", *known.national_names))
        assert entity == known
    assert changed.cities == own.cities


def test_a_folder_without_any_of_the_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "merchants.txt").touch()
    with pytest.raises(FactsError, match=rf"{re.escape(str(tmp_path))}: got none of the files"):
        read_reference(tmp_path)


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    0.5,
    2**70,
    10**400,
    1e308,
    "",
    "x",
    "é",
    "\ud83d",
    [],
    {},
    [None],
    [1],
]


@pytest.mark.slow
@given(st.data())
def test_whatever_stands_in_a_file_is_read_or_refused_by_name(data: st.DataObject) -> None:
    """No other error than the one that names the file."""
    name = data.draw(st.sampled_from([ENTITY_TYPES, MERCHANTS, PAYMENT_FACTS]))
    content = parent = document(name)
    key: Any = data.draw(st.sampled_from(list(content)))
    while parent[key] and isinstance(parent[key], dict | list) and data.draw(st.booleans()):
        parent = parent[key]
        keys = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
        key = data.draw(st.sampled_from(keys))
    parent[key] = data.draw(st.sampled_from(ODD))
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(json.dumps(content), "utf-8")
        assert name in told(Path(folder)) or not told(Path(folder))
