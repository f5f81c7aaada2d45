"""Rules of one line: what stands beside each model that says which row is an accident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accidental_transfers.evaluation.dataset import Dataset
from accidental_transfers.evaluation.multiples import multiples
from accidental_transfers.evaluation.sights import DAY, MINUTES, PAST, Sights
from accidental_transfers.model.arrays import Float

NEVER = -1e12
LARGEST = "the largest amounts"
MULTIPLE = "the largest multiples of the type's maximum"
NEWEST = "the newest payee"
IN_RANGE = "within 2.5 to 4 times the maximum, by amount"
RANGE = (2.5, 4.0)
SMALL = 5.0
"""Dollars that a thief tries a card with."""


@dataclass(frozen=True)
class Rule:
    """An order of rows that needs no model.

    Attributes
    ----------
    sight
        What it has to see.
    score
        (rows,): the higher, the more suspicious.
    """

    sight: str
    score: Callable[[Dataset, Sights], Float]


def _soonest(name: str) -> Callable[[Dataset, Sights], Float]:
    return lambda _, sights: -sights.column(name)


def _amount(data: Dataset, _: Sights) -> Float:
    return data.rows["amount"].to_numpy()


def _multiple(data: Dataset, _: Sights) -> Float:
    return multiples(data)


def _in_range(data: Dataset, _: Sights) -> Float:
    multiple = multiples(data)
    within = (multiple >= RANGE[0]) & (multiple <= RANGE[1])
    return np.where(within, data.rows["amount"].to_numpy(), NEVER)


def _newest(data: Dataset, sights: Sights) -> Float:
    """Put payees who were never paid before first, by amount, and then the least often paid."""
    before = sights.column("before_same_recipient").astype(np.float64)
    return np.where(before == 0, data.rows["amount"].to_numpy(), -before)


def _unusual(_: Dataset, sights: Sights) -> Float:
    return np.abs(sights.column("amount_over_recipient_mean"))


def _small_charges(data: Dataset, sights: Sights) -> Float:
    small = data.rows["amount"].to_numpy() <= SMALL
    return np.where(small, -sights.column("apart_from_any"), NEVER)


def _near_a_known_number(_: Dataset, sights: Sights) -> Float:
    new = sights.column("before_same_recipient") == 0
    return np.where(new, -sights.column("near_distance"), NEVER)


RULES: dict[str, Rule] = {
    LARGEST: Rule(PAST, _amount),
    MULTIPLE: Rule(PAST, _multiple),
    IN_RANGE: Rule(PAST, _in_range),
    NEWEST: Rule(PAST, _newest),
    "the amount least like those to this payee": Rule(PAST, _unusual),
    "a new payee, the nearest to a known number": Rule(PAST, _near_a_known_number),
    "the same amount to the same payee, soonest again": Rule(
        PAST, _soonest("since_same_recipient_and_amount")
    ),
    "the same amount to the same payee, soonest before or after": Rule(
        MINUTES, _soonest("apart_from_same_recipient_and_amount")
    ),
    "the same payee, soonest before or after": Rule(MINUTES, _soonest("apart_from_same_recipient")),
    "up to 5 dollars, soonest before or after another payment": Rule(MINUTES, _small_charges),
    "the same amount to a near number, soonest after": Rule(
        DAY, _soonest("until_near_same_amount")
    ),
    "the same amount to somebody else, soonest after": Rule(
        DAY, _soonest("until_same_amount_elsewhere")
    ),
}


def rule_scores(data: Dataset, sights: Sights, name: str) -> Float:
    """Give what a rule makes of every row: (rows,); what it knows nothing of comes last."""
    score = RULES[name].score(data, sights).astype(np.float64)
    return np.where(np.isnan(score), NEVER, score)
