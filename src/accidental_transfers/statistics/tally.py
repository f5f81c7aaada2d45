"""Counting what is in blocks while they are made, by codes; names come at the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import Block
from accidental_transfers.model.accidents import KIND_NAMES
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.facts.reference import HOURS, reference
from accidental_transfers.model.recipients import recipients
from accidental_transfers.statistics.counts import (
    LABEL_CODES,
    LABELS_PER_CUSTOMER,
    WEEKDAYS,
    Counts,
    add,
    lengths,
    paid,
    shaped,
)
from accidental_transfers.statistics.examples import add_examples, no_examples
from accidental_transfers.statistics.month import Month
from accidental_transfers.statistics.month_of_block import better_month
from accidental_transfers.statistics.naming import named
from accidental_transfers.statistics.network import Sample
from accidental_transfers.statistics.network_of_block import ties_of_block
from accidental_transfers.statistics.share import Examples, Share
from accidental_transfers.statistics.statistics import Statistics, amount_bins

SECONDS_PER_HOUR = 3600
USUAL_CENTS = 1 << 16
"""Amounts below this, all but one in a hundred, find their bins in a table."""


def statistics_of(blocks: Iterable[Block]) -> Statistics:
    """Count what is in blocks of one period, given in the order of their customers."""
    tally, block = Tally(), None
    for block in blocks:
        tally.add(block)
    return named(tally.share(), block.first_day, block.accidents) if block else Statistics()


class Tally:
    """Sums of counts over blocks of one period."""

    def __init__(self) -> None:
        self._first_day = date.min
        self._sums: Counts = {}
        self._largest = np.zeros(len(reference().transaction_types), np.int64)
        self._examples: Examples = {}
        self._month: Month | None = None
        self._numbers = Sample()

    def add(self, block: Block) -> None:
        """Count one more block, whose customers follow the ones before."""
        if not self._sums:
            self._first_day, self._examples = block.first_day, no_examples(block)
        add(self._sums, "customers", np.array([len(block.customers)]))
        self._add_times(block)
        self._add_amounts(block)
        self._add_cities(block)
        self._add_labels(block)
        add(self._sums, "merchants", _merchant_counts(block))
        self._add_people(block)
        self._month = better_month(self._month, block)
        add(self._sums, "rows_per_customer", np.bincount(np.diff(block.starts)))
        add(self._sums, "spending_per_customer", _spending(block))
        self._add_truth(block)

    def share(self) -> Share:
        """Give what was counted: what is to be told, and no more."""
        sums, facts = self._sums, reference()
        types, entities = len(facts.type_names), len(facts.entity_types)
        day_hour_type = shaped(sums["hour_type"], -1, HOURS, types)
        by_entity = shaped(sums["bin_label_entity"], -1, LABEL_CODES, entities)
        of_type = facts.type_of_entity == np.arange(types)[:, None]
        counts = {
            "day_type": day_hour_type.sum(axis=1),
            "weekday_hour_type": self._weekly(day_hour_type),
            "entity": by_entity.sum(axis=(0, 1)),
            "bin_label_type": by_entity @ of_type.T,
            "week_label": shaped(sums["week_label"], -1, LABEL_CODES),
            "cents": of_type @ sums["cents"],
            "largest": self._largest,
            **paid(sums["merchants"]),
        }
        same = {name: sums[name] for name in lengths() if name not in counts}
        return Share.of(
            {**same, **{name: array.ravel() for name, array in counts.items()}},
            self._numbers.uses(),
            self._month,
            self._examples,
        )

    def _weekly(self, by_day: Int) -> Int:
        """Add up days by their weekdays."""
        first = self._first_day.weekday()
        return np.array(
            [by_day[(day - first) % WEEKDAYS :: WEEKDAYS].sum(axis=0) for day in range(WEEKDAYS)]
        )

    def _add_times(self, block: Block) -> None:
        types = len(reference().transaction_types)
        hour = block.second // SECONDS_PER_HOUR
        type_ = reference().type_of_entity.take(block.entity)
        add(self._sums, "hour_type", np.bincount(hour * types + type_))

    def _add_amounts(self, block: Block) -> None:
        entities = len(reference().entity_types)
        bins = _usual_bins().take(block.cents, mode="clip")
        unusual = np.flatnonzero(block.cents >= USUAL_CENTS)
        bins[unusual] = amount_bins(block.cents[unusual])
        key = (bins * _amount_key()(LABEL_CODES) + block.label) * _amount_key()(entities)
        key += block.entity
        add(self._sums, "bin_label_entity", np.bincount(key))
        sums = np.bincount(block.entity, weights=block.cents, minlength=entities)
        add(self._sums, "cents", sums.astype(np.int64))
        larger = np.flatnonzero(block.cents > self._largest.min())
        cents, type_ = block.cents[larger], reference().type_of_entity[block.entity[larger]]
        for code, before in enumerate(self._largest):
            self._largest[code] = (cents * (type_ == code)).max(initial=before)

    def _add_cities(self, block: Block) -> None:
        cities, people = len(reference().cities), len(block.customers)
        key = block.customer * cities + block.city
        counts = np.bincount(key, minlength=people * cities).reshape(people, cities)
        add(self._sums, "city", counts.sum(axis=0))
        add(self._sums, "home", np.bincount(block.customers.home, minlength=cities))
        at_home = counts[np.arange(people), block.customers.home]
        add(self._sums, "home_rows", at_home.sum(keepdims=True))

    def _add_labels(self, block: Block) -> None:
        labelled = np.flatnonzero(block.label)
        label = block.label[labelled].astype(np.int64)
        week = (block.second[labelled] // SECONDS_PER_DAY + block.first_day.weekday()) // WEEKDAYS
        add(self._sums, "week_label", np.bincount(week * LABEL_CODES + label))
        people = len(block.customers)
        key = block.customer[labelled] * LABEL_CODES + label
        counts = np.bincount(key, minlength=people * LABEL_CODES).reshape(people, LABEL_CODES)
        for code, name in enumerate(LABELS_PER_CUSTOMER.values(), start=1):
            add(self._sums, name, np.bincount(counts[:, code]))

    def _add_people(self, block: Block) -> None:
        ties = ties_of_block(block)
        add(self._sums, "payees_per_customer", ties.payees)
        add(self._sums, "payments_per_payee", ties.times)
        self._numbers.add(ties.uses)

    def _add_truth(self, block: Block) -> None:
        truth = block.truth
        add(self._sums, "kind_rows", np.bincount(truth.kind, minlength=len(KIND_NAMES)))
        events = np.bincount(truth.kind[truth.position == 1], minlength=len(KIND_NAMES))
        add(self._sums, "kind_events", events)
        add(self._sums, "outcomes", np.array([len(block.outcomes)]))
        add_examples(self._examples, block)


@cache
def _usual_bins() -> npt.NDArray[np.int16]:
    return amount_bins(np.arange(USUAL_CENTS)).astype(np.int16)


@cache
def _amount_key() -> type[np.signedinteger[Any]]:
    """Choose the narrowest integers that tell apart bin, label and entity type, for speed."""
    bins = int(amount_bins(np.array([np.iinfo(np.int32).max]))[0]) + 1
    keys = bins * LABEL_CODES * len(reference().entity_types)
    return np.int16 if keys <= np.iinfo(np.int16).max else np.int32


def _merchant_counts(block: Block) -> Int:
    """Count payments to each merchant, and at the end to people."""
    first_person = recipients().first_person
    counts = np.bincount(block.recipient, minlength=first_person)[:first_person]
    return np.append(counts, block.rows - counts.sum())


def _spending(block: Block) -> Int:
    """Count customers by the bin of what they paid in all."""
    starts = block.starts[:-1][np.diff(block.starts) > 0]
    return np.bincount(amount_bins(np.add.reduceat(block.cents, starts, dtype=np.int64)))
