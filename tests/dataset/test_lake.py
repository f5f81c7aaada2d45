"""The lake: the CSV's rows by month, with their types, whatever the slices and the blocks were."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.block import Block
from accidental_transfers.dataset.generate import simulate
from accidental_transfers.dataset.lake import LAKE_TABLES, LakeFile, lake_of
from accidental_transfers.spec.files import ending
from tests.samples import fixed

REASON = "the extra `parquet` is not installed"
pytest.importorskip("pyarrow", reason=REASON)
duckdb: Any = pytest.importorskip("duckdb")

TOLD = {"run": "r1", "licence": "CC0-1.0"}
FIELDS: dict[str, Any] = {"customers": 40, "seed": 7}
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
