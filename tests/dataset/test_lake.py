"""The lake: the CSV's rows by month, with their types, whatever the slices and the blocks were."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset import parquet_tables
from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.lake import LAKE_TABLES, LakeFile, lake_of
from accidental_transfers.local.documents.lake_columns import parts
from accidental_transfers.spec.files import ending
from tests.samples import fixed

REASON = "the extra `parquet` is not installed"
pa: Any = pytest.importorskip("pyarrow", reason=REASON)
pq: Any = pytest.importorskip("pyarrow.parquet", reason=REASON)
dataset: Any = pytest.importorskip("pyarrow.dataset", reason=REASON)
duckdb: Any = pytest.importorskip("duckdb")

TOLD = {"run": "r1", "licence": "CC0-1.0"}
FIELDS: dict[str, Any] = {"customers": 40, "seed": 7}
JANUARY = LakeFile("transactions", "2024-01")
SPECS: dict[str, dict[str, Any]] = {
    "three months": FIELDS,
    "with wrong payees": {
        **FIELDS,
        "end_date": "2024-02-29",
        "wrong_payee_accident_probability": fixed(0.1),
    },
    "parts of two months": {**FIELDS, "start_date": "2023-12-19", "end_date": "2024-01-03"},
}


class Written:
    """Files of a slice in memory."""

    def __init__(self, spec: DatasetSpec, blocks: Iterable[Block]) -> None:
        self.streams: dict[LakeFile, io.BytesIO] = {}
        with lake_of(spec, TOLD, self._opened) as lake:
            for block in blocks:
                lake.write(block)
        self.rows = lake.rows
        self.bytes = {file: stream.getvalue() for file, stream in self.streams.items()}

    def _opened(self, file: LakeFile) -> io.BytesIO:
        assert file not in self.streams
        self.streams[file] = io.BytesIO()
        return self.streams[file]

    def put(self, folder: Path, index: int) -> None:
        for (table, month), content in self.bytes.items():
            path = folder / table / f"month={month}" / f"part-{index:05}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def blocks_of(spec: DatasetSpec, first: int, last: int) -> Iterator[Block]:
    for table in simulate(spec, first, last):
        yield from table.blocks


def put_lake(spec: DatasetSpec, slices: int, folder: Path) -> None:
    size = -(-spec.customers // slices)
    for index in range(slices):
        last = min(size * (index + 1), spec.customers)
        Written(spec, blocks_of(spec, size * index + 1, last)).put(folder, index)


@pytest.mark.slow
@pytest.mark.parametrize("slices", [1, 2, 5])
@pytest.mark.parametrize("name", list(SPECS))
def test_all_files_together_are_the_csv_column_by_column(
    name: str, slices: int, tmp_path: Path
) -> None:
    spec = DatasetSpec.parse(SPECS[name])
    generate(spec).to_csv(tmp_path / "it.csv", companions=True)
    put_lake(spec, slices, tmp_path)
    for table, file in LAKE_TABLES.items():
        parquet = f"read_parquet('{tmp_path}/{table}/*/*.parquet')"
        columns = duckdb.sql(f"DESCRIBE SELECT * EXCLUDE (month) FROM {parquet}").fetchall()
        types = {column[0]: column[1] for column in columns}
        csv = f"read_csv('{tmp_path}/it{ending(file)}', columns = {types}, header = true)"
        names = ", ".join(f'"{name}"' for name in types)
        mine = f"SELECT {names} FROM {parquet}"
        theirs = f"SELECT * FROM {csv}"
        assert duckdb.sql(f"({mine}) EXCEPT ALL ({theirs})").fetchall() == []
        assert duckdb.sql(f"({theirs}) EXCEPT ALL ({mine})").fetchall() == []
        assert duckdb.sql(f"SELECT count(*) > 0 FROM {csv}").fetchall() == [(True,)]


@cache
def written() -> Written:
    """Five customers over a month and a day."""
    return Written(SMALL, blocks_of(SMALL, 1, 5))


SMALL = DatasetSpec(customers=5, seed=7, end_date=date(2024, 2, 1))


@cache
def january_rows() -> pd.DataFrame:
    """What the file of January should have."""
    frame = generate(SMALL).to_frame()
    return frame[frame.timestamp < "2024-02-01"].reset_index(drop=True)


def january() -> io.BytesIO:
    return io.BytesIO(written().bytes[JANUARY])


def test_each_month_of_a_table_that_has_rows_is_a_file_and_customers_are_one() -> None:
    months = ("2024-01", "2024-02")
    by_month = [table for table in LAKE_TABLES if table != "customers"]
    expected = {LakeFile(table, month) for table in by_month for month in months}
    assert set(written().bytes) == {*expected, LakeFile("customers", None)}
    table = generate(SMALL)
    made = {file: sum(rows for each, rows in written().rows.items() if each.table == file)
            for file in LAKE_TABLES}  # fmt: skip
    assert made == {"transactions": len(table), "accidents": len(table.accidents()),
                    "outcomes": len(table.outcomes()), "customers": 5}  # fmt: skip
    for name, content in written().bytes.items():
        assert pq.ParquetFile(io.BytesIO(content)).metadata.num_rows == written().rows[name]


def test_a_month_of_which_nothing_is_told_has_no_file() -> None:
    quiet = SMALL.model_copy(update={"aftermath": "none"})
    tables = {file.table for file in Written(quiet, blocks_of(quiet, 1, 5)).bytes}
    assert tables == {"transactions", "accidents", "customers"}


def test_what_happened_is_in_the_month_of_its_own_transaction() -> None:
    for name, content in written().bytes.items():
        if name.month and name.table != "transactions":
            ids = pq.read_table(io.BytesIO(content))["transaction_id"].to_pylist()
            assert {each.split("-")[1][:6] for each in ids} == {name.month.replace("-", "")}


def test_the_same_bytes_come_again_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [Written(SMALL, blocks_of(SMALL, 1, 5)).bytes, written().bytes]
    assert whole[0] == whole[1]
    monkeypatch.setattr(parquet_tables, "ROWS_PER_GROUP", 300)
    monkeypatch.setattr(parquet_tables, "ROWS_PER_COMPANION_GROUP", 7)
    one_by_one = (block for each in range(1, 6) for block in blocks_of(SMALL, each, each))
    parts = [Written(SMALL, blocks_of(SMALL, 1, 5)), Written(SMALL, one_by_one)]
    assert parts[0].bytes == parts[1].bytes
    assert parts[0].bytes != whole[0]


def test_groups_have_their_rows_and_tell_what_readers_prune_by(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parquet_tables, "ROWS_PER_GROUP", 300)
    content = Written(SMALL, blocks_of(SMALL, 1, 5)).bytes[JANUARY]
    metadata = pq.ParquetFile(io.BytesIO(content)).metadata
    groups = [metadata.row_group(each) for each in range(metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [300, 300, 300, 300, 263]
    assert [group.sorting_columns for group in groups] == [groups[0].sorting_columns] * 5
    names = pq.read_schema(io.BytesIO(content)).names
    order = [names[each.column_index] for each in groups[0].sorting_columns]
    assert order == ["customer_id", "timestamp"]
    told = {names[place] for place in range(len(names))
            if groups[0].column(place).is_stats_set}  # fmt: skip
    assert told == {"customer_id", "transaction_id", "timestamp"}

    (tmp_path / "it.parquet").write_bytes(content)
    (fragment,) = dataset.dataset(tmp_path / "it.parquet").get_fragments()
    last = dataset.field("customer_id") == "customer_005"
    late = dataset.field("transaction_id") > "customer_004-20240120-0001"
    assert [len(fragment.subset(each).row_groups) for each in (last, late)] == [2, 2]


def test_a_slice_tells_its_order_where_all_ids_that_may_follow_are_as_long() -> None:
    for first, told in ((998, False), (1_000, True)):
        spec = DatasetSpec(customers=1_500, seed=7, end_date=date(2024, 1, 1))
        content = Written(spec, blocks_of(spec, first, first + 5)).bytes[JANUARY]
        group = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0)
        assert bool(group.sorting_columns) == told


def test_pyarrow_has_the_types_that_the_page_tells() -> None:
    names = {pa.decimal128(12, 2): "decimal(12, 2)"}
    for table, page in parts().items():
        told = [line.split(" | ")[:3] for line in page.splitlines()[2:]]
        content = next(each for name, each in written().bytes.items() if name.table == table)
        for field in pq.read_schema(io.BytesIO(content)):
            is_dictionary = pa.types.is_dictionary(field.type)
            type_ = "dictionary of string" if is_dictionary else names.get(field.type, field.type)
            assert [f"| `{field.name}`", f"`{type_}`", "yes" if field.nullable else ""] in told
            assert field.metadata[b"meaning"]


def test_the_file_has_physical_types_that_every_engine_reads() -> None:
    schema = pq.ParquetFile(january()).schema
    types = {schema.column(place).name: schema.column(place) for place in range(len(schema))}
    assert types["amount"].physical_type == "INT64"
    assert str(types["amount"].logical_type) == "Decimal(precision=12, scale=2)"
    assert types["timestamp"].physical_type == "INT64"
    assert "isAdjustedToUTC=false, timeUnit=milliseconds" in str(types["timestamp"].logical_type)
    assert all(column.max_definition_level == 0 for column in types.values())
    group = pq.ParquetFile(january()).metadata.row_group(0)
    encodings = {each for place in range(len(schema)) for each in group.column(place).encodings}
    known = {"PLAIN", "RLE", "RLE_DICTIONARY", "DELTA_BINARY_PACKED", "DELTA_BYTE_ARRAY"}
    assert encodings == known


def test_the_file_says_what_made_it_and_what_it_is_told() -> None:
    for content in written().bytes.values():
        metadata = pq.read_schema(io.BytesIO(content)).metadata
        said = {key.removeprefix(b"accidental_transfers."): text.decode()
                for key, text in metadata.items()}  # fmt: skip
        assert DatasetSpec.parse(json.loads(said[b"spec"])) == SMALL
        assert (said[b"run"], said[b"licence"]) == ("r1", "CC0-1.0")
        assert said[b"dataset_version"] == "2"
        assert said[b"time_zone"].startswith("none: times are those of the local wall clock")


def test_pandas_reads_it() -> None:
    frame, expected = pd.read_parquet(january()), january_rows()
    assert str(frame.dtypes["timestamp"]) == "datetime64[ms]"
    assert {str(frame.dtypes[name]) for name in ("city", "entity_type")} == {"category"}
    assert (frame.recipient_entity != frame.original_recipient_entity).sum() == 4
    assert frame.amount.map(type).unique().tolist() == [Decimal]
    assert (frame.amount.astype(float) == expected.amount).all()
    assert (frame.timestamp == expected.timestamp).all()


def test_polars_reads_it() -> None:
    polars = pytest.importorskip("polars")
    read = polars.read_parquet(january())
    types = {name: str(type_) for name, type_ in read.schema.items()}
    assert types["timestamp"] == "Datetime(time_unit='ms', time_zone=None)"
    assert types["amount"] == "Decimal(precision=12, scale=2)"
    assert types["is_accident_burst"] == "Boolean"
    assert types["recipient_entity"] == "String"
    for name in ("timestamp", "recipient_entity", "city"):
        assert read[name].to_list() == january_rows()[name].tolist()
    assert [float(amount) for amount in read["amount"]] == january_rows()["amount"].tolist()


def test_duckdb_reads_it(tmp_path: Path) -> None:
    (tmp_path / "it.parquet").write_bytes(january().getvalue())
    read = duckdb.sql(f"SELECT * FROM '{tmp_path}/it.parquet'")
    types = dict(zip(read.columns, map(str, read.types), strict=True))
    assert types["timestamp"] == "TIMESTAMP"
    assert types["amount"] == "DECIMAL(12,2)"
    assert types["is_accident_burst"] == "BOOLEAN"
    rows = pd.DataFrame(read.fetchall(), columns=read.columns)
    for name in ("timestamp", "recipient_entity", "city", "is_accident_burst"):
        assert rows[name].tolist() == january_rows()[name].tolist()
    assert rows["amount"].astype(float).tolist() == january_rows()["amount"].tolist()


def test_after_an_error_no_stream_gets_another_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_tables, "ROWS_PER_GROUP", 300)
    streams: list[io.BytesIO] = []
    sizes: list[int] = []

    def opened(_: LakeFile) -> io.BytesIO:
        streams.append(io.BytesIO())
        return streams[-1]

    def write_and_fail() -> None:
        with lake_of(SMALL, TOLD, opened) as lake:
            for block in blocks_of(SMALL, 1, 5):
                lake.write(block)
            sizes.extend(len(stream.getvalue()) for stream in streams)
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write_and_fail()
    assert sizes
    assert [len(stream.getvalue()) for stream in streams] == sizes
