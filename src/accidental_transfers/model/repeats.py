"""Several transactions where there was one: their order, their times, their rows."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Cents, Int, Lanes
from accidental_transfers.model.streams import unit
from accidental_transfers.model.tables import normal_table

Value = TypeVar("Value", bound=np.generic)


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
) -> Int:
    """Give the seconds from the first member to each, through lognormal gaps of 1 and more.

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
    gaps = np.rint(middle * np.exp(spread * normal_table().take(gap_lanes)))
    before = np.arange(gap_lanes.shape[1]) < position[:, None]
    return (np.maximum(gaps, 1).astype(np.int64) * before).sum(axis=1)


def rows_of(base: Int, position: Int, next_row: int) -> Int:
    """Give each member's row: the first keeps the one it has, the others follow at the end."""
    row = base.copy()
    (extra,) = position.nonzero()
    row[extra] = next_row + np.arange(len(extra))
    return row


def own_of(of_all: npt.NDArray[Value], position: Int) -> npt.NDArray[Value]:
    """Give each member what stands at its position: (members,)."""
    return of_all[np.arange(len(position)), position]


def parts_of(whole: Cents, members: Int, lanes: Lanes) -> Int:
    """Split amounts into as many random parts as there are members: (members, most members)."""
    is_member = np.arange(lanes.shape[1]) < members[:, None]
    weight = (0.5 + unit(lanes)) * is_member
    share = whole[:, None] * weight / weight.sum(axis=1, keepdims=True)
    parts = np.where(is_member, np.maximum(share, 1), 0).astype(np.int64)
    parts[:, 0] = whole - parts[:, 1:].sum(axis=1)
    return parts
