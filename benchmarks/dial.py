"""Measure what the dial does: average precision of gradient boosting with history.

Usage: python -m benchmarks.dial [CUSTOMERS]; a line for each seed and each turn of the dial,
then the mean. Needs the `evaluate` extra, and some minutes.
"""

from __future__ import annotations

import statistics
import sys

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.evaluation.baselines import ANY, boosting
from accidental_transfers.evaluation.dataset import dataset

SEEDS = (1, 2, 3)
TURNS = (0.0, 1.0, 4.0)


def average_precision(seed: int, lookalikes: float, customers: int) -> float:
    """Train on the first two thirds of a dataset's days, test on the last."""
    spec = DatasetSpec(seed=seed, lookalikes=lookalikes, customers=customers)
    data = dataset(generate(spec).to_frame())
    return boosting(data, "lookahead", ANY).average_precision


def report(customers: int) -> None:
    """Measure every combination and print it."""
    print("lookalikes " + " ".join(f"  seed {seed}" for seed in SEEDS) + "     mean")
    for turn in TURNS:
        found = [average_precision(seed, turn, customers) for seed in SEEDS]
        shown = " ".join(f"{value:8.3f}" for value in [*found, statistics.mean(found)])
        print(f"{turn:10g} {shown}", flush=True)


if __name__ == "__main__":
    report(int(sys.argv[1]) if sys.argv[1:] else 900)
