"""Payments to people who were met lately, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accidental_transfers.model.arrays import Bool, Cents, Int, Keys, Numbers, divided
from accidental_transfers.model.calendar import SECONDS_PER_DAY, Calendar
from accidental_transfers.model.customers import Customers
from accidental_transfers.model.meetings import FIRST, LONGEST_DAYS, PARTNER
from accidental_transfers.model.neighbours import BOTH_NEW, near_numbers
from accidental_transfers.model.payments import ENTERED, LATELY, TYPED, Drawn, Payments
from accidental_transfers.model.people import ROLES, Ties
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.travel import Moments, Placed, on_the_way_before
from accidental_transfers.model.truth import Truth


@dataclass
class NewPayees:
    """Payments to people who were met lately; every array is (payments,).

    Attributes
    ----------
    customer, entity
        Positions in `Customers`, codes of entity types.
    payee, key
        What random numbers of the payee come from, and of the payment.
    position
        `FIRST`, for which the number is entered, `SECOND`, `THIRD` or `PARTNER`.
    second
        Since the period's start, before anything is put off for a journey; negative for first
        payments of the `LONGEST_DAYS` before it that were asked for.
    cents
        Amounts.
    way
        Whether the payee's number is near another one by chance, and how: see `neighbours`.
    """

    customer: Int
    entity: Int
    payee: Keys
    key: Keys
    position: Int
    second: Int
    cents: Cents
    way: Int

    def __len__(self) -> int:
        return len(self.second)

    @property
    def ties(self) -> Ties:
        """The ties to the payees: (payments,)."""
        role, none = np.full(len(self), ROLES.index("new")), np.zeros(len(self), np.int64)
        return Ties(self.customer, role, none, self.payee)

    @property
    def moments(self) -> Moments:
        """When they are made; what lies before the period, as if it were on its first day."""
        day, of_day = divided(self.second, SECONDS_PER_DAY)
        return Moments(of_day, self.customer, np.maximum(day, 0))

    @property
    def is_entered(self) -> Bool:
        """Tell for which payments the number is entered for the first time."""
        is_partner = self.position == PARTNER
        return (self.position == FIRST) | (is_partner & (self.way == BOTH_NEW))

    @property
    def is_near(self) -> Bool:
        """Tell which first payments, and which to partners, go to a number near another one."""
        return (self.way > 0) & ((self.position == FIRST) | (self.position == PARTNER))

    def with_neighbours(self, customers: Customers, number: Numbers) -> Numbers:
        """Have payees whose number is near another one have such, and their partners.

        ``number`` begins with what the payees' numbers were without it, payment by payment.
        """
        (row,) = self.way.nonzero()
        if not len(row):
            return number
        own, partner = near_numbers(
            customers, self.customer[row], self.payee[row], self.way[row], number[row]
        )
        number[row] = np.where(self.position[row] == PARTNER, partner, own)
        return number

    def look_alike(self, payments: Payments, kind: int) -> Truth:
        """Tell the truth about payments to payees whose number is near another one by chance.

        ``payments`` begins with these; ``kind`` is what they are of.
        """
        if not self.way.any():
            return Truth.none()
        (row,) = self.is_near.nonzero()
        row = row[np.lexsort((payments.second[row], self.payee[row]))]
        again = np.zeros(len(row), bool)
        again[1:] = self.payee[row[1:]] == self.payee[row[:-1]]
        group = row[np.arange(len(row)) - again]
        truth = Truth.of_single_rows(row, self.cents[row], payments.recipient[row], kind=kind)
        return replace(truth, group=group, position=1 + again.astype(np.int64))


def as_payments(met: NewPayees, placed: Placed, customers: Customers, when: Calendar) -> Drawn:
    """Turn what is paid to new payees into payments, row by row."""
    second, city, _ = placed
    day, of_day = divided(met.second, SECONDS_PER_DAY)
    (before,) = (day < 0).nonzero()
    if len(before):
        earlier = Moments(of_day[before], met.customer[before], day[before])
        second[before], city[before], _ = on_the_way_before(earlier, customers, when, LONGEST_DAYS)
    each_time = np.where(customers.saves_payees[met.customer], LATELY, TYPED)
    return Drawn(
        customer=met.customer,
        second=day * SECONDS_PER_DAY + second,
        entity=met.entity.astype(np.uint8),
        city=city,
        cents=met.cents,
        recipient=recipients().people(len(met)),
        key=met.key,
        typed=np.where(met.is_entered, ENTERED, each_time).astype(np.uint8),
        people=met.ties,
    )
