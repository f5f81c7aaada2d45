"""How executions fail: by name, readably, and leaving what stood there untouched."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from accidental_transfers.errors import LONGEST_MESSAGE, StorageUnavailableError
from accidental_transfers.local.embedded_aws import EmbeddedAws
from tests.integration.conftest import Deploy
from tests.integration.support import OUTPUT_KEY, THREE_SLICES, Bucket, library_text
from tests.pipeline.support import Faults, refusal

pytestmark = pytest.mark.slow


def failing(real: Any, error: Exception, times: int, **event: Any) -> tuple[Any, list[Any]]:
    """A handler that fails the first so many times for events with these values, and its calls."""
    calls: list[Any] = []

    def handler(given: dict[str, Any], context: Any) -> Any:
        if event.items() <= given.items():
            calls.append(given)
            if len(calls) <= times:
                raise error
        return real(given, context)

    return handler, calls


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"customers": 0}, ["customers", "got 0", "1 to 1,000,000"]),
        ({"customers": True}, ["customers", "got True"]),
        ({"seed": -1, "colour": "red"}, ["seed", "got -1", "colour", "unknown field"]),
        ({"end_date": "2023-12-31"}, ["end_date", "2023-12-31", "start_date"]),
        ({"output_key": "runs/x.csv"}, ["output_key", "runs/"]),
        ([], ["the input is []", "JSON object"]),
        ("{}", ["'{}'", "JSON object"]),
    ],
)
def test_unacceptable_input_is_refused_before_anything_is_written(
    aws: EmbeddedAws, bucket: Bucket, given: Any, words: list[str]
) -> None:
    outcome = aws.execute(given)
    assert (outcome.status, outcome.error) == ("FAILED", "SpecError")
    assert all(word in outcome.cause for word in words), outcome.cause
    assert "resume" not in outcome.cause
    assert bucket.keys() == []


def test_an_input_of_28_000_unknown_fields_is_refused_by_name_in_few_words(
    aws: EmbeddedAws, bucket: Bucket
) -> None:
    outcome = aws.execute({f"f{number:05}": 1 for number in range(28_000)})
    assert (outcome.status, outcome.error) == ("FAILED", "SpecError")
    assert "f00009 and 27,990 more: unknown field; allowed are" in outcome.cause
    assert len(outcome.cause) <= LONGEST_MESSAGE
    assert bucket.keys() == []


def test_a_job_over_the_row_limit_is_refused(deployed: Deploy) -> None:
    with deployed({"RowLimit": "10000"}) as aws:
        outcome = aws.execute({"customers": 100})
        assert (outcome.status, outcome.error) == ("FAILED", "RowLimitError")
        assert "10,000" in outcome.cause
        assert Bucket(aws.deployment.bucket).keys() == []


def test_slices_that_the_memory_does_not_hold_are_refused(deployed: Deploy) -> None:
    with deployed({"GenerateSliceMemory": "512"}) as aws:
        outcome = aws.execute({"customers": 5000, "customers_per_slice": 5000})
    assert (outcome.status, outcome.error) == ("FAILED", "SliceTooLargeError")
    assert "5,000" in outcome.cause or "5000" in outcome.cause


def test_a_slice_that_fails_for_good_is_named_and_the_old_dataset_stands(
    aws: EmbeddedAws, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.write(OUTPUT_KEY, b"old")
    handlers = aws.functions.handlers
    broken, calls = failing(handlers["GenerateSliceFunction"], ValueError("broken"), 9, index=1)
    monkeypatch.setitem(handlers, "GenerateSliceFunction", broken)

    outcome = aws.execute(THREE_SLICES, run="broken")
    assert (outcome.status, outcome.error) == ("FAILED", "IncompleteRunError")
    assert "slice 1 (customers 3 to 4)" in outcome.cause
    assert "slice 0" not in outcome.cause
    hint = 'To make only what is missing, start an execution with the input {"resume":"broken"}'
    assert outcome.cause.endswith(f". {hint}")
    assert len(calls) == 1, "what is not transient is not retried"
    assert bucket.read(OUTPUT_KEY) == b"old"
    assert bucket.keys("data/") == [OUTPUT_KEY]
    assert bucket.open_uploads() == []


def test_the_same_input_succeeds_once_the_slice_does(
    aws: EmbeddedAws, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = aws.functions.handlers
    broken, _ = failing(handlers["GenerateSliceFunction"], ValueError("broken"), 1, index=1)
    monkeypatch.setitem(handlers, "GenerateSliceFunction", broken)
    assert not aws.execute(THREE_SLICES).succeeded
    assert aws.execute(THREE_SLICES).succeeded
    assert bucket.read(OUTPUT_KEY) == library_text(THREE_SLICES, lambda t, s: t.write_csv(s))


@pytest.mark.parametrize(
    ("function", "event"),
    [
        ("PlanFunction", {}),
        ("GenerateSliceFunction", {"index": 2}),
        ("ConcatenatePartsFunction", {}),
    ],
)
def test_a_transient_failure_is_retried_until_it_is_over(
    aws: EmbeddedAws,
    bucket: Bucket,
    monkeypatch: pytest.MonkeyPatch,
    pauses: list[float],
    function: str,
    event: dict[str, Any],
) -> None:
    handlers = aws.functions.handlers
    flaky, calls = failing(handlers[function], StorageUnavailableError("busy"), 3, **event)
    monkeypatch.setitem(handlers, function, flaky)

    outcome = aws.execute(THREE_SLICES)
    assert outcome.succeeded, outcome
    assert len(calls) == 4
    assert len(pauses) == 3
    assert bucket.read(OUTPUT_KEY) == library_text(THREE_SLICES, lambda t, s: t.write_csv(s))


def test_a_transient_failure_that_lasts_ends_the_execution_by_its_name(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    handlers = aws.functions.handlers
    dead, calls = failing(handlers["PlanFunction"], StorageUnavailableError("S3 was busy"), 99)
    monkeypatch.setitem(handlers, "PlanFunction", dead)
    outcome = aws.execute(THREE_SLICES)
    assert (outcome.error, outcome.cause) == ("StorageUnavailableError", "S3 was busy")
    assert len(calls) == 1 + len(pauses) == 5


@pytest.mark.parametrize(
    ("code", "retried"), [("TooManyRequestsException", True), ("AccessDeniedException", False)]
)
def test_of_lambdas_own_errors_only_the_transient_are_retried(
    aws: EmbeddedAws,
    monkeypatch: pytest.MonkeyPatch,
    pauses: list[float],
    code: str,
    retried: bool,
) -> None:
    real, attempts = aws.functions.invoke, 0

    def refused_once(**request: Any) -> Any:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            metadata = {"HTTPStatusCode": 429, "RequestId": "request"}
            error = {"Code": code, "Message": "not now"}
            raise ClientError({"Error": error, "ResponseMetadata": metadata}, "Invoke")  # type: ignore[typeddict-item]
        return real(**request)

    monkeypatch.setattr(aws.functions, "invoke", refused_once)
    outcome = aws.execute(THREE_SLICES)
    assert outcome.succeeded is retried
    assert len(pauses) == int(retried)
    if not retried:
        assert outcome.error == "PlatformError"
        assert outcome.cause.startswith(f"Lambda.{code}: not now")


def test_throttling_that_lasts_is_tried_longer_than_what_passes(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    def throttled(**_request: Any) -> Any:
        error = {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."}
        metadata = {"HTTPStatusCode": 429, "RequestId": "request"}
        raise ClientError({"Error": error, "ResponseMetadata": metadata}, "Invoke")  # type: ignore[typeddict-item]

    monkeypatch.setattr(aws.functions, "invoke", throttled)
    outcome = aws.execute(THREE_SLICES)
    assert outcome.error == "PlatformError"
    assert outcome.cause.startswith("Lambda.TooManyRequestsException: Rate Exceeded.")
    assert len(pauses) == 10


@pytest.mark.parametrize("times", [1, 2])
def test_a_process_that_is_killed_gets_one_more_attempt(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, pauses: list[float], times: int
) -> None:
    killed = type("Runtime.ExitError", (Exception,), {})("signal: killed")
    handlers = aws.functions.handlers
    flaky, calls = failing(handlers["ConcatenatePartsFunction"], killed, times)
    monkeypatch.setitem(handlers, "ConcatenatePartsFunction", flaky)
    outcome = aws.execute(THREE_SLICES, run="killed")
    assert (len(calls), len(pauses)) == (2, 1)
    assert outcome.succeeded is (times == 1)
    if times > 1:
        assert outcome.error == "Runtime.ExitError"
        assert outcome.cause.startswith("signal: killed. To make only what is missing, start")


def test_a_dataset_of_another_run_stands_where_it_is_not_to_be_replaced(
    aws: EmbeddedAws, bucket: Bucket
) -> None:
    assert aws.execute(THREE_SLICES, run="earlier").succeeded
    before = bucket.read(OUTPUT_KEY)
    outcome = aws.execute({**THREE_SLICES, "seed": 8, "if_exists": "fail"}, run="later")
    assert (outcome.status, outcome.error) == ("FAILED", "OutputExistsError")
    assert OUTPUT_KEY in outcome.cause
    assert "earlier" in outcome.cause
    assert bucket.read(OUTPUT_KEY) == before
    assert bucket.keys("runs/later/") == []


def test_a_join_that_fails_leaves_the_old_dataset_and_no_upload(
    aws: EmbeddedAws, bucket: Bucket, faults: Faults
) -> None:
    bucket.write(OUTPUT_KEY, b"old")
    faults.on("PUT", OUTPUT_KEY, "partNumber", answer=refusal(403, "AccessDenied"))
    outcome = aws.execute(THREE_SLICES)
    assert (outcome.status, outcome.error) == ("FAILED", "StorageRefusedError")
    assert "AccessDenied" in outcome.cause
    assert "UploadPart" in outcome.cause
    assert bucket.read(OUTPUT_KEY) == b"old"
    assert bucket.open_uploads() == []
