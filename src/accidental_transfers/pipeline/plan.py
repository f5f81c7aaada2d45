"""The state Plan: validate what is asked for, cut it into slices, write the plan."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from accidental_transfers.dataset.csv_text import BYTES_PER_ROW
from accidental_transfers.errors import OutputExistsError, RowLimitError
from accidental_transfers.pipeline.cost import estimate_usd
from accidental_transfers.pipeline.events import PlanRequest, parse_event
from accidental_transfers.pipeline.identity import Identity
from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.pipeline.observability import (
    logger,
    logging_the_run,
    metrics,
    tracer,
)
from accidental_transfers.pipeline.run_plan import RunPlan
from accidental_transfers.pipeline.settings import PlanSettings
from accidental_transfers.pipeline.slicing import customers_per_slice, cut
from accidental_transfers.pipeline.storage import Bucket, naming_transient_faults
from accidental_transfers.spec import JobSpec


@logger.inject_lambda_context
@logging_the_run
@tracer.capture_lambda_handler
@metrics.log_metrics
@naming_transient_faults()
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Plan the run of an event ``{"run", "spec", "started"}``; answer with keys and estimates."""
    metrics.add_metric("RunsRequested", MetricUnit.Count, 1)
    settings = PlanSettings.from_environment()
    request = parse_event(event, PlanRequest)
    spec = JobSpec.parse(request.spec, request.day, request.run)
    bucket = Bucket(settings.bucket_name)

    plan = make_plan(request.run, spec, settings)
    check_output(plan, bucket)
    if not spec.dry_run:
        plan.store(bucket)

    answer = describe(plan, settings)
    logger.info("planned", extra=answer)
    metrics.add_metric("RowsPlanned", MetricUnit.Count, spec.expected_rows)
    if not spec.dry_run:
        cost = answer["estimated_cost_usd"]
        metrics.add_metric("EstimatedDollars", MetricUnit.NoUnit, cost)
    return answer


def make_plan(run: str, spec: JobSpec, settings: PlanSettings) -> RunPlan:
    """Cut what the spec asks for into slices that the deployment can make.

    Raises
    ------
    RowLimitError
        If the rows are more than the deployment allows.
    SliceTooLargeError, TooManySlicesError
        If there is no such cut.
    """
    if spec.expected_rows > settings.row_limit:
        raise RowLimitError(
            f"customers × days × mean daily_transactions: got {spec.customers:,} × {spec.days:,} "
            f"× {spec.daily_transactions.mean:g} = {spec.expected_rows:,} rows; allowed: at most "
            f"{settings.row_limit:,} in this deployment"
        )
    size = customers_per_slice(spec, settings.slice_memory_mb)
    return RunPlan(run=run, spec=spec, slices=cut(spec.customers, size), identity=Identity.here())


def check_output(plan: RunPlan, bucket: Bucket) -> None:
    """Make sure that no object of another run is replaced, if the spec says so.

    Raises
    ------
    OutputExistsError
        Naming the object and the run that made it.
    """
    if plan.spec.if_exists != "fail":
        return
    output = OutputKeys(plan.spec.output_key)
    for key in (output.dataset, *output.companions.values()):
        stored = bucket.head(key)
        # A retry of a run that succeeded finds the run's own output.
        if stored is not None and stored.metadata.get("run") != plan.run:
            raise OutputExistsError(
                f"{bucket.url(key)} exists, made by run {stored.metadata.get('run', 'unknown')}; "
                "with if_exists 'fail', allowed is an output_key where nothing stands"
            )


def describe(plan: RunPlan, settings: PlanSettings) -> dict[str, Any]:
    """What the state answers: references to what was written, and estimates."""
    spec, keys = plan.spec, RunKeys(plan.run)
    cost = estimate_usd(
        spec.expected_rows,
        len(plan.slices),
        settings.slice_memory_mb,
        settings.child_execution_type,
    )
    return {
        "run": plan.run,
        "dry_run": spec.dry_run,
        "bucket": settings.bucket_name,
        "plan_key": None if spec.dry_run else keys.plan,
        "slices_key": None if spec.dry_run else keys.slices,
        "slices": len(plan.slices),
        "expected_rows": spec.expected_rows,
        "expected_bytes": round(spec.expected_rows * BYTES_PER_ROW),
        "estimated_cost_usd": round(cost, 4),
        "output_key": spec.output_key,
    }
