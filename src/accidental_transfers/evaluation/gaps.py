"""Spikes in the gaps between payments: where somebody clipped a distribution."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from accidental_transfers.errors import NotComputableError
from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.features import Groups
from accidental_transfers.evaluation.readings import Measure, Reading
from accidental_transfers.model.arrays import Float, Int

LONGEST = 300
"""Seconds: accidents within seconds end long before."""
FEWEST = 30
NEIGHBOURS = (-2, -1, 1, 2)


def spike(gaps: Float) -> tuple[float, int]:
    """Find the second that stands out most from the two before and the two after it.

    Returns
    -------
    How many times their mean (at least 1) it has, and which second it is; 0 and -1 where no
    second has `FEWEST` gaps.
    """
    inside = gaps[(gaps >= 0) & (gaps <= LONGEST + 2)].astype(np.int64)
    counts = np.bincount(inside, minlength=LONGEST + 3)
    second = np.arange(LONGEST + 1)
    beside = second[:, None] + np.array(NEIGHBOURS)
    exists = beside >= 0
    around = np.where(exists, counts[np.maximum(beside, 0)], 0).sum(axis=1) / exists.sum(axis=1)
    times = np.where(counts[second] >= FEWEST, counts[second] / np.maximum(around, 1), 0)
    worst = int(times.argmax())
    return (float(times[worst]), worst) if times[worst] else (0.0, -1)


def _histograms(data: Dataset) -> Iterator[tuple[str, Float]]:
    """Give the gaps of every kind that the companion tells of, and those without labels."""
    rows = data.rows
    second, customer = rows["second"].to_numpy(), rows["customer"].to_numpy()
    recipient = rows["recipient"].cat.codes.to_numpy().astype(np.int64)
    cents = rows["cents"].to_numpy()
    yield "any payment", Groups(second, customer).since_last()
    yield "the same recipient", Groups(second, customer, recipient).since_last()
    yield "recipient and amount", Groups(second, customer, recipient, cents).since_last()
    if data.accidents is not None:
        for kind, truth in data.accidents.groupby("kind"):
            if (truth["position"] != "1").any():
                yield str(kind), _within_groups(truth, second)


def _within_groups(truth: pd.DataFrame, second: Int) -> Float:
    """Give the seconds from each transaction of an accident to the next."""
    ordered = truth.sort_values(["group", "row"])
    gaps = pd.Series(second[ordered["row"]]).groupby(ordered["group"].to_numpy()).diff()
    return gaps.dropna().to_numpy(np.float64)


def _spikes(data: Dataset) -> Reading:
    found = {name: spike(gaps) for name, gaps in _histograms(data)}
    judged = {name: (times, second) for name, (times, second) in found.items() if second >= 0}
    if not judged:
        raise NotComputableError(f"no second of a gap has {FEWEST} rows")
    name = max(judged, key=lambda each: judged[each][0])
    times, second = judged[name]
    return Reading(
        times, {each: of[0] for each, of in judged.items()}, note=f"{name}, {second} seconds apart"
    )


MEASURES: dict[str, Measure] = {"gap_spikes": _spikes}
