"""What the pipeline's tests share: the embedded S3, its requests, its faults, and small runs."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.pipeline import concatenate_parts, generate_slice, plan
from accidental_transfers.pipeline.proof import prove_complete
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import CSV_FILES
from tests.pipeline.conditional_moto import conditional_completes

BUCKET = "accidentaltransferproject"
SMALL = {"customers": 3, "customers_per_slice": 1, "end_date": "2024-01-03"}
"""Three slices of one customer each."""
DENSE = {
    "preset": "dense", "customers": 9, "customers_per_slice": 4, "end_date": "2024-01-31",
}  # fmt: skip
"""Three slices in which everything happens."""
OUTPUT = "data/synthetic_transactions_labeled.csv"
COMPANIONS = [
    "data/synthetic_transactions_labeled.accidents.csv",
    "data/synthetic_transactions_labeled.customers.csv",
    "data/synthetic_transactions_labeled.outcomes.csv",
    "data/synthetic_transactions_labeled.html",
    "data/synthetic_transactions_labeled.manifest.json",
]
PUBLISHED = [OUTPUT, *COMPANIONS]
CONTEXT = cast(
    LambdaContext,
    SimpleNamespace(
        function_name="function",
        memory_limit_in_mb=1024,
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:function",
        aws_request_id="request",
    ),
)


def set_environment(patch: pytest.MonkeyPatch) -> None:
    """Say what a deployment says by environment variables."""
    patch.delenv("AWS_ENDPOINT_URL", raising=False)
    patch.setenv("BUCKET_NAME", BUCKET)
    patch.setenv("ROW_LIMIT", "10000000")
    patch.setenv("SLICE_MEMORY_MB", "1024")


@contextmanager
def embedded_bucket() -> Iterator[Bucket]:
    with mock_aws(), conditional_completes():
        bucket = Bucket(BUCKET)
        bucket.client.create_bucket(Bucket=BUCKET)
        yield bucket


def keys(bucket: Bucket, prefix: str = "") -> list[str]:
    return [found.key for found in bucket.list(prefix)]


def open_uploads(bucket: Bucket) -> list[str]:
    listed = bucket.client.list_multipart_uploads(Bucket=bucket.name)
    return [upload["Key"] for upload in listed.get("Uploads", [])]


def planned(run: str, spec: Any) -> dict[str, Any]:
    """What Plan answers."""
    return cast(dict[str, Any], plan.handler({"run": run, "spec": spec}, CONTEXT))


def made(bucket: Bucket, run: str, spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Plan a run and make all of its slices, in an order that is not theirs."""
    tasks = json.loads(bucket.get(planned(run, spec)["slices_key"]))
    for task in reversed(tasks):
        generate_slice.handler(task, CONTEXT)
    return cast(list[dict[str, Any]], tasks)


def concatenated(run: str) -> dict[str, Any]:
    """What ConcatenateParts answers."""
    return cast(dict[str, Any], concatenate_parts.handler({"run": run}, CONTEXT))


def publish_within(bucket: Bucket, run: str) -> None:
    """Publish a run while another's handler is at work, whose metrics are not to be touched."""
    made_plan = RunPlan.load(bucket, run)
    concatenate_parts.publish(made_plan, prove_complete(made_plan, bucket), bucket)


def manifest_of(bucket: Bucket, spec: dict[str, Any]) -> Any:
    """Publish a dataset, and read its manifest."""
    made(bucket, "r", spec)
    return json.loads(bucket.get(concatenated("r")["companions"]["manifest"]))


def library_texts(spec: JobSpec, first: int, last: int, *, header: bool) -> dict[str, bytes]:
    """What the library writes of some customers, by the file it goes to."""
    texts = {file: io.StringIO() for file in CSV_FILES}
    for table in simulate(spec, first, last):
        table.write_csv(texts["dataset"], header=header)
        table.write_accidents_csv(texts["accidents"], header=header)
        table.write_customers_csv(texts["customers"], header=header)
        table.write_outcomes_csv(texts["outcomes"], header=header)
        header = False
    return {file: text.getvalue().encode() for file, text in texts.items()}


def text_of(spec: dict[str, Any], file: str) -> bytes:
    """What the library writes of a whole dataset into one of its files."""
    resolved = JobSpec.parse(spec)
    return library_texts(resolved, 1, resolved.customers, header=True)[file]


class Requests:
    """The requests that the pipeline's client makes, by operation."""

    def __init__(self) -> None:
        self._seen: list[tuple[str, dict[str, Any]]] = []

    @contextmanager
    def of_client(self, bucket: Bucket) -> Iterator["Requests"]:
        """Watch, within the context."""
        events = bucket.client.meta.events
        events.register("provide-client-params.s3", self._see)
        yield self
        events.unregister("provide-client-params.s3", self._see)

    def _see(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._seen.append((model.name, dict(params)))

    def of(self, operation: str) -> list[dict[str, Any]]:
        """Parameters of all requests of one operation, in order."""
        return [params for name, params in self._seen if name == operation]

    def position(self, request: dict[str, Any]) -> int:
        """How many requests came before one of them."""
        return next(n for n, (_, params) in enumerate(self._seen) if params is request)

    def names(self) -> list[str]:
        """Operations, in order."""
        return [name for name, _ in self._seen]


Answer = Callable[[AWSPreparedRequest, AWSResponse], AWSResponse]


@dataclass
class Faults:
    """What S3 answers in place of the truth, after it has done what it was asked for.

    Every answer is given once, to the first request that its condition holds for.
    """

    _planned: list[tuple[Callable[[AWSPreparedRequest], bool], Answer]] = field(
        default_factory=list
    )

    def on(self, method: str, *words: str, answer: Answer, times: int = 1) -> None:
        """Plan faults for the next requests of a method whose URL has all of the words."""

        def holds(request: AWSPreparedRequest) -> bool:
            return request.method == method and all(word in request.url for word in words)

        self._planned += [(holds, answer)] * times

    def forget(self) -> None:
        """Take back what was planned for attempts that the client need not make."""
        self._planned.clear()

    @contextmanager
    def installed(self) -> Iterator["Faults"]:
        truth = BotocoreStubber.__call__

        def faulty(
            stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **kwargs: Any
        ) -> AWSResponse | None:
            response = truth(stubber, event_name, request, **kwargs)
            for fault in self._planned:
                condition, answer = fault
                if response is not None and condition(request):
                    self._planned.remove(fault)
                    return answer(request, response)
            return response

        with patch.object(BotocoreStubber, "__call__", faulty):
            yield self
        assert not self._planned, "a fault was planned for a request that never came"


def refusal(status: int, code: str) -> Answer:
    """An error as S3 words it."""

    def answer(request: AWSPreparedRequest, _truth: AWSResponse) -> AWSResponse:
        body = f"<Error><Code>{code}</Code><Message>injected</Message></Error>"
        return AWSResponse(request.url, status, {}, MockRawResponse(body))  # type: ignore[arg-type]

    return answer
