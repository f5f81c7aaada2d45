"""The state GenerateSlice: make the customers of one slice and store their parts."""

import zlib
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.text_stream import EncodedText
from accidental_transfers.errors import UnknownRunError
from accidental_transfers.pipeline import crc32
from accidental_transfers.pipeline.events import parse_event
from accidental_transfers.pipeline.failures import naming_failures
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.observability import (
    logger,
    logging_the_run,
    metrics,
    tracer,
)
from accidental_transfers.pipeline.receipts import Part, Receipt
from accidental_transfers.pipeline.run_plan import RunPlan, Slice, SliceTask
from accidental_transfers.pipeline.settings import Settings
from accidental_transfers.pipeline.storage import CSV, Bucket
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from accidental_transfers.statistics.tally import Tally


@logger.inject_lambda_context
@logging_the_run
@tracer.capture_lambda_handler
@metrics.log_metrics
@naming_failures()
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Make the slice of an event ``{"run", "plan", "index", "first_customer", …}``."""
    metrics.add_metric("SlicesStarted", MetricUnit.Count, 1)
    settings = Settings.from_environment()
    task = parse_event(event, SliceTask)
    bucket = Bucket(settings.bucket_name, settings.bucket_owner)

    plan = plan_of(task, bucket)
    receipt = make_slice(task, plan, bucket)

    made = receipt.parts["dataset"]
    answer = {"index": task.index, "rows": made.rows, "bytes": made.bytes}
    logger.info("made", extra=answer)
    metrics.add_metric("RowsGenerated", MetricUnit.Count, made.rows)
    return answer


def plan_of(task: SliceTask, bucket: Bucket) -> RunPlan:
    """Load the plan of the run that a slice belongs to.

    Raises
    ------
    UnknownRunError
        If the run was never planned, or not with this slice.
    OtherPlanError
        If the task is of another plan.
    OtherCodeError
        If other code planned it.
    """
    plan = RunPlan.load(bucket, task.run, task.plan)
    planned = plan.slices[task.index] if task.index < len(plan.slices) else None
    if planned != task.slice:
        raise UnknownRunError(
            f"run {task.run} has no {task}; planned is {planned or f'{len(plan.slices)} slices'}"
        )
    return plan


@dataclass
class SliceText:
    """The texts of a slice, and the counts of what is in them."""

    texts: dict[CsvFile, EncodedText] = field(
        default_factory=lambda: {file: EncodedText() for file in CSV_FILES}
    )
    tally: Tally = field(default_factory=Tally)


def write_slice(spec: DatasetSpec, part: Slice) -> SliceText:
    """Write what the customers of a slice do; slice 0 begins with the headers."""
    written = SliceText()
    header = part.index == 0
    for table in simulate(spec, part.first_customer, part.last_customer):
        for file, text in written.texts.items():
            table.write(file, text, header=header)
        for block in table.blocks:
            written.tally.add(block)
        header = False
    return written


def make_slice(task: SliceTask, plan: RunPlan, bucket: Bucket) -> Receipt:
    """Make a slice, and store its parts and then its receipt.

    Raises
    ------
    IncompleteRunError
        If its lines and its statistics do not count the same.
    """
    written = write_slice(plan.spec, task)
    receipt = Receipt(
        run=task.run,
        plan=plan.digest,
        slice=task.slice,
        identity=Identity.here(),
        parts={file: _put_part(written, file, task, bucket) for file in CSV_FILES},
        statistics=written.tally.share(),
    )
    receipt.require_consistent()
    receipt.store(bucket)
    return receipt


def _put_part(written: SliceText, file: CsvFile, task: SliceTask, bucket: Bucket) -> Part:
    body = written.texts.pop(file).encoded()
    checksum = zlib.crc32(body)
    stored = bucket.put(RunKeys(task.run).part(file, task.index), body, CSV, checksum=checksum)
    headers = 1 if task.index == 0 else 0
    return Part(
        rows=body.count(b"\n") - headers,
        bytes=len(body),
        crc32=crc32.to_hex(checksum),
        etag=stored.etag,
    )
