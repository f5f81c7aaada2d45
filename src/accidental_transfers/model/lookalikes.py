"""Honest payments that look like accidents, so that no rule of one line finds the labels.

Two equal coffees within a minute, a real large purchase, a first payment to somebody whose
number is close to a known one. They belong to how honest people pay: they draw from streams of
their own, are the same whether accidents happen or not, and carry no label.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.amounts import amount_tables, usual_maximum_cents
from accidental_transfers.model.chance import choose, detail_lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts import reference
from accidental_transfers.model.labels import Kind, Truth
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients, typed_in
from accidental_transfers.model.repeats import count_off, elapsed, rows_of
from accidental_transfers.model.streams import Purpose, Streams, unit
from accidental_transfers.model.tables import choice_table
from accidental_transfers.model.typing_errors import TypingError, mistype

KINDS = (Kind.HONEST_REPEAT, Kind.HONEST_LARGE, Kind.HONEST_NEIGHBOUR)
LARGE = KINDS.index(Kind.HONEST_LARGE)
MOST_LIKELY = 0.25
"""Above this a kind of event could not be drawn (see `chance`)."""
REPEAT_EXTRAS = (0.78, 0.17, 0.05)
REPEAT_MEDIAN_GAP, REPEAT_GAP_SIGMA = 14.0, 0.9
REPEAT_LONGEST_GAP = 39
"""Seconds; three of the longest stay within the two minutes of a merchant's duplicate filter."""
LARGE_FROM, LARGE_TO = 2.3, 8.0
LARGE_EXPONENT = 2.5
"""Large purchases over their type's usual maximum follow a Pareto law, within limits."""
UNFAMILIAR = 0.7
"""Part of the large purchases that go by a merchant's popularity, not by habit: own estimate."""

Int = npt.NDArray[np.int64]
Lanes = npt.NDArray[np.uint16]


def add_lookalikes(payments: Payments, customers: Customers, key: int) -> tuple[Payments, Truth]:
    """Turn some payments into look-alikes of accidents; repeats are appended to the payments."""
    streams = Streams(key, customers.number, Purpose.LOOKALIKES)
    chosen, position = choose(streams, payments.customer, _probability(customers))
    lanes = detail_lanes(streams, payments.customer[chosen], len(customers))
    possible = unit(lanes[:, -1]) < _readiness()[position, payments.entity[chosen]]
    chosen, position, lanes = chosen[possible], position[possible], lanes[possible]
    is_repeat, is_large, is_neighbour = (position == each for each in range(len(KINDS)))
    payments, large = _enlarge(payments, chosen[is_large], lanes[is_large])
    payments, neighbours = _befriend(payments, chosen[is_neighbour], lanes[is_neighbour])
    payments, repeats = _repeat(payments, chosen[is_repeat], lanes[is_repeat])
    return payments, Truth.joined([large, neighbours, repeats])


def _probability(customers: Customers) -> npt.NDArray[np.float64]:
    """Give each customer's probabilities per payment that may be a look-alike."""
    usual = customers.lookalike_probability.copy()
    usual[:, LARGE] /= _mean_readiness()
    return np.minimum(usual, MOST_LIKELY)


@cache
def _mean_readiness() -> float:
    """Give the mean of `EntityType.large` over all payments."""
    facts = reference()
    weights = np.zeros((2, len(facts.transaction_types)))
    for entity in facts.entity_types:
        weights[:, entity.transaction_type] += entity.share, entity.share * entity.large
    shares = np.array([type_.share for type_ in facts.transaction_types])
    return float((weights[1] / weights[0]) @ shares)


@cache
def _readiness() -> npt.NDArray[np.float64]:
    """Give the part of each kind that may happen with each entity type: (kinds, entity types)."""
    large = np.array([entity.large for entity in reference().entity_types])
    return np.array([np.ones_like(large), large, typed_in()])


def _enlarge(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Payments, Truth]:
    entity = payments.entity[rows].astype(np.int64)
    bounded = 1 - unit(lanes[:, 0]) * (1 - (LARGE_FROM / LARGE_TO) ** LARGE_EXPONENT)
    multiple = LARGE_FROM * bounded ** (-1 / LARGE_EXPONENT)
    cents = np.rint(usual_maximum_cents()[entity] * multiple).astype(np.int32)
    ended = amount_tables().end(entity, cents, lanes[:, 1])
    payments = payments.with_amounts(rows, ended)
    unfamiliar = (unit(lanes[:, 2]) < UNFAMILIAR) & ~typed_in()[entity]
    payments = _elsewhere(payments, rows[unfamiliar], lanes[unfamiliar, 3])
    return payments, Truth.of_single_rows(rows, Kind.HONEST_LARGE, ended, payments.recipient[rows])


def _elsewhere(payments: Payments, rows: Int, lanes: Lanes) -> Payments:
    """Have large purchases go to merchants by their popularity, not by habit."""
    entity = payments.entity[rows].astype(np.int64)
    recipient = payments.recipient.copy()
    recipient[rows] = recipients().draw(entity, payments.city[rows], lanes)
    return replace(payments, recipient=recipient)


def _befriend(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Payments, Truth]:
    number, _ = mistype(payments.numbers_of(rows), lanes)
    payments = payments.with_people(rows, number)
    return payments, Truth.of_single_rows(
        rows, Kind.HONEST_NEIGHBOUR, payments.cents[rows], payments.recipient[rows]
    )


def _repeat(payments: Payments, rows: Int, lanes: Lanes) -> tuple[Payments, Truth]:
    repeat, position = count_off(_repeat_extras().take(lanes[:, 0]) + 2)
    base = rows.take(repeat)
    after = elapsed(
        lanes[repeat, 4:8], position, REPEAT_MEDIAN_GAP, REPEAT_GAP_SIGMA, REPEAT_LONGEST_GAP
    )
    row = rows_of(base, position, len(payments))
    extra = position > 0
    source = base[extra]
    payments = payments.followed_by(
        source,
        payments.second[source] + after[extra],
        payments.cents[source],
        payments.recipient[source],
    )
    return payments, Truth(
        row=row,
        kind=np.full(len(row), Kind.HONEST_REPEAT, np.int64),
        group=base,
        position=position + 1,
        intended_cents=payments.cents[row].astype(np.int64),
        intended_recipient=payments.recipient[row],
        typing_error=np.full(len(row), TypingError.NONE, np.int64),
    )


@cache
def _repeat_extras() -> Int:
    return choice_table(REPEAT_EXTRAS).astype(np.int64)
