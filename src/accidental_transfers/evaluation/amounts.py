"""Amounts: their spread, their tails, their digits and endings. Of rows without a label."""

from __future__ import annotations

import numpy as np
from scipy import stats

from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.readings import Measure, enough
from accidental_transfers.model.arrays import Float, Int

BENFORD = np.log10(1 + 1 / np.arange(1, 10))
LARGE = 2.5
"""Times the usual maximum: the lower end of high-amount accidents."""
LEAST = 200


def benford_deviation(amounts: Float) -> float:
    """Give the mean absolute deviation of first digits' shares from Benford's law.

    Mean over the nine digits (Nigrini, Benford's Law, 2012: 0.006 is close conformity, above
    0.015 none).
    """
    power = 10.0 ** np.floor(np.log10(amounts))
    # A cent's fraction off and 0.30 would begin with a 2.
    digit = np.clip(np.floor(amounts / power + 1e-9), 1, 9).astype(np.int64)
    shares = np.bincount(digit, minlength=10)[1:] / len(digit)
    return float(np.abs(shares - BENFORD).mean())


def lognormal_distance(log_amounts: Float) -> float:
    """Give the Kolmogorov–Smirnov distance of amounts to the lognormal with their moments."""
    standard = (log_amounts - log_amounts.mean()) / log_amounts.std(ddof=1)
    return float(stats.kstest(standard, stats.norm.cdf, method="asymp").statistic)


def _logs(data: Dataset, type_: str) -> Float:
    return enough(
        data.of_types(type_)["log_amount"].dropna().to_numpy(), LEAST, f"amounts of {type_}"
    )


def _cents(data: Dataset, type_: str) -> Int:
    cents = data.of_types(type_)["cents"].to_numpy()
    return enough(cents[cents >= 0], LEAST, f"amounts of {type_}")


def _sd(data: Dataset, type_: str) -> float:
    return float(_logs(data, type_).std(ddof=1))


def _skew(data: Dataset, type_: str) -> float:
    return float(stats.skew(_logs(data, type_)))


def _distance(data: Dataset, type_: str) -> float:
    return lognormal_distance(_logs(data, type_))


def _tail(data: Dataset, type_: str) -> float:
    median, high = np.quantile(_logs(data, type_), [0.5, 0.99])
    return float(np.exp(high - median))


def _median(data: Dataset, type_: str) -> float:
    return float(np.exp(np.median(_logs(data, type_))))


def _large(data: Dataset, type_: str) -> float:
    logs = _logs(data, type_)
    return float((logs > np.quantile(logs, 0.99) + np.log(LARGE)).mean())


def _benford(data: Dataset) -> float:
    amounts = data.honest["amount"].to_numpy()
    return benford_deviation(enough(amounts[amounts > 0], LEAST, "amounts above 0"))


def _whole(data: Dataset, type_: str) -> float:
    return float((_cents(data, type_) % 100 == 0).mean())


def _ninety_nine(data: Dataset, type_: str) -> float:
    return float((_cents(data, type_) % 100 == 99).mean())


def _fives(data: Dataset, type_: str) -> float:
    return float((_cents(data, type_) % 500 == 0).mean())


MEASURES: dict[str, Measure] = {
    "amount_sd": _sd,
    "amount_skew": _skew,
    "amount_lognormal": _distance,
    "amount_tail": _tail,
    "amount_median": _median,
    "amount_large": _large,
    "benford": _benford,
    "ending_00": _whole,
    "ending_99": _ninety_nine,
    "multiple_of_5": _fives,
}
