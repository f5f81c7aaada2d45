"""The template is valid, and each promise about the infrastructure stands in it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.local.deployment import ROOT, expand
from accidental_transfers.pipeline.schedule import input_of_schedule

FUNCTIONS = {
    "PlanFunction": "accidental_transfers.pipeline.plan.handler",
    "GenerateSliceFunction": "accidental_transfers.pipeline.generate_slice.handler",
    "GenerateParquetFunction": "accidental_transfers.pipeline.generate_slice.handler",
    "ConcatenatePartsFunction": "accidental_transfers.pipeline.concatenate_parts.handler",
}
PARTS = {
    "runs/*/dataset/*",
    "runs/*/accidents/*",
    "runs/*/customers/*",
    "runs/*/outcomes/*",
    "runs/*/receipts/*",
}
LAKE_FILES = {
    "*/transactions/run=*",
    "*/accidents/run=*",
    "*/customers/run=*",
    "*/outcomes/run=*",
}
BIN = Path(sys.executable).parent


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    """All statements of a role's own policies."""
    return [
        statement
        for policy in role["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def keys_of(role: dict[str, Any], action: str, effect: str = "Allow") -> set[str]:
    """Patterns of the bucket's keys for which a role is allowed, or denied, an action."""
    arns = [
        resource["Fn::Sub"]
        for statement in statements(role)
        if statement["Effect"] == effect and action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    ]
    return {arn.partition("${BucketName}/")[2] for arn in arns}


@pytest.mark.slow
def test_cfn_lint_finds_nothing() -> None:
    found = subprocess.run(
        [BIN / "cfn-lint", "template.yaml"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["default", "production"])
def test_sam_finds_the_template_valid(environment: str) -> None:
    found = subprocess.run(
        [BIN / "sam", "validate", "--lint", "--config-env", environment],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "is a valid SAM Template" in found.stdout


def test_each_function_has_its_handler_its_log_group_and_its_role(
    resources: dict[str, Any],
) -> None:
    roles, log_groups = set(), set()
    for function, handler in FUNCTIONS.items():
        properties = resources[function]["Properties"]
        assert properties["Handler"] == handler
        assert properties["Runtime"] == "python3.13"
        assert properties["TracingConfig"] == {"Mode": "Active"}
        assert properties["LoggingConfig"]["LogFormat"] == "JSON"
        roles.add(properties["Role"]["Fn::GetAtt"][0])
        log_groups.add(properties["LoggingConfig"]["LogGroup"]["Ref"])
    assert len(roles) == len(log_groups) == len(FUNCTIONS)
    for group in log_groups:
        assert resources[group]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_each_function_writes_only_under_its_prefixes(resources: dict[str, Any]) -> None:
    written = {
        function: keys_of(resources[f"{function}Role"], "s3:PutObject") for function in FUNCTIONS
    }
    assert written == {
        "PlanFunction": {"runs/*/plan.json", "runs/*/slices.json"},
        "GenerateSliceFunction": PARTS,
        "GenerateParquetFunction": PARTS | LAKE_FILES,
        "ConcatenatePartsFunction": {
            "runs/*/joints/*",
            "*.csv",
            "*.html",
            "*.manifest.json",
            "runs/.outputs/*",
        },
    }
    joiner = resources["ConcatenatePartsFunctionRole"]
    assert keys_of(joiner, "s3:PutObject", effect="Deny") == {"runs/*.csv"}
    uploaded = keys_of(joiner, "s3:AbortMultipartUpload")
    assert uploaded == {"runs/*/joints/*", "*.csv"} | LAKE_FILES
    assert keys_of(joiner, "s3:DeleteObjectTagging") == LAKE_FILES
    assert keys_of(joiner, "s3:PutObjectTagging") == LAKE_FILES
    assert keys_of(joiner, "s3:DeleteObject") == {"runs/*/joints/*"}
    assert "runs/.outputs/*" in keys_of(resources["PlanFunctionRole"], "s3:GetObject")
    assert keys_of(joiner, "s3:ListMultipartUploadParts") == {"*.csv"}
    lake = resources["GenerateParquetFunctionRole"]
    for action in ("s3:AbortMultipartUpload", "s3:PutObjectTagging"):
        assert keys_of(lake, action) == LAKE_FILES
    listing = [
        name
        for name in FUNCTIONS
        if "ListBucketMultipartUploads" in str(statements(resources[f"{name}Role"]))
    ]
    assert listing == ["ConcatenatePartsFunction"]


def test_each_function_can_tell_a_missing_object_from_a_forbidden_one(
    resources: dict[str, Any],
) -> None:
    """Without this permission, S3 answers 403 for both."""
    for function in FUNCTIONS:
        (resource,) = (
            statement["Resource"]
            for statement in statements(resources[f"{function}Role"])
            if statement["Action"] == "s3:ListBucket"
        )
        assert resource["Fn::Sub"].endswith("s3:::${BucketName}"), function


def test_plan_reads_plans_and_receipts_and_a_slice_its_plan_and_its_own_kind_of_files(
    resources: dict[str, Any],
) -> None:
    read = {
        function: keys_of(resources[f"{function}Role"], "s3:GetObject") for function in FUNCTIONS
    }
    assert {"runs/*/plan.json", "runs/*/receipts/*"} | LAKE_FILES <= read["PlanFunction"]
    assert read["GenerateSliceFunction"] == {"runs/*/plan.json"}
    assert read["GenerateParquetFunction"] == {"runs/*/plan.json"} | LAKE_FILES


def test_no_input_comes_into_a_log(resources: dict[str, Any]) -> None:
    logging = resources["DatasetStateMachine"]["Properties"]["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)


def test_the_functions_know_which_account_owns_the_bucket(resources: dict[str, Any]) -> None:
    for function in FUNCTIONS:
        variables = resources[function]["Properties"]["Environment"]["Variables"]
        assert variables["BUCKET_OWNER"] == {"Ref": "AWS::AccountId"}


def test_only_what_has_no_resource_of_its_own_is_allowed_everywhere(
    resources: dict[str, Any],
) -> None:
    roles = [entry for entry in resources.values() if entry["Type"] == "AWS::IAM::Role"]
    everywhere = [
        action
        for role in roles
        for statement in statements(role)
        if "Policies" in role["Properties"]
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    ]
    assert everywhere
    assert {action.partition(":")[0] for action in everywhere} == {"logs", "xray"}
    actions = [a for role in roles for s in statements(role) for a in listed(s["Action"])]
    assert not [action for action in actions if action.endswith("*")]


def test_the_machine_may_run_the_maps_children(resources: dict[str, Any]) -> None:
    properties = resources["DatasetStateMachine"]["Properties"]
    name = properties["StateMachineName"]["Fn::Sub"]
    allowed = {
        (action, resource["Fn::Sub"].partition("${AWS::AccountId}:")[2])
        for statement in statements(resources["DatasetRole"])
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.startswith("states:")
    }
    assert ("states:StartExecution", f"stateMachine:{name}") in allowed
    for action in ("DescribeExecution", "StopExecution", "RedriveExecution"):
        assert {f"execution:{name}:*", f"execution:{name}/*"} == {
            resource for granted, resource in allowed if granted == f"states:{action}"
        }


def test_the_bucket_is_private_encrypted_versioned_and_outlives_the_stack(
    resources: dict[str, Any],
) -> None:
    bucket = resources["Bucket"]
    properties = bucket["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    condition, own, default = rule["Fn::If"]
    assert condition == "BucketHasKey"
    assert own["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert default["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    for resource in (bucket, resources["BucketPolicy"]):
        assert resource["Condition"] == "BucketIsNew"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_a_first_deploy_that_fails_can_be_repeated(resources: dict[str, Any]) -> None:
    """What has a fixed name goes with a failed creation, and is not in the next one's way."""
    kept = {
        name: resource["DeletionPolicy"]
        for name, resource in resources.items()
        if "DeletionPolicy" in resource
    }
    assert kept == {"Bucket": "RetainExceptOnCreate", "BucketPolicy": "RetainExceptOnCreate"}


def test_the_bucket_refuses_requests_without_tls(resources: dict[str, Any]) -> None:
    (statement,) = resources["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Action"] == "s3:*"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert [arn["Fn::Sub"].partition("${BucketName}")[2] for arn in statement["Resource"]] == [
        "",
        "/*",
    ]


def test_the_bucket_forgets_runs_replaced_datasets_and_stale_uploads(
    resources: dict[str, Any],
) -> None:
    rules = {
        rule["Id"]: rule
        for rule in resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    }
    runs = rules["ExpireRuns"]
    assert (runs["Prefix"], runs["ExpirationInDays"]) == ("runs/", {"Ref": "RunRetentionDays"})
    assert runs["NoncurrentVersionExpiration"]["NoncurrentDays"] == 1
    replaced = rules["ExpireReplacedDatasets"]
    assert "Prefix" not in replaced
    assert "ExpirationInDays" not in replaced
    assert replaced["NoncurrentVersionExpiration"]["NoncurrentDays"] == {
        "Ref": "ReplacedRetentionDays"
    }
    unnamed = rules["ExpireUnnamedFiles"]
    assert unnamed["TagFilters"] == [{"Key": "lake", "Value": "unnamed"}]
    assert unnamed["ExpirationInDays"] == {"Ref": "ReplacedRetentionDays"}
    stale = rules["AbortStaleUploads"]
    assert stale["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 1
    assert {rule["Status"] for rule in rules.values()} == {"Enabled"}


def test_the_schedule_makes_the_month_before_for_the_same_people(resources: dict[str, Any]) -> None:
    schedule = resources["DatasetStateMachineSchedule"]["Properties"]
    assert "Name" not in schedule, "two stacks of one account would collide"
    assert schedule["State"] == {"Ref": "ScheduleState"}
    example = json.loads((ROOT / "events" / "month.json").read_text())
    del example["$schema"]
    # All attempts of one firing share its time, and so make the same month.
    example["scheduled_time"] = "<aws.scheduler.scheduled-time>"
    default = expand()["Parameters"]["ScheduleInput"]["Default"]
    given = schedule["Target"]["Input"]["Fn::Sub"].replace("${ScheduleInput}", default)
    assert input_of_schedule(json.loads(given)) == example
    assert schedule["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] in resources
    assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 5


def test_a_suppressed_check_gives_its_reason(resources: dict[str, Any]) -> None:
    skips = [
        skip
        for resource in resources.values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]
    assert skips
    assert all(skip["id"].startswith("CKV") and len(skip["comment"]) > 20 for skip in skips)
