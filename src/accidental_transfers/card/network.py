"""What the card tells of the network of payees."""

from __future__ import annotations

from dataclasses import dataclass

from accidental_transfers.card.numbers import count, percent
from accidental_transfers.statistics.network import RECURRING, Network, network
from accidental_transfers.statistics.statistics import Histogram, Statistics

DIGITS = 3
"""Of an estimate."""


@dataclass(frozen=True)
class Line:
    """What is counted, how many there are, and which share of what that is."""

    what: str
    count: str
    share: str = ""


@dataclass(frozen=True)
class People:
    """Payments to people by number.

    Attributes
    ----------
    median
        How many people a customer pays: the median.
    sample
        How many numbers the estimates come from; None where everything is exact.
    """

    median: int
    lines: list[Line]
    sample: int | None


def people(facts: Statistics) -> People | None:
    """Sum the network up; None where nobody is paid by number."""
    if not facts.payments_per_payee:
        return None
    found = network(facts.numbers)
    return People(
        median=_median(facts.payees_per_customer),
        lines=[*_payments(facts), *_persons(found), *_customers(found, facts.customers)],
        sample=len(facts.numbers) if found.share < 1 else None,
    )


def _payments(facts: Statistics) -> list[Line]:
    times = facts.payments_per_payee
    pairs, payments = sum(times.values()), sum(often * each for often, each in times.items())
    known = payments - pairs
    recurring = sum(each for often, each in times.items() if often >= RECURRING)
    return [
        Line(
            "payments to people, of all transactions",
            count(payments),
            percent(payments / facts.rows),
        ),
        Line(
            "to somebody whom the customer has paid before, of these",
            count(known),
            percent(known / payments),
        ),
        Line("pairs of a customer and a person who is paid", count(pairs)),
        Line(
            f"with {RECURRING} payments or more, of these",
            count(recurring),
            percent(recurring / pairs),
        ),
    ]


def _persons(found: Network) -> list[Line]:
    people, shared = found.people / found.share, found.shared / found.share
    return [
        Line("people who are paid", _estimate(people, found)),
        Line(
            "by two customers or more, of these", _estimate(shared, found), percent(shared / people)
        ),
    ]


def _customers(found: Network, customers: int) -> list[Line]:
    """Tell how many customers are paid by another one, where their numbers are known."""
    if not found.own:
        return []
    share = found.own_paid / found.own
    return [
        Line(
            "customers who are paid by another, of all",
            _estimate(share * customers, found),
            percent(share),
        ),
    ]


def _estimate(number: float, found: Network) -> str:
    """Write a number, rounded where it is estimated."""
    if found.share == 1 or not number:
        return count(number)
    return f"about {count(float(f'{number:.{DIGITS}g}'))}"


def _median(counts: Histogram) -> int:
    half, passed = sum(counts.values()) / 2, 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= half:
            return value
    return 0
