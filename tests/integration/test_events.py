"""Every way in: the events of the functions, the inputs of executions, the schedule."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from accidental_transfers.local.embedded_aws import EmbeddedAws
from accidental_transfers.local.serve import prepare
from tests.integration.support import Bucket


def load(file: Path) -> Any:
    return json.loads(file.read_text())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "name", "answer"),
    [
        ("PlanFunction", "plan", {"run": "example", "slices": 2}),
        ("GenerateSliceFunction", "generate-slice", {"index": 0}),
        ("ConcatenatePartsFunction", "concatenate-parts", {"run": "example"}),
    ],
)
def test_each_event_works_with_its_function(
    aws: EmbeddedAws, events: Path, function: str, name: str, answer: dict[str, Any]
) -> None:
    prepare(aws, load(events / "plan.json"))
    given = aws.functions.call(function, load(events / f"{name}.json"))
    assert given | answer == given


@pytest.mark.slow
def test_the_small_input_makes_a_leap_year_february(
    aws: EmbeddedAws, bucket: Bucket, events: Path
) -> None:
    outcome = aws.execute(load(events / "small.json"))
    assert outcome.succeeded, outcome
    assert b",2024-02-29 " in bucket.read(outcome.output["key"])


def test_the_schedule_ships_switched_off(aws: EmbeddedAws) -> None:
    (name,) = aws.deployment.schedules
    schedule = boto3.client("scheduler").get_schedule(Name=name)
    assert schedule["State"] == "DISABLED"
    assert schedule["Target"]["DeadLetterConfig"]["Arn"].startswith("arn:aws:sqs:")
    assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] > 0


@pytest.mark.slow
def test_a_firing_of_the_schedule_makes_the_month_before(aws: EmbeddedAws, bucket: Bucket) -> None:
    (name,) = aws.deployment.schedules
    target = boto3.client("scheduler").get_schedule(Name=name)["Target"]
    # The scheduler puts the time of the firing where its keyword stands.
    given = target["Input"].replace("<aws.scheduler.scheduled-time>", "2024-05-01T06:00:00Z")
    started = boto3.client("stepfunctions").start_execution(
        stateMachineArn=target["Arn"], name="fired", input=given
    )
    outcome = aws.wait(started["executionArn"])
    assert outcome.succeeded, outcome
    assert 290_000 <= outcome.output["rows"] <= 360_000
    manifest = json.loads(bucket.read(outcome.output["companions"]["manifest"]))
    asked = [manifest["spec"][name] for name in ("seed", "start_date", "end_date", "period")]
    assert asked == [2024, "2024-04-01", "2024-04-30", None]
    assert "data/synthetic_transactions_labeled_2024-04.csv" in bucket.keys("data/")
