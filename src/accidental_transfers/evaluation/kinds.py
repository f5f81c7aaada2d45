"""The kinds of accidents as the companion about accidents tells them, and what resembles each."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.labels import accident_starts
from accidental_transfers.model.accidents import (
    ACCIDENTS,
    KIND_NAMES,
    LABELS,
    LOOKALIKES,
    misdirecting,
)
from accidental_transfers.model.arrays import Bool

ACCIDENT_KINDS = tuple(kind.name for accident in ACCIDENTS for kind in accident.kinds)
"""The kinds of the registry that carry a label."""
MISDIRECTING = misdirecting(ACCIDENTS)
"""The kinds that pay somebody else than who was meant."""


def lookalikes() -> dict[str, tuple[str, ...]]:
    """Give the honest kinds that resemble each kind of accident, by the registry."""
    found: dict[str, tuple[str, ...]] = {}
    for each in LOOKALIKES:
        found[each.resembles] = (*found.get(each.resembles, ()), each.kind.name)
    return found


@lru_cache(maxsize=4)
def kinds(data: Dataset) -> dict[str, Bool]:
    """Tell which rows are of which kind of accident: (rows,) each.

    Where no companion tells the kinds, labels stand for them.
    """
    if data.accidents is None:
        found = {label: data.rows[label].to_numpy() for label in LABELS}
    else:
        labelled = data.rows["labelled"].to_numpy()
        truth = data.accidents[labelled[data.accidents["row"]]]
        known = [name for name in KIND_NAMES if (truth["kind"] == name).any()]
        other = sorted(set(truth["kind"]) - set(known))
        found = {name: _rows(data, truth, name) for name in [*known, *other]}
    return {name: rows for name, rows in found.items() if rows.any()}


def _rows(data: Dataset, truth: pd.DataFrame, *names: str) -> Bool:
    rows = np.zeros(len(data.rows), np.bool_)
    rows[truth["row"][truth["kind"].isin(names).to_numpy()]] = True
    return rows


def of_kind(data: Dataset, kind: str) -> Bool:
    """Tell which rows are of a kind of accident, as `kinds` does.

    Raises
    ------
    NotComputableError
        If there is none.
    """
    if kind not in kinds(data):
        raise NotComputableError(f"no row of the kind {kind}")
    return kinds(data)[kind]


def rows_of(data: Dataset, *names: str) -> Bool:
    """Tell which rows the companion gives one of some kinds, labelled or not.

    Raises
    ------
    NotComputableError
        If there is no companion, or none of these rows.
    """
    rows = _rows(data, data.truth, *names)
    if not rows.any():
        raise NotComputableError(f"no row of the kind {' or '.join(names)}")
    return rows


@lru_cache(maxsize=1)
def starts(data: Dataset) -> Bool:
    """Tell which labelled rows are the first of their accident, which counts once."""
    rows = np.zeros(len(data.rows), np.bool_)
    if data.accidents is None:
        rows[accident_starts(data).index] = True
    else:
        first = data.accidents["position"] == "1"
        rows[data.accidents["row"][first]] = True
    return rows & data.rows["labelled"].to_numpy()
