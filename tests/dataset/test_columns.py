"""The registry of columns: any of them in any order, and one more wherever one likes."""

import io
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accidental_transfers.dataset.block import Block, NamedRows
from accidental_transfers.dataset.column import BOOLEAN, CATEGORY, DECIMAL, TEXT, Coded, Column
from accidental_transfers.dataset.columns import (
    COLUMNS,
    LABEL_COLUMNS,
    TRANSACTION_COLUMNS,
)
from accidental_transfers.dataset.csv_text import Field, Piece, dollars, vocabulary
from accidental_transfers.dataset.frame import frame_of
from accidental_transfers.model.accidents import ACCIDENTS
from tests.dataset.datasets import SPECS, dataset_of
from tests.samples import VERSION_1, text_of

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu, after pay day", "Fri", 'the "day"', "Sun")


def _weekday(block: NamedRows) -> np.ndarray:
    return (block.second // 86_400 + block.first_day.weekday()) % 7


def _weekday_text(block: Block) -> list[Piece]:
    return [Field((vocabulary(WEEKDAYS),), _weekday(block))]


WEEKDAY = Column(
    "weekday",
    CATEGORY,
    "the day of the week",
    _weekday_text,
    lambda block: Coded(WEEKDAYS, _weekday(block)),
)
TWICE = Column(
    "twice",
    DECIMAL,
    "twice the amount",
    lambda block: dollars(block.cents.astype(np.int64) * 2),
    lambda block: block.cents / 50,
)
CONSTANT = Column(
    "currency",
    TEXT,
    "dollars",
    lambda _: [b"USD"],
    lambda block: np.full(block.rows, b"USD"),
)
LATE = Column(
    "is_late",
    BOOLEAN,
    "after 20:00",
    lambda block: [Field((vocabulary(("False", "True")),), (block.second % 86_400 > 72_000) * 1)],
    lambda block: block.second % 86_400 > 72_000,
)
OTHERS = (WEEKDAY, TWICE, CONSTANT, LATE)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.sampled_from([name for name in SPECS if name not in ("ten years", "three blocks")]),
    st.lists(st.sampled_from((*COLUMNS, *OTHERS)), min_size=1, unique_by=lambda each: each.name),
)
def test_any_columns_in_any_order_are_what_pandas_writes(name: str, columns: list[Column]) -> None:
    table = dataset_of(name).table
    frame = frame_of(table.blocks, columns)
    written = text_of(partial(table.write_columns, columns=columns))
    assert written == frame.to_csv(index=False, float_format="%.2f")
    assert list(frame.columns) == [column.name for column in columns]


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(COLUMNS) + 1))
def test_a_column_may_be_added_anywhere(place: int) -> None:
    table = dataset_of("three blocks").table
    columns = (*COLUMNS[:place], WEEKDAY, *COLUMNS[place:])
    text = text_of(partial(table.write_columns, columns=columns))
    assert text == frame_of(table.blocks, columns).to_csv(index=False, float_format="%.2f")
    assert text.split("\n", 1)[0].split(",")[place] == "weekday"


def test_every_column_says_what_it_is() -> None:
    assert tuple(name for name in TRANSACTION_COLUMNS if name in VERSION_1) == VERSION_1
    assert len(set(TRANSACTION_COLUMNS)) == len(COLUMNS)
    for column in COLUMNS:
        assert column.meaning, column.name
    truth = {column.name for column in COLUMNS if column.is_truth}
    assert truth == {*LABEL_COLUMNS, "original_recipient_entity"}
    assert not [column.name for column in COLUMNS if column.is_truth and column.is_searched_apart]


def test_every_accident_has_its_column() -> None:
    meaning = {column.name: column.meaning for column in COLUMNS}
    assert [accident.column for accident in ACCIDENTS] == list(LABEL_COLUMNS)
    for accident in ACCIDENTS:
        rest = meaning[accident.column].removeprefix(accident.meaning)
        assert rest == (f"; only where {accident.probability.field} is above 0"
                        if accident.is_optional else "")  # fmt: skip


def test_a_type_is_what_pandas_reads_the_column_as() -> None:
    dataset = dataset_of("with the optional accident")
    types = {column.name: column.type.dtype for column in COLUMNS}
    times = [name for name, dtype in types.items() if dtype.startswith("datetime")]
    texts = {name: dtype for name, dtype in types.items() if name not in times}
    read = pd.read_csv(io.StringIO(dataset.csv), dtype=texts, parse_dates=times).astype(types)
    frame = dataset.table.to_frame()
    for name in types:
        assert (read[name].astype(frame[name].dtype) == frame[name]).all(), name
