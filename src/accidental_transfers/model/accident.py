"""What an accident is: everything about it that others ask for, said in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from accidental_transfers.model.arrays import Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.parameters import Parameter, Probability
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import typed_in
from accidental_transfers.model.truth import Truth

Happen = Callable[[Payments, Customers, Int, Lanes], tuple[Payments, Truth]]
"""Lets something happen to payments.

Takes the payments, the customers, the rows that are struck and (rows, `DETAIL_LANES`) random
numbers; gives the payments with what changed and what was appended, and the truth about them,
whose kinds are positions among the kinds that the accident or the look-alike names.
"""
Readiness = Callable[[], Float]
"""Gives how readily something happens with each entity type, 0 to 1: (entity types,)."""


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


@dataclass(frozen=True, eq=False)
class Lookalike:
    """The honest payments that look like an accident and carry no label.

    Attributes
    ----------
    kind
        What it is called, and a sentence on it.
    frequency
        How often a customer does it, per payment, at a dial of 1. It is drawn from its default
        whatever a spec asks for: honest people do not change when accidents do.
    readiness, happen
        See `Readiness` and `Happen`.
    ready_share
        Mean readiness of all payments where the frequency is meant per any payment, so that
        those that are ready make up for the others; else 1.
    """

    kind: Kind
    frequency: Probability
    readiness: Readiness
    happen: Happen
    ready_share: Callable[[], float] = lambda: 1.0


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
    lookalike
        The honest payments that look like it.
    look
        Its mark in the card.
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
    lookalike: Lookalike
    look: Look
    parameters: tuple[Parameter, ...] = ()
    most_extra_rows: int = 0
    misdirects: bool = False
    quarter: int | None = None
    is_optional: bool = False


def where_numbers_are_typed() -> Float:
    """Give the readiness of what needs a number that somebody types: (entity types,)."""
    return typed_in().astype(np.float64)


def with_every_entity_type() -> Float:
    """Give the readiness of what can happen to any payment: (entity types,) ones."""
    return np.ones(len(reference().entity_types))
