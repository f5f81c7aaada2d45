"""A period by rule: its days, and where they are counted from."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidental_transfers import DatasetSpec, SpecError
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.period import days_of

TODAY = date(2024, 3, 31)


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        ("yesterday", "2024-03-01", "2024-02-29", "2024-02-29"),
        ("yesterday", "2025-01-01", "2024-12-31", "2024-12-31"),
        ("last-week", "2024-03-03", "2024-02-19", "2024-02-25"),
        ("last-week", "2024-03-04", "2024-02-26", "2024-03-03"),
        ("last-month", "2024-03-01", "2024-02-01", "2024-02-29"),
        ("last-month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("last-month", "2025-01-15", "2024-12-01", "2024-12-31"),
        ("this-month", "2023-02-28", "2023-02-01", "2023-02-28"),
        ("this-month", "2024-12-31", "2024-12-01", "2024-12-31"),
    ],
)
def test_the_days_of_a_period(period: str, today: str, first: str, last: str) -> None:
    spec = JobSpec.parse({"period": period}, date.fromisoformat(today))
    assert (str(spec.start_date), str(spec.end_date)) == (first, last)
    assert spec == JobSpec.parse({"start_date": first, "end_date": last})


@given(st.dates(date(2007, 3, 1), date(2099, 12, 1)))
def test_the_months_before_follow_each_other_without_a_gap(today: date) -> None:
    first, last = days_of("last-month", today)
    assert last + timedelta(days=1) == today.replace(day=1) == days_of("this-month", today)[0]
    assert first.day == 1
    assert days_of("this-month", first) == (first, last)


def test_the_scheduled_time_comes_before_the_day_of_the_start() -> None:
    """So a schedule's second attempt, which may start on the next day, makes the same."""
    given: dict[str, Any] = {"period": "yesterday", "scheduled_time": "2024-02-01T00:30:00Z"}
    assert JobSpec.parse(given, TODAY).start_date == date(2024, 1, 31)
    assert JobSpec(**given) == JobSpec.parse(given, TODAY)


@pytest.mark.parametrize(
    ("scheduled", "day"),
    [
        ("2024-05-01T00:00:00+00:00", "2024-04-30"),
        ("2024-05-01T01:00:00+02:00", "2024-04-29"),
        ("2024-04-30T23:30:00-05:00", "2024-04-30"),
        ("2024-05-01T06:00:00.123Z", "2024-04-30"),
    ],
)
def test_days_are_those_of_utc(scheduled: str, day: str) -> None:
    spec = JobSpec.parse({"period": "yesterday", "scheduled_time": scheduled})
    assert str(spec.start_date) == day


def test_what_is_resolved_can_be_given_again() -> None:
    spec = JobSpec.parse({"period": "last-month", "output_key": "data/{month}.csv"}, TODAY)
    resolved = spec.model_dump(mode="json")
    assert (resolved["period"], resolved["scheduled_time"]) == (None, None)
    assert JobSpec.parse(resolved, date(2030, 1, 1)) == spec


@pytest.mark.parametrize(
    ("key", "dated"),
    [
        ("data/{month}.csv", "data/2024-02.csv"),
        ("data/month={month}/{start_date}.csv", "data/month=2024-02/2024-02-01.csv"),
        ("{start_date}.csv", "2024-02-01.csv"),
        ("data/x.csv", "data/x.csv"),
    ],
)
def test_a_key_takes_its_date_from_the_first_day(key: str, dated: str) -> None:
    given = {"output_key": key}
    assert JobSpec.parse({**given, "period": "last-month"}, TODAY).output_key == dated
    days = {"start_date": "2024-02-01", "end_date": "2024-02-03"}
    assert JobSpec.parse(given | days).output_key == dated


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({}, "data/2024-03-31/nightly-7.csv"),
        ({"scheduled_time": "2024-05-01T01:00:00+02:00"}, "data/2024-04-30/nightly-7.csv"),
        ({"period": "last-month"}, "data/2024-03-31/nightly-7.csv"),
        (
            {"period": "yesterday", "scheduled_time": "2024-05-01T06:00:00Z"},
            "data/2024-05-01/nightly-7.csv",
        ),
    ],
)
def test_a_key_takes_the_day_that_is_counted_from_and_the_run(
    given: dict[str, Any], key: str
) -> None:
    """So that every firing of a schedule has a key of its own, and both its deliveries the same."""
    spec = JobSpec.parse({**given, "output_key": "data/{date}/{run}.csv"}, TODAY, "nightly-7")
    assert spec.output_key == key


def test_a_day_or_a_run_that_nobody_knows_is_refused_by_name() -> None:
    assert JobSpec(output_key="{date}.csv", scheduled_time="2024-05-01T06:00:00Z").output_key == (
        "2024-05-01.csv"
    )
    for key in ("{date}.csv", "{run}.csv"):
        with pytest.raises(SpecError, match=f"output_key: got '{key}'; {{date}} is allowed with"):
            JobSpec(output_key=key)
    with pytest.raises(SpecError, match=r"output_key: got '{run}.csv'"):
        JobSpec.parse({"output_key": "{run}.csv"}, TODAY)
    with pytest.raises(SpecError, match=r"output_key: got '_x.csv'"):
        JobSpec.parse({"output_key": "{run}.csv"}, TODAY, "_x")


def test_the_default_period_dates_a_key_too() -> None:
    assert JobSpec(output_key="data/{month}.csv").output_key == "data/2024-01.csv"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"period": "last-year"}, "period: got 'last-year'; input should be 'yesterday', 'last-week'"),
    ({"period": ["last-month"]}, "period: got ['last-month']"),
    (
        {"period": "last-month", "start_date": "2024-05-01"},
        "period: got 'last-month' together with start_date; allowed: a period, or start_date",
    ),
    (
        {"period": "yesterday", "start_date": "2024-01-01", "end_date": "2024-01-02"},
        "period: got 'yesterday' together with start_date and end_date",
    ),
    ({"period": "yesterday", "scheduled_time": "noon"}, "scheduled_time: got 'noon'"),
    ({"period": "yesterday", "scheduled_time": 5}, "scheduled_time: got 5; input should be a time"),
    (
        {"period": "yesterday", "scheduled_time": "2024-05-01T06:00:00"},
        "scheduled_time: got '2024-05-01T06:00:00'; input should be a time with its zone",
    ),
    (
        {"period": "yesterday", "scheduled_time": "0001-01-01T00:00:00Z"},
        "scheduled_time: got '0001-01-01T00:00:00Z'; 0001-01-01 is outside 2007-01-01 to 2099",
    ),
    (
        {"period": "last-month", "scheduled_time": "2007-01-05T00:00:00Z"},
        "start_date: got '2006-12-01'; 2006-12-01 is outside",
    ),
    ({"output_key": "data/{day}.csv"}, "output_key: got 'data/{day}.csv'"),
    ({"output_key": "{month}", "start_date": "2024-02"}, "start_date: got '2024-02'"),
]


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_a_refusal_names_the_field_and_what_was_given(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError) as refusal:
        JobSpec.parse(given, TODAY)
    assert str(refusal.value).startswith(said)


@pytest.mark.parametrize("make", [JobSpec.parse, lambda given: JobSpec(**given)])
def test_a_period_without_a_day_to_count_from_is_refused(make: Any) -> None:
    with pytest.raises(SpecError, match="period: got 'last-month' and no day to count it from"):
        make({"period": "last-month"})


def test_the_library_knows_no_period() -> None:
    """A dataset is a function of its spec alone."""
    with pytest.raises(SpecError, match="period: unknown field"):
        DatasetSpec(period="last-month")  # type: ignore[call-arg]
