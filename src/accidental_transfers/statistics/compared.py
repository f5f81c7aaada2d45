"""What a dataset turned out to be, beside what was asked for."""

from __future__ import annotations

from typing import Any

from accidental_transfers.model.facts.reference import EntityType, reference
from accidental_transfers.spec import DatasetSpec
from accidental_transfers.statistics.statistics import Counts, Statistics

Comparison = dict[str, float | None]
DIGITS = 6
NONE = {"events": 0, "rows": 0}


def compared(spec: DatasetSpec, statistics: Statistics) -> dict[str, Any]:
    """Compare rates and shares with what was asked for.

    Returns
    -------
    ``{"rates": {"daily_transactions": {"requested": …, "realised": …}, …},
    "shares": {"transaction_type": {"Credit Card": …}, "entity_type": {"Credit Card": …}}}``;
    requested is the mean over customers, realised None where nothing can tell. That is so of the
    accidents that cannot happen to every payment: no column says which numbers were entered, typed
    or picked from a list.
    """
    return {"rates": _rates(spec, statistics), "shares": _shares(statistics)}


def _rates(spec: DatasetSpec, statistics: Statistics) -> dict[str, Comparison]:
    payments = statistics.rows - sum(
        counts["rows"] - counts["events"] for counts in statistics.by_kind.values()
    )
    customer_days = statistics.customers * spec.days
    return {
        "daily_transactions": _pair(spec.daily_transactions.mean, payments, customer_days),
        "home_city_bias": _pair(spec.home_city_bias.mean, statistics.home_rows, statistics.rows),
        **{
            accident.probability.field: _pair(
                accident.probability.mean(getattr(spec, accident.probability.field)),
                sum(statistics.by_kind.get(kind.name, NONE)["events"] for kind in accident.kinds),
                payments if accident.readiness().all() else 0,
            )
            for accident in spec.accidents
        },
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


def _pair(requested: float, part: int, whole: int) -> Comparison:
    realised = round(part / whole, DIGITS) if whole else None
    return {"requested": round(requested, DIGITS), "realised": realised}
