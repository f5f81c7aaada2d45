"""What happens to payments, and what follows: said first, then done to all of them at once.

No two events strike the same payment, so that none needs to see what another has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.arrays import Cents, Codes, Int, Numbers
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.repeats import rows_of
from accidental_transfers.model.truth import Truth


@dataclass
class Happened:
    """Transactions of an accident or a look-alike; every array has one element for each.

    Attributes
    ----------
    base
        Rows of the payments with which they begin: of the first transaction its own.
    position
        0 for the first transaction, 1 and up for the extra ones.
    after
        Seconds since the first one.
    cents, recipient
        What is paid, and to whom.
    number
        Numbers of people, if they are paid instead.
    kind
        Position among the kinds that the accident or the look-alike names; None for the first.
    intended_cents, intended_recipient
        What was meant; None where just that is paid.
    slip
        `Slip`; None for none.
    follow_up
        Rows of the payments by which they are put right, -1 for none; None where none is.
    first_kind
        Position in `accidents.KINDS` of the first kind that the accident or the look-alike names;
        `happenings` says it.
    """

    base: Int
    position: Int
    after: Int
    cents: Codes
    recipient: Int
    number: Numbers | None = None
    kind: Int | None = None
    intended_cents: Cents | None = None
    intended_recipient: Int | None = None
    slip: Int | None = None
    follow_up: Int | None = None
    first_kind: int = 0

    def __len__(self) -> int:
        return len(self.base)

    @property
    def extras(self) -> int:
        """Number of the extra transactions."""
        return int(np.count_nonzero(self.position))

    @property
    def kinds(self) -> Int:
        """Positions in `accidents.KINDS`."""
        first = np.full(len(self), self.first_kind)
        return first if self.kind is None else first + self.kind


def single(
    rows: Int,
    cents: Codes,
    recipient: Int,
    number: Numbers | None = None,
    intended_cents: Cents | None = None,
    intended_recipient: Int | None = None,
    slip: Int | None = None,
) -> Happened:
    """Say what happens to payments that stay single."""
    none = np.zeros(len(rows), np.int64)
    return Happened(
        base=rows,
        position=none,
        after=none,
        cents=cents,
        recipient=recipient,
        number=number,
        intended_cents=intended_cents,
        intended_recipient=intended_recipient,
        slip=slip,
    )


def done(
    payments: Payments, events: Sequence[Happened], sent_again: Sequence[Payments] = ()
) -> tuple[Payments, Truth]:
    """Change and append payments as events say, and tell the truth about them.

    ``sent_again`` are appended behind the extra transactions.
    """
    if not events:
        return payments, Truth.none()
    base = np.concatenate([each.base for each in events])
    position = np.concatenate([each.position for each in events])
    after = np.concatenate([each.after for each in events])
    cents = np.concatenate([each.cents for each in events]).astype(np.int32)
    recipient, number = _recipients(payments, events)
    row = rows_of(base, position, len(payments))
    truth = Truth(
        row=row,
        kind=np.concatenate([each.kinds for each in events]),
        group=base,
        position=position + 1,
        intended_cents=_meant([each.intended_cents for each in events], events, cents),
        intended_recipient=_meant([each.intended_recipient for each in events], events, recipient),
        slip=_or_else([each.slip for each in events], events, 0),
        follow_up=_or_else([each.follow_up for each in events], events, -1),
    )
    (first,), (extra,) = (position == 0).nonzero(), position.nonzero()
    source = base[extra]
    extras = payments.alike(
        source, payments.second[source] + after[extra], cents[extra], recipient[extra]
    )
    payments = Payments.of_same_people([payments, extras, *sent_again], number)
    payments.cents[base[first]], payments.recipient[base[first]] = cents[first], recipient[first]
    return payments, truth


def _recipients(payments: Payments, events: Sequence[Happened]) -> tuple[Int, Numbers]:
    """Give whom the transactions go to, and the numbers of all people."""
    parts, numbers = [], [payments.number]
    next_person = recipients().first_person + len(payments.number)
    for event in events:
        if event.number is None:
            parts.append(event.recipient)
        else:
            parts.append(next_person + np.arange(len(event)))
            numbers.append(event.number)
            next_person += len(event)
    return np.concatenate(parts), np.concatenate(numbers)


def _or_else(parts: Sequence[Int | None], events: Sequence[Happened], nothing: int) -> Int:
    """Put parts together, with a number where there is nothing to say."""
    return np.concatenate([
        np.full(len(event), nothing) if part is None else part
        for part, event in zip(parts, events, strict=True)
    ])  # fmt: skip


def _meant(parts: Sequence[Codes | None], events: Sequence[Happened], paid: Codes) -> Int:
    """Put together what was meant: what is paid, but for what events say."""
    meant, end = paid.astype(np.int64), 0
    for part, event in zip(parts, events, strict=True):
        begin, end = end, end + len(event)
        if part is not None:
            meant[begin:end] = part
    return meant
