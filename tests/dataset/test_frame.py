"""The frame: what the CSV says, in types to work with."""

import pandas as pd
import pytest

from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import LABELS, VERSION_1, Dataset, default_sample


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


def test_the_frame_has_types_to_work_with_and_stays_small() -> None:
    frame = default_sample().table.to_frame()
    types = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert types["timestamp"].startswith("datetime64[")
    assert types["amount"] == "float64"
    assert {types[name] for name in LABELS} == {"bool"}
    repeated = ["customer_id", "transaction_type", "city", "entity_type", "recipient_entity"]
    assert {types[name] for name in repeated} == {"category"}
    assert frame.index.equals(pd.RangeIndex(len(frame)))
    # Cities and mistyped numbers may share a text; a category may not.
    assert all(frame[name].cat.categories.is_unique for name in repeated)


def test_the_csv_reads_back_as_the_frame(dataset: Dataset) -> None:
    frame = dataset.table.to_frame()
    assert list(frame.columns) == list(dataset.rows.columns)
    assert tuple(name for name in frame.columns if name in VERSION_1) == VERSION_1
    assert len(frame) == dataset.table.rows == len(dataset.rows)
    for name in frame.columns:
        assert (frame[name].to_numpy() == dataset.rows[name].to_numpy()).all(), name


def test_the_recipient_and_the_intended_one_can_be_compared(dataset: Dataset) -> None:
    frame = dataset.table.to_frame()
    differ = frame["recipient_entity"] != frame["original_recipient_entity"]
    assert (differ.to_numpy() == dataset.misdirected.to_numpy()).all()
    assert frame["recipient_entity"].dtype == frame["original_recipient_entity"].dtype
