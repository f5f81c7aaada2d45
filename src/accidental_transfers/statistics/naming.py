"""Naming what was counted by codes: statistics as the card and the manifest read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from accidental_transfers.model.accident import Accident
from accidental_transfers.model.accidents import KIND_NAMES, LABELS, kind_names_of
from accidental_transfers.model.arrays import Int
from accidental_transfers.model.facts.reference import HOURS, reference
from accidental_transfers.model.recipients import recipients
from accidental_transfers.statistics.counts import (
    HISTOGRAMS,
    LABEL_CODES,
    LABELS_PER_CUSTOMER,
    WEEKDAYS,
    Counts,
    shaped,
)
from accidental_transfers.statistics.network import by_number
from accidental_transfers.statistics.share import Share
from accidental_transfers.statistics.statistics import Histogram, Statistics
from accidental_transfers.statistics.vocabulary import cities_by_name, entities_by_type


def named(share: Share, first_day: date, accidents: Sequence[Accident]) -> Statistics:
    """Name what a share of a dataset counts.

    Parameters
    ----------
    first_day : date
        The first of the dataset's period.
    accidents
        Those that are part of the dataset.
    """
    counts, examples = share.counts, share.unpacked_examples()
    labels = {each.name: LABELS.index(each.name) + 1 for each in accidents}
    kinds = kind_names_of(accidents)
    # Nothing from outside: validation would take as long as the counting.
    return Statistics.model_construct(
        rows=share.rows,
        customers=share.customers,
        home_rows=int(counts["home_rows"][0]),
        **_times(counts, first_day),
        **_weeks(counts, first_day, labels),
        **_amounts(counts, labels),
        by_entity_type=_entities(counts),
        by_city=_cities(counts),
        by_kind=_kinds(counts, kinds),
        **_recipients(counts),
        **_customers(counts, labels),
        numbers=by_number(share.numbers),
        month=share.month,
        examples={name: examples.get(name, []) for name in kinds},
    )


def _times(counts: Counts, first_day: date) -> dict[str, Any]:
    names = reference().type_names
    by_day = shaped(counts["day_type"], -1, len(names)).tolist()
    weekly = shaped(counts["weekday_hour_type"], WEEKDAYS, HOURS, len(names))
    return {
        "by_date": {
            str(first_day + timedelta(day)): dict(zip(names, rows, strict=True))
            for day, rows in enumerate(by_day)
            if any(rows)
        },
        "by_weekday_hour": dict(zip(names, weekly.transpose(2, 0, 1).tolist(), strict=True)),
    }


def _weeks(counts: Counts, first_day: date, labels: Mapping[str, int]) -> dict[str, Any]:
    by_week = shaped(counts["week_label"], -1, LABEL_CODES)
    monday = first_day - timedelta(first_day.weekday())
    return {
        "labels_by_week": {
            str(monday + timedelta(weeks=week)): _by_label(labels, by_week[week])
            for week in np.flatnonzero(by_week.sum(axis=1)).tolist()
        }
    }


def _amounts(counts: Counts, labels: Mapping[str, int]) -> dict[str, Any]:
    names = reference().type_names
    by_bin = shaped(counts["bin_label_type"], -1, LABEL_CODES, len(names))
    paid = zip(names, counts["cents"].tolist(), counts["largest"].tolist(), strict=True)
    return {
        "by_label": _by_label(labels, by_bin.sum(axis=(0, 2))),
        "amounts": {
            name: {"all": _histogram(own.sum(axis=1))}
            | {label: _histogram(own[:, code]) for label, code in labels.items()}
            for name, own in zip(names, np.moveaxis(by_bin, 2, 0), strict=True)
        },
        "cents": {name: {"sum": sum_, "largest": largest} for name, sum_, largest in paid},
    }


def _entities(counts: Counts) -> dict[str, dict[str, int]]:
    entities = reference().entity_types
    return {
        name: _with([entities[code].name for code in own.tolist()], counts["entity"][own])
        for name, own in entities_by_type().items()
    }


def _cities(counts: Counts) -> dict[str, dict[str, int]]:
    rows, homes = counts["city"].tolist(), counts["home"].tolist()
    return {
        name: {"rows": rows[code], "home_customers": homes[code]}
        for name, code in cities_by_name()
        if rows[code] or homes[code]
    }


def _kinds(counts: Counts, kinds: Iterable[str]) -> dict[str, dict[str, int]]:
    events, rows = counts["kind_events"].tolist(), counts["kind_rows"].tolist()
    codes = {name: KIND_NAMES.index(name) for name in kinds}
    return {name: {"events": events[code], "rows": rows[code]} for name, code in codes.items()}


def _recipients(counts: Counts) -> dict[str, Any]:
    names, people = recipients().names, recipients().first_person
    payments = dict(zip(counts["merchant"].tolist(), counts["payments"].tolist(), strict=True))
    to_people = payments.pop(people, 0)
    merchants = {names[code]: count for code, count in payments.items()}
    return {"merchants": dict(sorted(merchants.items())), "people": {"payments": to_people}}


def _customers(counts: Counts, labels: Iterable[str]) -> dict[str, Any]:
    return {name: _histogram(counts[name]) for name in HISTOGRAMS} | {
        "labels_per_customer": {
            name: _histogram(counts[LABELS_PER_CUSTOMER[name]]) for name in labels
        }
    }


def _by_label(labels: Mapping[str, int], rows: Int) -> dict[str, int]:
    return {name: int(rows[code]) for name, code in labels.items()}


def _histogram(counts: Int) -> Histogram:
    return {int(value): int(counts[value]) for value in np.flatnonzero(counts)}


def _with(names: Iterable[str], counts: Int) -> dict[str, int]:
    return dict(zip(names, counts.tolist(), strict=True))
