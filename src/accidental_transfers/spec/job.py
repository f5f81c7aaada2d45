"""The specification of a job: a dataset, and how it is made and published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from accidental_transfers.spec.dataset import DatasetSpec
from accidental_transfers.spec.values import SCHEMA_KEY, OutputKey


class JobSpec(DatasetSpec):
    """The input of an execution: what the dataset is to be, and what becomes of it.

    None of the fields that a job adds to a `DatasetSpec` changes a byte of the dataset.

    Raises
    ------
    SpecError
        Naming every field that is unknown, of the wrong type or out of its range.
    """

    output_key: OutputKey = Field(
        default="data/synthetic_transactions_labeled.csv",
        description="a key of letters, digits and _ . = / - that ends in .csv, not under runs/",
    )
    if_exists: Literal["replace", "fail"] = Field(
        default="replace",
        description="'replace' or 'fail', when there is a dataset at output_key",
    )
    customers_per_slice: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="a whole number, 1 to 1,000,000, or null to have it chosen"
    )
    dry_run: bool = Field(
        default=False, description="true or false: only plan, and estimate rows, bytes and cost"
    )

    def __init__(self, /, **given: Any) -> None:
        super().__init__(**given)

    @model_validator(mode="before")
    @classmethod
    def _without_schema(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if name != SCHEMA_KEY}
