"""A table at a glance: how many rows, whose, when, which labels, and the first rows."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from accidental_transfers.dataset.columns import LABEL_COLUMNS
from accidental_transfers.dataset.frame import frame_of
from accidental_transfers.dataset.version import DATASET_VERSION

if TYPE_CHECKING:
    import pandas as pd

    from accidental_transfers.dataset.table import Table

ROWS_SHOWN = 5
MOST_MADE = 5_000_000
"""Rows. Of more, a summary makes only the first: a look at a table must not fill the memory."""


def as_text(table: Table) -> str:
    """Write a summary for a terminal."""
    return "\n".join([*_lines(table), _first_rows(table).to_string()])


def as_html(table: Table) -> str:
    """Write a summary for a notebook."""
    lines = "".join(f"<div>{escape(line)}</div>" for line in _lines(table))
    return f"<div>{lines}{_first_rows(table).to_html()}</div>"


def _lines(table: Table) -> list[str]:
    spec = table.spec
    made = f"{spec.start_date} to {spec.end_date} (dataset version {DATASET_VERSION})"
    if not table.is_made and spec.expected_rows > MOST_MADE:
        rows = f"about {spec.expected_rows:,} transactions of {spec.customers:,} customers"
        return [f"{rows}, {made}", "not in memory: see iter_frames, to_csv and to_parquet"]
    rows = f"{table.rows:,} transactions of {table.customer_count:,} customers"
    return [f"{rows}, {made}", _labels(table)]


def _labels(table: Table) -> str:
    counts = sum(
        (np.bincount(block.label, minlength=len(LABEL_COLUMNS) + 1) for block in table.blocks),
        np.zeros(len(LABEL_COLUMNS) + 1, np.int64),
    )
    wanted = {column.name for column in table.columns}
    told = ", ".join(
        f"{count:,} {name}"
        for name, count in zip(LABEL_COLUMNS, counts[1:].tolist(), strict=True)
        if name in wanted
    )
    return f"{counts[1:].sum() / max(counts.sum(), 1):.2%} labelled: {told}"


def _first_rows(table: Table) -> pd.DataFrame:
    first = next(table.iter_blocks())
    shown = np.arange(min(ROWS_SHOWN, first.rows))
    return frame_of([first.excerpt(shown)], table.columns)
