"""Measure CSV and Parquet beside each other, as slices are made: speed, sizes, peak memory.

Usage: python -m benchmarks.formats [--rows 1000000] [--ways csv lake file]; prints of each way its
name, the rows, rows per CPU-second and bytes a row, and then the peak of this process in MB.

The ways take turns at the same customers, since machines differ and are shared: what to quote is
how they compare. A slice is simulated, counted for the card and written, with its companions; what
is written is not kept. `file` is `Table.to_parquet`, the transactions alone.
"""

from __future__ import annotations

import argparse
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.lake import lake_of
from accidental_transfers.dataset.parquet import parquet_rows
from accidental_transfers.dataset.text_stream import EncodedText
from accidental_transfers.spec.files import CSV_FILES
from accidental_transfers.statistics.tally import Tally

CSV_CUSTOMERS = 45
"""Of a slice of the default job: 47,000 rows."""
TURN_CUSTOMERS = 3_000
"""Of a slice of the lake, and of as many slices of CSV as make the same."""


class Counted:
    """A stream that keeps the number of its bytes."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, content: bytes, /) -> int:
        self.bytes += len(content)
        return len(content)


class Way(ABC):
    """A way to write a dataset, and what it took."""

    def __init__(self, spec: DatasetSpec) -> None:
        self.spec, self.stream, self.open = spec, Counted(), ExitStack()
        self.rows, self.seconds = 0, 0.0

    def timed(self, first: int, last: int) -> None:
        """Take some customers, and note the CPU seconds."""
        begun = time.process_time()
        self.take(first, last)
        self.seconds += time.process_time() - begun

    @abstractmethod
    def take(self, first: int, last: int) -> None:
        """Write what some customers do."""

    def finish(self) -> None:
        """Write the end of what has been open all the time."""
        self.open.close()


class Csv(Way):
    """Slices of the default job's size, each as text in memory."""

    def take(self, first: int, last: int) -> None:
        for start in range(first, last + 1, CSV_CUSTOMERS):
            texts = {file: EncodedText() for file in CSV_FILES}
            tally = Tally()
            for table in simulate(self.spec, start, min(start + CSV_CUSTOMERS - 1, last)):
                for file, text in texts.items():
                    table.write(file, text, header=False)
                tally.add(table.blocks[0])
                self.rows += table.rows
            tally.share()
            for text in texts.values():
                self.stream.write(text.encoded())


class Lake(Way):
    """One slice of files for each table and month."""

    def take(self, first: int, last: int) -> None:
        tally = Tally()
        with lake_of(self.spec, {"run": "benchmark"}, lambda _: self.stream) as lake:
            for table in simulate(self.spec, first, last):
                lake.write(table.blocks[0])
                tally.add(table.blocks[0])
                self.rows += table.rows
        tally.share()


class File(Way):
    """One file of transactions, whatever the turns."""

    def __init__(self, spec: DatasetSpec) -> None:
        super().__init__(spec)
        self._file = self.open.enter_context(parquet_rows(self.stream, spec))

    def take(self, first: int, last: int) -> None:
        for table in simulate(self.spec, first, last):
            self.rows += self._file.write(table.blocks[0])


WAYS: dict[str, type[Way]] = {"csv": Csv, "lake": Lake, "file": File}


def measured(rows: int, names: list[str]) -> Iterator[tuple[str, Way]]:
    """Write a dataset of the default job's kind, of about some rows, in several ways."""
    customers = max(round(rows / DatasetSpec().expected_rows_per_customer), 1)
    spec = DatasetSpec(customers=customers)
    for name in names:
        # What is imported and made once a process is none of the rows' cost.
        unmeasured = WAYS[name](spec)
        unmeasured.take(1, min(CSV_CUSTOMERS, customers))
        unmeasured.finish()
    ways = {name: WAYS[name](spec) for name in names}
    for first in range(1, customers + 1, TURN_CUSTOMERS):
        for way in ways.values():
            way.timed(first, min(first + TURN_CUSTOMERS - 1, customers))
    for way in ways.values():
        way.finish()
    yield from ways.items()


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    asked = parser.parse_args()
    for name, way in measured(asked.rows, asked.ways):
        print(name, way.rows, round(way.rows / way.seconds), round(way.stream.bytes / way.rows, 2))
    # Not getrusage: its peak still counts what the parent process had before this one began.
    status = Path("/proc/self/status").read_text("ascii")
    (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    print(f"peak {int(kilobytes) / 1024:.0f}")


if __name__ == "__main__":
    main()
