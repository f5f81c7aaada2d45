"""Payments: the arrays that everything customers pay ends up in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from accidental_transfers.model.arrays import Cents, Codes, Int, Keys, Numbers
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.people import Ties
from accidental_transfers.model.recipients import recipients

PICKED, TYPED, ENTERED, LATELY = range(4)
"""How a recipient is chosen: from a list or at a counter; its number is typed, as it is each time;
its number is entered for the first time; from a list, where it was entered lately."""


@dataclass
class _Columns:
    """What is known of every payment of some customers, in no order.

    Attributes
    ----------
    customer
        Positions in `Customers`.
    second
        Seconds since the period's start, by the local clock.
    entity, city
        Codes of `Reference`.
    cents
        Amounts.
    recipient
        Codes of `Recipients`; a person's is ``first_person`` plus a position among the people.
    key
        What each payment's further random numbers come from, whatever the period.
    typed
        `PICKED`, `TYPED`, `ENTERED` or `LATELY`.
    """

    customer: Int
    second: Int
    entity: npt.NDArray[np.uint8]
    city: Codes
    cents: Cents
    recipient: Int
    key: Keys
    typed: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.second)


@dataclass
class Drawn(_Columns):
    """Payments whose people have no numbers yet.

    Attributes
    ----------
    people
        Who is paid by number.
    """

    people: Ties


@dataclass
class Payments(_Columns):
    """Payments of some customers, in no order.

    Attributes
    ----------
    number
        Ten-digit numbers of the people.
    """

    number: Numbers

    @classmethod
    def joined(cls, parts: Sequence[Drawn], number: Numbers) -> Payments:
        """Put several together; people of one number become one.

        ``number`` has those of the people of all parts, one part after the other.
        """
        first_person = recipients().first_person
        columns = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in _Columns.__dataclass_fields__
        }
        different, place = np.unique(number, return_inverse=True)
        recipient = columns["recipient"]
        (people,) = (recipient >= first_person).nonzero()
        # Whose people stand before those of a row's own part.
        rows, before = (
            np.array([*accumulate(map(len, each), initial=0)])
            for each in (parts, [part.people for part in parts])
        )
        before = before[rows[1:].searchsorted(people, "right")]
        recipient[people] = place[recipient[people] - first_person + before] + first_person
        return cls(**columns, number=different)

    @classmethod
    def of_same_people(cls, parts: Sequence[Payments], number: Numbers) -> Payments:
        """Put several together whose recipients are positions among the same people."""
        names = (name for name in cls.__dataclass_fields__ if name != "number")
        columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        return cls(**columns, number=number)

    def alike(self, source: Int, second: Int, cents: Cents, recipient: Int) -> Payments:
        """Give payments that are like those at ``source`` but for what is given.

        They stay on the day of their source: what begins before midnight ends before it.
        """
        end_of_day = (self.second[source] // SECONDS_PER_DAY + 1) * SECONDS_PER_DAY - 1
        return Payments(
            customer=self.customer[source],
            second=np.minimum(second, end_of_day),
            entity=self.entity[source],
            city=self.city[source],
            cents=cents,
            recipient=recipient,
            key=self.key[source],
            typed=self.typed[source],
            number=self.number,
        )

    def some(self, rows: Int) -> Payments:
        """Give some of them; all people stay."""
        names = _Columns.__dataclass_fields__
        return Payments(**{n: getattr(self, n)[rows] for n in names}, number=self.number)

    def numbers_of(self, rows: Int) -> Numbers:
        """Give the numbers of the people whom some payments go to."""
        return self.number[self.recipient[rows] - recipients().first_person]
