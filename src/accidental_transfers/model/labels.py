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


class AccidentKind(IntEnum):
    """The accidents' kinds in all detail, as `accidents.csv` names them."""

    DUPLICATE = 0
    SPLIT = 1
    CARD_TEST = 2
    HIGH_AMOUNT = 3
    MISTYPED = 4


ACCIDENT_LABEL = np.array(
    [Label.BURST, Label.BURST, Label.BURST, Label.HIGH_AMOUNT, Label.MISTYPED], np.uint8
)
"""The label of each `AccidentKind`."""


@dataclass(frozen=True)
class Accidents:
    """The truth about accident rows; every array has one element per labelled row.

    Attributes
    ----------
    row
        Position among the payments.
    kind
        `AccidentKind`.
    group
        Row of the first transaction of the accident.
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
    def joined(cls, parts: Sequence[Accidents]) -> Accidents:
        """Put several together."""
        names = cls.__dataclass_fields__
        return cls(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        )

    def moved(self, place: Int) -> Accidents:
        """Follow the rows to new places, and stand in their order."""
        order = np.argsort(place[self.row])
        columns = {name: getattr(self, name)[order] for name in self.__dataclass_fields__}
        columns["row"] = place[columns["row"]]
        columns["group"] = place[columns["group"]]
        return Accidents(**columns)
