"""Runs that publish by the pipeline's own code, and what befalls their requests."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any
from unittest.mock import patch

from accidental_transfers.dataset.generate import generate
from accidental_transfers.errors import (
    OutputContestedError,
    OutputExistsError,
    StorageUnavailableError,
)
from accidental_transfers.pipeline import fill, storage
from accidental_transfers.pipeline.concatenate_parts import publish
from accidental_transfers.pipeline.failures import naming_failures
from accidental_transfers.pipeline.fill import Part
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.observability import logger
from accidental_transfers.pipeline.receipts import Ledger, StoredPart
from accidental_transfers.pipeline.run_plan import RunPlan, Slice
from accidental_transfers.pipeline.storage import CSV, Bucket, StoredObject
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import CSV_FILES
from accidental_transfers.statistics.statistics import Statistics
from accidental_transfers.statistics.tally import statistics_of
from tests.pipeline.support import BUCKET
from tests.protocol.s3_model import S3, refusal

MOST_ATTEMPTS = 8
"""Attempts at a run; the state machine makes fewer, of which each waits."""
OUTCOMES = ("success", "OutputExistsError", "OutputContestedError", "dead")
"""How a run may end."""
FAULTS = ("dies before", "dies after", "dies, and it lands late", "answer lost", "busy")
PART = "/00000.csv"
"""How the keys of the parts end."""
_DAY = {"customers": 1, "start_date": "2024-01-01", "end_date": "2024-01-01"}
_SLICE = Slice(index=0, first_customer=1, last_customer=1)


class Dead(BaseException):
    """The process of a run ended: it tidies nothing up."""


@dataclass(frozen=True)
class Pages:
    """A listing, page by page."""

    send: Callable[..., Any]

    def paginate(self, **request: Any) -> Iterator[Any]:
        """Ask for one page after the other."""
        answer = self.send(**request)
        yield answer
        while answer["IsTruncated"]:
            answer = self.send(**request, ContinuationToken=answer["NextContinuationToken"])
            yield answer


@dataclass
class Process:
    """One attempt at a run: its requests, and the one that a fault befalls.

    Attributes
    ----------
    pause : callable
        Called before every request.
    late : list of callable
        Requests of dead processes that S3 has not carried out yet.
    fault : tuple of int and str, or None
        Number of a request, and one of `FAULTS`.
    """

    s3: S3
    pause: Callable[[], None] = lambda: None
    late: list[Callable[[], Any]] = field(default_factory=list)
    fault: tuple[int, str] | None = None
    sent: int = 0
    dead: bool = False

    @property
    def exceptions(self) -> Any:
        return self.s3.exceptions

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return partial(self._send, getattr(self.s3, operation))

    def get_paginator(self, operation: str) -> Pages:
        """Give what lists in pages, of which each is a request."""
        return Pages(partial(self._send, getattr(self.s3, operation)))

    def _send(self, operation: Callable[..., Any], **request: Any) -> Any:
        if not _is_own_business(request):
            self.pause()
        if self.dead:
            raise Dead
        self.sent += 1
        carry_out = partial(self._carry_out, operation, request)
        if self.fault is not None and self.fault[0] == self.sent:
            return self._befall(self.fault[1], carry_out)
        return carry_out()

    def _carry_out(self, operation: Callable[..., Any], request: dict[str, Any]) -> Any:
        self.s3.requests += 1
        return operation(**request)

    def _befall(self, fault: str, carry_out: Callable[[], Any]) -> Any:
        if fault == "busy":
            raise refusal(503, "SlowDown")
        if fault == "dies, and it lands late":
            self.late.append(carry_out)
        if fault in ("dies after", "answer lost"):
            carry_out()
        if fault == "answer lost":
            # The client sends it again.
            self.pause()
            return carry_out()
        self.dead = True
        raise Dead


def _is_own_business(request: dict[str, Any]) -> bool:
    """Whether no other run sees a request: it reads a part, or fills an upload."""
    return "PartNumber" in request or request.get("Key", "").endswith(PART)


@dataclass
class Run:
    """A run whose slices are made.

    Attributes
    ----------
    outcome : str
        How it ended: one of `OUTCOMES`, unless something is wrong.
    """

    plan: RunPlan
    ledger: Ledger
    outcome: str = ""
    attempts: int = field(default=0)

    def attempt(self, process: Process) -> bool:
        """Publish once, and tell whether that was the last attempt."""
        self.attempts += 1
        try:
            with naming_failures():
                publish(self.plan, self.ledger, bucket_of(process))
        except StorageUnavailableError:
            self.outcome = "gave up"
            return self.attempts == MOST_ATTEMPTS
        except (OutputExistsError, OutputContestedError) as error:
            self.outcome = type(error).__name__
        except Dead:
            self.outcome = "dead"
        except Exception as error:  # noqa: BLE001 - the schedule reports whatever it is
            self.outcome = repr(error)
        else:
            self.outcome = "success"
        return True


def make_run(s3: S3, name: str, if_exists: str, text: str) -> Run:
    """Put the parts of a run, which are few bytes of a text, into the bucket."""
    spec = JobSpec.parse({**_DAY, "if_exists": if_exists})
    plan = RunPlan(run=name, spec=spec, slices=(_SLICE,), identity=run_identity())
    ledger = Ledger(statistics=run_statistics())
    parts = bucket_of(Process(s3))
    for file in CSV_FILES:
        body = f"{file} of {text}\n".encode()
        key = RunKeys(name).part(file, 0)
        stored = StoredObject(key, len(body), parts.put(key, body, CSV).etag)
        ledger.parts[file].append(StoredPart(_SLICE, stored, 1, zlib.crc32(body)))
    return Run(plan, ledger)


def bucket_of(client: Any) -> Bucket:
    """The pipeline's bucket over a client."""
    with patch.object(storage, "s3_client", lambda *_: client):
        return Bucket(BUCKET)


@contextmanager
def quick() -> Iterator[None]:
    """Leave out what has nothing to do with the protocol: the page's look, threads, the log."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    with (
        patch(
            "accidental_transfers.pipeline.concatenate_parts.render", lambda *_: "<html></html>\n"
        ),
        patch("accidental_transfers.pipeline.join.fill", _fill_in_turn),
        patch(
            "accidental_transfers.pipeline.fill.map_in_order", lambda do, items, _: map(do, items)
        ),
    ):
        yield
    logger.setLevel(level)


def _fill_in_turn(parts: Iterable[Part], bucket: Bucket, joints: str) -> None:
    for part in parts:
        fill.upload(part, bucket, joints)


def a_fault(chance: random.Random, requests: int) -> tuple[int, str]:
    """Draw which request a fault befalls, and which fault."""
    return chance.randint(1, requests), chance.choice(FAULTS)


@cache
def run_identity() -> Identity:
    return Identity.here()


@cache
def run_statistics() -> Statistics:
    return statistics_of(generate(JobSpec.parse(_DAY)).blocks)
