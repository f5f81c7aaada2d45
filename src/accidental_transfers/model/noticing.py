"""When people notice that a payment went wrong, and when they pay the right one.

Both follow from the payment's own key and the kind of accident alone, so that they are the same
whatever the period. ``aftermath.json`` has the shares and the delays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.arrays import Codes, Float, Int, Keys, Lanes
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.streams import lane, lanes, named_by, unit
from accidental_transfers.model.tables import normal_table

NEVER = -1
SECONDS_PER_MINUTE, SECONDS_PER_HOUR = 60, 3_600
NAMES = (
    *(f"aftermath {kind}" for kind in KIND_NAMES),
    *(f"sent again {kind}" for kind in KIND_NAMES),
)
"""Of the random numbers of what follows payments of each kind, from noticing on; then of those of
sending again."""
_NOTICED_AND_SENT_AGAIN = np.array([[0], [len(KIND_NAMES)]])
_NOTHING = (0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Delays:
    """Lognormal delays of whole seconds, at least one, never cut off; arrays are (cases,).

    Attributes
    ----------
    share
        How often it happens at all.
    median, sigma
        Seconds, and sd of ln(seconds).
    """

    share: Float
    median: Float
    sigma: Float

    def draw(self, case: Codes, happens: Lanes, length: Lanes) -> Int:
        """Draw a delay for each case by two random numbers, or `NEVER`: of one shape."""
        seconds = np.rint(self.median[case] * np.exp(self.sigma[case] * normal_table()[length]))
        delay = np.where(unit(happens) < self.share[case], np.maximum(seconds, 1), NEVER)
        return delay.astype(np.int64)


@cache
def noticing() -> Delays:
    """Give the delays of noticing payments of each kind, and then of sending them again.

    They never happen where the facts say nothing of it.
    """
    kinds = [reference().aftermath.kinds.get(name) for name in KIND_NAMES]
    noticed = [kind and kind.noticed for kind in kinds]
    again = [kind and kind.sent_again for kind in kinds]
    laws = [
        *((fact.share, fact.hours * SECONDS_PER_HOUR, fact.sigma) if fact else _NOTHING
          for fact in noticed),
        *((fact.share, fact.minutes * SECONDS_PER_MINUTE, fact.sigma) if fact else _NOTHING
          for fact in again),
    ]  # fmt: skip
    return Delays(*np.ascontiguousarray(np.transpose(laws)))


def noticed_and_sent_again(kind: Int, keys: Keys) -> tuple[Int, Int]:
    """Give the seconds until the customer notices a payment, and then until the right one is made.

    Parameters
    ----------
    kind, keys
        (payments,): positions in `accidents.KINDS`, and keys of payments.

    Returns
    -------
    Delays from the payment on, and from noticing on, or `NEVER`: (payments,) each.
    """
    both = kind + _NOTICED_AND_SENT_AGAIN
    key = named_by(keys, NAMES, both)
    (length,) = lanes(key, 1)
    noticed, sent_again = noticing().draw(both, lane(key), length)
    return noticed, sent_again
