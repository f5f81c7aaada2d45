"""Resuming a run: the input that asks for it, and what is left to make."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accidental_transfers.pipeline.proof import slices_to_make
from accidental_transfers.pipeline.run_plan import RunId, RunPlan, Slice
from accidental_transfers.pipeline.storage import Bucket
from accidental_transfers.spec.values import SCHEMA_KEY, refusal

_RESUME = "resume"


class Resume(BaseModel):
    """The input of an execution that goes on with a run which failed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    resume: RunId = Field(
        description="the run, which is the name of the execution that failed; alone, because the "
        "run has its input"
    )


def run_to_resume(given: Any) -> str | None:
    """Give the run that an execution's input asks to resume, None where it asks for a new one.

    Raises
    ------
    SpecError
        If it names no run, or there is something else beside it.
    """
    if not isinstance(given, Mapping) or _RESUME not in given:
        return None
    fields = {name: value for name, value in given.items() if name != SCHEMA_KEY}
    try:
        return Resume.model_validate(fields).resume
    except ValidationError as error:
        raise refusal(error, Resume) from error


def resumed(run: str, bucket: Bucket) -> tuple[RunPlan, list[Slice]]:
    """Give a run's plan, and its slices without a receipt that the join would accept.

    Raises
    ------
    UnknownRunError
        If there is no such run, any more or at all.
    OtherPlanError
        If the plan is another run's.
    OtherCodeError
        If other code planned it: what is left would not fit what is there.
    IncompleteRunError
        If there are receipts of slices that the run has not.
    """
    plan = RunPlan.load(bucket, run)
    return plan, slices_to_make(plan, bucket)
