"""The specification of a job: a dataset, and how it is made and published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Unpack

from pydantic import Field, model_validator

from accidental_transfers.errors import shown
from accidental_transfers.spec.dataset import DatasetSpec
from accidental_transfers.spec.period import ENDS, Period, counted_from, with_dates
from accidental_transfers.spec.values import (
    DAY_IN_KEY,
    RUN_IN_KEY,
    SCHEMA_KEY,
    Formats,
    Instant,
    OutputKey,
    dated,
)

if TYPE_CHECKING:
    from accidental_transfers.spec.keywords import JobKeywords


class JobSpec(DatasetSpec):
    """The input of an execution: what the dataset is to be, and what becomes of it.

    Of the fields that a job adds to a `DatasetSpec` only a period changes the dataset. It is
    replaced by its dates at once: a `JobSpec` that exists has the dates, and no period.

    Raises
    ------
    SpecError
        Naming every field that is unknown, of the wrong type or out of its range.

    Examples
    --------
    >>> job = JobSpec(period="last-month", scheduled_time="2024-05-01T06:00:00Z")
    >>> job.start_date.isoformat(), job.end_date.isoformat()
    ('2024-04-01', '2024-04-30')
    """

    period: Period | None = Field(
        default=None,
        description="'yesterday', 'last-week' (Monday to Sunday), 'last-month' or 'this-month', in "
        "place of start_date and end_date; counted from scheduled_time, or else from the day the "
        "execution starts",
    )
    scheduled_time: Instant | None = Field(
        default=None,
        description="a time with its zone, such as 2024-05-01T06:00:00Z: the period is counted "
        "from its day in UTC",
    )
    output_key: OutputKey = Field(
        default="data/synthetic_transactions_labeled.csv",
        description="a key of letters, digits and _ . = / - that ends in .csv, not under runs/; "
        "{month} in it becomes the first day's YYYY-MM, {start_date} its YYYY-MM-DD, {date} the "
        "day from which a period is counted, {run} the execution's name",
    )
    format: Formats = Field(
        default=("csv",),
        description="'csv' for the one file, 'parquet' for a file for each month and slice in "
        "folders beside it, or a list of both",
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

    if TYPE_CHECKING:

        def __init__(self, /, **given: Unpack[JobKeywords]) -> None: ...

    @classmethod
    def parse(cls, given: Any, today: date | None = None, run: str | None = None) -> Self:
        """Validate what was read from JSON, such as an execution's input.

        Parameters
        ----------
        today
            The day from which a period is counted, unless there is a ``scheduled_time``.
        run
            The name of the execution, which may stand in the key.

        Raises
        ------
        SpecError
            As the class itself, or if it is no mapping.

        Examples
        --------
        >>> from datetime import date
        >>> JobSpec.parse({"period": "yesterday"}, today=date(2024, 3, 1)).start_date.isoformat()
        '2024-02-29'
        """
        if not isinstance(given, Mapping):
            return super().parse(given)
        return super().parse(with_dates(_with_named_key(given, today, run), today))

    @model_validator(mode="before")
    @classmethod
    def _resolve(cls, given: Any) -> Any:
        """Put dates in the place of a period, and into the key."""
        if not isinstance(given, Mapping):
            return given
        fields = {name: value for name, value in given.items() if name != SCHEMA_KEY}
        _refuse_period_with_dates(fields)
        with_days = with_dates(_with_named_key(fields))
        return _with_dated_key(with_days, str(cls.model_fields["start_date"].default))

    @model_validator(mode="after")
    def _is_resolved(self) -> Self:
        if self.period is not None:
            raise ValueError(
                f"period: got {self.period!r} and no day to count it from; allowed with a "
                "scheduled_time, or where the day is known"
            )
        if "{" in self.output_key:
            raise ValueError(
                f"output_key: got {self.output_key!r}; {DAY_IN_KEY} is allowed with a "
                f"scheduled_time, or where the day is known, {RUN_IN_KEY} in an execution"
            )
        return self


def _refuse_period_with_dates(given: Mapping[str, Any]) -> None:
    dates = [name for name in ENDS if name in given]
    if given.get("period") is not None and dates:
        raise ValueError(
            f"period: got {shown(given['period'])} together with {' and '.join(dates)}; allowed: "
            "a period, or start_date and end_date"
        )


def _with_named_key(
    given: Mapping[str, Any], today: date | None = None, run: str | None = None
) -> Mapping[str, Any]:
    """Put the day and the run into the key, as far as they are known."""
    key, day = given.get("output_key"), counted_from(given, today)
    if not isinstance(key, str):
        return given
    for placeholder, value in ((DAY_IN_KEY, day), (RUN_IN_KEY, run)):
        key = key if value is None else key.replace(placeholder, str(value))
    return {**given, "output_key": key}


def _with_dated_key(given: Mapping[str, Any], first_day: str) -> Mapping[str, Any]:
    key, first = given.get("output_key"), given.get("start_date", first_day)
    # A date that is none is refused by the field's own name.
    return {**given, "output_key": dated(key, str(first))} if isinstance(key, str) else given
