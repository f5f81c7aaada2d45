"""What customers live through, before accidents and after, for tests of the model itself."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from accidental_transfers import DatasetSpec
from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.arrays import Bool, Int, Numbers
from accidental_transfers.model.calendar import Calendar, calendar
from accidental_transfers.model.customers import Customers, draw_customers
from accidental_transfers.model.life import Life
from accidental_transfers.model.lives import draw_life, live
from accidental_transfers.model.payments import Payments
from accidental_transfers.model.recipients import recipients
from accidental_transfers.model.streams import seed_key
from accidental_transfers.model.truth import Truth
from tests.samples import PROBABILITIES, fixed


@dataclass(frozen=True)
class Lived:
    """The life of a spec's customers."""

    spec: DatasetSpec

    @classmethod
    def of(cls, **fields: Any) -> "Lived":
        return cls(DatasetSpec.parse(fields))

    @cached_property
    def customers(self) -> Customers:
        spec = self.spec
        return draw_customers(spec.wanted, seed_key(spec.seed), 1, spec.customers)

    @cached_property
    def when(self) -> Calendar:
        return calendar(self.spec.start_date, self.spec.days)

    @cached_property
    def life(self) -> Life:
        """Before anything happens."""
        return draw_life(self.customers, self.when)

    @cached_property
    def _after(self) -> tuple[Payments, Truth]:
        return live(self.customers, self.when, self.spec.aftermath)

    @property
    def payments(self) -> Payments:
        """After accidents, with what follows them."""
        return self._after[0]

    @property
    def truth(self) -> Truth:
        return self._after[1]

    def is_kind(self, name: str) -> Bool:
        """Which rows of the truth are of a kind."""
        return np.asarray(self.truth.kind == KIND_NAMES.index(name))

    @property
    def first_person(self) -> int:
        """The code of the first person; merchants come before."""
        return recipients().first_person

    def numbers(self, recipient: Int) -> Numbers:
        """The numbers of people by their codes."""
        return self.payments.number[recipient - self.first_person]


@cache
def usual() -> Lived:
    """300 customers of the default job: some 315,000 payments."""
    return Lived.of(customers=300)


@cache
def often() -> Lived:
    """120 customers to whom everything happens often: some 126,000 payments."""
    return Lived.of(customers=120, **dict.fromkeys(PROBABILITIES, fixed(0.08)))


def no_second_stands_out(gaps: "pd.Series[float]") -> None:
    """No number of seconds between payments with 30 of them or more has five times the next's."""
    counts = np.bincount(gaps.to_numpy().astype(int))
    beside = np.maximum(np.append(counts[1:], 0), np.append(0, counts[:-1]))
    assert not ((counts >= 30) & (counts > 5 * np.maximum(beside, 1))).any()
