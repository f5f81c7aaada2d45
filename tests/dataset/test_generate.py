"""The first line of a notebook: what `generate` takes, and what it refuses."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, SpecError, generate
from tests.samples import text_of

FIELDS: dict[str, Any] = {"customers": 3, "seed": 7, "end_date": "2024-01-15"}


def test_fields_a_mapping_and_a_specification_make_the_same_dataset() -> None:
    made = [
        generate(**FIELDS),
        generate(FIELDS),
        generate(DatasetSpec(**FIELDS)),
        generate(customers=np.int64(3), seed="7", end_date=pd.Timestamp("2024-01-15")),
    ]
    first, *others = (text_of(table.write_csv) for table in made)
    assert len(first.splitlines()) > 300
    assert all(text == first for text in others)


@pytest.mark.parametrize("given", [5, "customers", [("customers", 5)], DatasetSpec])
def test_what_is_no_specification_is_refused(given: Any) -> None:
    with pytest.raises(SpecError, match="allowed: a JSON object"):
        generate(given)


def test_fields_beside_a_specification_are_refused() -> None:
    with pytest.raises(SpecError, match="got a specification and seed beside it"):
        generate(DatasetSpec(customers=3), seed=8)


def test_a_misspelt_field_is_refused_with_the_list_of_all() -> None:
    with pytest.raises(SpecError, match=r"^customer: unknown field; allowed are preset, seed"):
        generate(customer=5)  # type: ignore[call-arg]
