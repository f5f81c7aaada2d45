"""The state Plan: validate what is asked for, cut it into slices, write the plan."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from accidental_transfers.dataset.csv_text import BYTES_PER_ROW
from accidental_transfers.dataset.lake import PARQUET_BYTES_PER_ROW
from accidental_transfers.errors import RowLimitError
from accidental_transfers.pipeline.cost import Work, estimate_usd, run_seconds
from accidental_transfers.pipeline.events import PlanRequest, parse_event
from accidental_transfers.pipeline.failures import naming_failures
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.observability import (
    logger,
    logging_the_run,
    metrics,
    tracer,
)
from accidental_transfers.pipeline.publish import Output
from accidental_transfers.pipeline.resume import resumed, run_to_resume
from accidental_transfers.pipeline.run_plan import RunPlan, Slice
from accidental_transfers.pipeline.settings import PlanSettings
from accidental_transfers.pipeline.slicing import customers_per_slice, cut
from accidental_transfers.pipeline.standing import require_place
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec import JobSpec
from accidental_transfers.spec.files import FORMATS, Format

BYTES_OF_A_ROW: dict[Format, float] = {"csv": BYTES_PER_ROW, "parquet": PARQUET_BYTES_PER_ROW}
MOST_JOINED_ROWS = 1_000_000_000
"""As many as ConcatenateParts joins within its time, with room
(docs/decisions/joining-in-time.md)."""


@logger.inject_lambda_context
@logging_the_run
@tracer.capture_lambda_handler
@metrics.log_metrics
@naming_failures()
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Plan the run of an event ``{"run", "spec", "started"}``, or what is left of one to resume.

    The answer has keys and estimates.
    """
    metrics.add_metric("RunsRequested", MetricUnit.Count, 1)
    settings = PlanSettings.from_environment()
    request = parse_event(event, PlanRequest)
    bucket = Bucket(settings.bucket_name, settings.bucket_owner)

    run = run_to_resume(request.spec)
    if run is None:
        spec = JobSpec.parse(request.spec, request.day, request.run)
        plan = make_plan(request.run, spec, settings)
        slices: Sequence[Slice] = plan.slices
    else:
        plan, slices = resumed(run, bucket)
    # Before anything is written; ConcatenateParts asks again.
    require_place(Output.look(bucket, plan.spec.output_key), plan)
    if not plan.spec.dry_run:
        plan.store(bucket)
        plan.store_tasks(bucket, slices)

    answer = describe(plan, slices, settings)
    logger.info("planned", extra=answer)
    metrics.add_metric("RowsPlanned", MetricUnit.Count, answer["expected_rows"])
    if not plan.spec.dry_run:
        cost = answer["estimated_cost_usd"]
        metrics.add_metric("EstimatedDollars", MetricUnit.NoUnit, cost)
    return answer


def make_plan(run: str, spec: JobSpec, settings: PlanSettings) -> RunPlan:
    """Cut what the spec asks for into slices that the deployment can make.

    Raises
    ------
    RowLimitError
        If the rows may become more than the deployment allows.
    SliceTooLargeError, TooManySlicesError
        If there is no such cut.
    """
    most, limit = spec.customers * spec.most_rows_per_customer, settings.row_limit
    if "csv" in spec.format:
        limit = min(limit, MOST_JOINED_ROWS)
    if most > limit:
        raise RowLimitError(
            f"customers, days and daily_transactions: got {spec.customers:,} customers who over "
            f"{spec.days:,} days of up to {spec.daily_transactions.max:g} daily_transactions may "
            f"have {spec.most_rows_per_customer:,} rows each, {most:,} in all; allowed: at most "
            f"{limit:,} in this deployment"
        )
    memory = settings.memory_mb(spec.format)
    size = customers_per_slice(spec, memory, settings.child_execution_type)
    return RunPlan(run=run, spec=spec, slices=cut(spec.customers, size), identity=Identity.here())


def describe(plan: RunPlan, slices: Sequence[Slice], settings: PlanSettings) -> dict[str, Any]:
    """What the state answers: references to what was written, and estimates of what is to make."""
    spec, keys = plan.spec, RunKeys(plan.run)
    rows = round(sum(part.customers for part in slices) * spec.expected_rows_per_customer)
    work, memory = Work.of(spec, len(slices), rows), settings.memory_mb(spec.format)
    cost = estimate_usd(work, memory, settings.child_execution_type)
    return {
        "run": plan.run,
        "digest": plan.digest,
        "dry_run": spec.dry_run,
        "bucket": settings.bucket_name,
        "plan_key": None if spec.dry_run else keys.plan,
        "slices_key": None if spec.dry_run else keys.slices,
        "slices": len(slices),
        "expected_rows": rows,
        "function": FORMATS.index(spec.format[-1]),
        "expected_bytes": round(rows * sum(BYTES_OF_A_ROW[each] for each in spec.format)),
        "expected_seconds": round(run_seconds(work, memory, settings.map_concurrency)),
        "estimated_cost_usd": round(cost, 4),
        "output_key": spec.output_key,
    }
