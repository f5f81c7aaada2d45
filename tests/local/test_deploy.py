"""What `make deploy` asks the SAM CLI for."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from samcli.cli.types import CfnParameterOverridesType

from accidental_transfers.local.bucket_settings import missing_settings
from accidental_transfers.local.deploy import bucket_parameters, commands, main
from accidental_transfers.local.deployment import ROOT, expand


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
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "kept exists and stays as it is."
    assert [line.removeprefix("  To be set by you: ")[:17] for line in told[1:]] == [
        "versioning is off",
        "public access is ",
        "no lifecycle rule",
        "no lifecycle rule",
        "no lifecycle rule",
        "no lifecycle rule",
    ]


@pytest.mark.usefixtures("account")
def test_the_bucket_of_the_template_lacks_nothing() -> None:
    """As CloudFormation sets it, which moto's leaves out."""
    properties = expand()["Resources"]["Bucket"]["Properties"]
    client = boto3.client("s3")
    client.create_bucket(Bucket="new")
    client.put_bucket_versioning(
        Bucket="new", VersioningConfiguration=properties["VersioningConfiguration"]
    )
    client.put_public_access_block(
        Bucket="new",
        PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"],
    )
    rules = [as_the_api_has_it(rule) for rule in properties["LifecycleConfiguration"]["Rules"]]
    client.put_bucket_lifecycle_configuration(Bucket="new", LifecycleConfiguration={"Rules": rules})
    assert missing_settings("new") == []


def as_the_api_has_it(rule: dict[str, Any]) -> Any:
    """A rule of a lifecycle in the words of the API; parameters are a day."""
    made = {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
    }
    if "TagFilters" in rule:
        (tag,) = rule["TagFilters"]
        made["Filter"] = {"Tag": tag}
    if "ExpirationInDays" in rule:
        made["Expiration"] = {"Days": 1}
    if "NoncurrentVersionExpiration" in rule:
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": 1}
    if "AbortIncompleteMultipartUpload" in rule:
        made["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    return made


@pytest.mark.usefixtures("account")
def test_a_rule_for_something_else_is_no_rule() -> None:
    client = boto3.client("s3")
    client.create_bucket(Bucket="kept")
    client.put_bucket_lifecycle_configuration(
        Bucket="kept",
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "elsewhere",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "photos/"},
                    "Expiration": {"Days": 1},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                }
            ]
        },
    )
    assert len([line for line in missing_settings("kept") if "lifecycle" in line]) == 4


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
        [
            "make",
            "--no-print-directory",
            "--dry-run",
            "deploy",
            "BUCKET=mine",
            "CONFIG_ENV=production",
            "PARAMETERS=A=b",
        ],
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
