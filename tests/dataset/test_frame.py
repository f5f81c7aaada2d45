"""The frame: what the CSV says, in types to work with."""

import pandas as pd
import pytest

from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import LABELS, Dataset, default_sample

COLUMNS = [
    "customer_id", "transaction_id", "timestamp", "transaction_type", "amount",
    "is_accident_burst", "is_high_amount_accident", "is_mistyped_entity_accident",
    "city", "entity_type", "recipient_entity", "original_recipient_entity",
]  # fmt: skip


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


def test_the_frame_has_types_to_work_with_and_stays_small() -> None:
    frame = default_sample().table.to_frame()
    kinds = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert kinds["timestamp"].startswith("datetime64[")
    assert kinds["amount"] == "float64"
    assert {kinds[name] for name in LABELS} == {"bool"}
    repeated = ["customer_id", "transaction_type", "city", "entity_type", "recipient_entity"]
    assert {kinds[name] for name in repeated} == {"category"}
    assert frame.index.equals(pd.RangeIndex(len(frame)))
    # Cities and mistyped numbers may share a text; a category may not.
    assert all(frame[name].cat.categories.is_unique for name in repeated)


def test_the_csv_reads_back_as_the_frame(dataset: Dataset) -> None:
    frame = dataset.table.to_frame()
    assert list(frame.columns) == list(dataset.rows.columns) == COLUMNS
    assert len(frame) == dataset.table.rows == len(dataset.rows)
    for name in COLUMNS:
        assert (frame[name].to_numpy() == dataset.rows[name].to_numpy()).all(), name


def test_the_recipient_and_the_intended_one_can_be_compared(dataset: Dataset) -> None:
    frame = dataset.table.to_frame()
    differ = frame["recipient_entity"] != frame["original_recipient_entity"]
    assert (differ == frame["is_mistyped_entity_accident"]).all()
    assert frame["recipient_entity"].dtype == frame["original_recipient_entity"].dtype
