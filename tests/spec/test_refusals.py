"""What a specification refuses, and how it says so."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers import SpecError
from accidental_transfers.errors import LONGEST_MESSAGE, LONGEST_VALUE, shown
from accidental_transfers.model.accidents import PARAMETERS
from accidental_transfers.spec import JobSpec
from tests.spec.fields import DEFAULTS, LIMITS, PROBABILITIES


def message(given: Any) -> str:
    with pytest.raises(SpecError) as caught:
        JobSpec.parse(given)
    return str(caught.value)


# Field, a value it refuses, and a part of what it must say is allowed.
REFUSED: list[tuple[str, Any, str]] = [
    ("preset", "bang", "'bank'"),
    ("preset", ["bank"], "'bank'"),
    ("seed", -1, "0 to 2^63 - 1"),
    ("seed", 2**63, "0 to 2^63 - 1"),
    ("seed", 7.0, "whole number"),
    ("seed", True, "whole number"),
    ("seed", None, "whole number"),
    ("seed", "", "1 to 256 characters"),
    ("seed", "half a \ud83d", "any text"),
    ("seed", "s" * 257, "1 to 256 characters"),
    ("seed", [7], "whole number"),
    ("customers", 0, "1 to 1,000,000"),
    ("customers", -3, "1 to 1,000,000"),
    ("customers", 1_000_001, "1 to 1,000,000"),
    ("customers", 50.0, "a whole number"),
    ("customers", "50", "a whole number"),
    ("customers", True, "a whole number"),
    ("customers", None, "a whole number"),
    ("start_date", "2006-12-31", "2007-01-01 to 2099-12-31"),
    ("start_date", "2024-1-1", "YYYY-MM-DD"),
    ("start_date", "20240101", "YYYY-MM-DD"),
    ("start_date", "2024-01-01T00:00:00", "YYYY-MM-DD"),
    ("start_date", "2024-02-30", "YYYY-MM-DD"),
    ("start_date", "2024-01-01\n", "YYYY-MM-DD"),
    ("start_date", "yesterday", "YYYY-MM-DD"),
    ("start_date", 19_723, "YYYY-MM-DD"),
    ("start_date", True, "YYYY-MM-DD"),
    ("start_date", None, "YYYY-MM-DD"),
    ("end_date", "2100-01-01", "2007-01-01 to 2099-12-31"),
    ("end_date", "2023-02-29", "YYYY-MM-DD"),
    ("end_date", 1.5, "YYYY-MM-DD"),
    ("daily_transactions", {"min": 0.05}, "0.1 to 200"),
    ("daily_transactions", {"max": 201}, "0.1 to 200"),
    ("daily_transactions", {"min": 16}, "0.1 to 200"),
    ("daily_transactions", 12, "min and max"),
    ("daily_transactions", [8, 15], "min and max"),
    ("daily_transactions", None, "min and max"),
    ("home_city_bias", {"min": 0.4}, "0.5 to 1"),
    ("home_city_bias", {"max": 1.01}, "0.5 to 1"),
    ("home_city_bias", "0.9", "0.5 to 1"),
    *[(name, {"max": 0.26}, "0 to 0.25") for name in PROBABILITIES],
    *[(name, {"min": -0.001}, "0 to 0.25") for name in PROBABILITIES],
    *[(name, {"min": 0}, "both 0") for name in PROBABILITIES if DEFAULTS[name]["max"]],
    *[(name, {"min": 0, "max": 0.1}, "both 0") for name in PROBABILITIES],
    *[(name, 0.01, "min and max") for name in PROBABILITIES],
    *[
        (each.field, {"max": each.highest + 1}, f"{each.lowest:g} to {each.highest:g}")
        for each in PARAMETERS
    ],
    ("high_amount_multiplier", {"min": 0.9}, "1 to 100"),
    ("high_amount_multiplier", {"max": 100.5}, "1 to 100"),
    ("period", "last-year", "'last-month'"),
    ("period", True, "'last-month'"),
    ("scheduled_time", "2024-05-01", "2024-05-01T06:00:00Z"),
    ("scheduled_time", 1714543200, "2024-05-01T06:00:00Z"),
    ("lookalikes", -0.1, "0 to 20"),
    ("lookalikes", 20.5, "0 to 20"),
    ("lookalikes", float("nan"), "0 to 20"),
    ("lookalikes", float("inf"), "0 to 20"),
    ("lookalikes", True, "0 to 20"),
    ("lookalikes", "1", "0 to 20"),
    ("aftermath", "part", "'full', or 'none'"),
    ("aftermath", None, "'full', or 'none'"),
    ("aftermath", True, "'full', or 'none'"),
    ("output_key", "", "ends in .csv"),
    ("output_key", "data/rows.parquet", "ends in .csv"),
    ("output_key", "runs/mine.csv", "not under runs/"),
    ("output_key", "/data/rows.csv", "letters, digits"),
    ("output_key", "data//rows.csv", "letters, digits"),
    ("output_key", "data/../rows.csv", "letters, digits"),
    ("output_key", "data/./rows.csv", "letters, digits"),
    ("output_key", "data/rows.csv\n", "ends in .csv"),
    ("output_key", "data/rows.accidents.csv", "ends in .csv"),
    ("output_key", "data/rows.customers.csv", "ends in .csv"),
    ("output_key", "data/röws.csv", "letters, digits"),
    ("output_key", "s3://bucket/rows.csv", "letters, digits"),
    ("output_key", "a" * 509 + ".csv", "ends in .csv"),
    ("output_key", 3, "ends in .csv"),
    ("output_key", None, "ends in .csv"),
    ("format", "orc", "'csv' or 'parquet'"),
    ("format", ["csv", "csv"], "a format, or each of several once"),
    ("format", [], "a format, or each of several once"),
    ("format", {"csv": True}, "a list of both"),
    ("format", None, "a list of both"),
    ("if_exists", "append", "'replace' or 'fail'"),
    ("if_exists", "Replace", "'replace' or 'fail'"),
    ("if_exists", True, "'replace' or 'fail'"),
    ("customers_per_slice", 0, "or null"),
    ("customers_per_slice", 1_000_001, "1 to 1,000,000"),
    ("customers_per_slice", 7.0, "1 to 1,000,000"),
    ("customers_per_slice", True, "1 to 1,000,000"),
    ("customers_per_slice", "7", "1 to 1,000,000"),
    ("dry_run", 1, "true or false"),
    ("dry_run", "true", "true or false"),
    ("dry_run", None, "true or false"),
]


def refusal_name(case: Any) -> str | None:
    return ascii(case)[:24] if not isinstance(case, str) or len(case) > 60 else None


@pytest.mark.parametrize(("field", "value", "allowed"), REFUSED, ids=refusal_name)
def test_a_refusal_names_the_field_the_value_and_what_is_allowed(
    field: str, value: Any, allowed: str
) -> None:
    said = message({field: value})
    assert said.startswith(field)
    assert allowed in said
    given = list(value.values()) if isinstance(value, dict) else [value]
    assert all(shown(each) in said for each in given)


@pytest.mark.parametrize("field", sorted(LIMITS))
@pytest.mark.parametrize("end", ["min", "max"])
@pytest.mark.parametrize("value", [True, "9", None, float("nan"), float("inf"), [1]])
def test_an_end_of_a_range_is_a_number(field: str, end: str, value: Any) -> None:
    said = message({field: {end: value}})
    assert said.startswith(f"{field}.{end}: got {value!r}")
    assert "min and max" in said


def test_every_case_of_refusal_is_about_a_field_and_every_field_refuses_something() -> None:
    assert {field for field, _, _ in REFUSED} == set(JobSpec.model_fields) == set(DEFAULTS)


def test_all_problems_come_in_one_message() -> None:
    said = message({"customers": 0, "dry_run": "no", "seeds": 1, "home_city_bias": {"low": 0.8}})
    for part in ("customers: got 0", "dry_run: got 'no'", "seeds: unknown field", "home_city_bias"):
        assert part in said
    assert said.count("; allowed are") == 2


def test_an_unknown_field_is_refused_with_the_known_ones() -> None:
    said = message({"customer": 5})
    assert said.startswith("customer: unknown field")
    assert all(name in said for name in DEFAULTS)


@pytest.mark.parametrize("field", sorted(LIMITS))
def test_an_unknown_field_of_a_range_is_refused_with_the_known_ones(field: str) -> None:
    said = message({field: {"minimum": 1}})
    assert said == f"{field}.minimum: unknown field; allowed are min, max"


def test_of_28_000_unknown_fields_some_are_named_and_the_rest_counted() -> None:
    said = message({f"field_{number:05}": number for number in range(28_000)})
    assert "field_00000, field_00001" in said
    assert "field_00009 and 27,990 more: unknown field; allowed are preset, seed" in said
    assert len(said) <= LONGEST_MESSAGE


HUGE = "x" * 8_000_000


HUGE_INPUTS: dict[str, Any] = {
    "a seed": {"seed": HUGE},
    "a key": {"output_key": HUGE},
    "a time": {"scheduled_time": HUGE},
    "a period": {"period": HUGE},
    "a period with a date": {"period": HUGE, "end_date": "2024-01-01"},
    "an end of a range": {"daily_transactions": {"min": HUGE}},
    "an unknown end": {"daily_transactions": {HUGE: 1}},
    "an unknown field": {HUGE: 1},
    "text": HUGE,
    "a list": [HUGE],
    "something deep": {"customers": {"of": [HUGE] * 3}},
}


@pytest.mark.parametrize("given", HUGE_INPUTS.values(), ids=HUGE_INPUTS)
def test_of_a_value_of_eight_megabytes_a_message_shows_200_characters(given: Any) -> None:
    said = message(given)
    assert len(said) <= LONGEST_MESSAGE
    assert " characters more" in said
    assert LONGEST_VALUE / 2 < said.count("x") < LONGEST_VALUE + 50


@pytest.mark.parametrize("given", [[], "{}", 7, None])
def test_an_input_that_is_no_mapping_is_refused(given: Any) -> None:
    assert message(given)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2024-03-31", "2024-03-30", "end_date: 2024-03-30 is before start_date 2024-03-31"),
        ("2010-01-01", "2020-01-09", "end_date: 2020-01-09 is 3661 days from start_date"),
    ],
)
def test_a_period_ends_after_it_starts_and_not_too_late(start: str, end: str, said: str) -> None:
    refusal = message({"start_date": start, "end_date": end})
    assert refusal.startswith(said)
    assert "allowed" in refusal


def test_the_last_day_alone_may_not_pass_the_default_first_one() -> None:
    said = message({"end_date": "2023-12-31"})
    assert said.startswith("end_date: 2023-12-31 is before start_date 2024-01-01")


@pytest.mark.parametrize("first", ["2006-12-31", "2024-02-30", "9999-12-31", None, 7])
def test_a_first_day_alone_that_is_none_is_refused_by_its_own_name(first: Any) -> None:
    said = message({"start_date": first})
    assert said.startswith(f"start_date: got {first!r}")
    assert "end_date: " not in said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(sorted(DEFAULTS)) | st.text(max_size=5), JSON, max_size=4))
def test_any_json_is_either_a_spec_or_refused_by_name(given: dict[str, Any]) -> None:
    try:
        spec = JobSpec.parse(given)
    except SpecError as error:
        assert any(name in str(error) for name in given)  # noqa: PT017
    else:
        assert set(given) <= set(spec.model_dump())
