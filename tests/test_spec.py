"""The specification: what is refused and how it is said, what is kept and what it means."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers import SpecError
from accidental_transfers.spec import JobSpec

DEFAULTS: dict[str, Any] = {
    "preset": "default",
    "seed": 2024,
    "customers": 900,
    "start_date": "2024-01-01",
    "end_date": "2024-03-31",
    "daily_transactions": {"min": 8.0, "max": 15.0},
    "home_city_bias": {"min": 0.75, "max": 0.95},
    "accident_probability": {"min": 0.001, "max": 0.008},
    "high_amount_accident_probability": {"min": 0.0005, "max": 0.008},
    "mistyped_entity_accident_probability": {"min": 0.003, "max": 0.04},
    "high_amount_multiplier": {"min": 2.5, "max": 4.0},
    "lookalikes": 1.0,
    "output_key": "data/synthetic_transactions_labeled.csv",
    "if_exists": "replace",
    "customers_per_slice": None,
    "dry_run": False,
}
LIMITS = {
    "daily_transactions": (0.1, 200),
    "home_city_bias": (0.5, 1),
    "accident_probability": (0, 0.25),
    "high_amount_accident_probability": (0, 0.25),
    "mistyped_entity_accident_probability": (0, 0.25),
    "high_amount_multiplier": (1, 100),
}
PROBABILITIES = [name for name in LIMITS if name.endswith("probability")]
KEY_CHARACTERS = "abcXYZ019_.=-"


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
    ("customers", 0, "1 to 1000000"),
    ("customers", -3, "1 to 1000000"),
    ("customers", 1_000_001, "1 to 1000000"),
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
    *[(name, {"min": 0}, "both 0") for name in PROBABILITIES],
    *[(name, 0.01, "min and max") for name in PROBABILITIES],
    ("high_amount_multiplier", {"min": 0.9}, "1 to 100"),
    ("high_amount_multiplier", {"max": 100.5}, "1 to 100"),
    ("lookalikes", -0.1, "0 to 20"),
    ("lookalikes", 20.5, "0 to 20"),
    ("lookalikes", float("nan"), "0 to 20"),
    ("lookalikes", float("inf"), "0 to 20"),
    ("lookalikes", True, "0 to 20"),
    ("lookalikes", "1", "0 to 20"),
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
    ("if_exists", "append", "'replace' or 'fail'"),
    ("if_exists", "Replace", "'replace' or 'fail'"),
    ("if_exists", True, "'replace' or 'fail'"),
    ("customers_per_slice", 0, "or null"),
    ("customers_per_slice", 1_000_001, "1 to 1000000"),
    ("customers_per_slice", 7.0, "1 to 1000000"),
    ("customers_per_slice", True, "1 to 1000000"),
    ("customers_per_slice", "7", "1 to 1000000"),
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
    assert all(repr(each) in said for each in given)


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


def test_one_end_of_the_period_may_not_pass_the_others_default() -> None:
    assert "2024-03-31 is before start_date 2024-04-01" in message({"start_date": "2024-04-01"})


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2024-01-01", "2024-01-01", 1),
        ("2024-02-28", "2024-03-01", 3),
        ("2023-02-28", "2023-03-01", 2),
        ("2007-01-01", "2017-01-07", 3660),
        ("2099-12-31", "2099-12-31", 1),
    ],
)
def test_days_count_both_ends(start: str, end: str, days: int) -> None:
    assert JobSpec.parse({"start_date": start, "end_date": end}).days == days


def test_an_empty_input_is_the_default_job() -> None:
    spec = JobSpec.parse({})
    assert spec.model_dump(mode="json") == DEFAULTS
    assert spec == JobSpec()
    assert (spec.days, spec.expected_rows) == (91, 941_850)


@pytest.mark.parametrize("field", sorted(LIMITS))
def test_a_range_given_in_part_keeps_the_other_end(field: str) -> None:
    low, high = DEFAULTS[field]["min"], DEFAULTS[field]["max"]
    between = (low + high) / 2
    assert JobSpec.parse({field: {}}) == JobSpec()
    for part, expected in (
        ({"min": between}, {"min": between, "max": high}),
        ({"max": between}, {"min": low, "max": between}),
    ):
        assert JobSpec.parse({field: part}).model_dump()[field] == expected


@pytest.mark.parametrize("field", sorted(LIMITS))
def test_the_ends_of_what_is_allowed_are_allowed(field: str) -> None:
    lowest, highest = LIMITS[field]
    for value in (lowest, highest):
        spec = JobSpec.parse({field: {"min": value, "max": value}})
        assert getattr(spec, field).mean == value


def test_whole_numbers_will_do_for_a_range_and_are_the_same() -> None:
    whole = JobSpec.parse({"daily_transactions": {"min": 8, "max": 15}})
    assert whole == JobSpec(daily_transactions={"min": 8.0, "max": 15.0})


def test_specs_are_equal_when_all_their_fields_are() -> None:
    assert JobSpec(customers=5) == JobSpec.parse({"customers": 5})
    assert JobSpec(customers=5) != JobSpec(customers=6)
    assert JobSpec(seed=5) != JobSpec(seed=6)
    assert len({JobSpec(seed=seed) for seed in (1, 1, 2)}) == 2


def test_a_spec_does_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        JobSpec().customers = 3  # type: ignore[misc]


def test_every_field_says_what_it_allows() -> None:
    for name, field in JobSpec.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


def test_nobody_has_more_rows_than_the_bound_for_memory_says() -> None:
    busy = JobSpec.parse({"daily_transactions": {"max": 100}})
    assert busy.most_rows_per_customer > 91 * 100 * (1 + 3 * 0.008)
    assert busy.expected_rows_per_customer == 91 * 54


@st.composite
def ranges(draw: st.DrawFn, lowest: float, highest: float) -> dict[str, float]:
    ends = st.floats(lowest, highest, allow_subnormal=False)
    low, high = sorted((draw(ends), draw(ends)))
    return {"min": low, "max": high}


@st.composite
def periods(draw: st.DrawFn) -> dict[str, str]:
    start = draw(st.dates(date(2007, 1, 1), date(2099, 12, 31)))
    last = min(start + timedelta(3659), date(2099, 12, 31))
    return {"start_date": str(start), "end_date": str(draw(st.dates(start, last)))}


def probabilities() -> st.SearchStrategy[dict[str, float]]:
    return ranges(1e-9, 0.25) | st.just({"min": 0.0, "max": 0.0})


PARTS = st.text(KEY_CHARACTERS, min_size=1, max_size=12).filter(lambda part: set(part) - {"."})
KEYS = st.lists(PARTS, max_size=4).map(lambda parts: "/".join(["d", *parts, "rows.csv"]))
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "seed": st.integers(0, 2**63 - 1)
        | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256),
        "customers": st.integers(1, 1_000_000),
        **{
            name: probabilities() if name in PROBABILITIES else ranges(*limits)
            for name, limits in LIMITS.items()
        },
        "lookalikes": st.floats(0, 20),
        "output_key": KEYS,
        "if_exists": st.sampled_from(["replace", "fail"]),
        "customers_per_slice": st.none() | st.integers(1, 1_000_000),
        "dry_run": st.booleans(),
    },
)


@given(SPECS, periods())
def test_a_valid_spec_survives_json_unchanged(
    given: dict[str, Any], period: dict[str, str]
) -> None:
    spec = JobSpec.parse(given | period)
    dumped = json.loads(json.dumps(spec.model_dump(mode="json")))
    assert JobSpec.parse(dumped) == spec
    assert dumped == DEFAULTS | given | period


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(DEFAULTS)) | st.text(max_size=5), JSON, max_size=4))
def test_any_json_is_either_a_spec_or_refused_by_name(given: dict[str, Any]) -> None:
    try:
        spec = JobSpec.parse(given)
    except SpecError as error:
        assert any(name in str(error) for name in given)  # noqa: PT017
    else:
        assert set(given) <= set(spec.model_dump())
