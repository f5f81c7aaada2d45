"""The input of the deployed schedule: what its owner asks for, and the time of the firing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accidental_transfers.spec.period import ENDS
from accidental_transfers.spec.values import SCHEMA_KEY

_SCHEDULE, _TIME = "schedule", "scheduled_time"
PERIOD = "last-month"
OUTPUT_KEY = "data/synthetic_transactions_labeled_{start_date}.csv"
"""Where a schedule's dataset goes that names no key: one firing does not replace another's."""


def input_of_schedule(given: Any) -> Any:
    """Give the fields that a firing of the schedule asks for; any other input as it is.

    The template puts the parameter ``ScheduleInput`` and the time beside each other, because
    CloudFormation cannot put one into the other. A field that the owner gave stays. Without a
    period or dates it is the month before the firing.
    """
    if not isinstance(given, Mapping) or given.keys() - {SCHEMA_KEY} != {_SCHEDULE, _TIME}:
        return given
    asked = given[_SCHEDULE]
    if not isinstance(asked, Mapping):
        # For the specification to refuse.
        return asked
    period = {} if asked.keys() & set(ENDS) else {"period": PERIOD}
    return {"output_key": OUTPUT_KEY, **period, _TIME: given[_TIME], **asked}
