"""The catalogue is there where it is asked for, as the code describes the lake."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from accidental_transfers.dataset.athena import athena_columns
from accidental_transfers.dataset.lake import BY_MONTH, LAKE_TABLES
from accidental_transfers.local.deployment import CATALOGUE, expand
from accidental_transfers.local.embedded_aws import embedded_aws
from accidental_transfers.pipeline.catalogue import point
from accidental_transfers.pipeline.settings import JoinSettings

LONGEST_COMMENT = 255
"""https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html"""


def test_types_and_comments_are_what_glue_takes() -> None:
    columns = [column for table in LAKE_TABLES for column in athena_columns(table)]
    types = {column.type for column in columns}
    assert types == {"string", "timestamp", "decimal(12,2)", "boolean", "bigint", "double"}
    assert max(len(column.meaning) for column in columns) <= LONGEST_COMMENT


def test_everything_about_it_depends_on_its_name(resources: dict[str, Any]) -> None:
    about = {name for name, entry in resources.items() if entry.get("Condition") == "HasCatalogue"}
    of_type = {name for name, entry in resources.items() if entry["Type"] in CATALOGUE}
    assert about == of_type | {"CataloguePolicy"}
    assert len(of_type) == 6
    assert expand()["Parameters"]["CatalogueDatabase"]["Default"] == ""


def test_only_who_commits_may_change_it_and_only_its_tables(resources: dict[str, Any]) -> None:
    policy = resources["CataloguePolicy"]["Properties"]
    assert policy["Roles"] == [{"Ref": "ConcatenatePartsFunctionRole"}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert set(statement["Action"]) == {
        f"glue:{action}"
        for action in (
            "GetTable", "UpdateTable", "GetPartitions",
            "BatchCreatePartition", "BatchUpdatePartition", "BatchDeletePartition",
        )
    }  # fmt: skip
    arns = [resource["Fn::Sub"].rpartition("${AWS::AccountId}:")[2] for resource in
            statement["Resource"]]  # fmt: skip
    tables = [f"table/${{CatalogueDatabase}}/{table}" for table in LAKE_TABLES]
    assert sorted(arns) == sorted(["catalog", "database/${CatalogueDatabase}", *tables])


def test_queries_leave_their_results_where_they_expire(resources: dict[str, Any]) -> None:
    group = resources["LakeWorkGroup"]["Properties"]["WorkGroupConfiguration"]
    place = group["ResultConfiguration"]["OutputLocation"]["Fn::Sub"]
    rules = resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (prefix,) = (rule["Prefix"] for rule in rules if rule["Id"] == "ExpireRuns")
    assert place.startswith(f"s3://${{BucketName}}/{prefix}")
    assert group["EnforceWorkGroupConfiguration"] is True


@pytest.mark.slow
def test_the_stack_creates_it_and_a_commit_points_it() -> None:
    given = {"CatalogueDatabase": "payments", "CatalogueOutputKey": "lakes/one.csv"}
    with embedded_aws(given) as aws:
        environment = aws.deployment.functions["ConcatenatePartsFunction"]["Environment"]
        settings = JoinSettings.from_environment(environment["Variables"])
        assert settings.catalogue_database == "payments"
        assert settings.catalogue_output_key == "lakes/one.csv"

        glue, bucket = boto3.client("glue"), aws.deployment.bucket
        point(glue, "payments", bucket, "lakes/one", {"2024-01": "r1"}, "r1")
        tables = {table["Name"]: table for table in
                  glue.get_tables(DatabaseName="payments")["TableList"]}  # fmt: skip
        assert tables.keys() == LAKE_TABLES.keys()
        for name, table in tables.items():
            described = table["StorageDescriptor"]
            columns = [(column["Name"], column["Type"]) for column in described["Columns"]]
            assert columns == [
                (column.name, column.type)
                for column in athena_columns(name)  # type: ignore[arg-type]
            ]
            assert [key["Name"] for key in table.get("PartitionKeys", [])] == (
                ["month"] if name in BY_MONTH else []
            )
            assert described["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe")
            run = "" if name in BY_MONTH else "run=r1/"
            assert described["Location"] == f"s3://{bucket}/lakes/one/{name}/{run}"
        group = boto3.client("athena").get_work_group(WorkGroup="local")["WorkGroup"]
        configuration = group["Configuration"]
        assert configuration["BytesScannedCutoffPerQuery"] == 200_000_000_000
        assert configuration["ResultConfiguration"]["OutputLocation"] == (
            f"s3://{bucket}/runs/.athena/"
        )
