"""Datasets that several tests look at, made once, and read back as their users would."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TextIO

import pandas as pd

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.table import Table
from accidental_transfers.model.accidents import ACCIDENTS, SENT_AGAIN, lookalikes_of

USUAL = [accident for accident in ACCIDENTS if not accident.is_optional]
"""The accidents that every dataset has."""
LABELS = [accident.column for accident in USUAL]
PROBABILITIES = [accident.probability.field for accident in USUAL]
LOOKALIKE_KINDS = [each.kind.name for each in lookalikes_of(USUAL)]
FOLLOW_UP = SENT_AGAIN.name
HONEST_KINDS = [*LOOKALIKE_KINDS, FOLLOW_UP]
LABEL_OF_KIND = {kind.name: accident.column for accident in ACCIDENTS for kind in accident.kinds}
VERSION_1 = (
    "customer_id", "transaction_id", "timestamp", "transaction_type", "amount",
    "is_accident_burst", "is_high_amount_accident", "is_mistyped_entity_accident",
    "city", "entity_type", "recipient_entity", "original_recipient_entity",
)  # fmt: skip
"""The columns that there are in any dataset, in their order."""
BURST, HIGH_AMOUNT, MISTYPED = VERSION_1[5:8]
OUTCOME_TIMES = ["noticed_at", "reported_at", "label_known_at", "resolved_at"]
TYPES = ["Credit Card", "Online Purchase", "Venmo/PayPal", "Bank Transfer"]


def text_of(write: Callable[[TextIO], None]) -> str:
    stream = io.StringIO()
    write(stream)
    return stream.getvalue()


def fixed(value: float) -> dict[str, float]:
    """A range that leaves no choice."""
    return {"min": value, "max": value}


@dataclass(frozen=True)
class Dataset:
    """A generated table and its CSV files as pandas reads them."""

    spec: DatasetSpec

    @cached_property
    def table(self) -> Table:
        return generate(self.spec)

    @cached_property
    def csv(self) -> str:
        return text_of(self.table.write_csv)

    @cached_property
    def rows(self) -> pd.DataFrame:
        return pd.read_csv(io.StringIO(self.csv), parse_dates=["timestamp"], keep_default_na=False)

    @property
    def labels(self) -> list[str]:
        """The columns with labels."""
        return [accident.column for accident in self.spec.accidents]

    @cached_property
    def misdirected(self) -> "pd.Series[bool]":
        """Tells which rows are labelled as paid to somebody else than who was meant."""
        labels = [each.column for each in self.spec.accidents if each.misdirects]
        return self.rows[labels].any(axis=1)

    @cached_property
    def is_honest(self) -> "pd.Series[bool]":
        """Tells which rows of the truth are look-alikes', or sent again."""
        honest = [each.kind.name for each in lookalikes_of(self.spec.accidents)]
        return self.truth["kind"].isin([*honest, FOLLOW_UP])

    @cached_property
    def honest(self) -> pd.DataFrame:
        """The rows without a label, with each one's cents, its day, and whether it is a trip's."""
        rows = self.rows[~self.rows[self.labels].any(axis=1)]
        home = rows["customer_id"].map(self.customers["home_city"])
        return rows.assign(
            cents=(rows["amount"] * 100).round().astype(int),
            day=rows["timestamp"].dt.normalize(),
            away=rows["city"].to_numpy() != home.to_numpy(),
        )

    @cached_property
    def ordinary(self) -> pd.DataFrame:
        """The honest rows that are no look-alike either."""
        return self.honest[~self.honest["transaction_id"].isin(self.truth["transaction_id"])]

    @cached_property
    def truth(self) -> pd.DataFrame:
        """The truth about accidents and look-alikes beside the row that each is about."""
        text = io.StringIO(text_of(self.table.write_accidents_csv))
        truth = pd.read_csv(text, keep_default_na=False)
        return truth.merge(self.rows, on="transaction_id", how="left", validate="one_to_one")

    @cached_property
    def accidents(self) -> pd.DataFrame:
        """The truth about accidents alone."""
        return self.truth[~self.is_honest].reset_index(drop=True)

    @cached_property
    def lookalikes(self) -> pd.DataFrame:
        """The truth about honest look-alikes alone."""
        is_follow_up = self.truth["kind"] == FOLLOW_UP
        return self.truth[self.is_honest & ~is_follow_up].reset_index(drop=True)

    @cached_property
    def follow_ups(self) -> pd.DataFrame:
        """The truth about what was sent again to who was meant."""
        return self.truth[self.truth["kind"] == FOLLOW_UP].reset_index(drop=True)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """What came of accidents and look-alikes, beside the truth and the row of each."""
        text = io.StringIO(text_of(self.table.write_outcomes_csv))
        ids = {"follow_up_transaction_id": str}
        told = pd.read_csv(text, parse_dates=OUTCOME_TIMES, dtype=ids)
        return told.merge(self.truth, on="transaction_id", how="left", validate="one_to_one")

    @cached_property
    def customers(self) -> pd.DataFrame:
        text = io.StringIO(text_of(self.table.write_customers_csv))
        return pd.read_csv(text).set_index("customer_id")


@cache
def default_sample() -> Dataset:
    """150 customers of the default job: about 157,000 rows, of which some 2,000 are labelled."""
    return Dataset(DatasetSpec(customers=150))


@cache
def default_job() -> Dataset:
    """All 900 customers of the default job: about a million rows, in some five seconds."""
    return Dataset(DatasetSpec())


@cache
def accident_sample() -> Dataset:
    """120 customers to whom each kind of accident happens often: about 125,000 payments."""
    often: dict[str, Any] = dict.fromkeys(PROBABILITIES, fixed(0.08))
    return Dataset(DatasetSpec.parse({"customers": 120, "seed": "often", **often}))
