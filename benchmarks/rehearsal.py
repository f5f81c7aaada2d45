"""Rehearse the largest join: 10,000 slices at the latencies of S3, within Lambda's 900 seconds.

The embedded S3 is a process of its own and answers each request as late as S3 does. Sizes are
scaled down, and so is what S3 takes as a part: there are as many requests as there would be, of the
same kinds. Prints how many, and the seconds that ConcatenateParts took and worked: with the memory
of the template it has one processor of Lambda. What the embedded S3 itself takes for each
request comes on top, and is more than half of it on two processors.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import time
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.join_memory import BUCKET, CONTEXT, ENVIRONMENT, PROCESSES, counted

RUN = "rehearsal"
SLICES = 10_000
LATENCY = 0.2
"""Seconds of a request: AWS speaks of roughly 100 to 200 ms for small objects and the first byte of
others; https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html."""
BYTES_PER_SECOND = 85e6
"""Of one request: AWS advises one for each 85 to 90 MB/s;
https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-guidelines.html.
That copies inside S3 are as fast is an own estimate."""
LIMIT = 900
ROOM = 600
"""Seconds: what a rehearsal may take."""
RECEIPTS_LIMIT = 60
"""Seconds that Plan has: it reads the receipts of a run that goes on."""
MINIMUM_PART = 2_048
"""Bytes that stand for 5 MiB."""
SIZES = {"dataset": 2_662, "accidents": 78, "customers": 3, "outcomes": 55}
"""Those of a default slice in the same measure: 6.5 MiB, 200, 7 and 140 kB."""


def serve(told: Connection) -> None:
    """Serve the embedded S3 with a run in it, each answer as late as S3's; tell its address."""
    from moto.s3 import models
    from werkzeug import Request, Response
    from werkzeug.serving import WSGIRequestHandler, make_server

    from accidental_transfers.local.serve import relay

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_: Any) -> None:
            """Say nothing."""

    def late(request: Request) -> Response:
        copied = "x-amz-copy-source" in request.headers
        time.sleep(LATENCY + (6.5 * 2**20 / BYTES_PER_SECOND if copied else 0))
        return relay(request)

    vars(models)["S3_UPLOAD_PART_MIN_SIZE"] = MINIMUM_PART
    fill()
    server = make_server(
        "127.0.0.1", 0, Request.application(late), threaded=True, request_handler=Quiet
    )
    told.send(f"http://127.0.0.1:{server.port}")
    server.serve_forever()


def fill() -> None:
    """Put a run of so many slices into this process's embedded S3, without requests."""
    from moto.s3.models import s3_backends

    from accidental_transfers.pipeline.crc32 import to_hex
    from accidental_transfers.pipeline.identity import Identity
    from accidental_transfers.pipeline.keys import RunKeys
    from accidental_transfers.pipeline.receipts import Part, Receipt
    from accidental_transfers.pipeline.run_plan import RunPlan
    from accidental_transfers.pipeline.slicing import cut
    from accidental_transfers.spec import JobSpec
    from accidental_transfers.spec.files import CSV_FILES

    backend = s3_backends["123456789012"]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    keys, customers = RunKeys(RUN), 45
    spec = JobSpec(customers=SLICES * customers, customers_per_slice=customers)
    slices = cut(spec.customers, customers)
    plan = RunPlan(run=RUN, spec=spec, slices=slices, identity=Identity.here())
    backend.put_object(BUCKET, keys.plan, plan.model_dump_json().encode())
    share, rows = counted(customers)
    texts = {file: b"x" * SIZES[file] for file in CSV_FILES}
    parts = {
        file: Part(
            rows=rows[file],
            bytes=len(text),
            crc32=to_hex(zlib.crc32(text)),
            etag=f'"{hashlib.md5(text, usedforsecurity=False).hexdigest()}"',
        )
        for file, text in texts.items()
    }
    for each in slices:
        for file, text in texts.items():
            backend.put_object(BUCKET, keys.part(file, each.index), text)
        receipt = Receipt(run=RUN, plan=plan.digest, slice=each, identity=plan.identity,
                          parts=parts, statistics=share)  # fmt: skip
        backend.put_object(BUCKET, keys.receipt(each.index), receipt.model_dump_json().encode())


@dataclass(frozen=True)
class Times:
    """Seconds since the beginning, and those of them that a processor worked."""

    passed: float
    worked: float

    def __str__(self) -> str:
        return f"{self.passed:.0f} s, {self.worked:.0f} of them of a processor"

    @classmethod
    def since(cls, start: Times) -> Times:
        return cls(time.perf_counter() - start.passed, time.process_time() - start.worked)


@dataclass(frozen=True)
class Measured:
    """A join: its requests by kind, its times and the peak of its memory in MB."""

    requests: dict[str, int]
    proven: Times
    joined: Times
    peak: float


def join(told: Connection) -> None:
    """Join the run, and tell what was measured."""
    from accidental_transfers.pipeline import concatenate_parts, receipt_checks
    from accidental_transfers.pipeline.join_plan import plan_join
    from accidental_transfers.pipeline.storage import s3_client

    requests: Counter[str] = Counter()
    opened: list[Times] = []

    def see(model: Any, **_: Any) -> None:
        requests[model.name] += 1
        if model.name == "CreateMultipartUpload":
            opened.append(Times.since(start))

    s3_client().meta.events.register("before-call.s3", see)
    # Parts are smaller here than their lines would be.
    vars(receipt_checks)["LEAST_BYTES"] = dict.fromkeys(SIZES, 0)
    vars(concatenate_parts)["plan_join"] = partial(plan_join, minimum_part=MINIMUM_PART)
    start = Times(time.perf_counter(), time.process_time())
    concatenate_parts.handler({"run": RUN}, CONTEXT)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told.send(Measured(dict(requests), opened[0], Times.since(start), peak))


def rehearse() -> Measured:
    """Serve and join, each in a process of its own."""
    here, there = PROCESSES.Pipe()
    server = PROCESSES.Process(target=serve, args=(there,), daemon=True)
    server.start()
    try:
        os.environ["AWS_ENDPOINT_URL"] = here.recv()
        process = PROCESSES.Process(target=join, args=(there,))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit("the join failed")
        measured: Measured = here.recv()
        return measured
    finally:
        server.kill()


def main() -> int:
    """Rehearse; gives 1 where there is no room."""
    os.environ |= ENVIRONMENT
    found = rehearse()
    told = ", ".join(f"{count:,} {name}" for name, count in sorted(found.requests.items()))
    print(f"{SLICES:,} slices, {sum(found.requests.values()):,} requests: {told}")
    print(f"receipts and parts proven: {found.proven}")
    print(f"all joined: {found.joined}, {ROOM} of {LIMIT} at most; peak {found.peak:.0f} MB")
    kept = found.joined.passed < ROOM and found.proven.worked < RECEIPTS_LIMIT
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
