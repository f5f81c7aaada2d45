"""The state GenerateSlice: make the customers of one slice and store their parts."""

from contextlib import ExitStack
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from accidental_transfers.dataset.generate import simulate
from accidental_transfers.errors import UnknownRunError
from accidental_transfers.pipeline.events import parse_event
from accidental_transfers.pipeline.failures import naming_failures
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.observability import (
    logger,
    logging_the_run,
    metrics,
    tracer,
)
from accidental_transfers.pipeline.parts import TextParts, lake_parts
from accidental_transfers.pipeline.receipts import Receipt
from accidental_transfers.pipeline.run_plan import RunPlan, SliceTask
from accidental_transfers.pipeline.settings import Settings
from accidental_transfers.pipeline.storage import Bucket
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

    answer = {"index": task.index, "rows": receipt.statistics.rows, "bytes": receipt.bytes}
    logger.info("made", extra=answer)
    metrics.add_metric("RowsGenerated", MetricUnit.Count, answer["rows"])
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


def make_slice(task: SliceTask, plan: RunPlan, bucket: Bucket) -> Receipt:
    """Make a slice in the formats that the plan asks for, store it, and then its receipt.

    Raises
    ------
    IncompleteRunError
        If its rows and its statistics do not count the same.
    MissingDependencyError
        If it is to be Parquet, and pyarrow is not installed.
    """
    tally, formats = Tally(), plan.spec.format
    with ExitStack() as stack:
        text = TextParts(task) if "csv" in formats else None
        lake = stack.enter_context(lake_parts(plan, task, bucket)) if "parquet" in formats else None
        for table in simulate(plan.spec, task.first_customer, task.last_customer):
            if text is not None:
                text.write(table)
            if lake is not None:
                lake.write(table)
            for block in table.blocks:
                tally.add(block)
    receipt = Receipt(
        run=task.run,
        plan=plan.digest,
        slice=task.slice,
        identity=Identity.here(),
        parts=text.store(task.run, bucket) if text else {},
        lake=lake.store() if lake else (),
        statistics=tally.share(),
    )
    receipt.require_consistent()
    receipt.store(bucket)
    return receipt
