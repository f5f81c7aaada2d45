import json
from datetime import date, timedelta
from typing import Any

import pytest

from accidental_transfers.dataset.csv_text import BYTES_PER_ROW
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.errors import (
    EventError,
    RowLimitError,
    RunExistsError,
    SettingsError,
    SliceTooLargeError,
    SpecError,
)
from accidental_transfers.pipeline import plan
from accidental_transfers.pipeline.cost import ChildExecutionType, Work, estimate_usd
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.settings import PlanSettings
from accidental_transfers.pipeline.storage import JSON, Bucket
from accidental_transfers.spec import JobSpec
from tests.pipeline.support import (
    CONTEXT,
    OUTPUT,
    Faults,
    Requests,
    keys,
    planned,
    refusal,
)

SCHEDULED = {"scheduled_time": "2023-03-01T06:00:00Z"}


def test_the_default_job(bucket: Bucket) -> None:
    answer = planned("nightly", {})
    slices = json.loads(bucket.get("runs/nightly/slices.json"))
    assert answer == {
        "run": "nightly",
        "digest": answer["digest"],
        "dry_run": False,
        "bucket": bucket.name,
        "plan_key": "runs/nightly/plan.json",
        "slices_key": "runs/nightly/slices.json",
        "slices": len(slices),
        "expected_rows": 941_850,
        "function": 0,
        "expected_bytes": 941_850 * BYTES_PER_ROW,
        "expected_seconds": 7,
        "estimated_cost_usd": answer["estimated_cost_usd"],
        "output_key": OUTPUT,
    }
    assert 0.0005 < answer["estimated_cost_usd"] < 0.005
    assert slices[0] == {
        "run": "nightly",
        "plan": answer["digest"],
        "index": 0,
        "first_customer": 1,
        "last_customer": slices[1]["first_customer"] - 1,
    }
    assert slices[-1]["last_customer"] == 900


def test_the_plan_is_the_resolved_spec_and_the_slices(bucket: Bucket) -> None:
    planned("r", {"customers": 20, "customers_per_slice": 15, "daily_transactions": {"max": 20}})
    stored = json.loads(bucket.get("runs/r/plan.json"))
    assert stored["run"] == "r"
    assert stored["spec"]["daily_transactions"] == {"min": 8, "max": 20}
    assert stored["spec"]["end_date"] == "2024-03-31"
    assert JobSpec.parse(stored["spec"]).customers == 20
    assert stored["slices"] == [
        {"index": 0, "first_customer": 1, "last_customer": 15},
        {"index": 1, "first_customer": 16, "last_customer": 20},
    ]
    versions = stored["identity"]["versions"]
    assert {"accidental_transfers", "numpy", "python"} == versions.keys()


def test_a_period_is_counted_from_the_start_and_planned_as_dates(bucket: Bucket) -> None:
    spec = {"period": "last-month", "output_key": "data/{month}.csv"}
    request = {"run": "r", "spec": spec, "started": "2024-05-01T00:00:03.192Z"}
    answers = [plan.handler(request, CONTEXT), planned("s", {**spec, **SCHEDULED})]
    assert [answer["output_key"] for answer in answers] == ["data/2024-04.csv", "data/2023-02.csv"]
    stored = json.loads(bucket.get("runs/r/plan.json"))["spec"]
    assert (stored["start_date"], stored["end_date"]) == ("2024-04-01", "2024-04-30")
    assert (stored["period"], stored["output_key"]) == (None, "data/2024-04.csv")


def test_an_execution_whose_start_is_no_time_is_refused(bucket: Bucket) -> None:
    with pytest.raises(EventError, match="started: got 'today'"):
        plan.handler({"run": "r", "spec": {}, "started": "today"}, CONTEXT)
    assert keys(bucket) == []


def test_planning_a_run_again_writes_the_same_bytes(bucket: Bucket) -> None:
    first = planned("r", {"seed": 7})
    before = {key: bucket.get(key) for key in keys(bucket)}
    assert planned("r", {"seed": 7}) == first
    assert {key: bucket.get(key) for key in keys(bucket)} == before


def test_a_name_that_another_plan_holds_is_refused_with_what_differs(bucket: Bucket) -> None:
    planned("r", {"seed": 7})
    before = {key: bucket.get(key) for key in keys(bucket)}
    said = (
        r"the name r is taken: s3://\w+/runs/r/plan.json is a plan with seed 7, not 8, "
        r"output_key 'data/synthetic_transactions_labeled.csv', not 'data/two.csv'; allowed"
    )
    with pytest.raises(RunExistsError, match=said):
        planned("r", {"seed": 8, "output_key": "data/two.csv"})
    assert {key: bucket.get(key) for key in keys(bucket)} == before


@pytest.mark.usefixtures("bucket")
def test_a_name_is_taken_by_other_slices_of_the_same_data_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned("r", {})
    monkeypatch.setenv("SLICE_MEMORY_MB", "160")
    with pytest.raises(RunExistsError, match="a plan with other slices"):
        planned("r", {})


def test_a_plan_whose_answer_was_lost_is_the_run_s_own(bucket: Bucket, faults: Faults) -> None:
    faults.on("PUT", "/plan.json", answer=refusal(412, "PreconditionFailed"))
    answer = planned("r", {})
    assert len(json.loads(bucket.get(answer["slices_key"]))) == answer["slices"]


def test_of_all_plans_of_a_name_one_holds_it(bucket: Bucket) -> None:
    settings = PlanSettings.from_environment()
    plans = [plan.make_plan("r", JobSpec(seed=seed), settings) for seed in range(8)]

    def holds(one: RunPlan) -> bool:
        try:
            one.store(bucket)
        except RunExistsError:
            return False
        return True

    held, *others = plans
    assert [holds(one) for one in plans] == [True] + [False] * len(others)
    assert RunPlan.load(bucket, "r") == held


def test_what_is_written_is_json_that_s3_has_checked(requests: Requests) -> None:
    planned("r", {})
    writes = requests.of("PutObject")
    assert [write["Key"] for write in writes] == ["runs/r/plan.json", "runs/r/slices.json"]
    for write in writes:
        assert (write["ContentType"], write["ChecksumAlgorithm"]) == (JSON, "CRC32")


def test_a_dry_run_answers_estimates_and_writes_nothing(bucket: Bucket) -> None:
    answer = planned("r", {"dry_run": True})
    assert answer["dry_run"] is True
    assert answer["plan_key"] is answer["slices_key"] is None
    assert (answer["expected_rows"], answer["slices"] > 1) == (941_850, True)
    assert keys(bucket) == []


@pytest.mark.parametrize(
    ("spec", "error", "words"),
    [
        ({"customers": "50"}, SpecError, ["customers", "'50'", "1 to 1,000,000"]),
        ({"customers": True}, SpecError, ["customers", "True"]),
        ({"customer": 5}, SpecError, ["customer", "unknown", "customers"]),
        ({"daily_transactions": {"min": 9, "max": 3}}, SpecError, ["daily_transactions", "9"]),
        ({"customers": 0, "lookalikes": -1}, SpecError, ["customers", "lookalikes"]),
        ({"output_key": "runs/x.csv"}, SpecError, ["output_key", "runs/"]),
        ([], SpecError, ["[]", "JSON object"]),
        (None, SpecError, ["None", "JSON object"]),
        ({"customers": 900_000}, RowLimitError, ["customers", "900,000", "10,000,000"]),
        (
            {"daily_transactions": {"max": 200}},
            RowLimitError,
            ["900 customers", "91 days", "up to 200 daily_transactions", "10,000,000"],
        ),
        (
            {"customers": 3_000, "customers_per_slice": 3_000},
            SliceTooLargeError,
            ["customers_per_slice", "3000", "1,024 MB"],
        ),
    ],
)
def test_a_refusal_names_the_field_the_value_and_what_is_allowed_and_writes_nothing(
    bucket: Bucket, spec: Any, error: type[Exception], words: list[str]
) -> None:
    with pytest.raises(error) as refusal:
        planned("r", spec)
    assert all(word in str(refusal.value) for word in words), str(refusal.value)
    assert keys(bucket) == []


@pytest.mark.parametrize("days", [1, 91])
def test_the_limit_holds_for_the_rows_of_the_busiest_customers(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    spec = {"customers": 100, "end_date": str(date(2023, 12, 31) + timedelta(days))}
    resolved = JobSpec.parse(spec)
    most = 100 * resolved.most_rows_per_customer
    real = sum(table.rows for table in simulate(resolved, 1, 100))
    assert real <= most
    assert most >= 1.9 * resolved.expected_rows
    monkeypatch.setenv("ROW_LIMIT", str(most - 1))
    with pytest.raises(RowLimitError, match=f"{most:,} in all; allowed: at most {most - 1:,}"):
        planned("r", spec)
    assert keys(bucket) == []
    monkeypatch.setenv("ROW_LIMIT", str(most))
    assert planned("r", spec)["slices"] > 0


@pytest.mark.parametrize("run", ["", "a/b", "../x", "a.b", "x" * 81, "é", 7, None])
def test_a_run_whose_name_cannot_be_part_of_a_key_is_refused(bucket: Bucket, run: Any) -> None:
    with pytest.raises(EventError, match="run: got"):
        planned(run, {})
    assert keys(bucket) == []


def test_settings_that_are_missing_are_named(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROW_LIMIT")
    with pytest.raises(SettingsError, match="ROW_LIMIT: got nothing"):
        planned("r", {})
    assert keys(bucket) == []


def test_the_cost_grows_with_rows_and_slices_and_standard_children_are_dearer() -> None:
    def dollars(rows: int, slices: int, children: ChildExecutionType) -> float:
        return estimate_usd(Work(rows, slices, 3, ("csv",)), 1_769, children)

    base = dollars(1_000_000, 21, "EXPRESS")
    assert dollars(2_000_000, 21, "EXPRESS") > base
    assert dollars(1_000_000, 42, "EXPRESS") > base
    assert dollars(1_000_000, 21, "STANDARD") - base == pytest.approx(21 * 3 * 25e-6, rel=0.1)
