"""What customers do in a period: they pay, and things happen to their payments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import ACCIDENTS, first_kind, lookalike_kind
from accidental_transfers.model.arrays import Bool, Int
from accidental_transfers.model.calendar import Calendar
from accidental_transfers.model.chance import LIKELIEST, Event, Struck, choose, choose_together
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.payments import Payments, draw_payments
from accidental_transfers.model.streams import Purpose, Streams, purpose_named
from accidental_transfers.model.truth import Truth


def live(customers: Customers, when: Calendar, key: int) -> tuple[Payments, Truth]:
    """Draw what customers pay, honestly first; then accidents happen.

    Look-alikes belong to how honest people pay: they are the same whether accidents happen or
    not. Accidents strike what is left; without them the same payments stand, untouched.
    """
    drawn = draw_payments(customers, when, key)
    free = np.ones(len(drawn), bool)
    payments, truths = drawn, []
    for purpose, events in (
        (Purpose.LOOKALIKES, [_lookalike(accident, customers) for accident in ACCIDENTS]),
        (Purpose.ACCIDENTS, [_accident(accident, customers) for accident in ACCIDENTS]),
    ):
        for event, struck in _struck(events, purpose, drawn, customers.number, key, free):
            payments, truth = event.happen(payments, customers, struck.rows, struck.lanes)
            truths.append(truth.with_kinds_from(event.first_kind))
    return payments, Truth.joined(truths)


def _lookalike(accident: Accident, customers: Customers) -> Event:
    lookalike = accident.lookalike
    readiness = lookalike.readiness()
    usual = customers.own[lookalike.frequency.field] / lookalike.ready_share()
    return Event(
        name=lookalike.kind.name,
        quarter=accident.quarter,
        probability=np.minimum(usual, LIKELIEST),
        # Version 1 draws details for every chosen payment, whether it is ready or not.
        possible=np.ones(len(readiness), bool),
        readiness=readiness,
        happen=lookalike.happen,
        first_kind=lookalike_kind(accident),
    )


def _accident(accident: Accident, customers: Customers) -> Event:
    readiness = accident.readiness()
    return Event(
        name=accident.name,
        quarter=accident.quarter,
        probability=customers.own[accident.probability.field],
        possible=readiness > 0,
        readiness=readiness,
        happen=accident.happen,
        first_kind=first_kind(accident),
    )


def _struck(
    events: Sequence[Event], shared: Purpose, payments: Payments, numbers: Int, key: int, free: Bool
) -> Iterator[tuple[Event, Struck]]:
    """Choose what each event strikes: version 1's from a shared stream, the others each alone."""
    together = sorted(
        (event for event in events if event.quarter is not None),
        key=lambda event: event.quarter or 0,
    )
    found = choose_together(Streams(key, numbers, shared), together, payments, free)
    yield from zip(together, found, strict=True)
    for event in events:
        if event.quarter is None:
            streams = Streams(key, numbers, purpose_named(event.name))
            yield event, choose(streams, event, payments, free)
