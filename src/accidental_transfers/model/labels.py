"""What a row can be labelled as, and the truth behind the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Int = npt.NDArray[np.int64]


class Label(IntEnum):
    """What a row is labelled as; the order is that of the dataset's columns."""

    NONE = 0
    BURST = 1
    HIGH_AMOUNT = 2
    MISTYPED = 3


class Kind(IntEnum):
    """What really happened, as `accidents.csv` names it: accidents and their honest look-alikes."""

    DUPLICATE = 0
    SPLIT = 1
    CARD_TEST = 2
    HIGH_AMOUNT = 3
    MISTYPED = 4
    HONEST_REPEAT = 5
    HONEST_LARGE = 6
    HONEST_NEIGHBOUR = 7


LABELS = tuple(label.name.lower() for label in list(Label)[1:])
"""The labels' names, in the order of the dataset's columns."""
KINDS = tuple(kind.name.lower() for kind in Kind)
"""What really happened, as `accidents.csv` names it."""
LABEL_OF_KIND = np.array(
    [
        *[Label.BURST] * 3,
        Label.HIGH_AMOUNT,
        Label.MISTYPED,
        *[Label.NONE] * 3,
    ],
    np.uint8,
)
"""The label of each `Kind`: honest look-alikes have none."""


@dataclass(frozen=True)
class Truth:
    """The truth about accidents and look-alikes; every array has one element per row of theirs.

    Attributes
    ----------
    row
        Position among the payments.
    kind
        `Kind`.
    group
        Row of the first transaction of the accident or look-alike.
    position
        1 for the first transaction, 2 and up for the extra ones.
    intended_cents
        What the customer meant to pay, once.
    intended_recipient
        Whom the customer meant to pay.
    typing_error
        `TypingError`.
    """

    row: Int
    kind: Int
    group: Int
    position: Int
    intended_cents: Int
    intended_recipient: Int
    typing_error: Int

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def of_single_rows(
        cls,
        row: Int,
        kind: Kind,
        intended_cents: npt.NDArray[np.integer],
        intended_recipient: Int,
        typing_error: Int | None = None,
    ) -> Truth:
        """Tell the truth about rows that stand for themselves."""
        return cls(
            row=row,
            kind=np.full(len(row), kind, np.int64),
            group=row,
            position=np.ones(len(row), np.int64),
            intended_cents=intended_cents.astype(np.int64),
            intended_recipient=intended_recipient,
            typing_error=np.zeros(len(row), np.int64) if typing_error is None else typing_error,
        )

    @classmethod
    def joined(cls, parts: Sequence[Truth]) -> Truth:
        """Put several together."""
        names = cls.__dataclass_fields__
        return cls(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        )

    def moved(self, place: Int) -> Truth:
        """Follow the rows to new places, and stand in their order."""
        order = np.argsort(place[self.row])
        columns = {name: getattr(self, name)[order] for name in self.__dataclass_fields__}
        columns["row"] = place[columns["row"]]
        columns["group"] = place[columns["group"]]
        return Truth(**columns)
