"""The catalogue: Glue's tables of the lake show what was committed last.

The stack makes the tables (``template.yaml``). Which run's files a month has, only a commit knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from accidental_transfers.dataset.lake import BY_MONTH
from accidental_transfers.errors import StorageUnavailableError
from accidental_transfers.pipeline.failures import naming_failures

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

MOST_WRITTEN, MOST_DELETED = 100, 25
"""Partitions of one request;
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-partitions.html."""
DONE_BY_ANOTHER = {"AlreadyExistsException", "EntityNotFoundException"}
"""What was to be created is there already, or what was to be changed or deleted is gone."""
LOOKS = 4

Descriptor = Mapping[str, Any]
"""Glue's ``StorageDescriptor``: where files are, and what is in them."""
Partitions = Mapping[str, Descriptor]
"""Of each month."""


def glue_client() -> GlueClient:
    """Make a client of Glue; it obeys ``AWS_ENDPOINT_URL``."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 5})
    return boto3.client("glue", config=config)


@naming_failures("Glue")
def point(
    glue: GlueClient, database: str, bucket: str, stem: str, months: Mapping[str, str], people: str
) -> None:
    """Point the tables at the files of a committed set, and at no others.

    To do it again changes nothing. A query sees a month of a table whole, before or after.

    Parameters
    ----------
    database
        Of the tables transactions, accidents, outcomes and customers.
    stem
        The key of the set without its ending: ``data/x``.
    months
        The run whose files each month has: ``{"2024-01": "run"}``. Partitions of others go.
    people
        The run whose customers are shown.

    Raises
    ------
    StorageUnavailableError
        If Glue is busy or out of reach, or if others change the same partitions all the time.
    StorageRefusedError
        If Glue refuses a request: there is no such table, or no permission.
    """
    root = f"s3://{bucket}/{stem}"
    for name in BY_MONTH:
        _have_partitions(glue, {"DatabaseName": database, "TableName": name}, {
            month: f"{root}/{name}/run={run}/month={month}/" for month, run in months.items()
        })  # fmt: skip
    _have_customers(glue, database, f"{root}/customers/run={people}/")


def _have_partitions(glue: GlueClient, table: Any, places: Mapping[str, str]) -> None:
    """Leave exactly the partitions of some months, each at its place."""
    described = glue.get_table(DatabaseName=table["DatabaseName"], Name=table["TableName"])
    descriptor = described["Table"]["StorageDescriptor"]
    wanted: Partitions = {
        month: {**descriptor, "Location": place} for month, place in places.items()
    }
    # Two runs may commit at once, so that what was written is looked at.
    for _ in range(LOOKS):
        known = _partitions(glue, table)
        if _shown(known) == _shown(wanted):
            return
        _change(glue, table, known, wanted)
    raise StorageUnavailableError(
        f"Glue's partitions of {table['TableName']} changed under {LOOKS} attempts to set them"
    )


def _partitions(glue: GlueClient, table: Any) -> Partitions:
    pages = glue.get_paginator("get_partitions").paginate(**table)
    every = (partition for page in pages for partition in page["Partitions"])
    return {partition["Values"][0]: partition["StorageDescriptor"] for partition in every}


def _shown(partitions: Partitions) -> dict[str, Any]:
    """Give what a query depends on: places, and columns, which the stack may have changed."""
    return {
        month: (
            descriptor["Location"].rstrip("/"),
            [(column["Name"], column["Type"]) for column in descriptor["Columns"]],
        )
        for month, descriptor in partitions.items()
    }


def _change(glue: GlueClient, table: Any, known: Partitions, wanted: Partitions) -> None:
    """Create what is missing, change what differs, and delete what is not wanted."""
    is_shown, to_be_shown = _shown(known), _shown(wanted)
    new = [_partition(month, wanted) for month in wanted if month not in known]
    changed = [
        {"PartitionValueList": [month], "PartitionInput": _partition(month, wanted)}
        for month in wanted
        if month in known and is_shown[month] != to_be_shown[month]
    ]
    gone = [{"Values": [month]} for month in known if month not in wanted]
    for some in _batches(new, MOST_WRITTEN):
        _require_done(glue.batch_create_partition(**table, PartitionInputList=some))
    for others in _batches(changed, MOST_WRITTEN):
        _require_done(glue.batch_update_partition(**table, Entries=others))
    for rest in _batches(gone, MOST_DELETED):
        _require_done(glue.batch_delete_partition(**table, PartitionsToDelete=rest))


def _partition(month: str, partitions: Partitions) -> Any:
    return {"Values": [month], "StorageDescriptor": partitions[month]}


def _batches(entries: Sequence[Any], most: int) -> Iterator[Any]:
    return (entries[first : first + most] for first in range(0, len(entries), most))


def _require_done(answer: Any) -> None:
    """Raise the first error that an answer about many partitions tells of one of them."""
    for error in answer.get("Errors", []):
        told = error["ErrorDetail"]
        if told["ErrorCode"] not in DONE_BY_ANOTHER:
            message = told.get("ErrorMessage", "")
            raise ClientError(
                {"Error": {"Code": told["ErrorCode"], "Message": message}}, "of a partition"
            )


def _have_customers(glue: GlueClient, database: str, place: str) -> None:
    table: Any = glue.get_table(DatabaseName=database, Name="customers")["Table"]
    if table["StorageDescriptor"]["Location"].rstrip("/") == place.rstrip("/"):
        return
    # What Glue tells of a table is more than it takes.
    taken: Any = glue.meta.service_model.shape_for("TableInput")
    kept = {name: value for name, value in table.items() if name in taken.members}
    moved: Any = {**kept, "StorageDescriptor": {**table["StorageDescriptor"], "Location": place}}
    # Former versions of a table are of no use here, and their number is limited.
    glue.update_table(DatabaseName=database, TableInput=moved, SkipArchive=True)
