"""The plan of a run: everything that it is, as one document in the bucket."""

import hashlib
import json
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accidental_transfers.errors import UnknownRunError
from accidental_transfers.pipeline.identity import Identity, require_own_code
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.storage import JSON, Bucket
from accidental_transfers.spec import JobSpec

RunId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
"""The name of the execution: it becomes part of keys."""

_DOCUMENT = ConfigDict(frozen=True, extra="forbid", strict=True)


class Slice(BaseModel):
    """A range of customers that one invocation makes.

    Attributes
    ----------
    index : int
        Position of the slice in the dataset, from 0.
    first_customer, last_customer : int
        Both included, numbered from 1.
    """

    model_config = _DOCUMENT

    index: int = Field(ge=0)
    first_customer: int = Field(ge=1)
    last_customer: int = Field(ge=1)

    @property
    def customers(self) -> int:
        """How many customers the slice has."""
        return self.last_customer - self.first_customer + 1

    def __str__(self) -> str:
        return f"slice {self.index} (customers {self.first_customer} to {self.last_customer})"


class SliceTask(Slice):
    """An item of the Map: a slice and the run that it belongs to."""

    run: RunId

    @property
    def slice(self) -> Slice:
        """The slice itself."""
        return Slice.model_validate(self.model_dump(exclude={"run"}))


class RunPlan(BaseModel):
    """What a run makes, how it is cut, and what made the plan."""

    model_config = _DOCUMENT

    run: RunId
    spec: JobSpec
    slices: tuple[Slice, ...]
    identity: Identity

    @property
    def digest(self) -> str:
        """SHA-256 of spec and slices; by it, a receipt says which plan it was made for."""
        asked = self.model_dump_json(include={"spec", "slices"})
        return hashlib.sha256(asked.encode()).hexdigest()

    def store(self, bucket: Bucket) -> None:
        """Write the plan and the Map's items; the same plan gives the same bytes."""
        keys = RunKeys(self.run)
        items = [{"run": self.run, **part.model_dump()} for part in self.slices]
        bucket.put(keys.plan, self.model_dump_json(indent=1).encode(), JSON)
        bucket.put(keys.slices, json.dumps(items).encode(), JSON)

    @classmethod
    def load(cls, bucket: Bucket, run: str) -> Self:
        """Read the plan of a run.

        Raises
        ------
        UnknownRunError
            If there is none, or it is not a plan.
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
        plan.identity.require(Identity.here(), owner)
        return plan
