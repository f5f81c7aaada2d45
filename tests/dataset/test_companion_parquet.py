"""The companions in Parquet: what their CSV says, with types, whatever the blocks were."""

import io
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset import parquet_tables
from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.parquet import parquet_rows
from accidental_transfers.dataset.table import Table
from accidental_transfers.spec.files import CSV_FILES, CsvFile
from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import Dataset

pa: Any = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
pq: Any = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")

COMPANIONS = [file for file in CSV_FILES if file != "dataset"]


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


def bytes_of(file: CsvFile, spec: DatasetSpec, blocks: Iterable[Block]) -> bytes:
    stream = io.BytesIO()
    with parquet_rows(stream, spec, file) as rows:
        written = sum(rows.write(block) for block in blocks)
    assert pq.ParquetFile(io.BytesIO(stream.getvalue())).metadata.num_rows == written
    return stream.getvalue()


def frame_of(table: Table, file: str) -> pd.DataFrame:
    frame: pd.DataFrame = getattr(table, file)()
    return frame


@pytest.mark.parametrize("file", COMPANIONS)
def test_pandas_reads_what_the_frame_says(file: CsvFile, dataset: Dataset) -> None:
    written = bytes_of(file, dataset.spec, dataset.table.iter_blocks())
    found, expected = pd.read_parquet(io.BytesIO(written)), frame_of(dataset.table, file)
    assert list(found) == list(expected)
    for name in expected:
        # Categories are text in the file, and seconds milliseconds.
        assert found[name].astype(str).tolist() == expected[name].astype(str).tolist(), name


def test_every_value_has_its_type_and_only_what_may_be_empty_is_nullable() -> None:
    dataset = dataset_of("accidents all the time")
    names = {pa.timestamp("ms"): "time", pa.string(): "text", pa.float64(): "number",
             pa.int64(): "integer"}  # fmt: skip
    found: dict[str, str] = {}
    empty: set[str] = set()
    for file in COMPANIONS:
        read = pq.read_table(io.BytesIO(bytes_of(file, dataset.spec, dataset.table.blocks)))
        found |= {field.name: names[field.type] for field in read.schema}
        empty |= {field.name for field in read.schema if field.nullable}
        assert {field.name for field in read.schema if read[field.name].null_count} <= empty
    times = {name for name, type_ in found.items() if type_ == "time"}
    assert times == {"noticed_at", "reported_at", "label_known_at", "resolved_at"}
    assert empty == {*times, "typing_error", "follow_up_transaction_id"}
    assert found["position"] == "integer"
    assert {found[name] for name in ("intended_amount", "recovered_amount",
                                     "accident_probability")} == {"number"}  # fmt: skip


@pytest.mark.parametrize("file", COMPANIONS)
def test_the_same_bytes_come_whatever_the_blocks(
    file: CsvFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_tables, "ROWS_PER_COMPANION_GROUP", 3)
    spec = DatasetSpec(customers=4, seed=7, end_date="2024-02-15")
    whole = (block for table in simulate(spec, 1, 4) for block in table.blocks)
    parts = (table.blocks[0] for first in range(1, 5) for table in simulate(spec, first, first))
    assert bytes_of(file, spec, whole) == bytes_of(file, spec, parts)


def test_without_a_row_there_are_still_columns_with_types() -> None:
    spec = DatasetSpec(customers=1, end_date="2024-01-01", aftermath="none")
    blocks = [block for table in simulate(spec, 1, 1) for block in table.blocks]
    read = pq.read_table(io.BytesIO(bytes_of("outcomes", spec, blocks)))
    assert len(read) == 0
    assert read.schema.field("label_known_at").type == pa.timestamp("ms")
