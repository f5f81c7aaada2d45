from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accidental_transfers import DatasetSpec, generate
from accidental_transfers.errors import DatasetFileError
from accidental_transfers.evaluation.dataset import dataset, read_dataset
from tests.evaluation.foreign import foreign_frame, line_of


def written(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "data.csv"
    frame.to_csv(path, index=False)
    return path


def test_a_file_and_a_frame_are_the_same_dataset(tmp_path: Path) -> None:
    frame = generate(DatasetSpec(customers=2, seed=7)).to_frame()
    read, given = read_dataset(written(tmp_path, frame)), dataset(frame)
    assert read.days == 91
    text = {"type": "str", "city": "str", "entity_type": "str", "recipient": "str"}
    for name in read.rows.columns.drop("original"):
        one, other = read.rows.astype(text)[name], given.rows.astype(text)[name]
        assert (one == other).all(), name
    assert read.accidents is None


def test_rows_are_put_in_order_and_keep_their_place_in_the_file() -> None:
    lines = [
        line_of("b", "2024-01-02T08:00:00.250", amount=0.29),
        line_of("a", "2024-01-03 08:00:00", recipient_entity=None),
        line_of("b", "2024-01-01 23:59:59", is_accident_burst=1),
    ]
    data = dataset(pd.DataFrame(lines, index=[7, 7, 7]))
    assert data.rows["file_row"].tolist() == [2, 0, 1]
    assert data.rows["day"].tolist() == [0, 1, 2]
    assert data.rows["cents"].tolist() == [1000, 29, 1000]
    assert data.rows["subsecond"].tolist() == [0, 250_000, 0]
    assert data.rows["labelled"].tolist() == [True, False, False]
    assert data.rows["empty_fields"].tolist() == [0, 0, 2]
    assert len(data.honest) == 2


def test_none_and_na_are_names_like_any_other(tmp_path: Path) -> None:
    lines = [line_of("a", "2024-01-01 00:00:00", city="NA", recipient_entity="None")]
    rows = read_dataset(written(tmp_path, pd.DataFrame(lines))).rows
    assert (rows["city"].iloc[0], rows["recipient"].iloc[0]) == ("NA", "None")


def test_numbers_may_be_names() -> None:
    frame = foreign_frame().assign(recipient_entity=np.arange(8400) % 90, customer_id=7)
    assert set(dataset(frame).rows["recipient"]) == {str(number) for number in range(90)}


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("timestamp", "yesterday", "line 3: timestamp is 'yesterday'; allowed: a time"),
        ("timestamp", None, "line 3: timestamp is ''; allowed: no empty field"),
        ("amount", "ten", "line 3: amount is 'ten'; allowed: a number"),
        ("amount", "inf", "line 3: amount is 'inf'"),
        ("is_accident_burst", "maybe", "line 3: is_accident_burst is 'maybe'; allowed: True"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, column: str, value: str | None, message: str
) -> None:
    frame = foreign_frame(customers=2, days=2).astype({column: object})
    frame.loc[1, column] = value
    with pytest.raises(DatasetFileError, match=message):
        read_dataset(written(tmp_path, frame))


def test_missing_columns_are_named(tmp_path: Path) -> None:
    frame = foreign_frame(customers=2, days=2).drop(columns=["timestamp", "city", "amount"])
    with pytest.raises(DatasetFileError, match="lacks the columns timestamp, amount; it has"):
        read_dataset(written(tmp_path, frame))


def test_a_file_that_is_not_there_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetFileError, match=r"data\.csv"):
        read_dataset(tmp_path / "data.csv")


def test_an_empty_file_is_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("")
    with pytest.raises(DatasetFileError, match="No columns"):
        read_dataset(tmp_path / "data.csv")


def test_a_header_alone_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetFileError, match="no transactions"):
        read_dataset(written(tmp_path, foreign_frame().head(0)))


def test_offsets_are_left_out_of_local_clocks() -> None:
    with_offset = [line_of("a", "2024-01-01 08:00:00-05:00")]
    rows = dataset(pd.DataFrame(with_offset)).rows
    assert rows["hour"].tolist() == [8]
    with pytest.raises(DatasetFileError, match="timestamp"):
        dataset(pd.DataFrame([*with_offset, line_of("a", "2024-07-01 08:00:00-04:00")]))
