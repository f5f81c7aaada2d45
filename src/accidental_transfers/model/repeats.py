"""Several transactions where there was one: their order, their times, their rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Int, Lanes
from accidental_transfers.model.tables import normal_table


def count_off(members: Int) -> tuple[Int, Int]:
    """Number the members of events that have so many each.

    Returns
    -------
    For each member the position of its event, and its own within the event, from 0.
    """
    event = np.arange(len(members)).repeat(members)
    return event, np.arange(len(event)) - (members.cumsum() - members)[event]


def elapsed(
    gap_lanes: Lanes,
    position: Int,
    median: npt.ArrayLike,
    sigma: npt.ArrayLike,
    longest: int,
) -> Int:
    """Give the seconds from the first member to each, through lognormal gaps of 1 to ``longest``.

    Parameters
    ----------
    gap_lanes
        (members, most members of an event): random numbers, the same for all of an event.
    position
        (members,): from 0.
    median, sigma
        (members,) or one for all: seconds, and sd of ln(seconds).
    """
    middle, spread = np.asarray(median)[..., None], np.asarray(sigma)[..., None]
    gaps = np.rint(middle * np.exp(spread * normal_table()[gap_lanes]))
    before = np.arange(gap_lanes.shape[1]) < position[:, None]
    return (np.minimum(np.maximum(gaps, 1), longest).astype(np.int64) * before).sum(axis=1)


def rows_of(base: Int, position: Int, next_row: int) -> Int:
    """Give each member's row: the first keeps the one it has, the others follow at the end."""
    row = base.copy()
    (extra,) = position.nonzero()
    row[extra] = next_row + np.arange(len(extra))
    return row
