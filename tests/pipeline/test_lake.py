"""The lake: the CSV's rows by month, a month to one run, and nothing lost that a manifest names."""

import hashlib
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.dataset.lake import LAKE_TABLES
from accidental_transfers.errors import (
    DamagedPartError,
    IncompleteRunError,
    OutputExistsError,
    UnknownRunError,
)
from accidental_transfers.pipeline import generate_slice, settle
from accidental_transfers.pipeline.keys import RunKeys
from accidental_transfers.pipeline.register import Claim
from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.lakes import (
    BOTH_MONTHS,
    FEBRUARY,
    JANUARY,
    PEOPLE,
    STEM,
    downloaded,
    files,
    lake_made,
    manifest,
    rows,
    table,
    tagged,
)
from tests.pipeline.support import (
    CONTEXT,
    concatenated,
    embedded_bucket,
    keys,
    made,
    planned,
    set_environment,
)


def runs(about: dict[str, Any]) -> dict[str, str]:
    return {name: month["run"] for name, month in about["lake"]["months"].items()}


def month_counts(about: dict[str, Any]) -> dict[str, int]:
    return {
        name: sum(file["rows"] for file in month["tables"]["transactions"])
        for name, month in about["lake"]["months"].items()
    }


@pytest.mark.parametrize("name", LAKE_TABLES)
def test_a_table_has_the_rows_of_the_csv(bucket: Bucket, name: str, tmp_path: Path) -> None:
    about = lake_made(bucket, "r", format=["csv", "parquet"], **BOTH_MONTHS)
    lake = downloaded(bucket, about, tmp_path)
    ending = "" if name == "transactions" else f".{name}"
    text = tmp_path / "text.csv"
    text.write_bytes(bucket.get(f"{STEM}{ending}.csv"))
    as_csv = f"read_csv('{text}', header=true, all_varchar=true)"
    columns = [column for column, *_ in rows(f"describe select * from {as_csv}")]
    typed = rows(f"describe select * from {table(lake, name)}")
    assert [column for column, *_ in typed] == columns
    casts = ", ".join(f'cast("{column}" as {kind}) as "{column}"' for column, kind, *_ in typed)
    csv, parquet = f"select {casts} from {as_csv}", f"select * from {table(lake, name)}"
    assert rows(f"({csv}) except all ({parquet})") == []
    assert rows(f"({parquet}) except all ({csv})") == []
    assert rows(f"select count(*) from ({parquet})") > [(4,)]


def test_the_manifest_names_every_file_with_its_checksums(bucket: Bucket) -> None:
    about = lake_made(bucket, "r", **BOTH_MONTHS)
    named = files(about)
    assert sorted(file["key"] for file in named) == keys(bucket, f"{STEM}/")
    assert len(named) == 3 * (3 * 2 + 1)
    for file in named:
        body = bucket.get(file["key"], file["etag"])
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file["bytes"], file["sha256"])
    assert about["files"] == {}
    assert about["rows"] == sum(month_counts(about).values())
    assert not [key for key in keys(bucket) if key.endswith(".csv")]


def test_the_card_names_no_file_that_is_not_there(bucket: Bucket) -> None:
    lake_made(bucket, "r", **JANUARY)
    card = bucket.get(f"{STEM}.html").decode()
    assert "x.csv" not in card.replace("data/x.csv", "")  # the input has its output_key
    assert "x/transactions/run=r" in card


def test_the_same_input_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch)
    made_twice = []
    for _ in range(2):
        with embedded_bucket() as bucket:
            about = lake_made(bucket, "r", **JANUARY)
            made_twice.append([(file["key"], file["sha256"]) for file in files(about)])
    assert made_twice[0] == made_twice[1]


def test_a_later_run_adds_its_months_and_replaces_what_it_makes_again(bucket: Bucket) -> None:
    january = lake_made(bucket, "jan", **JANUARY)
    both = lake_made(bucket, "feb", **FEBRUARY)
    assert runs(both) == {"2024-01": "jan", "2024-02": "feb"}
    assert both["lake"]["months"]["2024-01"] == january["lake"]["months"]["2024-01"]
    again = lake_made(bucket, "again", **JANUARY)
    assert runs(again) == {"2024-01": "again", "2024-02": "feb"}
    assert month_counts(again) == month_counts(both)
    # A month is the same people's, whoever made it: only the run in its metadata differs.
    assert again["lake"]["customers"]["run"] == "again"
    whole = lake_made(bucket, "whole", **BOTH_MONTHS)
    assert month_counts(whole) == month_counts(both)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"seed": 3}, "a lake of other people: seed 2024, not 3"),
        ({"customers": 6}, "customers 5, not 6"),
        ({"format": "csv"}, "of a set in the format parquet, not csv"),
        ({"format": ["csv", "parquet"]}, "format parquet, not csv parquet"),
        ({"if_exists": "fail"}, "exists, made by run jan"),
    ],
    ids=["another seed", "more customers", "CSV", "CSV as well", "fail"],
)
def test_what_does_not_belong_to_it_is_refused_before_anything_is_written(
    bucket: Bucket, fields: dict[str, Any], reason: str
) -> None:
    before = lake_made(bucket, "jan", **JANUARY)
    stood = keys(bucket)
    with pytest.raises(OutputExistsError, match=reason):
        planned("other", {**PEOPLE, "format": "parquet", **FEBRUARY, **fields})
    assert keys(bucket) == stood
    assert manifest(bucket) == before


def test_a_month_says_which_of_its_days_were_made(bucket: Bucket) -> None:
    about = lake_made(bucket, "r", start_date="2023-12-30", end_date="2024-02-01")
    days = {
        name: (month["first_day"], month["last_day"])
        for name, month in about["lake"]["months"].items()
    }
    assert days == {
        "2023-12": ("2023-12-30", "2023-12-31"),
        "2024-01": ("2024-01-01", "2024-01-31"),
        "2024-02": ("2024-02-01", "2024-02-01"),
    }


def test_a_csv_set_takes_no_lake(bucket: Bucket) -> None:
    made(bucket, "r", {**PEOPLE, **JANUARY})
    concatenated("r")
    with pytest.raises(OutputExistsError, match="in the format csv, not parquet"):
        planned("other", {**PEOPLE, **JANUARY, "format": "parquet"})


def test_what_is_named_loses_its_tag_and_what_is_replaced_gets_it(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(bucket, "jan", {**PEOPLE, **JANUARY, "format": "parquet"})
    written = set(keys(bucket, f"{STEM}/"))
    assert tagged(bucket) == written
    concatenated("jan")
    assert tagged(bucket) == set()
    # Whatever is younger than a day may be a run's that is about to commit.
    lake_made(bucket, "again", **JANUARY)
    assert tagged(bucket) == set()
    monkeypatch.setattr(settle, "STALE", timedelta(days=-1))
    lake_made(bucket, "third", **JANUARY)
    named = {file["key"] for file in files(manifest(bucket))}
    assert tagged(bucket) == set(keys(bucket, f"{STEM}/")) - named
    assert written <= tagged(bucket)


def test_a_run_that_published_settles_again_and_changes_nothing(bucket: Bucket) -> None:
    about = lake_made(bucket, "r", **JANUARY)
    for file in files(about):
        bucket.tag(file["key"], "lake=unnamed")
    concatenated("r")
    assert manifest(bucket) == about
    assert tagged(bucket) == set()


def test_what_expires_belongs_to_a_run_that_publishes_nothing_more(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(bucket, "old", {**PEOPLE, **JANUARY, "format": "parquet"})
    monkeypatch.setattr(settle, "STALE", timedelta(days=-1))
    about = lake_made(bucket, "new", **JANUARY)
    with pytest.raises(UnknownRunError, match="run old is over: its Parquet files were older"):
        planned("later", {"resume": "old"})
    with pytest.raises(UnknownRunError, match="a new run with the same input"):
        concatenated("old")
    assert manifest(bucket) == about


def test_files_of_a_set_whose_key_lies_below_are_left_alone(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = f"{STEM}/transactions/other.csv"
    made(bucket, "below", {**PEOPLE, **JANUARY, "format": "parquet", "output_key": below})
    concatenated("below")
    monkeypatch.setattr(settle, "STALE", timedelta(days=-1))
    lake_made(bucket, "above", **JANUARY)
    assert tagged(bucket) == set()


def test_a_dead_runs_manifest_names_nothing_that_expires(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(bucket, "dead", {**PEOPLE, **JANUARY, "format": "parquet"})
    with monkeypatch.context() as patch:
        patch.setattr(Claim, "commit", lambda _: sys.exit())
        with pytest.raises(SystemExit):
            concatenated("dead")
    about = lake_made(bucket, "feb", **FEBRUARY)
    assert runs(about) == {"2024-01": "dead", "2024-02": "feb"}
    assert tagged(bucket) == set()


@pytest.mark.parametrize("harm", ["gone", "made again"])
def test_the_manifest_names_what_stands_and_not_what_a_receipt_remembers(
    bucket: Bucket, harm: str
) -> None:
    bucket.client.put_bucket_versioning(
        Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
    )
    tasks = made(bucket, "r", {**PEOPLE, **JANUARY, "format": "parquet"})
    receipt = bucket.get(RunKeys("r").receipt(0))
    bucket.delete(f"{STEM}/transactions/run=r/month=2024-01/part-00000.parquet")
    if harm == "gone":
        with pytest.raises(DamagedPartError, match="is gone"):
            concatenated("r")
        return
    generate_slice.handler(tasks[0], CONTEXT)
    bucket.put(RunKeys("r").receipt(0), receipt, "application/json")  # it was late
    concatenated("r")
    for file in files(manifest(bucket)):
        head = bucket.head(file["key"])
        assert head is not None
        assert (head.etag, head.version_id) == (file["etag"], file["version_id"])


@pytest.mark.parametrize("harm", ["gone", "other bytes"])
def test_a_file_that_is_not_what_its_receipt_says_is_not_published(
    bucket: Bucket, harm: str
) -> None:
    made(bucket, "r", {**PEOPLE, **JANUARY, "format": "parquet"})
    key = f"{STEM}/outcomes/run=r/month=2024-01/part-00001.parquet"
    bucket.delete(key)
    if harm == "other bytes":
        bucket.put(key, b"PAR1", "text/plain")
    with pytest.raises(DamagedPartError, match=r"slice 1 .*part-00001.parquet"):
        concatenated("r")
    assert bucket.find(f"{STEM}.manifest.json") is None


def test_a_receipt_without_the_plans_formats_is_refused(bucket: Bucket) -> None:
    made(bucket, "r", {**PEOPLE, **JANUARY, "format": ["csv", "parquet"]})
    key = RunKeys("r").receipt(1)
    receipt = json.loads(bucket.get(key))
    receipt["lake"] = []
    bucket.put(key, json.dumps(receipt).encode(), "application/json")
    with pytest.raises(IncompleteRunError, match="not the parts of the plan's formats"):
        concatenated("r")


def test_a_receipt_that_counts_other_rows_of_a_month_is_refused(bucket: Bucket) -> None:
    made(bucket, "r", {**PEOPLE, **JANUARY, "format": "parquet"})
    key = RunKeys("r").receipt(1)
    receipt = json.loads(bucket.get(key))
    receipt["lake"][0]["rows"] += 1
    bucket.put(key, json.dumps(receipt).encode(), "application/json")
    with pytest.raises(IncompleteRunError, match="contradicts itself"):
        concatenated("r")
