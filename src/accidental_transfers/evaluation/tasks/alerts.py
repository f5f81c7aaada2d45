"""Alerts: the most suspicious rows of each day, what they find and what they save."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accidental_transfers.evaluation.tasks.intervals import (
    Figure,
    average_precision,
    figure,
    ratio,
    totals,
)
from accidental_transfers.model.arrays import Bool, Float, Int

COST_OF_AN_ALERT = 2.0
"""Dollars: a message to the customer and a minute of somebody's time. Own estimate."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that are judged.

    Attributes
    ----------
    truth
        Which of them are accidents.
    stake
        Cents that are saved by stopping each; None where it is not known.
    day, customer
        When, and whose (codes).
    customers
        How many customers there are.
    alerts_a_day
        As many as there are accidents, on the mean of the days.
    """

    truth: Bool
    stake: Int | None
    day: Int
    customer: Int
    customers: int
    alerts_a_day: int


@dataclass(frozen=True)
class Judged:
    """How an order of rows does.

    Attributes
    ----------
    average_precision
        Area under precision over recall.
    precision
        Share of accidents among the alerts.
    saved
        Dollars at stake in the alerts, less their cost, for each day; None where it is not known.
    """

    average_precision: Figure
    precision: Figure
    saved: Figure | None


def alerts(score: Float, day: Int, a_day: int) -> Int:
    """Give the rows with each day's highest scores; of equal ones the earlier rows."""
    order = np.lexsort((-score, day))
    begin = np.flatnonzero(np.append(True, np.diff(day[order]) > 0))
    rank = np.arange(len(order)) - np.repeat(begin, np.diff(np.append(begin, len(order))))
    return order[rank < a_day]


def judged(rows: Rows, score: Float, by_dollars: Float | None = None) -> Judged:
    """Judge an order of rows.

    Parameters
    ----------
    rows
        What is judged.
    score
        (rows,): the higher, the more suspicious.
    by_dollars
        (rows,): the order by which alerts save the most; without it the score's.
    """
    found = average_precision(rows.truth, score, rows.customer, rows.customers)
    alert = alerts(score, rows.day, rows.alerts_a_day)
    hits, every = _of_customers(rows, alert, rows.truth), _of_customers(rows, alert)
    return Judged(
        found, ratio(hits, every), saved(rows, score if by_dollars is None else by_dollars)
    )


def saved(rows: Rows, score: Float, least: float = -np.inf) -> Figure | None:
    """Give the dollars that the alerts save, less their cost, for each day.

    Rows below the least score give no alert, even if a day then has fewer of them.
    """
    if rows.stake is None:
        return None
    alert = alerts(score, rows.day, rows.alerts_a_day)
    alert = alert[score[alert] >= least]
    days = len(np.unique(rows.day))
    dollars = _of_customers(rows, alert, rows.stake) / 100
    return figure((dollars - COST_OF_AN_ALERT * _of_customers(rows, alert)) / days)


def dollars_stopped(rows: Rows, score: Float) -> Float:
    """Give the dollars at stake in the alerts, and in those of each resample."""
    assert rows.stake is not None
    return _of_customers(rows, alerts(score, rows.day, rows.alerts_a_day), rows.stake) / 100


def _of_customers(rows: Rows, alert: Int, values: Int | Bool | None = None) -> Float:
    """Sum something over alerts, and over those of each resample."""
    of_alert = np.ones(len(alert), np.int64) if values is None else values[alert].astype(np.int64)
    return totals(of_alert, rows.customer[alert], rows.customers)
