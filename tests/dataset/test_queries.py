"""The lake reads with what people have, and the queries that they begin with say what is so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accidental_transfers import generate
from accidental_transfers.dataset.lake import BY_MONTH, LAKE_TABLES
from accidental_transfers.dataset.queries import QUERIES, Query
from tests.lakes import SPEC, put_lake
from tests.samples import LABELS

pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
duckdb: Any = pytest.importorskip("duckdb")

Ask = Callable[[str], pd.DataFrame]
MONTHS = ["2024-01", "2024-02", "2024-03"]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    put_lake(folder, "r1")
    return folder


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """The same rows from the library."""
    made = generate(SPEC).to_frame()
    return made.assign(month=made.timestamp.dt.strftime("%Y-%m"), labelled=made[LABELS].any(axis=1))


@pytest.fixture(scope="module")
def truth(frame: pd.DataFrame) -> pd.DataFrame:
    return generate(SPEC).accidents().merge(frame, on="transaction_id")


@pytest.fixture(scope="module")
def connection(lake: Path) -> Any:
    """A DuckDB with the lake's tables."""
    made = duckdb.connect()
    for table in LAKE_TABLES:
        months = "*/" if table in BY_MONTH else ""
        files = f"{lake}/{table}/run=r1/{months}*.parquet"
        made.sql(f"CREATE VIEW {table} AS FROM read_parquet('{files}')")
    return made


@pytest.fixture
def ask(connection: Any) -> Ask:
    """Put the query that some words of it name."""

    def asked(words: str) -> pd.DataFrame:
        (query,) = (each for each in QUERIES if words in each.asked)
        answer: pd.DataFrame = connection.sql(query.sql).df()
        return answer

    return asked


def test_the_share_of_labels_by_month(ask: Ask, frame: pd.DataFrame) -> None:
    answer, months = ask("share of each month"), frame.groupby("month")
    assert answer.month.tolist() == MONTHS
    assert answer.transactions.tolist() == months.size().tolist()
    expected = 100 * months.labelled.mean()
    assert answer.percent_labelled.tolist() == pytest.approx(expected.tolist())


def test_what_was_paid_and_meant_by_kind(ask: Ask, truth: pd.DataFrame) -> None:
    answer, kinds = ask("each kind"), truth.groupby("kind", observed=True)
    answer = answer.set_index("kind")
    assert len(answer) > 8
    assert answer.transactions.to_dict() == kinds.size().to_dict()
    assert answer.paid.astype(float).to_dict() == pytest.approx(kinds.amount.sum().to_dict())
    meant = kinds.intended_amount.sum().to_dict()
    assert answer.meant.astype(float).to_dict() == pytest.approx(meant)


def test_whom_they_meant(ask: Ask, truth: pd.DataFrame) -> None:
    answer = ask("Whom did they mean")
    february = truth[(truth.kind == "mistyped") & (truth.month == "2024-02")]
    assert answer.transaction_id.tolist() == sorted(february.transaction_id)
    assert len(answer) > 5
    assert (answer.recipient_entity != answer.intended_recipient).all()
    meant = february.set_index("transaction_id").original_recipient_entity
    assert answer.intended_recipient.tolist() == meant[answer.transaction_id].tolist()


def test_which_labels_were_known(ask: Ask, frame: pd.DataFrame) -> None:
    answer = ask("known on 1 March")
    labelled = frame[frame.labelled & (frame.month < "2024-03")]
    told = labelled.merge(generate(SPEC).outcomes(), on="transaction_id")
    known = told[told.label_known_at < "2024-03-01"].groupby("month").size()
    assert answer.month.tolist() == MONTHS[:2]
    assert answer.labelled.tolist() == labelled.groupby("month").size().tolist()
    assert answer.known.tolist() == known.tolist()
    assert (answer.known < answer.labelled).all()


def test_one_customers_month(ask: Ask, frame: pd.DataFrame) -> None:
    answer = ask("one customer")
    own = frame[(frame.customer_id == "customer_007") & (frame.month == "2024-01")]
    assert answer.timestamp.tolist() == own.timestamp.tolist()
    assert answer.amount.astype(float).tolist() == pytest.approx(own.amount.tolist())
    assert answer.recipient_entity.tolist() == own.recipient_entity.tolist()


def test_where_they_live_who_mistype(ask: Ask) -> None:
    customers = generate(SPEC).customers()
    often = customers[customers.mistyped_entity_accident_probability > 0.1]
    assert ask("often mistype").customers.sum() == len(often) > 3


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.asked)
def test_every_query_has_an_answer(connection: Any, query: Query) -> None:
    assert len(connection.sql(query.sql).df())


def test_pandas_reads_one_month_of_a_run(lake: Path, frame: pd.DataFrame) -> None:
    read = pd.read_parquet(lake / "transactions" / "run=r1", filters=[("month", "=", "2024-02")])
    expected = frame[frame.month == "2024-02"]
    assert sorted(read.transaction_id) == sorted(expected.transaction_id)
    assert float(read.amount.sum()) == pytest.approx(expected.amount.sum())


def test_pyarrow_reads_and_prunes(lake: Path, frame: pd.DataFrame) -> None:
    from pyarrow import dataset

    found = dataset.dataset(lake / "transactions" / "run=r1", partitioning="hive")
    month = dataset.field("month") == "2024-03"
    assert len(list(found.get_fragments(filter=month))) == 2
    assert found.count_rows(filter=month) == (frame.month == "2024-03").sum()


def test_polars_reads_lazily(lake: Path, frame: pd.DataFrame) -> None:
    polars: Any = pytest.importorskip("polars")
    found = polars.scan_parquet(lake / "transactions" / "run=r1", hive_partitioning=True)
    counted = found.group_by("month").len().sort("month").collect()
    assert counted["month"].to_list() == MONTHS
    assert counted["len"].to_list() == frame.groupby("month").size().tolist()
    (customers,) = polars.scan_parquet(lake / "customers" / "run=r1").select(
        polars.len()
    ).collect().row(0)  # fmt: skip
    assert customers == SPEC.customers
