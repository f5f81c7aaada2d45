"""What an accident is: everything about it that others ask for, said in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

import numpy as np

from accidental_transfers.model.arrays import Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.happened import Happened
from accidental_transfers.model.parameters import Parameter, Probability
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.people import typed_by_hand

Happen = Callable[[Payments, Customers, Int, Lanes], Happened]
"""Says what happens to payments.

Takes the payments as they were drawn, the customers, the rows that are struck and
(rows, `DETAIL_LANES`) random numbers.
"""
Readiness = Callable[[], Float]
"""Gives how readily something happens with each entity type, 0 to 1: (entity types,)."""
Weigh = Callable[[Payments, Customers, Int], Float]
"""Gives the factor on the probability of some payments, by their rows: (rows,), 0 for those that it
cannot happen to."""


Marker = Literal["circle", "triangle", "square", "diamond", "cross"]


@dataclass(frozen=True)
class Kind:
    """What really happened: its name in the companion about accidents, and a sentence on it."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Look:
    """How a label is drawn: a shape that tells it apart without its colour, and two colours.

    The colours are for a light page and for a dark one, as CSS writes them.
    """

    marker: Marker
    light: str
    dark: str


def with_every_entity_type() -> Float:
    """Give the readiness of what can happen to any payment: (entity types,) ones."""
    return np.ones(len(reference().entity_types))


def where_numbers_are_typed() -> Float:
    """Give the readiness of what needs a number that somebody types: (entity types,)."""
    return typed_by_hand().astype(np.float64)


@dataclass(frozen=True, eq=False)
class Lookalike:
    """The honest payments that look like one kind of accident and carry no label.

    Attributes
    ----------
    kind
        What it is called, and a sentence on it.
    resembles
        The name of the accident's kind.
    frequency
        How often a customer has such accidents at the default, per payment. It is drawn from its
        default whatever a spec asks for: honest people do not change when accidents do.
    per_accident
        Look-alikes for each such accident, at a dial of 1.
    kind_share
        Part of the accidents that are of the kind, with each entity type: (entity types,).
    readiness
        See `Readiness`.
    happen
        See `Happen`; None for what people do without it: see `new_payees`.
    """

    kind: Kind
    resembles: str
    frequency: Probability
    per_accident: float
    readiness: Readiness = with_every_entity_type
    kind_share: Readiness = with_every_entity_type
    happen: Happen | None = None

    @cached_property
    def factor(self) -> float:
        """The factor on the frequency, for the payments that are ready."""
        return self.per_accident * usual_mean(self.kind_share()) / usual_mean(self.readiness())


@dataclass(frozen=True, eq=False)
class Accident:
    """An accident and all that follows from it, from the spec's field to the mark in the card.

    Attributes
    ----------
    name
        The label, in statistics, manifest and card.
    called
        What such payments are called in a sentence: "payments confirmed twice".
    column, meaning
        The dataset's column with the label, and what it says.
    probability
        Per payment with which it can happen.
    kinds
        What may really have happened.
    readiness, happen
        See `Readiness` and `Happen`.
    lookalikes
        The honest payments that look like it: at least one for each of its kinds.
    look
        Its mark in the card.
    weigh, most_weight
        See `Weigh`, and its largest value; without it all payments weigh 1.
    parameters
        What customers differ in beside the probability.
    most_extra_rows
        Transactions that one accident adds at most.
    misdirects
        Whether it pays somebody else than who was meant.
    quarter
        Its own part, 0 to 3, of the number that chooses among accidents; without one a number of
        its own name decides, after those.
    is_optional
        Whether it is part of a dataset only where its probability is above 0: without it there is
        no column, no look-alike and no parameter of customers.
    """

    name: str
    called: str
    column: str
    meaning: str
    probability: Probability
    kinds: tuple[Kind, ...]
    readiness: Readiness
    happen: Happen
    lookalikes: tuple[Lookalike, ...]
    look: Look
    weigh: Weigh | None = None
    most_weight: float = 1.0
    parameters: tuple[Parameter, ...] = ()
    most_extra_rows: int = 0
    misdirects: bool = False
    quarter: int | None = None
    is_optional: bool = False


def usual_mean(of_entity: Float) -> float:
    """Average what is known of entity types over all payments of an average customer."""
    return float((of_entity * _shares()).sum())


@cache
def _shares() -> Float:
    """Give each entity type's share of all payments, as if nothing were owed: (entity types,)."""
    facts = reference()
    shares = np.array([each.share for each in facts.entity_types])
    of_type = np.array([type_.share for type_ in facts.transaction_types])[facts.type_of_entity]
    sums = np.bincount(facts.type_of_entity, shares)[facts.type_of_entity]
    return of_type * shares / sums
