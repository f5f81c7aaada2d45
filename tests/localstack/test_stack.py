"""The whole stack on LocalStack: deployed by the SAM CLI, used, deleted and deployed again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pandas as pd
import pytest
from botocore.exceptions import ClientError

from accidental_transfers import generate
from accidental_transfers.dataset.table import Table
from accidental_transfers.local import cli, deploy
from accidental_transfers.local.deployment import ROOT
from accidental_transfers.local.remote import DEFAULT_STACK
from accidental_transfers.local.remote.execution import execution_arn
from tests.integration.documented import commands, words
from tests.integration.support import library_text
from tests.localstack.conftest import architecture

BUCKET = "my.own-bucket"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "127.0.0.1",
    "SAM_CLI_TELEMETRY": "0",
}
NAMES = {f"synthetic_transactions_labeled.{ending}" for ending in (
    "accidents.csv", "customers.csv", "outcomes.csv", "csv", "html", "manifest.json"
)}  # fmt: skip
OF_AN_ALARM = (
    "AlarmName", "Namespace", "MetricName", "Dimensions", "Statistic", "EvaluationPeriods",
    "Threshold", "ComparisonOperator", "TreatMissingData",
)  # fmt: skip
ALARMS_WITHIN = 120
"""Seconds."""


@pytest.fixture(scope="module", autouse=True)
def account(localstack: str) -> Iterator[None]:
    """Somebody's account with the stack; what is there at the end is deleted."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": localstack}.items():
            patch.setenv(name, value)
        assert deploy_stack() == 0
        yield
        if exists():
            delete()


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that is not the checkout."""
    monkeypatch.chdir(tmp_path)


def deploy_stack() -> int:
    """What `make deploy` does, for this machine's processor; LocalStack has no Express children."""
    different = [f"Architecture={architecture()}", "MapExecutionType=STANDARD"]
    return deploy.main(["--bucket", BUCKET, *different])


def delete() -> None:
    sam = Path(sys.executable).with_name("sam")
    command = [str(sam), "delete", "--no-prompts", "--stack-name", DEFAULT_STACK]
    subprocess.run([*command, "--region", "us-east-1"], check=True)


def exists() -> bool:
    try:
        boto3.client("cloudformation").describe_stacks(StackName=DEFAULT_STACK)
    except ClientError:
        return False
    return True


def text(file: str) -> bytes:
    return Path(file, "synthetic_transactions_labeled.csv").read_bytes()


def test_the_lines_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    ran = 0
    for command in commands(ROOT / "README.md"):
        program, *arguments = words(command)
        if program == "accidental-transfers" and arguments[0] in {"remote", "verify"}:
            assert cli.main(arguments) == 0, capsys.readouterr().err
            ran += 1
    assert ran == 3
    told = capsys.readouterr().out
    assert "slices 3 of 3" in told
    assert told.endswith("one set\n")
    assert {file.name for file in Path("out").iterdir()} == NAMES
    assert text("out") == library_text({"customers": 100}, Table.write_csv)


def test_a_run_that_was_stopped_is_resumed() -> None:
    many = ["--seed", "7", "--customers", "20", "--customers-per-slice", "1"]
    assert cli.main(["remote", "start", *many, "--name", "night", "--detach"]) == 0
    stop_when_it_is_planned("night")
    assert cli.main(["remote", "follow", "night"]) == 1
    assert cli.main(["remote", "resume", "night", "--name", "morning"]) == 0
    assert cli.main(["remote", "download", "morning", "--output", "morning"]) == 0
    assert text("morning") == library_text({"seed": 7, "customers": 20}, Table.write_csv)


def test_a_lake_grows_by_a_month_and_is_fetched() -> None:
    people = ["--seed", "7", "--customers", "20", "--customers-per-slice", "7"]
    lake = [*people, "--format", "parquet", "--output-key", "data/lake.csv"]
    january = ["--start-date", "2024-01-01", "--end-date", "2024-01-31"]
    february = ["--start-date", "2024-02-01", "--end-date", "2024-02-29"]
    assert cli.main(["remote", "start", *lake, *january, "--name", "january"]) == 0
    assert cli.main(["remote", "start", *lake, *february, "--name", "february"]) == 0
    assert cli.main(["remote", "download", "february", "--output", "lake"]) == 0
    assert cli.main(["verify", f"s3://{BUCKET}/data/lake.csv"]) == 0
    files = sorted(Path("lake", "lake", "transactions").rglob("*.parquet"))
    assert len(files) == 2 * 3
    frame = pd.concat(map(pd.read_parquet, files))
    expected = generate(customers=20, seed=7, end_date="2024-02-29").to_frame()
    assert sorted(frame["transaction_id"]) == sorted(expected["transaction_id"])
    assert float(frame["amount"].sum()) == pytest.approx(expected["amount"].sum(), abs=0.01)


def stop_when_it_is_planned(run: str) -> None:
    client, s3 = boto3.client("stepfunctions"), boto3.client("s3")
    while not s3.list_objects_v2(Bucket=BUCKET, Prefix=f"runs/{run}/slices").get("Contents"):
        time.sleep(0.05)
    (machine,) = client.list_state_machines()["stateMachines"]
    client.stop_execution(executionArn=execution_arn(machine["stateMachineArn"], run))


def test_every_alarm_goes_off() -> None:
    """Looking every ten seconds, and not every five minutes; otherwise as it was deployed."""
    client = boto3.client("cloudwatch")
    alarms = client.describe_alarms(AlarmNamePrefix=f"{DEFAULT_STACK}-")["MetricAlarms"]
    assert len(alarms) == 9
    for alarm in alarms:
        client.put_metric_alarm(**{**{name: alarm[name] for name in OF_AN_ALARM}, "Period": 10})
    for below, state in ((1, "OK"), (0, "ALARM")):
        deadline = time.monotonic() + ALARMS_WITHIN
        while time.monotonic() < deadline:
            for alarm in alarms:
                measure(alarm, alarm["Threshold"] - below)
            time.sleep(5)
            found = client.describe_alarms(AlarmNamePrefix=f"{DEFAULT_STACK}-")["MetricAlarms"]
            if {each["StateValue"] for each in found} == {state}:
                break
        else:
            pytest.fail(f"{[(each['AlarmName'], each['StateValue']) for each in found]}")


def measure(alarm: Any, value: float) -> None:
    boto3.client("cloudwatch").put_metric_data(
        Namespace=alarm["Namespace"],
        MetricData=[
            {"MetricName": alarm["MetricName"], "Dimensions": alarm["Dimensions"], "Value": value}
        ],
    )


def test_what_is_deleted_can_be_deployed_again() -> None:
    """On AWS the bucket stays; LocalStack deletes it, because it takes no heed of the policy."""
    delete()
    assert not exists()
    assert cli.main(["remote", "follow"]) == 2
    assert deploy_stack() == 0
    assert cli.main(["remote", "start", "--customers", "1"]) == 0
    assert cli.main(["verify", f"s3://{BUCKET}/data/synthetic_transactions_labeled.csv"]) == 0
