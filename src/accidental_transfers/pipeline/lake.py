"""The lake of a set: of each month the files of the run that committed it last.

A manifest names the whole lake. The next one keeps the months that its own run does not make.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from accidental_transfers.dataset.lake import BY_MONTH, LakeFile, LakeTable
from accidental_transfers.pipeline.identity import HexSha256
from accidental_transfers.pipeline.keys import OutputKeys
from accidental_transfers.pipeline.receipts import HexCrc32, Ledger, StoredLakePart
from accidental_transfers.pipeline.run_plan import RunId, RunPlan
from accidental_transfers.pipeline.with_keys import WithKeys

_DOCUMENT = ConfigDict(frozen=True, extra="forbid", strict=True)

Count = Annotated[int, Field(ge=0)]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d\d$")]


class ParquetFile(BaseModel):
    """A Parquet file, and the version of its object that belongs to this set."""

    model_config = _DOCUMENT

    key: str = Field(description="Of the object.")
    bytes: Count = Field(description="Of the whole file.")
    crc32: HexCrc32 = Field(description="Of the whole file.")
    sha256: HexSha256 = Field(description="Of the whole file.")
    etag: str = Field(description="As S3 answers it, in its quotes.")
    version_id: str | None = Field(description="Null in a bucket that keeps no versions.")
    rows: Count = Field(description="Of the file.")


class LakeMonth(BaseModel):
    """A month of the lake: all of it is one run's."""

    model_config = _DOCUMENT

    run: RunId = Field(description="That committed the month last.")
    first_day: str = Field(description="Of the days that the run made, YYYY-MM-DD.")
    last_day: str = Field(description="Of the days that the run made, YYYY-MM-DD.")
    tables: Annotated[dict[LakeTable, list[ParquetFile]], WithKeys(BY_MONTH)] = Field(
        description="In the order of the customers."
    )


class LakePeople(BaseModel):
    """The table of the customers, who are the same in every month."""

    model_config = _DOCUMENT

    run: RunId = Field(description="That committed last.")
    files: list[ParquetFile] = Field(description="In the order of the customers.")


class Lake(BaseModel):
    """The Parquet files of a set."""

    model_config = _DOCUMENT

    months: dict[Month, LakeMonth] = Field(description="By YYYY-MM, in order.")
    customers: LakePeople

    @property
    def files(self) -> Iterator[ParquetFile]:
        """All of them."""
        for month in self.months.values():
            for files in month.tables.values():
                yield from files
        yield from self.customers.files

    @property
    def runs(self) -> dict[str, str]:
        """The run of each month."""
        return {name: month.run for name, month in self.months.items()}

    def over(self, before: Lake | None) -> Self:
        """Give this lake together with the months that only the lake before has."""
        kept = before.months if before else {}
        months = {**kept, **self.months}
        return self.model_copy(update={"months": dict(sorted(months.items()))})


def lake_of_run(plan: RunPlan, ledger: Ledger) -> Lake:
    """Give what one run made."""
    output = OutputKeys(plan.spec.output_key)
    by_month: dict[str, dict[LakeTable, list[ParquetFile]]] = {
        name: {table: [] for table in BY_MONTH} for name in plan.months
    }
    people: list[ParquetFile] = []
    for each in ledger.lake:
        files = people if each.part.month is None else by_month[each.part.month][each.part.table]
        files.append(_file(each, plan.run, output))
    return Lake(
        months={
            name: LakeMonth(
                run=plan.run,
                first_day=first.isoformat(),
                last_day=last.isoformat(),
                tables=by_month[name],
            )
            for name, (first, last) in plan.months.items()
        },
        customers=LakePeople(run=plan.run, files=people),
    )


def own_files(plan: RunPlan) -> set[LakeFile]:
    """Give the files that a slice of a run may have."""
    of_months = {LakeFile(table, month) for table in BY_MONTH for month in plan.months}
    return of_months | {LakeFile("customers", None)}


def _file(each: StoredLakePart, run: str, output: OutputKeys) -> ParquetFile:
    part = each.part
    return ParquetFile(
        key=output.lake_file(part.file, run, each.slice.index),
        **part.model_dump(include={"bytes", "crc32", "sha256", "etag", "version_id", "rows"}),
    )
