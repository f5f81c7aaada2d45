"""The fields of a specification: their defaults, and the limits of those that are ranges."""

from typing import Any

from accidental_transfers.model.accidents import PARAMETERS

DEFAULTS: dict[str, Any] = {
    "preset": "default",
    "seed": 2024,
    "customers": 900,
    "start_date": "2024-01-01",
    "end_date": "2024-03-31",
    "daily_transactions": {"min": 8.0, "max": 15.0},
    "home_city_bias": {"min": 0.75, "max": 0.95},
    "accident_probability": {"min": 0.001, "max": 0.01},
    "high_amount_accident_probability": {"min": 0.0002, "max": 0.0025},
    "mistyped_entity_accident_probability": {"min": 0.01, "max": 0.2},
    "high_amount_multiplier": {"min": 2.5, "max": 4.0},
    "lookalikes": 1.0,
    "aftermath": "full",
    "period": None,
    "scheduled_time": None,
    "output_key": "data/synthetic_transactions_labeled.csv",
    "format": "csv",
    "if_exists": "replace",
    "customers_per_slice": None,
    "dry_run": False,
}
LIMITS: dict[str, tuple[float, float]] = {
    "daily_transactions": (0.1, 200),
    "home_city_bias": (0.5, 1),
    "accident_probability": (0, 0.25),
    "high_amount_accident_probability": (0, 0.25),
    "mistyped_entity_accident_probability": (0, 0.25),
    "high_amount_multiplier": (1, 100),
}
for parameter in PARAMETERS:  # of accidents that came later, as their own tests hold them
    DEFAULTS.setdefault(parameter.field, parameter.default.model_dump())
    LIMITS.setdefault(parameter.field, (parameter.lowest, parameter.highest))
PROBABILITIES = [name for name in LIMITS if name.endswith("probability")]
