"""High amounts: a payment far above the usual maximum of its type, by mistake."""

from __future__ import annotations

from functools import cache

import numpy as np

from accidental_transfers.model.accident import (
    Accident,
    Kind,
    Look,
    Lookalike,
    usual_mean,
    with_every_entity_type,
)
from accidental_transfers.model.amounts import amount_ranges, amount_tables, usual_maximum_cents
from accidental_transfers.model.arrays import Bool, Cents, Codes, Float, Int, Lanes
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.facts.reference import reference
from accidental_transfers.model.happened import Happened, single
from accidental_transfers.model.parameters import Parameter, Probability, Range
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients, typed_in
from accidental_transfers.model.slips import Slip
from accidental_transfers.model.streams import unit

SLIP_SHARES = {Slip.POINT_MISSED: 0.40, Slip.ZERO_ADDED: 0.18, Slip.DIGIT_DOUBLED: 0.10}
"""Part of the high amounts that one wrong key explains; the rest stays unexplained: own estimates.
Each slip strikes among the amounts that it takes into the range."""
SPREAD = 0.35
"""An unexplained one is the customer's own multiple of the usual maximum, give or take."""
NOTHING_LARGE = 0.25
"""Weight where nothing large is sold, so that few high amounts are absurd: own estimate."""
OF_TRANSFERS = {"Venmo/PayPal": 0.3, "Bank Transfer": 0.1}
"""Weights of transfers, or who stops the largest amounts would save all the dollars: own
estimates."""
MOST_WEIGHT = 14.0

LARGE_FROM, LARGE_TO = 2.2, 30.0
LARGE_EXPONENT = 1.0
"""Large purchases over their type's usual maximum follow a Pareto law, within limits."""
LEAST_RANGE = 1.2
"""Where the highest plausible amount is not so many times the lowest large one, nothing large is
bought."""
LARGE_WHOLE = 0.6
UNFAMILIAR = 0.35
"""Parts of the large purchases with a whole amount, and at a merchant by its popularity, not by
habit: own estimates."""
LARGE_BY_BANK = 1.1
"""Large bank transfers are so much likelier."""
WHOLE = 100
POWERS = 10 ** np.arange(12, dtype=np.int64)
BANK = "Bank Transfer"


def slipped(cents: Cents) -> dict[Slip, Int]:
    """Give what amounts become by each slip: with the point missed, a zero or a digit too many.

    The doubled digit is the first, as in 1150.00 for 150.00.
    """
    whole = cents.astype(np.int64)
    power = POWERS.take(np.searchsorted(POWERS, whole, side="right") - 1)
    return {
        Slip.POINT_MISSED: whole * 100,
        Slip.ZERO_ADDED: whole * 10,
        Slip.DIGIT_DOUBLED: whole // power * power * 10 + whole,
    }


def high_amount(payments: Payments, customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Raise amounts: by a slip that lands in the range, or to the customer's own multiple."""
    entity, intended = payments.entity[rows], payments.cents[rows]
    weights = _weights(payments, customers, rows)
    slip = (np.cumsum(weights, axis=0) <= unit(lanes[:, 0]) * weights.sum(axis=0)).sum(axis=0)
    multiple = _multiple(payments, customers, rows, lanes)
    drawn = np.rint(usual_maximum_cents()[entity] * multiple).astype(np.int32)
    ended = amount_tables().end(entity, drawn, lanes[:, 2])
    # An ending may lead out of the range.
    high = np.where(_within(ended, entity, *_range(customers)), ended, drawn)
    for position, wrong in enumerate(slipped(intended).values()):
        high = np.where(slip == position, wrong, high)
    kind = np.array([*SLIP_SHARES, Slip.NONE])[slip]
    return single(rows, high, payments.recipient[rows], intended_cents=intended, slip=kind)


def weigh(payments: Payments, customers: Customers, rows: Int) -> Float:
    """Give the factor on the probability: amounts that a slip takes into the range are likelier."""
    return np.minimum(_weights(payments, customers, rows).sum(axis=0), MOST_WEIGHT)


def _weights(payments: Payments, customers: Customers, rows: Int) -> Float:
    """Weigh each slip, then what stays unexplained: (slips + 1, rows)."""
    entity = payments.entity[rows]
    low, high = _range(customers)
    landing = _landing(payments.cents[rows], entity, low, high)
    slips = landing * (_plausible()[entity] / _landing_means(low, high)[:, None]) * _slip_shares()
    return np.concatenate([slips, _unexplained()[entity][None, :]])


@cache
def _slip_shares() -> Float:
    """Give each slip's part of the high amounts: (slips, 1)."""
    return np.array(list(SLIP_SHARES.values()))[:, None]


@cache
def _unexplained() -> Float:
    """Weigh what no slip explains: (entity types,)."""
    return (1 - _slip_shares().sum()) * _plausible() / usual_mean(_plausible())


def _range(customers: Customers) -> tuple[float, float]:
    asked = customers.asked[MULTIPLIER.field]
    return asked.min, asked.max


def _landing(cents: Cents, entity: Codes, low: float, high: float) -> Bool:
    """Tell which amounts each slip takes into the range: (slips, amounts)."""
    return _within(np.array([*slipped(cents).values()]), entity, low, high)


def _within(cents: Codes, entity: Codes, low: float, high: float) -> Bool:
    maximum = usual_maximum_cents()[entity]
    return (cents >= low * maximum) & (cents <= high * maximum)


@cache
def _landing_means(low: float, high: float) -> Float:
    """Give how much of all payments each slip takes into the range, weighed as it strikes."""
    quantiles = amount_tables().cents.values[:, ::16]
    entity = np.repeat(np.arange(len(quantiles)), quantiles.shape[1])
    landing = _landing(np.maximum(quantiles.ravel(), 1), entity, low, high)
    parts = landing.reshape(len(landing), *quantiles.shape).mean(axis=-1)
    means = np.array([usual_mean(part * _plausible()) for part in parts])
    return np.maximum(means, np.array(list(SLIP_SHARES.values())) / MOST_WEIGHT)


@cache
def _plausible() -> Float:
    """Weigh entity types by where high amounts are no absurdity: (entity types,)."""
    facts = reference()
    of_type = np.array([OF_TRANSFERS.get(name, 1.0) for name in facts.type_names])
    of_place = np.where(_where_large_things_are_sold() > 0, 1, NOTHING_LARGE)
    return of_place * of_type[facts.type_of_entity]


def _multiple(payments: Payments, customers: Customers, rows: Int, lanes: Lanes) -> Float:
    """Draw widely around each customer's own multiple; beyond the range it is thrown back."""
    low, high = _range(customers)
    own = customers.own[MULTIPLIER.field][payments.customer[rows]]
    multiple = own * (1 + SPREAD * (2 * unit(lanes[:, 1]) - 1))
    multiple = np.where(multiple > high, 2 * high - multiple, multiple)
    multiple = np.where(multiple < low, 2 * low - multiple, multiple)
    return np.clip(multiple, low, high)


def honest_large(payments: Payments, _customers: Customers, rows: Int, lanes: Lanes) -> Happened:
    """Have somebody buy what costs far more than is usual, where something costs that much."""
    unfamiliar = (unit(lanes[:, 2]) < UNFAMILIAR) & ~typed_in()[payments.entity[rows]]
    recipient = payments.recipient[rows]
    recipient[unfamiliar] = _elsewhere(payments, rows[unfamiliar], lanes[unfamiliar, 3])
    most = amount_ranges().most_cents(payments.entity[rows], recipient)
    most = most / usual_maximum_cents()[payments.entity[rows]]
    (sold,) = (most > LEAST_RANGE * LARGE_FROM).nonzero()
    rows, lanes, most, recipient = rows[sold], lanes[sold], most[sold], recipient[sold]
    entity = payments.entity[rows]
    cents = np.rint(usual_maximum_cents()[entity] * _large(lanes[:, 0], most)).astype(np.int32)
    ended = amount_tables().end(entity, cents, lanes[:, 1])
    whole = (cents + WHOLE // 2) // WHOLE * WHOLE
    ended = np.where(unit(lanes[:, 4]) < LARGE_WHOLE, whole, ended)
    return single(rows, ended, recipient)


def _large(lanes: Lanes, most: Float) -> Float:
    """Draw from the Pareto law within `LARGE_FROM` and the highest multiples that there are."""
    highest = np.minimum(most, LARGE_TO)
    bounded = 1 - unit(lanes) * (1 - (LARGE_FROM / highest) ** LARGE_EXPONENT)
    return LARGE_FROM * bounded ** (-1 / LARGE_EXPONENT)


def _elsewhere(payments: Payments, rows: Int, lanes: Lanes) -> Int:
    """Choose merchants by their popularity, not by habit."""
    return recipients().draw(payments.entity[rows], payments.city[rows], lanes)


@cache
def _where_large_things_are_sold() -> Float:
    return np.array([entity.large for entity in reference().entity_types])


@cache
def _large_readiness() -> Float:
    by_bank = np.where(reference().are_of(BANK), 1, 1 / LARGE_BY_BANK)
    return _where_large_things_are_sold() * by_bank


PROBABILITY = Probability(
    field="high_amount_accident_probability",
    default=Range(min=0.0002, max=0.0025),
    lowest=0,
    highest=0.25,
    meaning="chance that a transaction's amount is far too high",
    presets={"bank": Range(min=0.00003, max=0.0004), "dense": Range(min=0.005, max=0.06)},
)
MULTIPLIER = Parameter(
    field="high_amount_multiplier",
    default=Range(min=2.5, max=4.0),
    lowest=1,
    highest=100,
    meaning="how many times the usual maximum a high amount is",
)

ACCIDENT = Accident(
    name="high_amount",
    called="amounts far too high",
    column="is_high_amount_accident",
    meaning="the amount is 2.5 to 4 times the usual maximum of its transaction type, by a slip of "
    "a key or for no known reason",
    probability=PROBABILITY,
    kinds=(Kind("high_amount", "An amount far above the usual maximum of its type."),),
    readiness=with_every_entity_type,
    weigh=weigh,
    most_weight=MOST_WEIGHT,
    happen=high_amount,
    lookalikes=(
        Lookalike(
            kind=Kind(
                "honest_large", "A large purchase that was meant: a contractor, a flight, a sofa."
            ),
            resembles="high_amount",
            frequency=PROBABILITY.of_lookalike("honest_large"),
            per_accident=3.0,
            readiness=_large_readiness,
            happen=honest_large,
        ),
    ),
    look=Look("triangle", light="#a3318a", dark="#ef8fd6"),
    parameters=(MULTIPLIER,),
    quarter=1,
)
