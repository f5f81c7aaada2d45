"""What a notebook has at hand is taken as it is meant, or refused by name."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, SpecError
from accidental_transfers.spec import JobSpec

RANGE = {"min": 3.0, "max": 5.0}


@pytest.mark.parametrize(
    ("field", "given", "meant"),
    [
        ("seed", np.int64(7), 7),
        ("seed", np.uint8(7), 7),
        ("seed", np.str_("seven"), "seven"),
        ("customers", np.int64(50), 50),
        ("customers", np.arange(60)[50], 50),
        ("customers", pd.Series([50]).iloc[0], 50),
        ("lookalikes", np.float32(0.5), 0.5),
        ("lookalikes", np.int64(2), 2.0),
        ("daily_transactions", (3, 5), RANGE),
        ("daily_transactions", (np.int64(3), np.float32(5)), RANGE),
        ("daily_transactions", {"min": np.float32(3), "max": np.int64(5)}, RANGE),
        ("daily_transactions", {"max": np.int64(20)}, {"min": 8.0, "max": 20.0}),
        ("start_date", datetime(2024, 3, 1), date(2024, 3, 1)),  # noqa: DTZ001
        ("start_date", datetime(2024, 3, 1, tzinfo=UTC), date(2024, 3, 1)),
        ("start_date", pd.Timestamp("2024-03-01"), date(2024, 3, 1)),
        ("start_date", np.datetime64("2024-03-01"), date(2024, 3, 1)),
        ("start_date", np.datetime64("2024-03-01", "ns"), date(2024, 3, 1)),
        ("end_date", pd.Timestamp("2024-03-01", tz="America/Chicago"), date(2024, 3, 1)),
    ],
)
def test_what_a_notebook_has_at_hand_is_what_json_would_say(
    field: str, given: Any, meant: Any
) -> None:
    for spec in (DatasetSpec(**{field: given}), JobSpec.parse({field: given})):
        found = spec.model_dump()[field]
        assert found == meant
        assert type(found) is type(meant)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("seed", np.float64(7)),
        ("customers", np.float64(50)),
        ("customers", np.True_),
        ("customers", np.array([50])),
        ("daily_transactions", (3, 4, 5)),
        ("daily_transactions", (5, 3)),
        ("daily_transactions", (3, "5")),
        ("daily_transactions", np.array([3, 5])),
        ("start_date", pd.Timestamp("2024-03-01 12:00")),
        ("start_date", pd.NaT),
        ("start_date", np.datetime64("NaT")),
        ("end_date", np.datetime64("2024-03-01T00:00:01")),
    ],
)
def test_what_it_does_not_mean_is_refused_by_name(field: str, given: Any) -> None:
    with pytest.raises(SpecError, match=rf"^{field}.*allowed: "):
        DatasetSpec(**{field: given})


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2024-01-01", "2024-03-31", 91),
        ("2024-06-01", "2024-08-30", 91),
        (pd.Timestamp("2010-02-03"), "2010-05-04", 91),
        ("2099-12-31", "2099-12-31", 1),
    ],
)
def test_a_first_day_alone_begins_as_many_days_as_the_default_has(
    first: Any, last: str, days: int
) -> None:
    spec = DatasetSpec(start_date=first)
    assert (str(spec.end_date), spec.days) == (last, days)
