"""Each function's role suffices for what it does, and for little more."""

import json
from ast import literal_eval
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.s3.responses import ACTION_MAP

from accidental_transfers.errors import RunExistsError
from accidental_transfers.local.embedded_aws import EmbeddedAws, embedded_aws
from accidental_transfers.pipeline import catalogue, storage
from tests.integration.support import THREE_SLICES

pytestmark = pytest.mark.slow


@pytest.fixture
def aws() -> Iterator[EmbeddedAws]:
    """Deployed through CloudFormation, which is what creates the roles."""
    with with_roles({}) as running:
        yield running


@contextmanager
def with_roles(parameters: dict[str, str]) -> Iterator[EmbeddedAws]:
    with embedded_aws(parameters) as running:
        for function in running.deployment.functions.values():
            write_policies_as_text(function["Role"].rpartition("/")[2])
        yield running


def write_policies_as_text(role: str) -> None:
    """The form in which moto enforces them; its CloudFormation leaves them as objects.

    Of Glue, moto asks for an action on everything: it does not know which table a request is about.
    """
    iam = boto3.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        policy = literal_eval(str(document))
        for statement in policy["Statement"]:
            if "glue:" in str(statement["Action"]):
                statement["Resource"] = "*"
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))


class As:
    """A function, run with the permissions of its role."""

    def __init__(self, aws: EmbeddedAws, function: str, patch: pytest.MonkeyPatch) -> None:
        self._aws, self._function, self._patch = aws, function, patch

    @contextmanager
    def role(self) -> Iterator[Any]:
        arn = self._aws.deployment.functions[self._function]["Role"]
        assumed = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")
        with self._patch.context() as patch:
            credentials = assumed["Credentials"]
            patch.setenv("AWS_ACCESS_KEY_ID", credentials["AccessKeyId"])
            patch.setenv("AWS_SECRET_ACCESS_KEY", credentials["SecretAccessKey"])
            patch.setenv("AWS_SESSION_TOKEN", credentials["SessionToken"])
            patch.setattr(ActionAuthenticatorMixin, "request_count", 0)
            patch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html: moto
            # would ask whether the object may be deleted.
            patch.setitem(ACTION_MAP["KEY"]["DELETE"], "tagging", "DeleteObjectTagging")
            session = boto3.session.Session()
            client = session.client("s3")
            patch.setattr(storage, "s3_client", lambda *_: client)
            patch.setattr(catalogue, "glue_client", lambda: session.client("glue"))
            yield client

    def call(self, event: Any) -> Any:
        with self.role():
            return self._aws.functions.call(self._function, event)


def run_with_roles(
    aws: EmbeddedAws, patch: pytest.MonkeyPatch, maker: str, spec: dict[str, Any]
) -> None:
    """Make a run and resume it; have another plan refused that takes its name."""
    plan = As(aws, "PlanFunction", patch).call({"run": "run", "spec": spec})
    stored = boto3.client("s3").get_object(Bucket=plan["bucket"], Key=plan["slices_key"])
    for item in json.loads(stored["Body"].read()):
        As(aws, maker, patch).call(item)
    answer = As(aws, "ConcatenatePartsFunction", patch).call({"run": "run"})
    assert answer["rows"] > 0
    resumed = {"run": "later", "spec": {"resume": "run"}}
    assert As(aws, "PlanFunction", patch).call(resumed)["slices"] == 0
    other = spec | {"customers_per_slice": 3}
    with pytest.raises(RunExistsError, match="the name run is taken"):
        As(aws, "PlanFunction", patch).call({"run": "run", "spec": other})


@pytest.mark.parametrize("if_exists", ["replace", "fail"])
def test_every_function_works_with_its_own_role(
    aws: EmbeddedAws,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    if_exists: str,
) -> None:
    spec = {**THREE_SLICES, "if_exists": if_exists}
    run_with_roles(aws, monkeypatch, "GenerateSliceFunction", spec)
    # What only tidies up is allowed as well: there, a refusal would be no failure.
    assert "something was left behind" not in caplog.text


def test_a_lake_and_its_catalogue_are_made_with_their_own_roles(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    spec = {**THREE_SLICES, "format": ["csv", "parquet"]}
    with with_roles({"CatalogueDatabase": "payments"}) as aws:
        run_with_roles(aws, monkeypatch, "GenerateParquetFunction", spec)
        shown = boto3.client("glue").get_partitions(DatabaseName="payments", TableName="outcomes")
        assert [each["Values"] for each in shown["Partitions"]] == [["2024-01"]]
    assert "something was left behind" not in caplog.text


@pytest.mark.parametrize(
    ("function", "forbidden"),
    [
        (
            "PlanFunction",
            ["data/x.csv", "runs/run/dataset/00000.csv", "runs/.outputs/x.json", "elsewhere"],
        ),
        (
            "GenerateSliceFunction",
            ["data/x.csv", "runs/run/plan.json", "runs/.outputs/x.json", "elsewhere"],
        ),
        (
            "GenerateParquetFunction",
            ["data/x.csv", "runs/run/plan.json", "data/x.manifest.json", "data/x/part-0.parquet"],
        ),
        (
            "ConcatenatePartsFunction",
            [
                "data/x/transactions/run=r/month=2024-01/part-0.parquet",
                "runs/run/dataset/00000.csv",
                "runs/run/receipts/00000.json",
                "data/x.txt",
            ],
        ),
    ],
)
def test_no_function_writes_where_it_has_no_business(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, function: str, forbidden: list[str]
) -> None:
    with As(aws, function, monkeypatch).role() as s3:
        for key in forbidden:
            with pytest.raises(ClientError, match="AccessDenied"):
                s3.put_object(Bucket=aws.deployment.bucket, Key=key, Body=b"")


@pytest.mark.parametrize("ending", ["html", "manifest.json"])
def test_nobody_gives_up_uploads_of_what_takes_one_request(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    with As(aws, "ConcatenatePartsFunction", monkeypatch).role() as s3:
        target = {"Bucket": aws.deployment.bucket, "Key": f"data/x.{ending}"}
        upload = s3.create_multipart_upload(**target)["UploadId"]
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.abort_multipart_upload(**target, UploadId=upload)


@pytest.mark.parametrize(
    "function",
    [
        "PlanFunction",
        "GenerateSliceFunction",
        "GenerateParquetFunction",
        "ConcatenatePartsFunction",
    ],
)
def test_nobody_deletes_a_dataset_or_a_register(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    with As(aws, function, monkeypatch).role() as s3:
        for key in (
            "data/x.csv",
            "data/x/customers/run=r/part-0.parquet",
            "runs/.outputs/x.json",
            "runs/run/receipts/00000.json",
        ):
            with pytest.raises(ClientError, match="AccessDenied"):
                s3.delete_object(Bucket=aws.deployment.bucket, Key=key)
