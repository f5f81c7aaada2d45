"""The one reader: what it takes, what it derives, and what it refuses."""

from pathlib import Path

import pandas as pd
import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.dataset.read import files_of, read_files
from accidental_transfers.errors import DatasetFileError
from tests.samples import VERSION_1, Dataset, text_of

LEAST = "amount,customer_id,transaction_type,is_accident_burst,timestamp\n"
ROW = "12.5,7,Cheque,1,2022-05-01T23:59:59\n"
SPEC = DatasetSpec(customers=3, end_date=pd.Timestamp(2024, 1, 20).date(), seed="read")


def file_of(folder: Path, text: str, accidents: str | None = None) -> Path:
    file = folder / "mine.csv"
    file.write_text(text)
    if accidents is not None:
        (folder / "mine.accidents.csv").write_text(accidents)
    return file


def test_the_own_files_are_read_as_they_were_made(tmp_path: Path) -> None:
    made = Dataset(SPEC)
    file = file_of(tmp_path, made.csv, text_of(made.table.write_accidents_csv))
    (tmp_path / "mine.customers.csv").write_text(text_of(made.table.write_customers_csv))
    files = read_files(file)
    assert files.missing == ()
    assert list(files.unknown.columns) == []
    for name in ("customer_id", "transaction_id", "timestamp", "amount", "city", "entity_type",
                 "transaction_type", "recipient_entity", "original_recipient_entity"):  # fmt: skip
        assert (files.rows[name] == made.rows[name]).all(), name
    assert (files.rows["mistyped"] == made.rows["is_mistyped_entity_accident"]).all()
    assert files.truth is not None
    assert files.customers is not None
    matched = files.rows["transaction_id"].iloc[files.truth["row"]]
    assert matched.tolist() == files.truth["transaction_id"].tolist()
    assert files.customers["customer_id"].tolist() == made.customers.index.tolist()


def test_what_is_needed_is_enough(tmp_path: Path) -> None:
    files = read_files(file_of(tmp_path, LEAST + ROW))
    assert set(VERSION_1) - set(files.missing) == set(LEAST.strip().split(","))
    row = files.rows.iloc[0]
    assert (row["burst"], row["high_amount"], row["mistyped"]) == (True, False, False)
    assert (row["cents"], row["customer_id"], row["day"]) == (1250, "7", pd.Timestamp(2022, 5, 1))
    assert files.rows[["city", "transaction_id", "recipient_entity"]].isna().all(axis=None)
    assert row["empty_fields"] == 0


def test_unknown_columns_are_kept_as_text_in_the_order_of_the_rows(tmp_path: Path) -> None:
    text = "city,device," + LEAST.replace("\n", ",level\n")
    text += "Paris,web," + ROW.replace("\n", ",007\n") + "Lyon,," + ROW.replace(
        "2022", "2021").replace("\n", ",08\n")  # fmt: skip
    files = read_files(file_of(tmp_path, text))
    assert files.rows["city"].tolist() == ["Lyon", "Paris"]
    assert files.unknown["level"].tolist() == ["08", "007"]
    assert files.unknown["device"].astype("str").fillna("").tolist() == ["", "web"]


def test_a_number_with_leading_zeros_is_another_customer(tmp_path: Path) -> None:
    text = LEAST + ROW + ROW.replace("7", "007", 1)
    assert read_files(file_of(tmp_path, text)).rows["customer_id"].tolist() == ["7", "007"]


def test_recipients_can_be_compared_with_intended_ones(tmp_path: Path) -> None:
    text = LEAST.replace("\n", ",recipient_entity,original_recipient_entity\n")
    text += ROW.replace("\n", ",Bob,Bob\n") + ROW.replace("\n", ",Bob,Rob\n")
    rows = read_files(file_of(tmp_path, text)).rows
    assert (rows["recipient_entity"] == rows["original_recipient_entity"]).tolist() == [True, False]


def test_rows_stand_by_customer_as_they_come_and_time() -> None:
    frame = pd.DataFrame(
        [("b", "2022-01-02"), ("a", "2022-01-03"), ("b", "2022-01-01"), ("a", "2022-01-03")],
        columns=["customer_id", "timestamp"],
    ).assign(amount=1, transaction_type="x", is_accident_burst=False)
    rows = files_of(frame).rows
    assert rows["customer_id"].tolist() == ["b", "b", "a", "a"]
    assert rows["file_row"].tolist() == [2, 0, 1, 3]
    assert rows["customer"].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("name", ["customer_id", "timestamp", "transaction_type", "amount"])
def test_what_is_needed_is_needed_in_every_row(tmp_path: Path, name: str) -> None:
    place = LEAST.strip().split(",").index(name)
    cells = ROW.strip().split(",")
    cells[place] = ""
    with pytest.raises(DatasetFileError, match=rf"mine\.csv, line 3: {name} is ''; allowed: "):
        read_files(file_of(tmp_path, LEAST + ROW + ",".join(cells) + "\n"))


def test_a_late_amount_that_is_none_is_found_among_many(tmp_path: Path) -> None:
    lines = [ROW] * 150_000
    lines[-2] = ROW.replace("12.5", "12,5", 1).replace("12,5", '"12,5"')
    with pytest.raises(DatasetFileError, match=r"line 150000: amount is '12,5'; allowed: a number"):
        read_files(file_of(tmp_path, LEAST + "".join(lines)))


def test_a_companion_that_tells_no_groups_tells_of_rows_alone(tmp_path: Path) -> None:
    text = "transaction_id," + LEAST + "a," + ROW + "b," + ROW
    truth = read_files(file_of(tmp_path, text, "kind,transaction_id\nsplit,b\n")).truth
    assert truth is not None
    assert truth[["row", "group", "position"]].to_numpy().tolist() == [[1, "b", "1"]]


@pytest.mark.parametrize(
    ("ids", "accidents", "message"),
    [
        ("aa", "transaction_id,kind\na,split\n", "transaction_id is not unique"),
        ("ab", "transaction_id,kind\nc,split\n", "line 2: transaction_id is 'c'; allowed: a trans"),
        ("ab", "transaction_id\na\n", "lacks the columns kind"),
        ("", "transaction_id,kind\na,split\n", "the dataset has no transaction_id"),
    ],
)
def test_a_companion_that_does_not_fit_is_refused(
    tmp_path: Path, ids: str, accidents: str, message: str
) -> None:
    text = LEAST + ROW
    if ids:
        text = "transaction_id," + LEAST + "".join(f"{each},{ROW}" for each in ids)
    with pytest.raises(DatasetFileError, match=r"mine\.accidents\.csv.*" + message):
        read_files(file_of(tmp_path, text, accidents))


WITH_ID = "transaction_id," + LEAST
OUTCOMES = "transaction_id,noticed_at,label_known_at,recovered_amount,outcome\n"


def with_outcomes(folder: Path, text: str) -> Path:
    (folder / "mine.outcomes.csv").write_text(OUTCOMES + text)
    return file_of(folder, WITH_ID + "x," + ROW + "y," + ROW)


def test_what_followed_is_read_with_its_times_and_dollars(tmp_path: Path) -> None:
    text = "y,2024-01-02 03:04:05,2024-02-01 00:00:00,12.34,refunded\nx,,,,never_noticed\n"
    outcomes = read_files(with_outcomes(tmp_path, text)).outcomes
    assert outcomes is not None
    assert outcomes["row"].tolist() == [0, 1]
    assert outcomes["noticed_at"].isna().tolist() == [True, False]
    assert outcomes["noticed_at"].iloc[1] == pd.Timestamp("2024-01-02 03:04:05")
    assert outcomes["label_known_at"].iloc[1] == pd.Timestamp("2024-02-01")
    assert outcomes["recovered_amount"].tolist() == [0, 12.34]
    assert outcomes["outcome"].tolist() == ["never_noticed", "refunded"]
    (tmp_path / "mine.outcomes.csv").unlink()
    assert read_files(tmp_path / "mine.csv").outcomes is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x,soon,,,\n", r"line 2: noticed_at is 'soon'; allowed: empty, or a time like"),
        ("x,,,\ny,,,much,\n", r"line 3: recovered_amount is 'much'; allowed: a number"),
        ("z,,,,\n", r"line 2: transaction_id is 'z'; allowed: a transaction of the dataset"),
    ],
)
def test_what_followed_something_else_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DatasetFileError, match=r"mine.outcomes.csv, " + complaint):
        read_files(with_outcomes(tmp_path, text))
