"""The keywords that editors and type checkers know are the specification's fields."""

from typing import Any, get_type_hints

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import SpecError, generate
from accidental_transfers.local.documents.keywords import FILE, text
from accidental_transfers.spec import DatasetSpec, JobSpec
from accidental_transfers.spec.keywords import DatasetKeywords, JobKeywords


def test_the_file_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == text(), "make docs"


@pytest.mark.parametrize(
    ("keywords", "spec"), [(DatasetKeywords, DatasetSpec), (JobKeywords, JobSpec)]
)
def test_they_are_the_fields_and_no_other(keywords: type, spec: type[DatasetSpec]) -> None:
    assert get_type_hints(keywords).keys() == spec.model_fields.keys()


@pytest.mark.parametrize(
    "given",
    [
        DatasetKeywords(customers=np.int64(3), seed=np.int64(7)),
        DatasetKeywords(
            start_date=pd.Timestamp("2024-02-01"), end_date=np.datetime64("2024-02-02")
        ),
        DatasetKeywords(lookalikes=np.float32(0.5), daily_transactions=(8, np.float64(15))),
        DatasetKeywords(home_city_bias={"min": 0.8}),
    ],
    ids=str,
)
def test_what_they_take_is_taken(given: DatasetKeywords) -> None:
    assert generate(**given).spec == DatasetSpec(**given)


def test_a_name_that_no_checker_saw_is_still_refused() -> None:
    unseen: dict[str, Any] = {"customer": 5}
    with pytest.raises(SpecError, match="customer: unknown field"):
        DatasetSpec(**unseen)
