"""A life: what customers pay in a period, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from accidental_transfers.model.met import NewPayees
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.travel import Itinerary
from accidental_transfers.model.truth import Truth


@dataclass
class Life:
    """What customers pay in a period before anything happens to it.

    Attributes
    ----------
    payments
        The first ones are those to new payees. Where something may follow a payment that lies
        before the period, it is among them, with a negative second.
    met
        What is known of those, row by row.
    near
        The truth about those among them who look like accidents from the beginning.
    places
        Where the customers are.
    """

    payments: Payments
    met: NewPayees
    near: Truth
    places: Itinerary
