"""When people notice that a payment went wrong, and when they pay the right one.

Both follow from the payment's own key and the kind of accident alone, so that they are the same
whatever the period. ``aftermath.json`` has the shares and the delays.
"""

from __future__ import annotations

import numpy as np

from accidental_transfers.model.arrays import Float, Int, Keys, Lanes
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.streams import lane, lanes, named, unit
from accidental_transfers.model.tables import normal_table

NEVER = -1
SECONDS_PER_MINUTE, SECONDS_PER_HOUR = 60, 3_600


def noticed_after(kind: str, keys: Keys) -> Int:
    """Give the seconds from payments of a kind until the customer notices, or `NEVER`.

    It is never where the facts say nothing of the kind.
    """
    entry = reference().aftermath.kinds.get(kind)
    if entry is None:
        return np.full(keys.shape, NEVER)
    fact = entry.noticed
    key = named(keys, following(kind))
    (length,) = lanes(key, 1)
    return delays(lane(key), length, fact.share, fact.hours * SECONDS_PER_HOUR, fact.sigma)


def sent_again_after(kind: str, keys: Keys) -> Int:
    """Give the seconds from noticing until the right payee is paid, or `NEVER`."""
    entry = reference().aftermath.kinds.get(kind)
    fact = entry.sent_again if entry else None
    if fact is None:
        return np.full(keys.shape, NEVER)
    key = named(keys, f"sent again {kind}")
    (length,) = lanes(key, 1)
    return delays(lane(key), length, fact.share, fact.minutes * SECONDS_PER_MINUTE, fact.sigma)


def following(kind: str) -> str:
    """Name the random numbers of what follows a kind of payment, from its noticing on."""
    return f"aftermath {kind}"


def delays(
    happens: Lanes,
    length: Lanes,
    share: Float | float,
    median: Float | float,
    sigma: Float | float,
) -> Int:
    """Draw lognormal delays of whole seconds, at least one, never cut off: (delays,).

    Parameters
    ----------
    happens, length
        (delays,): random numbers.
    share
        How often it happens at all; for the rest the delay is `NEVER`.
    median, sigma
        Seconds, and sd of ln(seconds).
    """
    seconds = np.rint(median * np.exp(sigma * normal_table().take(length)))
    return np.where(unit(happens) < share, np.maximum(seconds, 1), NEVER).astype(np.int64)
