"""An embedded S3 that can be put back to any moment, and what the campaigns do with it."""

from __future__ import annotations

import json
import logging
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)
from moto.core.model_instances import model_data
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeKey, FakeMultipart, S3Backend, s3_backends

from accidental_transfers.errors import AccidentalTransfersError, StorageUnavailableError
from accidental_transfers.pipeline import concatenate_parts, generate_slice, plan
from accidental_transfers.pipeline.join_plan import plan_join
from accidental_transfers.pipeline.storage import Bucket
from tests.campaign.strict_s3 import strict_s3
from tests.pipeline.support import BUCKET, CONTEXT, embedded_bucket

TINY = {
    "customers": 3, "customers_per_slice": 1, "seed": 75,
    "start_date": "2024-01-01", "end_date": "2024-01-01",
}  # fmt: skip
"""Three slices of one customer and one day each. The first has far fewer rows than the others, so
that with `SMALLEST_PART` the join makes every kind of piece."""
SMALLEST_PART = 1_200
"""Bytes that stand for S3's 5 MiB."""

HANDLERS: Mapping[str, Callable[..., Any]] = {
    "Plan": plan.handler,
    "GenerateSlice": generate_slice.handler,
    "ConcatenateParts": concatenate_parts.handler,
}

State = bytes
"""All that S3 holds, at some moment."""
MOST_ATTEMPTS = 5
"""The state machine tries a state again four times."""


@dataclass(frozen=True)
class Object:
    """The newest version of an object."""

    body: bytes
    etag: str
    version: str
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """How a handler ended: by an answer or an error."""

    answer: dict[str, Any] | None = None
    error: Exception | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it answered."""
        return self.error is None

    @property
    def is_named(self) -> bool:
        """Whether it ended in an error of this package's."""
        return isinstance(self.error, AccidentalTransfersError)

    def __str__(self) -> str:
        return "success" if self.error is None else f"{type(self.error).__name__}: {self.error}"


@dataclass
class World:
    """The one bucket, versioned as the template's is."""

    bucket: Bucket

    def __post_init__(self) -> None:
        self.bucket.client.put_bucket_versioning(
            Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}
        )
        self.empty = self.save()

    def save(self) -> State:
        """Remember everything."""
        return pickle.dumps(self._backend.buckets)

    def restore(self, state: State) -> None:
        """Put everything back to a moment."""
        for kind in model_data["s3"].values():
            # It remembers everything that it ever made, for its own use.
            tracked: list[Any] = vars(kind)["instances_tracked"]
            for each in tracked:
                if isinstance(each, FakeKey | FakeMultipart):
                    each.dispose()
            tracked.clear()
        self._backend.buckets = pickle.loads(state)  # noqa: S301 - made by `save`

    def objects(self, prefix: str = "") -> dict[str, Object]:
        """Everything that stands under a prefix, by key; it makes no request."""
        names = sorted(self._backend.buckets[BUCKET].keys)
        found = {name: self.find(name) for name in names if name.startswith(prefix)}
        return {name: each for name, each in found.items() if each}

    def find(self, key: str) -> Object | None:
        """The object of a key, if there is one."""
        found = self._backend.buckets[BUCKET].keys.get(key)
        if not isinstance(found, FakeKey):
            return None
        return Object(found.value, found.etag, found.version_id, dict(found.metadata))

    def versions(self) -> dict[str, str]:
        """Which version of everything is the newest, by key."""
        stored = self._backend.buckets[BUCKET].keys
        return {name: stored[name].version_id for name in stored}

    def version(self, key: str, version: str) -> bytes | None:
        """The body of a version of an object."""
        versions = self._backend.buckets[BUCKET].keys.getlist(key, [])
        found = (each.value for each in versions if each.version_id == version)
        return next(found, None)

    def open_uploads(self) -> list[str]:
        """The keys of uploads that nobody completed or aborted."""
        multiparts = self._backend.buckets[BUCKET].multiparts
        return sorted(upload.key_name for upload in multiparts.values())

    @property
    def _backend(self) -> S3Backend:
        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

    def put(self, key: str, body: bytes, **metadata: str) -> None:
        """Store an object as somebody else would."""
        self.bucket.client.put_object(Bucket=BUCKET, Key=key, Body=body, Metadata=metadata)

    def slice_tasks(self, run: str) -> list[dict[str, Any]]:
        """The Map's items of a planned run."""
        items = self.find(f"runs/{run}/slices.json")
        return list(json.loads(items.body)) if items else []

    def join_of(self, run: str) -> dict[str, Any]:
        """The event that has a planned run joined."""
        return {"run": run, "plan": self.slice_tasks(run)[0]["plan"]}

    def made(self, run: str, spec: dict[str, Any]) -> None:
        """Plan a run and make its slices."""
        succeed("Plan", {"run": run, "spec": spec})
        for task in self.slice_tasks(run):
            succeed("GenerateSlice", task)

    def published(self, run: str, spec: dict[str, Any]) -> None:
        """Plan, make and publish a run."""
        self.made(run, spec)
        succeed("ConcatenateParts", self.join_of(run))


def invoke(state: str, event: Any) -> Outcome:
    """Run the handler of a state; whatever it raises is its outcome."""
    try:
        return Outcome(answer=HANDLERS[state](event, CONTEXT))
    except Exception as error:  # noqa: BLE001 - a foreign one is what a campaign looks for
        return Outcome(error=error)


def invoke_as_often(state: str, event: Any) -> Iterator[Outcome]:
    """Run the handler of a state as often as the state machine does."""
    for _ in range(MOST_ATTEMPTS):
        outcome = invoke(state, event)
        yield outcome
        if not isinstance(outcome.error, StorageUnavailableError):
            return


def succeed(state: str, event: Any) -> Any:
    """Run a handler that has no reason to fail, and return its answer."""
    outcome = invoke(state, event)
    if outcome.error is not None:
        raise outcome.error
    return outcome.answer


@contextmanager
def environment() -> Iterator[None]:
    """Say what a deployment says by environment variables."""
    said = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "BUCKET_NAME": BUCKET,
        "ROW_LIMIT": "10000000",
        "SLICE_MEMORY_MB": "1024",
    }
    with patch.dict(os.environ, said):
        os.environ.pop("AWS_ENDPOINT_URL", None)
        yield


@contextmanager
def embedded_world() -> Iterator[World]:
    """Make a world in which nothing waits and one request comes after the other."""
    with ExitStack() as stack:
        for patched in (
            environment,
            _no_waiting,
            _no_pools,
            _small_parts,
            _long_joins,
            _no_log,
            strict_s3,
        ):
            stack.enter_context(patched())
        yield World(stack.enter_context(embedded_bucket()))


@contextmanager
def _no_waiting() -> Iterator[None]:
    """Have the client try again at once, and as often in the last case as in the first."""
    with (
        patch("botocore.endpoint.time.sleep", lambda _seconds: None),
        patch("botocore.retries.quota.RetryQuota.acquire", lambda *_: True),
    ):
        yield


@contextmanager
def _no_pools() -> Iterator[None]:
    """Do at once what a pool of threads is given: requests come in the same order in every run."""

    def submit(_pool: Any, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - whoever asks for the result has it raised
            future.set_exception(error)
        return future

    with patch.object(ThreadPoolExecutor, "submit", submit):
        yield


@contextmanager
def _small_parts() -> Iterator[None]:
    """Let joins copy what has `SMALLEST_PART` bytes."""
    with (
        patch.dict(plan_join.__kwdefaults__, minimum_part=SMALLEST_PART),
        patch("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", SMALLEST_PART),
    ):
        yield


@contextmanager
def _long_joins() -> Iterator[None]:
    """Have every join note its uploads, as those of very many slices do."""
    with patch("accidental_transfers.pipeline.checkpoint.LONG", 1):
        yield


@contextmanager
def _no_log() -> Iterator[None]:
    """Keep quiet; metrics are shared by the process, and actors would count into each other's."""
    disabled = logging.root.manager.disable
    logging.disable()
    nothing: dict[str, Any] = dict.fromkeys(("add_metric", "flush_metrics"), lambda *_, **__: None)
    with patch.multiple(AmazonCloudWatchEMFProvider, **nothing):
        yield
    logging.disable(disabled)
