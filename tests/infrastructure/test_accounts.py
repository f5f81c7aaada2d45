"""What accounts of companies and of other partitions ask of the template."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from samtranslator.translator.arn_generator import ArnGenerator

from accidental_transfers.local.deployment import ROOT, STATE_MACHINE, expand

REGIONS: dict[str, list[str]] = {
    "aws": ["us-east-1", "eu-central-1"],
    "aws-cn": ["cn-north-1", "cn-northwest-1"],
    "aws-us-gov": ["us-gov-west-1", "us-gov-east-1"],
}


@pytest.mark.slow
def test_the_template_is_valid_in_every_partition() -> None:
    command = [
        str(Path(sys.executable).parent / "cfn-lint"),
        "--regions",
        *chain(*REGIONS.values()),
    ]
    found = subprocess.run(
        [*command, "--", "template.yaml"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("partition", "regions"), REGIONS.items())
def test_no_arn_is_of_another_partition(
    partition: str, regions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for region in regions:
        # Where SAM remembers the region of this process.
        monkeypatch.setattr(ArnGenerator, "BOTO_SESSION_REGION_NAME", region)
        text = json.dumps(expand()["Resources"])
        named = set(re.findall(r"arn:(aws[a-z-]*):", text))
        # SAM writes out the managed policies' partition; everything else asks CloudFormation.
        assert named <= {partition}, region
        assert "arn:${AWS::Partition}:" in text


def test_the_state_machine_asks_the_template_for_its_partition(resources: dict[str, Any]) -> None:
    text = STATE_MACHINE.read_text()
    assert not re.findall(r"arn:aws[a-z-]*:", text)
    given = resources["DatasetStateMachine"]["Properties"]["DefinitionSubstitutions"]
    assert given["Partition"] == {"Ref": "AWS::Partition"}


def test_every_role_has_the_boundary_if_there_is_one(resources: dict[str, Any]) -> None:
    roles = [entry for entry in resources.values() if entry["Type"] == "AWS::IAM::Role"]
    assert len(roles) == 6
    for role in roles:
        assert role["Properties"]["PermissionsBoundary"] == {
            "Fn::If": [
                "RolesHaveBoundary",
                {"Ref": "PermissionsBoundaryArn"},
                {"Ref": "AWS::NoValue"},
            ]
        }


def test_the_key_is_for_the_buckets_objects_and_for_those_who_use_them(
    resources: dict[str, Any],
) -> None:
    policy = resources["BucketKeyPolicy"]
    assert policy["Condition"] == "BucketHasKey"
    assert {role["Ref"] for role in policy["Properties"]["Roles"]} == {
        "PlanFunctionRole",
        "GenerateSliceFunctionRole",
        "GenerateParquetFunctionRole",
        "ConcatenatePartsFunctionRole",
        "DatasetRole",
    }
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["kms:GenerateDataKey", "kms:Decrypt"]
    assert statement["Resource"] == {"Ref": "BucketKmsKeyArn"}
    assert list(statement["Condition"]["StringEquals"]) == ["kms:ViaService"]
    text = json.dumps(resources)
    assert text.count('"kms:') == 3, "no other statement is about keys"


@pytest.mark.parametrize(
    ("parameter", "accepted", "refused"),
    [
        (
            "BucketName",
            ["abc", "my-bucket", "my.dotted.bucket-1"],
            ["ab", "My-Bucket", "a..b", "-ab", "ab.", "a" * 64],
        ),
        (
            "BucketKmsKeyArn",
            ["", "arn:aws-cn:kms:cn-north-1:123456789012:key/1234abcd-12ab"],
            ["alias/mine", "arn:aws:kms:us-east-1:123456789012:alias/mine"],
        ),
        (
            "PermissionsBoundaryArn",
            ["", "arn:aws-us-gov:iam::123456789012:policy/boundary"],
            ["boundary", "arn:aws:iam::123456789012:role/boundary"],
        ),
        ("CatalogueDatabase", ["", "lake_1"], ["Lake", "a lake", "a-lake"]),
        (
            "CatalogueOutputKey",
            ["x.csv", "data/x-1/y=2.csv"],
            ["", "x", "data/{month}.csv", "a.csv/b.csv", "/x.csv"],
        ),
        ("ScheduleInput", ["{}", '{"preset":\n"bank"}'], ["", "bank", "[]"]),
    ],
)
def test_a_parameter_is_refused_before_anything_is_made(
    parameter: str, accepted: list[str], refused: list[str]
) -> None:
    pattern = expand()["Parameters"][parameter]["AllowedPattern"]
    assert [value for value in accepted if not re.search(pattern, value)] == []
    assert [value for value in refused if re.search(pattern, value)] == []


def test_a_new_accounts_ten_concurrent_functions_suffice() -> None:
    """The Map, and two others beside it."""
    assert expand()["Parameters"]["MapConcurrency"]["Default"] <= 10 - 2
