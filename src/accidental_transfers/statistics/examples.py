"""Real examples of accidents and look-alikes, with the rows around them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import numpy as np

from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.blocks import Blocks
from accidental_transfers.model.accidents import KIND_NAMES, kind_names_of
from accidental_transfers.model.arrays import Int
from accidental_transfers.statistics.statistics import CONTEXT, EXAMPLES, Example


def add_examples(examples: dict[str, list[Example]], block: Block) -> None:
    """Add the first examples of each kind that lacks any, with the customer's rows around them."""
    groups = {
        name: _first_groups(block, KIND_NAMES.index(name), EXAMPLES - len(examples[name]))
        for name in examples
    }
    around = {group: _around(block, group) for found in groups.values() for group in found}
    written = _written(block, (row for rows in around.values() for row in rows))
    for name, found in groups.items():
        examples[name] += [
            [{**written[row], "is_example": is_member} for row, is_member in around[group].items()]
            for group in found
        ]


def no_examples(block: Block) -> dict[str, list[Example]]:
    """Give a list for each kind that there may be."""
    return {name: [] for name in kind_names_of(block.accidents)}


def _first_groups(block: Block, kind: int, lacking: int) -> list[int]:
    """Give the first rows of a kind's first accidents or look-alikes."""
    if not lacking:
        return []
    truth = block.truth
    groups: list[int] = truth.row[(truth.position == 1) & (truth.kind == kind)][:lacking].tolist()
    return groups


def _around(block: Block, group: int) -> dict[int, bool]:
    """Give the rows of a group and around it, and whether each belongs to it."""
    members = set(block.truth.row[block.truth.group == group].tolist())
    first, last = min(members), max(members)
    customer = block.customer[first]
    start = max(first - CONTEXT, int(block.starts[customer]))
    stop = min(last + CONTEXT + 1, int(block.starts[customer + 1]))
    return {row: row in members for row in range(start, stop)}


def _written(block: Block, rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """Write some rows as the CSV does: by column."""
    chosen: Int = np.unique(np.fromiter(rows, np.int64))
    if not len(chosen):
        return {}
    text = io.StringIO(newline="")
    Blocks([block.excerpt(chosen)], block.accidents).write_csv(text)
    text.seek(0)
    columns, *lines = csv.reader(text)
    named = (dict(zip(columns, line, strict=True)) for line in lines)
    return dict(zip(chosen.tolist(), named, strict=True))
