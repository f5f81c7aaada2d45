"""Parquet: the CSV's rows and types, in every reader, the same bytes whenever it is written."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset import parquet_tables
from accidental_transfers.dataset.blocks import Blocks
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.parquet import parquet_rows
from accidental_transfers.errors import MissingDependencyError, OutputError
from accidental_transfers.spec import JobSpec
from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import LABELS, Dataset

REASON = "the extra `parquet` is not installed"
pa: Any = pytest.importorskip("pyarrow", reason=REASON)
pq: Any = pytest.importorskip("pyarrow.parquet", reason=REASON)

ROOT = Path(__file__).parent.parent.parent
FIELDS: dict[str, Any] = {"customers": 5, "seed": 7, "end_date": "2024-01-31"}


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parquet") / "five.parquet"
    generate(FIELDS).to_parquet(path)
    return path


def bytes_of(spec: DatasetSpec, blocks: Blocks) -> bytes:
    stream = io.BytesIO()
    with parquet_rows(stream, spec) as rows:
        for block in blocks.iter_blocks():
            rows.write(block)
    return stream.getvalue()


def assert_same_rows(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert list(found) == list(expected)
    assert len(found) == len(expected)
    for name in expected:
        assert (found[name].to_numpy() == expected[name].to_numpy()).all(), name


def test_pandas_reads_what_the_frame_says(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "it.parquet"
    dataset.table.to_parquet(str(path))
    assert [each.name for each in tmp_path.iterdir()] == ["it.parquet"]
    assert_same_rows(pd.read_parquet(path), dataset.table.to_frame())


def test_pandas_has_types_to_work_with_and_can_compare_recipients(written: Path) -> None:
    frame = pd.read_parquet(written)
    types = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert types["timestamp"] == "datetime64[ms]"
    assert types["amount"] == "float64"
    assert {types[name] for name in ("transaction_type", "city", "entity_type")} == {"category"}
    assert {types[name] for name in LABELS} == {"bool"}
    assert (frame.recipient_entity != frame.original_recipient_entity).sum() == 4
    assert all(frame[name].cat.categories.is_unique for name in ("city", "entity_type"))


def test_pyarrow_reads_the_same(written: Path) -> None:
    table = pq.read_table(written)
    assert table.schema.field("timestamp").type == pa.timestamp("ms")
    assert_same_rows(table.to_pandas(), generate(FIELDS).to_frame())
    assert table.schema.field("amount").metadata == {b"meaning": b"dollars, two decimals"}


def test_polars_reads_the_same(written: Path) -> None:
    polars = pytest.importorskip("polars")
    read = polars.read_parquet(written)
    assert str(read.schema["timestamp"]) == "Datetime(time_unit='ms', time_zone=None)"
    assert str(read.schema["city"]).startswith("Categorical")
    found = pd.DataFrame({name: read[name].to_list() for name in read.columns})
    assert_same_rows(found, generate(FIELDS).to_frame())


def test_duckdb_reads_the_same(written: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    read = duckdb.sql(f"SELECT * FROM '{written}'")
    assert [str(each) for each in read.types[2:5]] == ["TIMESTAMP", "VARCHAR", "DOUBLE"]
    found = pd.DataFrame(read.fetchall(), columns=read.columns)
    assert_same_rows(found, generate(FIELDS).to_frame())


def test_the_file_says_what_made_it(written: Path) -> None:
    metadata = pq.ParquetFile(written).schema_arrow.metadata
    assert metadata[b"accidental_transfers.dataset_version"] == b"2"
    spec = DatasetSpec.parse(json.loads(metadata[b"accidental_transfers.spec"]))
    assert spec == DatasetSpec(**FIELDS)


def test_the_same_bytes_come_again_whatever_the_blocks_and_the_job() -> None:
    spec = DatasetSpec(**FIELDS)
    whole = bytes_of(spec, generate(spec))
    parts = (table.blocks[0] for first in range(1, 6) for table in simulate(spec, first, first))
    job = JobSpec(**FIELDS, output_key="elsewhere.csv")
    assert bytes_of(spec, generate(spec)) == whole
    assert bytes_of(spec, Blocks(parts, spec.accidents)) == whole
    assert bytes_of(job, generate(job)) == whole


def test_groups_have_their_rows_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_tables, "ROWS_PER_GROUP", 400)
    spec = DatasetSpec(**FIELDS)
    parts = (table.blocks[0] for first in range(1, 6) for table in simulate(spec, first, first))
    found = [bytes_of(spec, generate(spec)), bytes_of(spec, Blocks(parts, spec.accidents))]
    assert found[0] == found[1]
    metadata = pq.ParquetFile(io.BytesIO(found[0])).metadata
    sizes = [metadata.row_group(each).num_rows for each in range(metadata.num_row_groups)]
    assert sizes == [400, 400, 400, 263]
    assert {metadata.row_group(0).column(each).compression for each in range(12)} == {"ZSTD"}
    assert_same_rows(pd.read_parquet(io.BytesIO(found[0])), generate(spec).to_frame())


def test_the_order_is_told_where_ids_as_text_have_it() -> None:
    for customers, told in ((999, ("customer_id", "timestamp")), (1000, ())):
        spec = DatasetSpec(customers=customers, end_date="2024-01-01")
        file = pq.ParquetFile(io.BytesIO(bytes_of(spec, generate(spec))))
        group = file.metadata.row_group(0)
        names = file.schema_arrow.names
        assert tuple(names[each.column_index] for each in group.sorting_columns) == told


def test_an_optional_accident_is_a_column_as_well(tmp_path: Path) -> None:
    generate(**FIELDS, wrong_payee_accident_probability=(0.1, 0.1)).to_parquet(tmp_path / "it")
    frame = pd.read_parquet(tmp_path / "it")
    assert list(frame)[-1] == "is_wrong_payee_accident"
    assert frame["is_wrong_payee_accident"].any()


def test_the_page_shows_the_schema(written: Path) -> None:
    page = (ROOT / "docs" / "library.md").read_text("utf-8").partition("## Parquet")[2]
    shown = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", page, re.MULTILINE)
    names = {pa.timestamp("ms"): "timestamp[ms]", pa.bool_(): "bool", pa.string(): "string",
             pa.float64(): "double"}  # fmt: skip
    schema = pq.read_schema(written)
    expected = [(field.name, names.get(field.type, "dictionary of string")) for field in schema]
    assert shown == [*expected, ("is_wrong_payee_accident", "bool")]


def test_without_pyarrow_the_extra_is_named_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'accidental-transfers\[parq"):
        generate(FIELDS).to_parquet(tmp_path / "it.parquet")
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no folder"):
        generate(FIELDS).to_parquet(tmp_path / "no folder" / "x.parquet")
    with pytest.raises(OutputError, match=r"/dev/full cannot be written: No space left"):
        generate(FIELDS).to_parquet("/dev/full")


def peak(rows: int) -> float:
    """Peak memory in MB of a process of its own that writes a file."""
    command = [sys.executable, "-m", "benchmarks.formats", "--rows", str(rows), "--ways", "file"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return float(answer.split()[-1])


@pytest.mark.slow
def test_of_three_times_the_rows_a_file_takes_the_same_memory() -> None:
    less, more = peak(300_000), peak(900_000)
    assert more < 1.15 * less
    assert more < 400
