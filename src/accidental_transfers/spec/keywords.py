"""The fields of a specification, as editors and type checkers know them; `make docs` writes this.

Every field is optional.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

from accidental_transfers.spec.plain import Day, Interval, Number, Whole


class DatasetKeywords(TypedDict, total=False):
    """What a `DatasetSpec` is made from."""

    preset: Literal["default", "bank", "dense"]
    seed: Whole | str
    customers: Whole
    start_date: Day
    end_date: Day
    daily_transactions: Interval
    home_city_bias: Interval
    accident_probability: Interval
    high_amount_accident_probability: Interval
    mistyped_entity_accident_probability: Interval
    wrong_payee_accident_probability: Interval
    high_amount_multiplier: Interval
    lookalikes: Number
    aftermath: Literal["full", "none"]


class JobKeywords(DatasetKeywords, total=False):
    """What a `JobSpec` is made from."""

    period: Literal["yesterday", "last-week", "last-month", "this-month"] | None
    scheduled_time: datetime | str | None
    output_key: str
    format: Literal["csv", "parquet"] | Sequence[Literal["csv", "parquet"]]
    if_exists: Literal["replace", "fail"]
    customers_per_slice: Whole | None
    dry_run: bool
