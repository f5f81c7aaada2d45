"""A table in a notebook: at a glance, as frames that belong together, and as files."""

import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.dataset.table import Table
from accidental_transfers.errors import OutputError
from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import LABELS, OUTCOME_TIMES, Dataset, text_of

FIELDS: dict[str, Any] = {"customers": 5, "seed": 7, "end_date": "2024-01-31"}


@pytest.fixture(params=list(SPECS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return dataset_of(request.param)


def test_a_look_at_a_table_tells_what_it_is() -> None:
    table = generate(**FIELDS)
    frame = table.to_frame()
    told = repr(table)
    head, labels = told.splitlines()[:2]
    assert head == (
        f"{len(frame):,} transactions of 5 customers, 2024-01-01 to 2024-01-31 (dataset version 2)"
    )
    assert labels.startswith(f"{frame[LABELS].any(axis=1).mean():.2%} labelled: ")
    assert all(f"{int(frame[name].sum())} {name}" in labels for name in LABELS)
    assert frame["transaction_id"][4] in told
    assert frame["transaction_id"][5] not in told
    assert len(table) == table.rows == len(frame)


def test_in_a_notebook_it_is_a_table_with_everything_escaped() -> None:
    told = generate(**FIELDS, wrong_payee_accident_probability=(0.1, 0.1))._repr_html_()
    assert told.count("<tr") == 1 + 5
    assert "is_wrong_payee_accident" in told
    assert "1,4" in told.split("transactions of 5 customers")[0]
    assert "<script" not in told


def test_a_look_at_a_large_table_makes_its_first_block_alone() -> None:
    table = generate(customers=1_000_000)
    told = repr(table)
    assert told.startswith("about 1,046,500,000 transactions of 1,000,000 customers, 2024-01-01")
    assert "customer_001-20240101-0005" in told
    assert not table.is_made


def test_any_table_can_be_looked_at(dataset: Dataset) -> None:
    assert f"{dataset.table.rows:,} transactions of {dataset.spec.customers:,} customers" in repr(
        dataset.table
    )
    assert "<table" in dataset.table._repr_html_()


def test_the_companions_are_frames_that_join_on_the_transaction(dataset: Dataset) -> None:
    frame, truth, outcomes = (
        dataset.table.to_frame(), dataset.table.accidents(), dataset.table.outcomes()
    )  # fmt: skip
    joined = frame.merge(truth, on="transaction_id", validate="one_to_one")
    assert len(joined) == len(truth) == len(dataset.truth)
    assert (joined["intended_recipient"] == joined["original_recipient_entity"]).all()
    assert len(frame.merge(outcomes, on="transaction_id")) == len(outcomes)
    labelled = frame[frame[dataset.labels].any(axis=1)]["transaction_id"]
    assert labelled.isin(outcomes["transaction_id"]).all()
    people = dataset.table.customers()
    assert people["customer_id"].tolist() == dataset.customers.index.tolist()
    assert frame["customer_id"].isin(people["customer_id"]).all()
    assert len(people) == dataset.spec.customers == dataset.table.customer_count


def test_the_companions_frames_have_types_to_work_with(dataset: Dataset) -> None:
    truth, outcomes = dataset.table.accidents(), dataset.table.outcomes()
    people = dataset.table.customers()
    assert [str(outcomes[name].dtype) for name in OUTCOME_TIMES] == ["datetime64[s]"] * 4
    assert str(truth["position"].dtype) == "int64"
    dollars = [truth["intended_amount"], outcomes["recovered_amount"]]
    assert [str(each.dtype) for each in dollars] == ["float64"] * 2
    assert all(pd.api.types.is_float_dtype(people[each]) for each in list(people)[4:])
    assert {str(truth[name].dtype) for name in ("transaction_id", "group")} == {"str"}


def test_what_is_empty_in_a_companion_is_missing_in_its_frame() -> None:
    outcomes = generate(customers=60, seed=7).outcomes()
    never = outcomes[outcomes["outcome"] == "never_noticed"]
    assert len(never) > 10
    assert never["noticed_at"].isna().all()
    assert outcomes["follow_up_transaction_id"].isna().mean() > 0.5


def test_frames_of_some_customers_at_a_time_are_the_whole_frame() -> None:
    table = generate(customers=120, seed=7)
    frames = list(table.iter_frames())
    assert len(frames) > 1
    assert max(map(len, frames)) < 60_000
    assert not table.is_made
    whole = table.to_frame()
    together = pd.concat(frames)
    assert together.index.equals(whole.index)
    for name in whole:
        assert (together[name].astype("str") == whole[name].astype("str")).all(), name
    for frame in frames:
        assert frame["recipient_entity"].dtype == frame["original_recipient_entity"].dtype


def peak_of(work: Callable[[], object]) -> int:
    """The most memory that something takes at a time, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_of_three_times_the_rows_frames_one_by_one_take_the_same_memory() -> None:
    generate(customers=45).to_frame()  # makes the tables that every block shares

    def through(customers: int) -> None:
        for frame in generate(customers=customers).iter_frames():
            assert len(frame)

    assert peak_of(lambda: through(270)) < 1.2 * peak_of(lambda: through(90))


def test_the_csv_on_disk_is_what_the_library_writes_anywhere(tmp_path: Path) -> None:
    table = generate(**FIELDS)
    table.to_csv(tmp_path / "five.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["five.csv"]
    table.to_csv(str(tmp_path / "five.csv"), companions=True)
    writers: dict[str, Any] = {
        "five.csv": Table.write_csv,
        "five.accidents.csv": Table.write_accidents_csv,
        "five.customers.csv": Table.write_customers_csv,
        "five.outcomes.csv": Table.write_outcomes_csv,
    }
    assert {path.name for path in tmp_path.iterdir()} == set(writers)
    for name, writer in writers.items():
        text = text_of(lambda stream, writer=writer: writer(table, stream))  # type: ignore[misc]
        assert (tmp_path / name).read_bytes() == text.encode("ascii")


def test_a_link_stays_one_and_a_device_is_written_to(tmp_path: Path) -> None:
    target, link = tmp_path / "there.csv", tmp_path / "here.csv"
    target.write_text("older")
    link.symlink_to(target)
    generate(**FIELDS).to_csv(link)
    assert link.is_symlink()
    assert target.read_text().startswith("customer_id,")
    generate(**FIELDS).to_csv("/dev/null")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "no folder" / "x.csv", tmp_path):
        with pytest.raises(OutputError, match=str(path)):
            generate(**FIELDS).to_csv(path)
    assert not list(tmp_path.iterdir())


def test_a_part_of_the_customers_is_a_table_as_well() -> None:
    spec = DatasetSpec(**FIELDS)
    whole = generate(spec)
    assert whole.iter_blocks() is not whole.iter_blocks()
    assert text_of(whole.write_csv) == text_of(Table(whole.iter_blocks(), spec).write_csv)
