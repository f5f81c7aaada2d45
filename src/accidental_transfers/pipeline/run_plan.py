"""The plan of a run: everything that it is, as one document in the bucket."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Self

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from accidental_transfers.errors import OtherPlanError, RunExistsError, UnknownRunError, shown, some
from accidental_transfers.pipeline.conditional import only_over
from accidental_transfers.pipeline.identity import (
    SHOWN_DIGITS,
    HexSha256,
    Identity,
    require_own_code,
)
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.storage import JSON, Bucket, error_code
from accidental_transfers.spec import JobSpec

RunId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
"""The name of the execution: it becomes part of keys."""

PlanDigest = Annotated[
    HexSha256 | None,
    Field(description="Digest of the plan; null only where somebody calls the function by hand."),
]

_DOCUMENT = ConfigDict(frozen=True, extra="forbid", strict=True)
_BOUND: Any = {
    "run": True,
    "spec": True,
    "slices": True,
    "identity": {"dataset_version": True, "code_sha256": True, "versions": {"numpy"}},
}
"""What of a plan decides its bytes; other versions are for people."""
_ALREADY_THERE = {"PreconditionFailed", "412"}


class Slice(BaseModel):
    """A range of customers that one invocation makes."""

    model_config = _DOCUMENT

    index: int = Field(ge=0, description="Position of the slice in the dataset, from 0.")
    first_customer: int = Field(ge=1, description="The first customer's number, from 1.")
    last_customer: int = Field(ge=1, description="The last customer's number, included.")

    @property
    def customers(self) -> int:
        """How many customers the slice has."""
        return self.last_customer - self.first_customer + 1

    def __str__(self) -> str:
        return f"slice {self.index} (customers {self.first_customer} to {self.last_customer})"


class SliceTask(Slice):
    """An item of the Map: a slice, and the run and the plan that it belongs to."""

    run: RunId
    plan: PlanDigest = None

    @property
    def slice(self) -> Slice:
        """The slice itself."""
        return Slice.model_validate(self.model_dump(exclude={"run", "plan"}))


class RunPlan(BaseModel):
    """What a run makes, how it is cut, and what made the plan."""

    model_config = _DOCUMENT

    run: RunId
    spec: JobSpec
    slices: tuple[Slice, ...]
    identity: Identity

    @model_validator(mode="after")
    def _is_cut(self) -> Self:
        """Make sure that the slices are all customers, once and in order."""
        next_customer = 1
        for index, part in enumerate(self.slices):
            if (part.index, part.first_customer) != (index, next_customer) or part.customers < 1:
                raise ValueError(f"{part} does not follow the slice before")
            next_customer = part.last_customer + 1
        if next_customer - 1 != self.spec.customers:
            raise ValueError(f"slices of {next_customer - 1} customers, not {self.spec.customers}")
        return self

    @cached_property
    def digest(self) -> str:
        """SHA-256 of run, spec, slices and what can change a byte.

        By it, a slice's task, a receipt and the join say which plan they belong to.
        """
        return hashlib.sha256(self.model_dump_json(include=_BOUND).encode()).hexdigest()

    @cached_property
    def months(self) -> dict[str, tuple[date, date]]:
        """The first and the last day that the run makes of each month, by YYYY-MM."""
        months, first = {}, self.spec.start_date
        while first <= self.spec.end_date:
            _, days = monthrange(first.year, first.month)
            last = min(first.replace(day=days), self.spec.end_date)
            months[f"{first:%Y-%m}"] = (first, last)
            first = last + timedelta(days=1)
        return months

    def store(self, bucket: Bucket) -> None:
        """Write the plan. The same plan again is a retry, and welcome.

        Raises
        ------
        RunExistsError
            If the run's folder belongs to another plan.
        OtherCodeError
            If it belongs to a plan of other code.
        """
        body = self.model_dump_json(indent=1).encode()
        try:
            bucket.put(RunKeys(self.run).plan, body, JSON, condition=only_over(None))
        except ClientError as error:
            if error_code(error) not in _ALREADY_THERE:
                raise
            self._require_equal(RunPlan.load(bucket, self.run), bucket)

    def store_tasks(self, bucket: Bucket, slices: Iterable[Slice]) -> None:
        """Write the Map's items: one for each slice that is to be made."""
        tasks = [{"run": self.run, "plan": self.digest, **part.model_dump()} for part in slices]
        bucket.put(RunKeys(self.run).slices, json.dumps(tasks).encode(), JSON)

    def _require_equal(self, held: "RunPlan", bucket: Bucket) -> None:
        if held.digest == self.digest:
            return
        mine = self.spec.model_dump(mode="json")
        differences = [
            f"{field} {shown(value)}, not {shown(mine[field])}"
            for field, value in held.spec.model_dump(mode="json").items()
            if value != mine[field]
        ]
        raise RunExistsError(
            f"the name {self.run} is taken: {bucket.url(RunKeys(self.run).plan)} is a plan with "
            f"{some(differences) or 'other slices'}; allowed: an execution with another name"
        )

    @classmethod
    def load(cls, bucket: Bucket, run: str, digest: str | None = None) -> Self:
        """Read the plan of a run.

        Parameters
        ----------
        digest : str, optional
            Of the plan that is wanted.

        Raises
        ------
        UnknownRunError
            If there is none, or it is not a plan.
        OtherPlanError
            If it is another run's plan, or another plan than the one that is wanted.
        OtherCodeError
            If other code made it.
        """
        key = RunKeys(run).plan
        body = bucket.find(key)
        if body is None:
            raise UnknownRunError(f"run {run!r} was never planned: there is no {bucket.url(key)}")
        owner = f"the plan of run {run}"
        try:
            plan = cls.model_validate_json(body)
        except ValidationError as error:
            require_own_code(body, owner)
            raise UnknownRunError(f"{bucket.url(key)} is not a plan: {error}") from error
        if plan.run != run:
            raise OtherPlanError(f"{bucket.url(key)} is the plan of run {plan.run}, not of {run}")
        plan.identity.require(Identity.here(), owner)
        if digest is not None and digest != plan.digest:
            raise OtherPlanError(
                f"{bucket.url(key)} is the plan {plan.digest[:SHOWN_DIGITS]}; wanted is the plan "
                f"{digest[:SHOWN_DIGITS]}, of a run of the same name"
            )
        return plan
