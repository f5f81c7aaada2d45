"""What a dataset turned out to be, beside what was asked for."""

from __future__ import annotations

import math
from typing import Any

from accidental_transfers.model.facts import EntityType, reference
from accidental_transfers.model.labels import KINDS, LABEL_OF_KIND, Kind, Label
from accidental_transfers.spec import DatasetSpec, Range
from accidental_transfers.statistics.statistics import Counts, Statistics

Comparison = dict[str, float | None]
DIGITS = 6


def compared(spec: DatasetSpec, statistics: Statistics) -> dict[str, Any]:
    """Compare rates and shares with what was asked for.

    Returns
    -------
    ``{"rates": {"daily_transactions": {"requested": …, "realised": …}, …},
    "shares": {"transaction_type": {"Credit Card": …}, "entity_type": {"Credit Card": …}}}``;
    requested is the mean over customers, realised None where nothing can tell.
    """
    return {"rates": _rates(spec, statistics), "shares": _shares(statistics)}


def _rates(spec: DatasetSpec, statistics: Statistics) -> dict[str, Comparison]:
    events = {name: counts["events"] for name, counts in statistics.by_kind.items()}
    repeated = sum(counts["rows"] for counts in statistics.by_kind.values()) - sum(events.values())
    payments = statistics.rows - repeated
    customer_days = statistics.customers * spec.days
    bursts = sum(events.get(name, 0) for name in _kinds_of(Label.BURST))
    return {
        "daily_transactions": _pair(spec.daily_transactions.mean, payments, customer_days),
        "home_city_bias": _pair(spec.home_city_bias.mean, statistics.home_rows, statistics.rows),
        "accident_probability": _pair(_log_mean(spec.accident_probability), bursts, payments),
        "high_amount_accident_probability": _pair(
            _log_mean(spec.high_amount_accident_probability),
            statistics.by_label.get("high_amount", 0),
            payments,
        ),
        "mistyped_entity_accident_probability": _pair(
            _log_mean(spec.mistyped_entity_accident_probability),
            statistics.by_label.get("mistyped", 0),
            _typed_in(statistics.by_entity_type),
        ),
    }


def _shares(statistics: Statistics) -> dict[str, Any]:
    facts = reference()
    by_type = statistics.by_type
    return {
        "transaction_type": {
            type_.name: _pair(type_.share, by_type.get(type_.name, 0), statistics.rows)
            for type_ in facts.transaction_types
        },
        "entity_type": {
            type_.name: _entity_shares(
                [entity for entity in facts.entity_types if entity.transaction_type == code],
                statistics.by_entity_type.get(type_.name, {}),
            )
            for code, type_ in enumerate(facts.transaction_types)
        },
    }


def _entity_shares(entities: list[EntityType], rows: Counts) -> dict[str, Comparison]:
    whole, total = sum(entity.share for entity in entities), sum(rows.values())
    return {
        entity.name: _pair(entity.share / whole, rows.get(entity.name, 0), total)
        for entity in entities
    }


def _kinds_of(label: Label) -> list[str]:
    return [name for kind, name in zip(Kind, KINDS, strict=True) if LABEL_OF_KIND[kind] == label]


def _typed_in(by_entity_type: dict[str, Counts]) -> int:
    """Count payments whose recipient's number is typed in."""
    facts = reference()
    return sum(
        by_entity_type.get(facts.transaction_types[entity.transaction_type].name, {}).get(
            entity.name, 0
        )
        for entity in facts.entity_types
        if entity.typed
    )


def _log_mean(given: Range) -> float:
    """Give the mean of what is drawn evenly on a logarithmic axis."""
    if given.min == given.max:
        return given.max
    return (given.max - given.min) / math.log(given.max / given.min)


def _pair(requested: float, part: int, whole: int) -> Comparison:
    realised = round(part / whole, DIGITS) if whole else None
    return {"requested": round(requested, DIGITS), "realised": realised}
