"""Figures with their 95 % intervals, by bootstrap over customers.

A customer's payments belong together. So whole customers are drawn again, with replacement, and
not single rows. What was decided (the order of rows, the alerts) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Bool, Float, Int

RESAMPLES = 200
LEVEL = (0.025, 0.975)


@dataclass(frozen=True)
class Figure:
    """A value, and the interval in which 95 % of resamples have it."""

    value: float
    low: float
    high: float


@lru_cache(maxsize=4)
def weights(customers: int) -> npt.NDArray[np.int64]:
    """Give how often each customer is drawn: (1 + resamples, customers), first once each."""
    chance = np.random.default_rng(0)
    drawn = chance.multinomial(customers, np.full(customers, 1 / customers), RESAMPLES)
    return np.concatenate([np.ones((1, customers), np.int64), drawn])


def figure(resampled: Float) -> Figure:
    """Take the first value for the figure, and the others for its resamples."""
    others = resampled[1:][~np.isnan(resampled[1:])]
    low, high = np.quantile(others, LEVEL) if len(others) else (np.nan, np.nan)
    return Figure(float(resampled[0]), float(low), float(high))


def totals(values: Int, customer: Int, customers: int) -> Float:
    """Give the sum of values, and of each resample: (1 + resamples,)."""
    of_customer = np.bincount(customer, values, customers)
    return (weights(customers) * of_customer).sum(axis=1)


def ratio(above: Float, below: Float) -> Figure:
    """Give one total over another; there is none where the latter is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return figure(np.where(below != 0, above / below, np.nan))


def share(hit: Bool, customer: Int, customers: int) -> Figure:
    """Give the share of rows for which something holds."""
    every = np.ones(len(hit), np.int64)
    return ratio(
        totals(hit.astype(np.int64), customer, customers), totals(every, customer, customers)
    )


def average_precision(truth: Bool, score: Float, customer: Int, customers: int) -> Figure:
    """Give the area under precision over recall; equal scores share a threshold."""
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    hits = np.flatnonzero(truth[order])
    ends = np.unique(np.searchsorted(np.flatnonzero(last), hits))
    ends = np.flatnonzero(last)[ends]
    ordered_customer, hit_customer = customer[order[: ends[-1] + 1]], customer[order[hits]]
    threshold = np.searchsorted(ends, hits)

    def once(weight: npt.NDArray[np.int64]) -> float:
        found = np.bincount(threshold, weight[hit_customer], len(ends))
        if not found.any():
            return float("nan")
        rows = np.cumsum(weight[ordered_customer])[ends]
        precision = np.cumsum(found) / np.maximum(rows, 1)
        return float((found * precision).sum() / found.sum())

    return figure(_each(once, weights(customers)))


def _each(
    once: Callable[[npt.NDArray[np.int64]], float], drawn: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    return np.array([once(weight) for weight in drawn])
