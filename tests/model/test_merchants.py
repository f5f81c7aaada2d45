"""Laws of the merchants' names: a name fits the text writer and means one kind of merchant."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

MERCHANTS = (
    Path(__file__).parents[2] / "src" / "accidental_transfers" / "model" / "data" / "merchants.json"
)
LONGEST_NAME = 18
LONGEST_FIRST_WORD = 9
LONGEST_KIND = 8
# Starting with a letter or digit also keeps a spreadsheet from reading a name as a formula.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 &'.+/-]*")
FIRST_WORD = re.compile(r"[A-Z][A-Za-z']*")

NATIONAL_SIZES = {
    "Grocery": 40,
    "Restaurant": 40,
    "Fast Food": 45,
    "Coffee Shop": 25,
    "Gas Station": 30,
    "Pharmacy": 15,
    "Department Store": 30,
    "Home Improvement": 20,
    "Clothing": 40,
    "Entertainment": 30,
    "Hotel": 30,
    "Transit": 25,
    "Medical": 20,
    "Personal Care": 20,
    "Auto Service": 25,
    "Online Retail": 45,
    "Electronics": 30,
    "Fashion": 35,
    "Subscription": 45,
    "Food Delivery": 15,
    "Travel": 30,
    "Gaming": 20,
    "Home and Garden": 25,
    "Tickets": 15,
    "Charity": 40,
    "Small Business": 40,
    "Utilities": 45,
    "Phone and Internet": 25,
    "Loan Payment": 35,
    "Insurance": 35,
    "Card Payment": 20,
    "Taxes": 10,
    "Education": 25,
}
FIRST_WORDS = 420
KINDS_PER_TYPE = 10
LOCAL_TYPES = {
    "Grocery",
    "Restaurant",
    "Fast Food",
    "Coffee Shop",
    "Gas Station",
    "Pharmacy",
    "Department Store",
    "Home Improvement",
    "Clothing",
    "Entertainment",
    "Hotel",
    "Medical",
    "Personal Care",
    "Auto Service",
    "Small Business",
    "Charity",
    "Utilities",
    "Education",
}


def _object_without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = _repeated([key for key, _ in pairs])
    assert not repeated, f"keys written twice in one object: {repeated}"
    return dict(pairs)


def _repeated(names: list[str]) -> list[str]:
    counts = Counter(name.casefold() for name in names)
    return [name for name in names if counts[name.casefold()] > 1]


@pytest.fixture(scope="module")
def merchants() -> dict[str, Any]:
    # The default encoding of a machine must not matter: reading as ASCII is itself the check.
    text = MERCHANTS.read_text(encoding="ascii")
    # json keeps the last of two equal keys in silence, which would lose a whole pool.
    document: dict[str, Any] = json.loads(text, object_pairs_hook=_object_without_repeated_keys)
    return document


@pytest.fixture(scope="module")
def national_names(merchants: dict[str, Any]) -> list[str]:
    return [name for pool in merchants["national"].values() for name in pool]


@pytest.fixture(scope="module")
def first_words(merchants: dict[str, Any]) -> list[str]:
    words: list[str] = merchants["local"]["first_words"]
    return words


@pytest.fixture(scope="module")
def kinds(merchants: dict[str, Any]) -> list[str]:
    return [kind for kinds in merchants["local"]["kinds"].values() for kind in kinds]


def test_every_entity_type_has_its_number_of_national_names(merchants: dict[str, Any]) -> None:
    assert {kind: len(pool) for kind, pool in merchants["national"].items()} == NATIONAL_SIZES


def test_every_local_entity_type_has_ten_kinds(merchants: dict[str, Any]) -> None:
    sizes = {kind: len(kinds) for kind, kinds in merchants["local"]["kinds"].items()}
    assert sizes == dict.fromkeys(LOCAL_TYPES, KINDS_PER_TYPE)


def test_names_that_readers_of_the_dataset_know_are_there(merchants: dict[str, Any]) -> None:
    assert "SuperMart" in merchants["national"]["Grocery"]
    assert merchants["national"]["Online Retail"][0] == "Amazon"


def test_a_national_name_fits_the_text_writer(national_names: list[str]) -> None:
    assert [name for name in national_names if not 3 <= len(name) <= LONGEST_NAME] == []


def test_a_name_needs_no_csv_quoting(national_names: list[str], kinds: list[str]) -> None:
    assert [name for name in national_names + kinds if not NAME.fullmatch(name)] == []


def test_no_name_has_stray_spaces(national_names: list[str], kinds: list[str]) -> None:
    assert [name for name in national_names + kinds if name != " ".join(name.split())] == []


def test_a_national_name_means_one_recipient(national_names: list[str]) -> None:
    assert _repeated(national_names) == []


def test_first_words_are_distinct_single_short_words(first_words: list[str]) -> None:
    assert len(first_words) == FIRST_WORDS
    assert _repeated(first_words) == []
    assert [word for word in first_words if not FIRST_WORD.fullmatch(word)] == []
    assert [word for word in first_words if not 3 <= len(word) <= LONGEST_FIRST_WORD] == []


def test_a_kind_is_short_and_belongs_to_one_entity_type(kinds: list[str]) -> None:
    assert [kind for kind in kinds if not 2 <= len(kind) <= LONGEST_KIND] == []
    assert _repeated(kinds) == []


def test_no_local_name_says_one_word_twice(first_words: list[str], kinds: list[str]) -> None:
    said_by_kinds = {word.casefold() for kind in kinds for word in kind.split()}
    assert [word for word in first_words if word.casefold() in said_by_kinds] == []


def test_local_names_are_distinct_from_each_other_and_from_national_ones(
    national_names: list[str], first_words: list[str], kinds: list[str]
) -> None:
    local = [f"{word} {kind}" for word in first_words for kind in kinds]
    assert len(local) == FIRST_WORDS * len(LOCAL_TYPES) * KINDS_PER_TYPE
    assert max(map(len, local)) <= LONGEST_NAME
    assert _repeated(local + national_names) == []
