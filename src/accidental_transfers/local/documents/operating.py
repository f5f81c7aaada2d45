"""The figures of docs/operate.md.

They are estimates of `pipeline.cost`, so that the document and a dry run say the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from accidental_transfers.dataset.csv_text import BYTES_PER_ROW
from accidental_transfers.local.documents.parts import price, table
from accidental_transfers.pipeline.cost import (
    COLD_START_SECONDS,
    CPU_SECONDS_PER_ROW,
    REQUEST_SECONDS,
    S3_PER_GB_MONTH,
    ChildExecutionType,
    Work,
    cost_terms,
    other_gb_seconds,
    slice_seconds,
)
from accidental_transfers.pipeline.slicing import customers_per_slice
from accidental_transfers.spec import JobSpec

MEMORY = 1_769
"""The template's GenerateSliceMemory."""
ARCHITECTURE = "x86_64"


@dataclass(frozen=True)
class Size:
    """A size of dataset, and what its deployment needs.

    Attributes
    ----------
    spec : JobSpec
        What one execution makes.
    executions : int
        Executions that make it together, one after another.
    concurrency : int
        `MapConcurrency`.
    raised : str
        Parameters that must be raised for it.
    """

    name: str
    spec: JobSpec
    executions: int
    concurrency: int
    raised: str

    @property
    def rows(self) -> int:
        """Rows to be expected of all executions."""
        return self.executions * self.spec.expected_rows

    @property
    def slices(self) -> int:
        """Slices of one execution that Plan would choose."""
        return math.ceil(self.spec.customers / customers_per_slice(self.spec, MEMORY))

    @property
    def work(self) -> Work:
        """What one execution has to do."""
        return Work.of(self.spec, self.slices)

    @property
    def seconds(self) -> float:
        """Seconds until all slices are made, so many at once."""
        one = slice_seconds(self.work, MEMORY) / self.slices
        return self.executions * math.ceil(self.slices / self.concurrency) * one

    @property
    def gigabytes(self) -> float:
        """Of the CSV."""
        return self.rows * BYTES_PER_ROW / 1e9

    def dollars(self, children: ChildExecutionType) -> dict[str, float]:
        """What all executions cost, by what is paid for."""
        one = cost_terms(self.work, MEMORY, children, ARCHITECTURE)
        return {what: self.executions * dollars for what, dollars in one.items()}


def _month(customers: int) -> JobSpec:
    return JobSpec.parse({"customers": customers, "end_date": "2024-01-31"})


SIZES = (
    Size("1 million", JobSpec(customers=900), 1, 8, "none"),
    Size("10 million", JobSpec(customers=9_556), 1, 8, "none"),
    Size("1 billion", _month(955_566), 3, 200, "`RowLimit`, `MapConcurrency`"),
    Size("10 billion", _month(1_000_000), 28, 1_000, "`RowLimit`, `MapConcurrency`"),
)


def parts() -> dict[str, str]:
    """Make every generated part, by its name."""
    return {"sizes": _sizes(), "costs": _costs(), "arithmetic": _arithmetic(SIZES[1])}


def _sizes() -> str:
    head = (
        "rows", "one execution", "executions", "slices of one", "`MapConcurrency`",
        "seconds of slices",
        "concurrent executions of Lambda", "parameters to raise",
    )  # fmt: skip
    rows = (
        (
            size.name,
            f"{size.spec.customers:,} customers, {size.spec.days} days",
            f"{size.executions}",
            f"{size.slices:,}",
            f"{size.concurrency:,}",
            f"{size.seconds:.0f}",
            # Two besides the Map's: Plan or ConcatenateParts of another run, and one to spare.
            f"{size.concurrency + 2:,}",
            size.raised,
        )
        for size in SIZES
    )
    return table(head, rows)


def _costs() -> str:
    head = ("rows", "CSV", "slices", "children Express", "children Standard", "a month of storage")
    rows = (
        (
            size.name,
            f"{size.gigabytes:,.2g} GB" if size.gigabytes < 10 else f"{size.gigabytes:,.0f} GB",
            f"{size.executions * size.slices:,}",
            price(sum(size.dollars("EXPRESS").values())),
            price(sum(size.dollars("STANDARD").values())),
            price(size.gigabytes * S3_PER_GB_MONTH),
        )
        for size in SIZES
    )
    return table(head, rows)


def _arithmetic(size: Size) -> str:
    terms = size.dollars("EXPRESS")
    rows, slices = f"{size.spec.expected_rows:,}", f"{size.slices:,}"
    seconds = slice_seconds(size.work, MEMORY)
    each, rate = COLD_START_SECONDS + REQUEST_SECONDS, 1 / CPU_SECONDS_PER_ROW["csv"]
    how_much = {
        "functions": f"{rows} rows / {rate:,.0f} a second + {slices} × {each:g} s = "
        f"{seconds:.0f} s, × {MEMORY:,} MB; + {other_gb_seconds(size.slices):.0f} GB-seconds "
        "for the other two functions",
        "states": f"{slices} Express children for those seconds, and one Standard execution",
        "requests": f"writes and reads of {slices} slices and of the run",
    }
    lines = [(what, text, price(terms[what])) for what, text in how_much.items()]
    return table(
        ("what", "how much", "dollars"), [*lines, ("together", "", price(sum(terms.values())))]
    )
