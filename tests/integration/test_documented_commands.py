"""Every command of the documents exists, and those about a deployed stack do what they say."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from samcli.cli.types import CfnParameterOverridesType

from accidental_transfers.local import cli, deploy
from accidental_transfers.local.deployment import ROOT
from accidental_transfers.local.embedded_aws import EmbeddedAws
from accidental_transfers.local.remote import DEFAULT_STACK
from accidental_transfers.pipeline.schedule import input_of_schedule
from accidental_transfers.spec import JobSpec
from tests.integration.documented import DOCUMENTS, commands, made_by_make, words

pytestmark = pytest.mark.slow

OWN = "accidental-transfers"
OTHERS = {".", "pip", "python3", "sed", "pre-commit", ".venv/bin/python", ".venv/bin/sam"}
"""Programs that are not the project's own."""
OPERATING = [ROOT / "docs" / "deploy.md", ROOT / "docs" / "operate.md"]
RUN = {"remote", "verify"}
"""Commands that need a stack, or what another one of them left."""

ALL = [(document.name, command) for document in DOCUMENTS for command in commands(document)]
DEPLOYS = [command for _, command in ALL if command.startswith("make deploy")]


@pytest.mark.parametrize(("document", "command"), ALL)
def test_a_command_exists(document: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = words(command)
    if program == OWN:
        options = cli.command_line().parse_args(arguments)
        spec = getattr(options, "spec", None)
        assert spec is None or spec.exists() or document == "growing.md"
    elif program == "make":
        assert made_by_make(command)
    else:
        assert program in OTHERS


@pytest.mark.parametrize("command", DEPLOYS)
def test_a_deploy_gives_sam_what_it_was_given(command: str) -> None:
    shown = made_by_make(command).partition("accidental_transfers.local.deploy")[2]
    options = deploy._parser().parse_args(words(shown))
    given = deploy._parameters(
        deploy._config(options.config_env), options.bucket, options.parameters
    )
    assert given["BucketName"] == "a-name-of-your-own"
    (_, line) = deploy.commands(options.config_env, given)
    overrides = line[line.index("--parameter-overrides") + 1 :]
    assert CfnParameterOverridesType().convert(tuple(overrides), None, None) == given


def test_the_schedules_in_the_documents_are_acceptable() -> None:
    text = OPERATING[0].read_text("utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        firing = {"schedule": json.loads(block), "scheduled_time": "2024-05-01T06:00:00Z"}
        spec = JobSpec.parse(input_of_schedule(firing))
        assert spec.output_key in {
            "data/synthetic_transactions_labeled_2024-04.csv",
            "nightly/2024-05-01.csv",
        }


@pytest.fixture
def stack(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The stack under the name that the documents use, and a folder that is not the checkout."""
    output = {"StateMachineArn": {"Value": aws.state_machine_arn}}
    template: dict[str, Any] = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": output,
    }
    boto3.client("cloudformation").create_stack(
        StackName=DEFAULT_STACK, TemplateBody=json.dumps(template)
    )
    (tmp_path / "events").symlink_to(ROOT / "events")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("accidental_transfers.local.remote.actions.SECONDS_BETWEEN_LOOKS", 0.05)
    yield
    client = boto3.client("stepfunctions")
    for execution in client.list_executions(stateMachineArn=aws.state_machine_arn)["executions"]:
        aws.wait(execution["executionArn"])


@pytest.mark.usefixtures("stack")
def test_the_commands_about_a_stack_do_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    """One document after the other, as somebody reads them; each command as it stands there."""
    ran = 0
    for document in (ROOT / "README.md", *OPERATING):
        for command in commands(document):
            program, *arguments = words(command)
            if program == OWN and arguments[0] in RUN:
                assert cli.main(arguments) == os.EX_OK, (command, capsys.readouterr().err)
                ran += 1
    assert ran >= 10
    assert Path("out/synthetic_transactions_labeled.manifest.json").exists()
