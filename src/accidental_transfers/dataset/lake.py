from __future__ import annotations
import io
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal, NamedTuple, get_args
import numpy as np

LakeTable = Literal["transactions", "accidents", "customers", "outcomes"]
LAKE_TABLES: tuple[LakeTable, ...] = get_args(LakeTable)
PARQUET_BYTES_PER_ROW = 16


class LakeFile(NamedTuple):
    table: LakeTable
    month: str | None


class Lake:
    def __init__(self, spec, told, opened):
        self.spec, self.told, self.opened = spec, told, opened
        self.held = {}
        self.rows = Counter()
        self.done = False

    def write(self, block):
        from accidental_transfers.dataset.blocks import Blocks

        b = Blocks([block], self.spec.accidents)

        def lines(file):
            s = io.StringIO()
            b.write(file, s, header=False)
            return s.getvalue().splitlines()

        month = np.array([f"{block.first_day + timedelta(days=int(d)):%Y-%m}" for d in block.day])
        for table, file, months in (
            ("transactions", "dataset", month),
            ("accidents", "accidents", month[block.truth.row]),
            ("outcomes", "outcomes", month[block.outcomes.row]),
            ("customers", "customers", [None] * len(block.customers)),
        ):
            for line, m in zip(lines(file), months, strict=True):
                f = LakeFile(table, None if m is None else str(m))
                self.held.setdefault(f, []).append(line)
                self.rows[f] += 1

    def finish(self):
        if self.done:
            return
        self.done = True
        for f, ls in self.held.items():
            self.opened(f).write("\n".join(ls).encode())


@contextmanager
def lake_of(spec, told, opened):
    lake = Lake(spec, told, opened)
    yield lake
    lake.finish()
