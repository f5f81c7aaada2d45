"""Counting what is in blocks while they are made, by codes; names come at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from accidental_transfers.dataset.block import Block
from accidental_transfers.model.accidents import KIND_NAMES, LABELS
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.calendar import SECONDS_PER_DAY
from accidental_transfers.model.facts.reference import HOURS, reference
from accidental_transfers.model.recipients import recipients
from accidental_transfers.statistics.examples import add_examples, no_examples
from accidental_transfers.statistics.month import Month
from accidental_transfers.statistics.month_of_block import better_month
from accidental_transfers.statistics.network import Uses, added, in_order, kept
from accidental_transfers.statistics.network_of_block import ties_of_block
from accidental_transfers.statistics.statistics import Example, Histogram, Statistics, amount_bins
from accidental_transfers.statistics.vocabulary import (
    cities_by_name,
    entities_by_type,
    label_codes,
    merchants_by_name,
)

SECONDS_PER_HOUR = 3600
WEEKDAYS = 7
LABEL_CODES = len(LABELS) + 1
"""The labels, and 0 for none."""
HISTOGRAMS = (
    "rows_per_customer",
    "spending_per_customer",
    "payees_per_customer",
    "payments_per_payee",
)
USUAL_CENTS = 1 << 16
"""Amounts below this, all but one in a hundred, find their bins in a table."""


def statistics_of(blocks: Iterable[Block]) -> Statistics:
    """Count what is in blocks of one period, given in the order of their customers."""
    tally = Tally()
    for block in blocks:
        tally.add(block)
    return tally.statistics()


class Tally:
    """Sums of counts over blocks of one period."""

    def __init__(self) -> None:
        self._first_day = date.min
        self._sums: dict[str, Int] = {}
        self._largest = np.zeros(len(reference().transaction_types), np.int64)
        self._labels: dict[str, int] = {}
        self._examples: dict[str, list[Example]] = {}
        self._month: Month | None = None
        self._numbers: Uses = {}

    def add(self, block: Block) -> None:
        """Count one more block, whose customers follow the ones before."""
        if not self._sums:
            self._first_day, self._labels = block.first_day, label_codes(block)
            self._examples = no_examples(block)
        self._add("customers", np.array([len(block.customers)]))
        self._add_times(block)
        self._add_amounts(block)
        self._add_cities(block)
        self._add_labels(block)
        self._add("merchants", _merchant_counts(block))
        self._add_people(block)
        self._month = better_month(self._month, block)
        self._add("rows_per_customer", np.bincount(np.diff(block.starts)))
        self._add("spending_per_customer", _spending(block))
        self._add_truth(block)

    def statistics(self) -> Statistics:
        """Name what was counted."""
        if not self._sums:
            return Statistics()
        # Nothing from outside: validation would take as long as the counting.
        return Statistics.model_construct(
            rows=int(self._sums["hour_type"].sum()),
            customers=int(self._sums["customers"][0]),
            home_rows=int(self._sums["home_rows"][0]),
            **self._named_times(),
            **self._named_amounts(),
            by_city=self._named_cities(),
            by_kind=self._named_kinds(),
            **self._named_merchants(),
            **self._named_customers(),
            numbers=in_order(kept(self._numbers)),
            month=self._month,
            examples=self._examples,
        )

    def _add(self, name: str, counts: Int) -> None:
        """Add counts, of which there may be more than before."""
        before = self._sums.get(name)
        if before is None:
            self._sums[name] = counts.astype(np.int64)
        elif len(before) < len(counts):
            self._sums[name] = counts + np.pad(before, (0, len(counts) - len(before)))
        else:
            before[: len(counts)] += counts

    def _add_times(self, block: Block) -> None:
        types = len(reference().transaction_types)
        hour = block.second // SECONDS_PER_HOUR
        type_ = reference().type_of_entity.take(block.entity)
        self._add("hour_type", np.bincount(hour * types + type_))

    def _add_amounts(self, block: Block) -> None:
        entities = len(reference().entity_types)
        bins = _usual_bins().take(block.cents, mode="clip")
        unusual = np.flatnonzero(block.cents >= USUAL_CENTS)
        bins[unusual] = amount_bins(block.cents[unusual])
        key = (bins * _amount_key()(LABEL_CODES) + block.label) * _amount_key()(entities)
        key += block.entity
        self._add("bin_label_entity", np.bincount(key))
        sums = np.bincount(block.entity, weights=block.cents, minlength=entities)
        self._add("cents", sums.astype(np.int64))
        larger = np.flatnonzero(block.cents > self._largest.min())
        cents, type_ = block.cents[larger], reference().type_of_entity[block.entity[larger]]
        for code, before in enumerate(self._largest):
            self._largest[code] = (cents * (type_ == code)).max(initial=before)

    def _add_cities(self, block: Block) -> None:
        cities, people = len(reference().cities), len(block.customers)
        key = block.customer * cities + block.city
        counts = np.bincount(key, minlength=people * cities).reshape(people, cities)
        self._add("city", counts.sum(axis=0))
        self._add("home", np.bincount(block.customers.home, minlength=cities))
        at_home = counts[np.arange(people), block.customers.home]
        self._add("home_rows", at_home.sum(keepdims=True))

    def _add_labels(self, block: Block) -> None:
        labelled = np.flatnonzero(block.label)
        label = block.label[labelled].astype(np.int64)
        week = (block.second[labelled] // SECONDS_PER_DAY + block.first_day.weekday()) // WEEKDAYS
        self._add("week_label", np.bincount(week * LABEL_CODES + label))
        people = len(block.customers)
        key = block.customer[labelled] * LABEL_CODES + label
        counts = np.bincount(key, minlength=people * LABEL_CODES).reshape(people, LABEL_CODES)
        for code, name in enumerate(LABELS, start=1):
            self._add(f"{name}_per_customer", np.bincount(counts[:, code]))

    def _add_people(self, block: Block) -> None:
        ties = ties_of_block(block)
        self._add("payees_per_customer", ties.payees)
        self._add("payments_per_payee", ties.times)
        self._numbers = added(self._numbers, ties.uses)

    def _add_truth(self, block: Block) -> None:
        truth = block.truth
        self._add("kind_rows", np.bincount(truth.kind, minlength=len(KIND_NAMES)))
        events = np.bincount(truth.kind[truth.position == 1], minlength=len(KIND_NAMES))
        self._add("kind_events", events)
        add_examples(self._examples, block)

    def _named_times(self) -> dict[str, Any]:
        names = reference().type_names
        by_hour = self._sums["hour_type"]
        days = -(-len(by_hour) // (HOURS * len(names)))
        by_hour = _shaped(by_hour, days, HOURS, len(names))
        first = self._first_day.weekday()
        weekly = [by_hour[(day - first) % WEEKDAYS :: WEEKDAYS].sum(axis=0) for day in range(7)]
        hours = np.array(weekly).transpose(2, 0, 1).tolist()
        return {
            "by_date": {
                str(self._first_day + timedelta(day)): dict(zip(names, counts, strict=True))
                for day, counts in enumerate(by_hour.sum(axis=1).tolist())
                if any(counts)
            },
            "by_weekday_hour": dict(zip(names, hours, strict=True)),
        }

    def _named_amounts(self) -> dict[str, Any]:
        facts = reference()
        counts = self._sums["bin_label_entity"]
        entities = len(facts.entity_types)
        bins = -(-len(counts) // (LABEL_CODES * entities))
        by_entity = _shaped(counts, bins, LABEL_CODES, entities)
        return {
            "by_label": _named_labels(self._labels, by_entity.sum(axis=(0, 2))),
            "by_entity_type": {
                name: _named(
                    [facts.entity_types[entity].name for entity in own],
                    by_entity[:, :, own].sum(axis=(0, 1)),
                )
                for name, own in entities_by_type().items()
            },
            "amounts": {
                name: _amounts(self._labels, by_entity[:, :, own].sum(axis=2))
                for name, own in entities_by_type().items()
            },
            "cents": {
                name: {"sum": int(self._sums["cents"][own].sum()), "largest": int(largest)}
                for (name, own), largest in zip(
                    entities_by_type().items(), self._largest, strict=True
                )
            },
        }

    def _named_cities(self) -> dict[str, dict[str, int]]:
        rows, homes = self._sums["city"].tolist(), self._sums["home"].tolist()
        return {
            name: {"rows": rows[code], "home_customers": homes[code]}
            for name, code in cities_by_name()
            if rows[code] or homes[code]
        }

    def _named_kinds(self) -> dict[str, dict[str, int]]:
        rows, events = self._sums["kind_rows"], self._sums["kind_events"]
        return {
            name: {"events": int(events[code]), "rows": int(rows[code])}
            for code, name in enumerate(KIND_NAMES)
            if name in self._examples
        }

    def _named_merchants(self) -> dict[str, Any]:
        names, codes = merchants_by_name()
        counts = self._sums["merchants"][codes]
        paid = np.flatnonzero(counts)
        return {
            "merchants": _named(names[paid], counts[paid]),
            "people": {"payments": int(self._sums["merchants"][-1])},
        }

    def _named_customers(self) -> dict[str, Any]:
        weekly = self._sums["week_label"]
        monday = self._first_day - timedelta(self._first_day.weekday())
        by_week = _shaped(weekly, -(-len(weekly) // LABEL_CODES), LABEL_CODES)
        return {
            "labels_by_week": {
                str(monday + timedelta(weeks=int(week))): _named_labels(self._labels, by_week[week])
                for week in np.flatnonzero(by_week.sum(axis=1))
            },
            **{name: _histogram(self._sums[name]) for name in HISTOGRAMS},
            "labels_per_customer": {
                name: _histogram(self._sums[f"{name}_per_customer"]) for name in self._labels
            },
        }


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


def _shaped(counts: Int, *shape: int) -> Int:
    """Lay out counts by their keys' parts; those that did not occur are missing at the end."""
    return np.pad(counts, (0, int(np.prod(shape)) - len(counts))).reshape(shape)


def _amounts(labels: Mapping[str, int], by_label: Int) -> dict[str, Histogram]:
    """Name counts by bin and label: (bins, labels)."""
    every = {"all": _histogram(by_label.sum(axis=1))}
    return every | {name: _histogram(by_label[:, code]) for name, code in labels.items()}


def _named_labels(labels: Mapping[str, int], by_label: Int) -> dict[str, int]:
    return {name: int(by_label[code]) for name, code in labels.items()}


def _histogram(counts: Int) -> Histogram:
    return {int(value): int(counts[value]) for value in np.flatnonzero(counts)}


def _named(names: Iterable[str], counts: Int) -> dict[str, int]:
    return dict(zip(names, counts.tolist(), strict=True))
