"""The catalogue shows what was committed, and nothing else, whatever it showed before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from accidental_transfers.dataset.lake import BY_MONTH
from accidental_transfers.errors import StorageRefusedError, StorageUnavailableError
from accidental_transfers.pipeline.catalogue import LOOKS, glue_client, point

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

COLUMNS = [{"Name": "transaction_id", "Type": "string"}]
YEAR = [f"2024-{month:02}" for month in range(1, 13)]
ELEVEN_YEARS = [f"{year}-{month:02}" for year in range(2014, 2025) for month in range(1, 13)]


@pytest.fixture
def glue(monkeypatch: pytest.MonkeyPatch) -> Iterator[GlueClient]:
    """A client of a Glue that has the tables."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    with mock_aws():
        client = glue_client()
        client.create_database(DatabaseInput={"Name": "lake"})
        for name in (*BY_MONTH, "customers"):
            set_table(client.create_table, name, f"s3://bucket/data/x/{name}/", COLUMNS)
        yield client


def set_table(do: Callable[..., Any], name: str, place: str, columns: list[Any]) -> None:
    described = {"Location": place, "Columns": columns, "InputFormat": "in", "OutputFormat": "out"}
    keys = {"PartitionKeys": [{"Name": "month", "Type": "string"}]} if name in BY_MONTH else {}
    table = {"Name": name, "Description": f"the {name}", "StorageDescriptor": described, **keys}
    do(DatabaseName="lake", TableInput=table)


def pointed(glue: GlueClient, months: dict[str, str], people: str = "r1") -> None:
    point(glue, "lake", "bucket", "data/x", months, people)


def shown(glue: GlueClient, table: str) -> dict[str, str]:
    """The place of each month, as a query finds it."""
    found = glue.get_partitions(DatabaseName="lake", TableName=table)["Partitions"]
    return {each["Values"][0]: each["StorageDescriptor"]["Location"] for each in found}


def places(table: str, months: dict[str, str]) -> dict[str, str]:
    root = f"s3://bucket/data/x/{table}"
    return {month: f"{root}/run={run}/month={month}/" for month, run in months.items()}


class Answers:
    """Answers of Glue, as they come and as the test changes them."""

    def __init__(self, glue: GlueClient) -> None:
        self.sizes: list[int] = []
        self.names: list[str] = []
        self.changes: dict[str, Callable[[dict[str, Any]], None]] = {}
        glue.meta.events.register("provide-client-params.glue", self._asked)
        glue.meta.events.register("after-call.glue", self._answered)

    def _asked(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.names.append(model.name)
        self.sizes += [len(value) for value in params.values() if isinstance(value, list)]

    def _answered(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in self.changes:
            self.changes[model.name](parsed)


def test_a_commit_leaves_exactly_its_months(glue: GlueClient) -> None:
    pointed(glue, {"2024-01": "r1", "2024-02": "r1", "2024-03": "r1"})
    months = {"2024-02": "r1", "2024-03": "r2", "2024-04": "r2"}
    pointed(glue, months, people="r2")
    for table in BY_MONTH:
        assert shown(glue, table) == places(table, months)
    customers = glue.get_table(DatabaseName="lake", Name="customers")["Table"]
    assert customers["StorageDescriptor"]["Location"] == "s3://bucket/data/x/customers/run=r2/"
    assert customers["StorageDescriptor"]["Columns"] == COLUMNS
    assert customers["Description"] == "the customers"


def test_a_partition_is_described_as_its_table_is(glue: GlueClient) -> None:
    pointed(glue, {"2024-01": "r1"})
    (partition,) = glue.get_partitions(DatabaseName="lake", TableName="outcomes")["Partitions"]
    table = glue.get_table(DatabaseName="lake", Name="outcomes")["Table"]["StorageDescriptor"]
    assert {**partition["StorageDescriptor"], "Location": table["Location"]} == table


def test_to_point_twice_asks_and_changes_nothing(glue: GlueClient) -> None:
    months = dict.fromkeys(YEAR, "r1")
    pointed(glue, months)
    answers = Answers(glue)
    pointed(glue, months)
    assert set(answers.names) == {"GetTable", "GetPartitions"}


def test_a_lake_without_months_has_no_partition(glue: GlueClient) -> None:
    pointed(glue, dict.fromkeys(YEAR, "r1"))
    pointed(glue, {})
    assert [shown(glue, table) for table in BY_MONTH] == [{}, {}, {}]


def test_columns_that_the_stack_has_added_come_to_every_month(glue: GlueClient) -> None:
    pointed(glue, {"2024-01": "r1"})
    more = [*COLUMNS, {"Name": "added", "Type": "boolean"}]
    set_table(glue.update_table, "transactions", "s3://bucket/data/x/transactions/", more)
    pointed(glue, {"2024-01": "r1"})
    (partition,) = glue.get_partitions(DatabaseName="lake", TableName="transactions")["Partitions"]
    assert partition["StorageDescriptor"]["Columns"] == more


@pytest.mark.slow
def test_many_months_are_asked_for_in_as_many_as_glue_takes(glue: GlueClient) -> None:
    answers = Answers(glue)
    pointed(glue, dict.fromkeys(ELEVEN_YEARS, "r1"))
    assert sorted(answers.sizes, reverse=True) == [100] * 3 + [32] * 3
    answers.sizes.clear()
    last = dict.fromkeys(ELEVEN_YEARS[-10:], "r1")
    pointed(glue, last)
    assert sorted(answers.sizes, reverse=True) == [25] * 12 + [22] * 3
    assert shown(glue, "accidents") == places("accidents", last)


def test_months_are_read_page_by_page(glue: GlueClient) -> None:
    pointed(glue, dict.fromkeys(YEAR, "r1"))
    answers, first_half = Answers(glue), [True, False] * 6

    def in_two_pages(parsed: dict[str, Any]) -> None:
        if first_half.pop(0):
            parsed |= {"Partitions": parsed["Partitions"][:5], "NextToken": "more"}
        else:
            parsed["Partitions"] = parsed["Partitions"][5:]

    answers.changes["GetPartitions"] = in_two_pages
    pointed(glue, dict.fromkeys(YEAR, "r1"))
    assert answers.names.count("GetPartitions") == 6
    assert "BatchCreatePartition" not in answers.names


def test_what_another_commit_does_at_the_same_time_is_seen(glue: GlueClient) -> None:
    other = boto3.client("glue")
    began: list[bool] = []

    def commits_first(**_: Any) -> None:
        if not began:
            began.append(True)
            pointed(other, {"2024-01": "other", "2024-05": "other"})

    glue.meta.events.register("before-call.glue.BatchCreatePartition", commits_first)
    pointed(glue, {"2024-01": "r1", "2024-02": "r1"})
    for table in BY_MONTH:
        assert shown(glue, table) == places(table, {"2024-01": "r1", "2024-02": "r1"})


def test_partitions_that_do_not_stay_are_worth_another_attempt(glue: GlueClient) -> None:
    answers = Answers(glue)
    answers.changes["GetPartitions"] = lambda parsed: parsed["Partitions"].clear()
    with pytest.raises(StorageUnavailableError, match=f"transactions changed under {LOOKS} att"):
        pointed(glue, {"2024-01": "r1"})


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ConcurrentModificationException", StorageUnavailableError),
        ("InternalServiceException", StorageUnavailableError),
        ("InvalidInputException", StorageRefusedError),
    ],
)
def test_an_error_about_one_partition_is_the_error(
    glue: GlueClient, code: str, error: type[Exception]
) -> None:
    told = [{"PartitionValues": ["2024-01"], "ErrorDetail": {"ErrorCode": code}}]
    Answers(glue).changes["BatchCreatePartition"] = lambda parsed: parsed.update(Errors=told)
    with pytest.raises(error, match=rf"Glue .*{code}"):
        pointed(glue, {"2024-01": "r1"})


def test_a_table_that_is_gone_is_named(glue: GlueClient) -> None:
    glue.delete_table(DatabaseName="lake", Name="accidents")
    with pytest.raises(StorageRefusedError, match=r"Glue refused a request.*EntityNotFound"):
        pointed(glue, {"2024-01": "r1"})
