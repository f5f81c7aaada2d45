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

from accidental_transfers.errors import RunExistsError
from accidental_transfers.local.embedded_aws import EmbeddedAws, embedded_aws
from accidental_transfers.pipeline import storage
from tests.integration.support import THREE_SLICES

pytestmark = pytest.mark.slow


@pytest.fixture
def aws() -> Iterator[EmbeddedAws]:
    """Deployed through CloudFormation, which is what creates the roles."""
    with embedded_aws() as running:
        for function in running.deployment.functions.values():
            write_policies_as_text(function["Role"].rpartition("/")[2])
        yield running


def write_policies_as_text(role: str) -> None:
    """The form in which moto enforces them; its CloudFormation leaves them as objects."""
    iam = boto3.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        text = json.dumps(literal_eval(str(document)))
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=text)


class As:
    """A function, run with the permissions of its role."""

    def __init__(self, aws: EmbeddedAws, function: str, patch: pytest.MonkeyPatch) -> None:
        self._aws, self._function, self._patch = aws, function, patch

    @contextmanager
    def role(self) -> Iterator[Any]:
        arn = self._aws.deployment.functions[self._function]["Role"]
        session = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")
        with self._patch.context() as patch:
            credentials = session["Credentials"]
            patch.setenv("AWS_ACCESS_KEY_ID", credentials["AccessKeyId"])
            patch.setenv("AWS_SECRET_ACCESS_KEY", credentials["SecretAccessKey"])
            patch.setenv("AWS_SESSION_TOKEN", credentials["SessionToken"])
            patch.setattr(ActionAuthenticatorMixin, "request_count", 0)
            patch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
            client = boto3.session.Session().client("s3")
            patch.setattr(storage, "s3_client", lambda *_: client)
            yield client

    def call(self, event: Any) -> Any:
        with self.role():
            return self._aws.functions.call(self._function, event)


@pytest.mark.parametrize("if_exists", ["replace", "fail"])
def test_every_function_works_with_its_own_role(
    aws: EmbeddedAws,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    if_exists: str,
) -> None:
    spec = {**THREE_SLICES, "if_exists": if_exists}
    plan = As(aws, "PlanFunction", monkeypatch).call({"run": "run", "spec": spec})
    stored = boto3.client("s3").get_object(Bucket=plan["bucket"], Key=plan["slices_key"])
    for item in json.loads(stored["Body"].read()):
        As(aws, "GenerateSliceFunction", monkeypatch).call(item)
    answer = As(aws, "ConcatenatePartsFunction", monkeypatch).call({"run": "run"})
    assert answer["rows"] > 0
    # What only tidies up is allowed as well: there, a refusal would be no failure.
    assert "something was left behind" not in caplog.text
    resumed = {"run": "later", "spec": {"resume": "run"}}
    assert As(aws, "PlanFunction", monkeypatch).call(resumed)["slices"] == 0
    with pytest.raises(RunExistsError, match="the name run is taken"):
        As(aws, "PlanFunction", monkeypatch).call({"run": "run", "spec": spec | {"seed": 8}})


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
            "ConcatenatePartsFunction",
            ["runs/run/dataset/00000.csv", "runs/run/receipts/00000.json", "data/x.txt"],
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
    "function", ["PlanFunction", "GenerateSliceFunction", "ConcatenatePartsFunction"]
)
def test_nobody_deletes_a_dataset_or_a_register(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    with As(aws, function, monkeypatch).role() as s3:
        for key in ("data/x.csv", "runs/.outputs/x.json", "runs/run/receipts/00000.json"):
            with pytest.raises(ClientError, match="AccessDenied"):
                s3.delete_object(Bucket=aws.deployment.bucket, Key=key)
