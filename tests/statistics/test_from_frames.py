"""Statistics of CSV files that somebody else made, or that stand alone."""

from functools import cache
from pathlib import Path

import pytest

from accidental_transfers import DatasetSpec
from accidental_transfers.errors import DatasetFileError
from accidental_transfers.statistics.from_frames import statistics_from_csv
from accidental_transfers.statistics.statistics import Statistics
from tests.samples import USUAL, Dataset
from tests.statistics.support import written

HEADER = (
    "customer_id,transaction_id,timestamp,transaction_type,amount,is_accident_burst,"
    "is_high_amount_accident,is_mistyped_entity_accident,city,entity_type,recipient_entity,"
    "original_recipient_entity\n"
)
FOREIGN = """\
7,a,2022-05-01T23:59:59,Cheque,12.5,0,0,0,Paris,Bakery,Paul,Paul
7,c,2022-05-02 00:00:30,Cheque,12.5,1,0,0,Paris,Bakery,Paul,Paul
7,b,2022-05-02 00:00:10,Cheque,12.5,1,0,0,Paris,Bakery,Paul,Paul
8,d,2022-05-09 08:00:00,Credit Card,0,false,TRUE,false,Lyon,Rail,SNCF,SNCF
8,e,2022-05-09 09:00:00,Credit Card,3.999,false,false,true,Paris,Rent,user_12,user_21
8,f,2022-05-09 10:00:00,Credit Card,4,false,false,false,Paris,Rent,,
"""
LINE = "1,a,2022-05-01 10:00:00,Cheque,1.00,False,False,False,Paris,Bakery,Paul,Paul\n"


def labels(**counts: int) -> dict[str, int]:
    """Rows by label: none, unless they are given."""
    return {accident.name: 0 for accident in USUAL} | counts


def counted(folder: Path, text: str) -> Statistics:
    file = folder / "mine.csv"
    file.write_text(text)
    return statistics_from_csv(file)


@cache
def dataset() -> Dataset:
    return Dataset(DatasetSpec.parse({"preset": "dense", "customers": 6, "end_date": "2024-02-01"}))


def test_a_foreign_vocabulary_is_kept(tmp_path: Path) -> None:
    found = counted(tmp_path, HEADER + FOREIGN)
    assert found.rows == 6
    assert found.by_type == {"Credit Card": 3, "Cheque": 3}  # known ones first
    assert found.by_date == {
        "2022-05-01": {"Credit Card": 0, "Cheque": 1},
        "2022-05-02": {"Credit Card": 0, "Cheque": 2},
        "2022-05-09": {"Credit Card": 3, "Cheque": 0},
    }
    assert found.by_weekday_hour["Cheque"][6][23] == 1  # the first of May was a Sunday
    assert found.by_label == labels(burst=2, high_amount=1, mistyped=1)
    assert found.labels_by_week == {
        "2022-05-02": labels(burst=2),
        "2022-05-09": labels(high_amount=1, mistyped=1),
    }
    assert found.amounts["Credit Card"]["all"] == {-1: 1, 26: 2}  # 0 and twice 400 cents
    assert found.cents == {
        "Credit Card": {"sum": 800, "largest": 400},
        "Cheque": {"sum": 3750, "largest": 1250},
    }
    assert found.merchants == {"Paul": 3, "SNCF": 1}
    assert found.people == {"payments": 1}


def test_without_companions_homes_are_where_people_are_most(tmp_path: Path) -> None:
    found = counted(tmp_path, HEADER + FOREIGN)
    assert found.customers == 2
    assert found.home_rows == 5
    assert found.by_city == {
        "Lyon": {"rows": 1, "home_customers": 0},
        "Paris": {"rows": 5, "home_customers": 2},
    }


def test_without_companions_examples_are_those_of_the_labels(tmp_path: Path) -> None:
    found = counted(tmp_path, HEADER + FOREIGN)
    assert found.by_kind == {}
    (burst,) = found.examples["burst"]
    assert [(row["transaction_id"], row["is_example"]) for row in burst] == [
        ("a", False),
        ("b", True),
        ("c", True),
    ]
    assert burst[0]["amount"] == "12.50"
    assert burst[1]["is_accident_burst"] == "True"
    assert burst[1]["timestamp"] == "2022-05-02 00:00:10"
    (high,) = found.examples["high_amount"]
    assert [row["transaction_id"] for row in high] == ["d", "e", "f"]


def test_a_dataset_alone_differs_only_in_what_its_companions_tell(tmp_path: Path) -> None:
    file = written(dataset(), tmp_path)
    together = statistics_from_csv(file)
    for companion in ("data.accidents.csv", "data.customers.csv"):
        (tmp_path / companion).unlink()
    alone = statistics_from_csv(file)
    same = Statistics.model_fields.keys() - {
        "by_kind", "examples", "by_city", "home_rows", "numbers"
    }  # fmt: skip
    assert alone.model_dump(include=same) == together.model_dump(include=same)
    paid = {number: use & 3 for number, use in together.numbers.items() if use & 3}
    assert alone.numbers == paid  # nobody tells which numbers are customers' own
    assert [len(found) for found in alone.examples.values()] == [3] * len(USUAL)


def test_what_a_file_does_not_tell_is_not_counted(tmp_path: Path) -> None:
    text = """amount,customer_id,timestamp,transaction_type,is_high_amount_accident
3,a,2022-05-01 10:00:00,Cheque,1
4,b,2022-05-01 10:00:00,Cheque,0
"""
    found = counted(tmp_path, text)
    assert (found.rows, found.customers, found.home_rows) == (2, 2, 0)
    assert (found.by_city, found.merchants, found.people) == ({}, {}, {"payments": 0})
    assert found.by_entity_type == {"Cheque": {"unknown": 2}}
    assert found.by_type == {"Cheque": 2}
    assert found.by_label == labels(high_amount=1)
    ((example,),) = found.examples["high_amount"]
    assert example["city"] == example["transaction_id"] == ""
    assert example["is_accident_burst"] == "False"


def test_a_file_may_lack_the_recipients_who_were_meant(tmp_path: Path) -> None:
    text = """amount,customer_id,timestamp,transaction_type,is_high_amount_accident,recipient_entity
3,a,2022-05-01 10:00:00,Cheque,0,Paul
"""
    assert counted(tmp_path, text).merchants == {"Paul": 1}


def test_a_file_without_rows_has_counts_of_nothing(tmp_path: Path) -> None:
    found = counted(tmp_path, HEADER)
    assert (found.rows, found.customers, found.merchants) == (0, 0, {})
    assert found.by_label == labels()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mine.csv cannot be read"),
        ("customer_id,amount\n1,2\n", "lacks the columns timestamp, transaction_type"),
        (HEADER + LINE + LINE.replace("1.00", "much"), "line 3: amount is 'much'"),
        (HEADER + LINE.replace("1.00", ""), "line 2: amount is ''"),
        (HEADER + LINE.replace("1.00", "inf"), "line 2: amount is 'inf'"),
        (HEADER + LINE.replace("2022-05-01", "1 May"), "line 2: timestamp is '1 May 10:00:00'"),
        (HEADER + LINE.replace("False,F", "maybe,F", 1), "is_accident_burst is 'maybe'"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DatasetFileError) as refusal:
        counted(tmp_path, text)
    assert message in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetFileError, match=r"nowhere\.csv cannot be read"):
        statistics_from_csv(tmp_path / "nowhere.csv")


def test_a_companion_of_another_dataset_is_refused(tmp_path: Path) -> None:
    file = written(dataset(), tmp_path)
    file.write_text(HEADER + LINE)
    with pytest.raises(DatasetFileError, match=r"accidents\.csv, line 2: transaction_id"):
        statistics_from_csv(file)
