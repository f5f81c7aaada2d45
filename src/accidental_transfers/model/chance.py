"""Which payments something out of the ordinary happens to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.streams import LANES_PER_WORD, Streams

DETAIL_LANES = 6 * LANES_PER_WORD
KINDS = 4
KIND_BITS = 30
KIND_SHARE = 1 << KIND_BITS
"""Each kind of event owns a quarter of the 32-bit numbers, so that a payment has one at most
and one kind's probability never moves another's events."""

Int = npt.NDArray[np.int64]


def choose(
    streams: Streams, customer: Int, probability: npt.NDArray[np.float64]
) -> tuple[Int, Int]:
    """Choose payments by chance.

    Parameters
    ----------
    streams
        Of all customers.
    customer
        (payments,): positions of customers, in ascending order.
    probability
        (customers, up to 4 kinds): per payment, at most 0.25 each.

    Returns
    -------
    The chosen payments' positions, ascending, and what kind of event each has.
    """
    customers, kinds = probability.shape
    counts = np.bincount(customer, minlength=customers)
    number = streams.ragged_lanes(counts, LANES_PER_WORD).view("<u4")[:, 0]
    threshold = np.zeros((customers, KINDS), np.uint32)
    threshold[:, :kinds] = np.rint(probability * KINDS * KIND_SHARE)
    part = number & (KIND_SHARE - 1)
    # Hardly any payment passes the largest threshold, so that the own one is seldom looked up.
    chosen = np.flatnonzero(part < threshold.max())
    kind = (number[chosen] >> KIND_BITS).astype(np.int64)
    hit = part[chosen] < threshold[customer[chosen], kind]
    return chosen[hit], kind[hit]


def detail_lanes(streams: Streams, customer: Int, customers: int) -> npt.NDArray[np.uint16]:
    """Draw the details of events: (events, `DETAIL_LANES`), for customers in ascending order."""
    return streams.ragged_lanes(np.bincount(customer, minlength=customers), DETAIL_LANES)
