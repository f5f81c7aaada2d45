"""What `make deploy` asks the SAM CLI for."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from samcli.cli.types import CfnParameterOverridesType

from accidental_transfers.local.deploy import bucket_parameters, commands, main
from accidental_transfers.local.deployment import ROOT


@pytest.fixture
def account() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, account: None) -> list[list[str]]:  # noqa: ARG001
    """The commands that would run; each of them is tried with the real SAM CLI elsewhere."""
    asked: list[list[str]] = []

    def note(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", note)
    return asked


def overrides(command: list[str]) -> dict[str, str]:
    """The parameters as the SAM CLI reads them."""
    given = command[command.index("--parameter-overrides") + 1 :]
    read: dict[str, str] = CfnParameterOverridesType().convert(tuple(given), None, None)
    return read


def test_a_first_deploy_needs_a_name_alone(asked: list[list[str]]) -> None:
    assert main(["--bucket", "mine"]) == 0
    build, deploy = asked
    assert build[0].endswith("/sam")
    assert (build[1], deploy[1]) == ("build", "deploy")
    assert overrides(build) == overrides(deploy) == {"BucketName": "mine", "CreateBucket": "true"}


def test_an_environment_keeps_its_parameters(asked: list[list[str]]) -> None:
    schedule = '{"preset": "bank", "period": "yesterday"}'
    given = [f"ScheduleInput={schedule}", "ScheduleExpression=cron(0 3 * * ? *)", "LogLevel=INFO"]
    assert main(["--bucket", "mine", "--config-env", "production", *given]) == 0
    for command in asked:
        assert command[2:4] == ["--config-env", "production"]
        assert overrides(command) == {
            "Architecture": "arm64",
            "LogRetentionDays": "365",
            "LogLevel": "INFO",
            "MapConcurrency": "200",
            "BucketName": "mine",
            "CreateBucket": "true",
            "ScheduleInput": schedule,
            "ScheduleExpression": "cron(0 3 * * ? *)",
        }


def test_a_build_that_fails_is_not_deployed(
    monkeypatch: pytest.MonkeyPatch,
    account: None,  # noqa: ARG001
) -> None:
    failed: subprocess.CompletedProcess[str] = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    assert main(["--bucket", "mine"]) == 1


@pytest.mark.usefixtures("account")
def test_a_bucket_that_is_there_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    boto3.client("s3").create_bucket(Bucket="kept")
    assert bucket_parameters("stack", "kept") == {"CreateBucket": "false"}
    assert "kept exists and stays as it is" in capsys.readouterr().out


@pytest.mark.usefixtures("account")
def test_a_stack_that_is_there_keeps_its_answer() -> None:
    body = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
    boto3.client("cloudformation").create_stack(StackName="stack", TemplateBody=body)
    boto3.client("s3").create_bucket(Bucket="kept")
    assert bucket_parameters("stack", "kept") == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--bucket", ""], "DeploymentError: BUCKET: got nothing; allowed is a name of your own"),
        (
            ["--bucket", "b", "--config-env", "test"],
            "DeploymentError: CONFIG_ENV: got test; allowed are default, production",
        ),
        (["--bucket", "b", "MapConcurrency"], "DeploymentError: PARAMETERS: got MapConcurrency"),
    ],
)
def test_what_cannot_be_known_is_named(
    asked: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
    assert asked == []


def test_make_passes_on_what_it_was_given() -> None:
    shown = subprocess.run(
        ["make", "--dry-run", "deploy", "BUCKET=mine", "CONFIG_ENV=production", "PARAMETERS=A=b"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert '--bucket "mine" --config-env "production" A=b' in shown


def test_the_commands_are_the_sam_clis() -> None:
    (build, deploy) = commands("default", {"BucketName": "mine"})
    for command in (build, deploy):
        known = subprocess.run(
            [*command[:2], "--help"], capture_output=True, text=True, check=True
        ).stdout
        assert {"--config-env", "--parameter-overrides"} <= set(known.split())
