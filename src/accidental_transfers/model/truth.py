"""The ground truth: what really happened in the rows of accidents and look-alikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accidental_transfers.model.arrays import Codes, Int


@dataclass
class Truth:
    """The truth about accidents and look-alikes; every array has one element per row of theirs.

    Attributes
    ----------
    row
        Position among the payments.
    kind
        Position in `accidents.KINDS`.
    group
        Row of the first transaction of the accident or look-alike.
    position
        1 for the first transaction, 2 and up for the extra ones.
    intended_cents
        What the customer meant to pay, once.
    intended_recipient
        Whom the customer meant to pay.
    slip
        `Slip`.
    follow_up
        Row of the payment by which it was put right; -1 for none.
    """

    row: Int
    kind: Int
    group: Int
    position: Int
    intended_cents: Int
    intended_recipient: Int
    slip: Int
    follow_up: Int

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def of_single_rows(
        cls,
        row: Int,
        intended_cents: Codes,
        intended_recipient: Int,
        slip: Int | None = None,
        kind: Int | int = 0,
    ) -> Truth:
        """Tell the truth about rows that stand for themselves."""
        none = np.zeros(len(row), np.int64)
        return cls(
            row=row,
            kind=none + kind,
            group=row,
            position=none + 1,
            intended_cents=intended_cents.astype(np.int64),
            intended_recipient=intended_recipient,
            slip=none if slip is None else slip,
            follow_up=none - 1,
        )

    @classmethod
    def none(cls) -> Truth:
        """Say that nothing happened."""
        return _NOTHING

    @classmethod
    def joined(cls, parts: Sequence[Truth]) -> Truth:
        """Put several together."""
        told = [part for part in parts if len(part)]
        if len(told) == 1:
            return told[0]
        names = cls.__dataclass_fields__
        return cls(
            **{name: np.concatenate([getattr(part, name) for part in told or parts])
               for name in names}
        )  # fmt: skip

    def some(self, rows: Int) -> Truth:
        """Give the truth about some of the rows."""
        return Truth(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def moved(self, place: Int) -> Truth:
        """Follow the rows to new places, and stand in their order, without those that have none.

        A negative place is none.
        """
        row = place[self.row]
        order = row.argsort()
        order = order[np.count_nonzero(row < 0) :]
        followed = self.follow_up[order]
        return Truth(
            row=row[order],
            kind=self.kind[order],
            group=place[self.group[order]],
            position=self.position[order],
            intended_cents=self.intended_cents[order],
            intended_recipient=self.intended_recipient[order],
            slip=self.slip[order],
            follow_up=np.where(followed < 0, -1, place[followed]),
        )


_NOTHING = Truth.of_single_rows(*(np.empty(0, np.int64) for _ in range(3)))
