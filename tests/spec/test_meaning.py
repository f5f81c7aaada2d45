"""What a valid specification means, and that it stays what it is."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers.spec import JobSpec
from tests.spec.fields import DEFAULTS, LIMITS, PROBABILITIES

KEY_CHARACTERS = "abcXYZ019_.=-"


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
        "aftermath": st.sampled_from(["full", "none"]),
        "output_key": KEYS,
        "format": st.sampled_from(["csv", "parquet", ["csv", "parquet"]]),
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
