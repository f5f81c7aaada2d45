"""Measure the peak memory of ConcatenateParts joining 1 GB of parts.

The embedded S3 is a process of its own, so that what it holds is not counted. Prints a line for
parts that S3 copies by itself, and two for parts so small that all of them pass through memory.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accidental_transfers.statistics.share import Share

PROCESSES = multiprocessing.get_context("spawn")
BUCKET = "accidentaltransferproject"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "BUCKET_NAME": BUCKET,
    "POWERTOOLS_LOG_LEVEL": "ERROR",
    "POWERTOOLS_METRICS_DISABLED": "true",
}
"""Of whoever measures over an embedded S3."""
RUN = "join-memory"
TOTAL = 10**9
BOUND_MB = 150
BYTES_PER_CUSTOMER = 110_000
"""Bytes of a part for each customer that its receipt counts: no fewer than those have rows."""
PARTS = {"copied": 13 * 2**19, "gathered": 5 * 2**20 - 1, "a thousand": 10**6}
"""Bytes of a part: the usual 6.5 MiB, the largest that has to be gathered, and so few that there
are a thousand receipts, whose statistics are added up."""
CONTEXT: Any = SimpleNamespace(
    function_name="ConcatenatePartsFunction",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:ConcatenateParts",
    aws_request_id="benchmark",
)


def serve(told: Connection) -> None:
    """Serve the embedded S3 and tell its address."""
    from werkzeug import Request
    from werkzeug.serving import WSGIRequestHandler, make_server

    from accidental_transfers.local.serve import relay

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_: Any) -> None:
            """Say nothing."""

    server = make_server(
        "127.0.0.1", 0, Request.application(relay), threaded=True, request_handler=Quiet
    )
    told.send(f"http://127.0.0.1:{server.port}")
    server.serve_forever()


def counted(customers: int) -> tuple[Share, dict[str, int]]:
    """Count what so many customers do, and the rows of each file, as a receipt has them."""
    from accidental_transfers.dataset.generate import simulate
    from accidental_transfers.spec import JobSpec
    from accidental_transfers.statistics.tally import Tally

    tally = Tally()
    for table in simulate(JobSpec(), 1, customers):
        for block in table.blocks:
            tally.add(block)
    # The month is that of a customer of the first slice, which no other slice has.
    share = tally.share().model_copy(update={"month": None})
    rows = {
        "dataset": share.rows,
        "accidents": share.accident_rows,
        "customers": customers,
        "outcomes": share.outcomes,
    }
    return share, rows


def fill(part_bytes: int) -> None:
    """Put a run whose parts have so many bytes, all of them alike."""
    from accidental_transfers.pipeline.crc32 import to_hex
    from accidental_transfers.pipeline.identity import Identity
    from accidental_transfers.pipeline.keys import RunKeys
    from accidental_transfers.pipeline.receipts import Part, Receipt
    from accidental_transfers.pipeline.run_plan import RunPlan
    from accidental_transfers.pipeline.slicing import cut
    from accidental_transfers.pipeline.storage import CSV, Bucket
    from accidental_transfers.spec import JobSpec
    from accidental_transfers.spec.files import CSV_FILES

    bucket = Bucket(BUCKET)
    count = TOTAL // part_bytes
    customers = part_bytes // BYTES_PER_CUSTOMER
    slices = cut(count * customers, customers)
    spec = JobSpec(customers=count * customers)
    plan = RunPlan(run=RUN, spec=spec, slices=slices, identity=Identity.here())
    plan.store(bucket)
    statistics, rows = counted(customers)
    sizes = {"dataset": part_bytes, "accidents": 200_000, "customers": 7_000, "outcomes": 140_000}
    for each in slices:
        parts = {}
        for file in CSV_FILES:
            text = b"x" * sizes[file]
            etag = bucket.put(RunKeys(RUN).part(file, each.index), text, CSV).etag
            parts[file] = Part(
                rows=rows[file], bytes=len(text), crc32=to_hex(zlib.crc32(text)), etag=etag
            )
        receipt = Receipt(
            run=RUN,
            plan=plan.digest,
            slice=each,
            identity=plan.identity,
            parts=parts,
            statistics=statistics,
        )
        receipt.store(bucket)


def join(told: Connection) -> None:
    """Join the run, and tell the bytes, the seconds and the peak memory in MB."""
    from accidental_transfers.pipeline.concatenate_parts import handler

    start = time.perf_counter()
    answer = handler({"run": RUN}, CONTEXT)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told.send((answer["bytes"], seconds, peak))


def measure(part_bytes: int) -> tuple[int, float, float]:
    """Join 1 GB of parts of a size: bytes, seconds, peak memory in MB."""
    with embedded_s3():
        here, there = PROCESSES.Pipe()
        for target, arguments in ((fill, (part_bytes,)), (join, (there,))):
            process = PROCESSES.Process(target=target, args=arguments)
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(f"{target.__name__} failed")
        measured: tuple[int, float, float] = here.recv()
        return measured


@contextmanager
def embedded_s3() -> Iterator[None]:
    """Have an embedded S3 in a process of its own answer, with an empty bucket."""
    from accidental_transfers.pipeline.storage import s3_client

    here, there = PROCESSES.Pipe()
    server = PROCESSES.Process(target=serve, args=(there,), daemon=True)
    server.start()
    try:
        os.environ["AWS_ENDPOINT_URL"] = here.recv()
        s3_client().create_bucket(Bucket=BUCKET)
        yield
    finally:
        server.kill()


def main() -> int:
    """Measure both; gives 1 where the bound is not kept."""
    os.environ |= ENVIRONMENT
    kept = True
    for name, part_bytes in PARTS.items():
        size, seconds, peak = measure(part_bytes)
        kept = kept and peak < BOUND_MB
        print(
            f"{size / 1e9:.2f} GB in parts of {part_bytes:,} bytes, {name}: "
            f"peak {peak:.0f} MB of {BOUND_MB}, {seconds:.1f} s"
        )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
