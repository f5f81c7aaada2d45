"""A share: what a slice counted, as its receipt carries it. Shares of slices add up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, TypeAdapter

from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.recipients import recipients
from accidental_transfers.statistics.counts import Counts, add, joined, lengths, paid, parted
from accidental_transfers.statistics.month import Month
from accidental_transfers.statistics.network import Sample, Uses, require_uses
from accidental_transfers.statistics.packing import pack, pack_bytes, unpack, unpack_bytes
from accidental_transfers.statistics.statistics import EXAMPLES, Example

Examples = dict[str, list[Example]]
"""By kind, in the dataset's order."""
_EXAMPLES = TypeAdapter(Examples, config=ConfigDict(strict=True))


def _counts(given: Any) -> Counts:
    return parted(unpack(given))


def _packed_counts(counts: Counts) -> str:
    return pack(joined(counts))


def _uses(given: Any) -> Uses:
    uses = np.cumsum(unpack(given))
    require_uses(uses)
    return uses


def _packed_uses(uses: Uses) -> str:
    return pack(np.diff(uses, prepend=0))


class Share(BaseModel):
    """What a slice counted, or several together."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    counts: Annotated[Counts, PlainValidator(_counts), PlainSerializer(_packed_counts)] = Field(
        description="Of rows and amounts, by codes; packed."
    )
    numbers: Annotated[Uses, PlainValidator(_uses), PlainSerializer(_packed_uses)] = Field(
        description="What is known of some people's numbers; packed."
    )
    month: Month | None = Field(
        description="The most usual month of a customer; null without rows."
    )
    # They are unpacked only where they are wanted: a few slices have enough.
    examples: str = Field(description="The first of each kind; packed.")

    @staticmethod
    def of(counts: Counts, numbers: Uses, month: Month | None, examples: Examples) -> Share:
        """Make a share of what was counted; it comes from inside, so nothing is validated."""
        found = {name: examples[name] for name in KIND_NAMES if examples.get(name)}
        text = json.dumps(found, separators=(",", ":"))
        return Share.model_construct(
            counts=counts, numbers=numbers, month=month, examples=pack_bytes(text.encode())
        )

    @property
    def rows(self) -> int:
        """Rows of the dataset."""
        return int(self.counts["entity"].sum())

    @property
    def accident_rows(self) -> int:
        """Rows of accidents and of what looks like them or follows them."""
        return int(self.counts["kind_rows"].sum())

    @property
    def outcomes(self) -> int:
        """Rows of which something came."""
        return int(self.counts["outcomes"][0])

    @property
    def customers(self) -> int:
        """Customers, those without a row included."""
        return int(self.counts["customers"][0])

    @property
    def days(self) -> int:
        """Days from the first of the period to the last that has a row."""
        return len(self.counts["day_type"]) // lengths()["day_type"][0]

    def unpacked_examples(self) -> Examples:
        """Give the examples of each kind.

        Raises
        ------
        ValueError
            If they cannot be read, or are not as many as the counts say.
        """
        examples = _EXAMPLES.validate_json(unpack_bytes(self.examples))
        events = dict(zip(KIND_NAMES, self.counts["kind_events"].tolist(), strict=True))
        for name, count in events.items():
            found, expected = len(examples.get(name, [])), min(count, EXAMPLES)
            if found != expected:
                raise ValueError(f"{name}: got {found} examples, not {expected}")
        return examples


class Total:
    """A sum of shares, which are added in the dataset's order."""

    def __init__(self) -> None:
        self._counts: Counts = {}
        self._merchants = np.zeros(recipients().first_person + 1, np.int64)
        self._numbers = Sample()
        self._month: Month | None = None
        self._examples: Examples = {name: [] for name in KIND_NAMES}

    def add(self, share: Share) -> None:
        """Add a share; nothing is kept of it.

        Raises
        ------
        ValueError
            If its examples are wanted, and are not what they should be.
        """
        self._add_examples(share)
        for name, counts in share.counts.items():
            if name not in ("merchant", "payments"):
                add(self._counts, name, counts)
        self._merchants[share.counts["merchant"]] += share.counts["payments"]
        self._numbers.add(share.numbers)
        self._month = self._month.or_better(share.month) if self._month else share.month

    def share(self) -> Share:
        """Give the sum."""
        counts = self._counts | paid(self._merchants)
        return Share.of(counts, self._numbers.uses(), self._month, self._examples)

    def _add_examples(self, share: Share) -> None:
        lacking = [name for name, found in self._examples.items() if len(found) < EXAMPLES]
        events = share.counts["kind_events"]
        if any(events[KIND_NAMES.index(name)] for name in lacking):
            examples = share.unpacked_examples()
            for name in lacking:
                found = self._examples[name] + examples.get(name, [])
                self._examples[name] = found[:EXAMPLES]


def total(shares: Iterable[Share]) -> Share:
    """Add up shares, given in the dataset's order; memory holds one besides the sum."""
    sum_ = Total()
    for share in shares:
        sum_.add(share)
    return sum_.share()
