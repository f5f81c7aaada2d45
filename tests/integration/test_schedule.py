"""The deployed schedule: what its owner asks for, once for each firing."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from accidental_transfers.local.embedded_aws import EmbeddedAws
from accidental_transfers.local.remote.execution import Outcome
from tests.integration.conftest import Deploy
from tests.integration.support import Bucket

FIRING = "2024-05-01T06:00:00Z"
PEOPLE = {"customers": 3, "preset": "bank"}


@pytest.fixture
def fire(deployed: Deploy) -> tuple[Deploy, Any]:
    """Deploy with a ScheduleInput, and start what the scheduler would at a time."""

    def start(aws: EmbeddedAws, time: str, run: str) -> Outcome:
        client = boto3.client("scheduler")
        (listed,) = client.list_schedules()["Schedules"]
        target = client.get_schedule(Name=listed["Name"])["Target"]
        assert target["Arn"] == aws.state_machine_arn
        text = target["Input"].replace("<aws.scheduler.scheduled-time>", time)
        return aws.execute(json.loads(text), run)

    return deployed, start


def published(bucket: Bucket) -> set[str]:
    return {key for key in bucket.keys("") if key.endswith(".manifest.json")}


@pytest.mark.slow
def test_a_firing_that_is_delivered_twice_makes_one_dataset(fire: Any) -> None:
    deployed, start = fire
    given = {**PEOPLE, "period": "yesterday", "output_key": "nightly/{date}.csv"}
    with deployed({"ScheduleInput": json.dumps(given)}) as aws:
        bucket = Bucket(aws.deployment.bucket)
        first = start(aws, FIRING, "one")
        written = bucket.read("nightly/2024-05-01.csv")
        assert start(aws, FIRING, "two").succeeded
        assert first.output["key"] == "nightly/2024-05-01.csv"
        assert bucket.read("nightly/2024-05-01.csv") == written
        assert published(bucket) == {"nightly/2024-05-01.manifest.json"}
        about = json.loads(bucket.read("nightly/2024-05-01.manifest.json"))
        assert about["spec"]["start_date"] == about["spec"]["end_date"] == "2024-04-30"
        assert about["spec"]["preset"] == "bank"

        assert start(aws, "2024-05-02T06:00:00Z", "three").succeeded
        assert len(published(bucket)) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "key"),
    [
        (PEOPLE, "data/synthetic_transactions_labeled_2024-04-01.csv"),
        (
            {**PEOPLE, "start_date": "2024-02-01", "end_date": "2024-02-02"},
            "data/synthetic_transactions_labeled_2024-02-01.csv",
        ),
        ({**PEOPLE, "output_key": "runs-of/{run}.csv"}, "runs-of/a.csv"),
    ],
)
def test_what_is_not_given_is_the_month_before_at_a_dated_key(
    fire: Any, given: dict[str, Any], key: str
) -> None:
    deployed, start = fire
    with deployed({"ScheduleInput": json.dumps(given)}) as aws:
        outcome = start(aws, FIRING, "a")
    assert outcome.succeeded, outcome
    assert outcome.output["key"] == key


@pytest.mark.slow
def test_what_is_not_acceptable_is_refused_by_name(fire: Any) -> None:
    deployed, start = fire
    with deployed({"ScheduleInput": '{"customer": 3}'}) as aws:
        outcome = start(aws, FIRING, "a")
    assert (outcome.status, outcome.error) == ("FAILED", "SpecError")
    assert outcome.cause.startswith("customer: unknown field")
