"""The parts of docs/lake.md: what it costs to make, to keep and to scan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from accidental_transfers.dataset.lake import PARQUET_BYTES_PER_ROW
from accidental_transfers.local.documents.parts import price, table
from accidental_transfers.pipeline.cost import (
    S3_PER_GB_MONTH,
    ChildExecutionType,
    Work,
    cost_terms,
    run_seconds,
)
from accidental_transfers.pipeline.slicing import customers_per_slice
from accidental_transfers.spec import JobSpec

MEMORY = 1_769
"""The template's GenerateParquetMemory."""
ATHENA_PER_TERABYTE = 5.0
"""Dollars; https://aws.amazon.com/athena/pricing/."""
TERABYTE = 1e12


@dataclass(frozen=True)
class Size:
    """A size of lake, made by one execution.

    Attributes
    ----------
    concurrency : int
        `MapConcurrency`.
    """

    name: str
    spec: JobSpec
    concurrency: int
    children: ChildExecutionType = "EXPRESS"

    @property
    def work(self) -> Work:
        """What there is to do."""
        size = customers_per_slice(self.spec, MEMORY, self.children)
        return Work.of(self.spec, math.ceil(self.spec.customers / size))

    @property
    def gigabytes(self) -> float:
        """Of the transactions."""
        return self.spec.expected_rows * PARQUET_BYTES_PER_ROW / 1e9

    @property
    def row(self) -> tuple[str, ...]:
        """What the table tells."""
        work, days = self.work, self.spec.days
        file = self.gigabytes * 1e3 / work.slices / work.months
        dollars = sum(cost_terms(work, MEMORY, self.children, "x86_64").values())
        return (
            self.name,
            f"{self.spec.customers:,} customers, {days} days",
            f"{work.slices:,}",
            f"{file:,.0f} MB",
            f"{self.gigabytes:,.2g} GB" if self.gigabytes < 10 else f"{self.gigabytes:,.0f} GB",
            f"{self.concurrency:,}",
            f"{run_seconds(work, MEMORY, self.concurrency):,.0f}",
            price(dollars),
            price(self.gigabytes * S3_PER_GB_MONTH),
            price(self.gigabytes * 1e9 / TERABYTE * ATHENA_PER_TERABYTE),
        )


def _spec(**fields: Any) -> JobSpec:
    return JobSpec.parse({"format": "parquet", **fields})


_YEAR = {"start_date": "2024-01-01", "end_date": "2024-12-31"}
SIZES = (
    Size("1 million", _spec(), 8),
    Size("10 million", _spec(customers=9_556), 8),
    Size("100 million", _spec(customers=95_556), 8),
    Size("1 billion", _spec(customers=955_566), 40),
    Size(
        "10 billion",
        _spec(customers=1_000_000, daily_transactions={"min": 18, "max": 37}, **_YEAR),
        100,
    ),
)


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    head = (
        "rows", "one execution", "slices", "a month's file", "transactions", "`MapConcurrency`",
        "seconds", "to make", "a month of storage", "to scan all of it",
    )  # fmt: skip
    return {"lake-sizes": table(head, (size.row for size in SIZES))}
