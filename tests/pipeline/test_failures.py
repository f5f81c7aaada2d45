"""The table of failures: nothing that botocore, S3 or Lambda can raise is left to chance."""

import inspect
from typing import Any

import boto3
import pytest
from botocore import exceptions
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    IncompleteReadError,
    NoCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
)
from moto.core.botocore_stubber import MockRawResponse
from urllib3.exceptions import ProtocolError
from urllib3.exceptions import SSLError as UrllibSslError

from accidental_transfers.errors import (
    LONGEST_MESSAGE,
    EnvironmentFaultError,
    StorageRefusedError,
    StorageUnavailableError,
)
from accidental_transfers.pipeline.failures import (
    OF_BOTOCORE,
    OF_PLATFORM,
    naming_failures,
)
from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import SMALL, Faults, concatenated, made, planned, refusal

RAISED = [
    found
    for _, found in inspect.getmembers(exceptions, inspect.isclass)
    if found.__module__ == exceptions.__name__ and not issubclass(found, Warning)
]
FAMILIES = {"BotoCoreError", "Exception", "BaseException", "object"}
URL = "https://s3.amazonaws.com/"


def test_every_class_of_botocore_s_exceptions_is_in_the_table_by_itself_or_a_base() -> None:
    undecided = [
        raised.__name__
        for raised in RAISED
        if raised is not BotoCoreError
        and not any(base.__name__ in OF_BOTOCORE for base in raised.__mro__)
    ]
    assert len(RAISED) > 90
    assert undecided == []


def test_the_table_knows_no_class_that_there_is_not_and_no_family() -> None:
    assert OF_BOTOCORE.keys() <= {raised.__name__ for raised in RAISED} - FAMILIES


def test_every_error_of_an_invocation_is_in_the_table() -> None:
    invoke = boto3.client("lambda", "us-east-1").meta.service_model.operation_model("Invoke")
    reported = {f"Lambda.{shape.name}" for shape in invoke.error_shapes}
    assert len(reported) > 25
    assert reported <= OF_PLATFORM.keys()


TRANSIENT: list[Exception] = [
    ConnectTimeoutError(endpoint_url=URL),
    ConnectionClosedError(endpoint_url=URL),
    EndpointConnectionError(endpoint_url=URL),
    FlexibleChecksumError(error_msg="not the bytes that were sent"),
    IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ProxyConnectionError(proxy_url=URL),
    ReadTimeoutError(endpoint_url=URL),
    ResponseStreamingError(error="broken"),
    SSLError(endpoint_url=URL, error=OSError("handshake")),
    ProtocolError("broken"),
    UrllibSslError("handshake"),
]


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    "fault", TRANSIENT, ids=lambda fault: f"{type(fault).__module__}.{type(fault).__name__}"
)
def test_what_passes_has_the_one_name_that_is_retried(
    faults: Faults, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def breaks(_request: Any, _truth: Any) -> Any:
        raise fault

    planned("r", SMALL)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    faults.on("GET", "/plan.json", answer=breaks, times=5)
    with pytest.raises(StorageUnavailableError, match=type(fault).__name__):
        concatenated("r")
    faults.forget()


WHERE_AN_ANSWER_SAYS_SOMETHING = [
    ("GET", "/plan.json"),
    ("HEAD", "_labeled.csv"),
    ("POST", "?uploads"),
    ("PUT", "partNumber=1"),
    ("POST", "uploadId="),
    ("PUT", "_labeled.html"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "word"), WHERE_AN_ANSWER_SAYS_SOMETHING)
def test_a_success_without_what_s3_says_is_worth_another_attempt(
    bucket: Bucket, faults: Faults, method: str, word: str
) -> None:
    def of_a_proxy(request: AWSPreparedRequest, _truth: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, MockRawResponse(b""))  # type: ignore[arg-type]

    made(bucket, "r", SMALL)
    for _ in range(5):
        faults.on(method, word, answer=of_a_proxy)
    with pytest.raises(StorageUnavailableError):
        concatenated("r")
    faults.forget()
    concatenated("r")


@pytest.mark.parametrize(
    ("status", "code", "named"),
    [
        (503, "SlowDown", StorageUnavailableError),
        (500, "InternalError", StorageUnavailableError),
        (409, "ConditionalRequestConflict", StorageUnavailableError),
        (429, "TooMany", StorageUnavailableError),
        (502, "", StorageUnavailableError),
        (403, "AccessDenied", StorageRefusedError),
        (404, "NoSuchBucket", StorageRefusedError),
        (400, "ExpiredToken", StorageRefusedError),
    ],
)
def test_of_s3_s_answers_code_and_status_decide(
    status: int, code: str, named: type[EnvironmentFaultError]
) -> None:
    answer: Any = {
        "Error": {"Code": code, "Message": "x" * 10**6},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    with pytest.raises(named, match="GetObject") as raised, naming_failures():
        raise ClientError(answer, "GetObject")
    assert len(str(raised.value)) <= LONGEST_MESSAGE


def test_without_credentials_no_attempt_is_worth_another() -> None:
    with pytest.raises(StorageRefusedError, match="NoCredentialsError: Unable"), naming_failures():
        raise NoCredentialsError


@pytest.mark.parametrize("code", ["AccessDenied", "AllAccessDisabled"])
def test_a_refusal_is_named_and_says_what_s3_said(
    bucket: Bucket, faults: Faults, code: str
) -> None:
    made(bucket, "r", SMALL)
    faults.on("GET", "/plan.json", answer=refusal(403, code))
    with pytest.raises(StorageRefusedError, match=rf"{code}.*GetObject"):
        concatenated("r")
