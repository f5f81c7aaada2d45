"""An execution leaves a lake, a later one adds a month, and a resumed one makes what is missing."""

import json
from collections import Counter
from typing import Any

import boto3
import pytest

from accidental_transfers.dataset.table import Table
from accidental_transfers.local.embedded_aws import EmbeddedAws
from accidental_transfers.pipeline import storage
from accidental_transfers.pipeline.generate_slice import make_slice
from accidental_transfers.pipeline.run_plan import RunPlan, SliceTask
from tests.integration.support import OUTPUT_KEY, Bucket, library_text, sha256

pytestmark = [
    pytest.mark.slow,
    # Metrics that are switched off are kept until there are a hundred of one name, and then gone.
    pytest.mark.filterwarnings("ignore:No application metrics to publish"),
]

PEOPLE: dict[str, Any] = {
    "seed": 7, "preset": "dense", "customers": 12, "customers_per_slice": 4, "format": "parquet",
}  # fmt: skip
"""Three slices."""
TWO_MONTHS = {**PEOPLE, "start_date": "2024-01-25", "end_date": "2024-02-06"}
MARCH = {**PEOPLE, "start_date": "2024-03-01", "end_date": "2024-03-06"}
STEM = OUTPUT_KEY.removesuffix(".csv")
MAKERS = ("GenerateSliceFunction", "GenerateParquetFunction")


@pytest.fixture
def slices(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, int]]:
    """How often each function made each slice."""
    counted: Counter[tuple[str, int]] = Counter()

    def counting(name: str) -> Any:
        real = aws.functions.handlers[name]

        def handler(task: dict[str, Any], context: Any) -> Any:
            answer = real(task, context)
            counted[name, task["index"]] += 1
            return answer

        return handler

    for name in MAKERS:
        monkeypatch.setitem(aws.functions.handlers, name, counting(name))
    return counted


def manifest(bucket: Bucket) -> dict[str, Any]:
    stands: dict[str, Any] = json.loads(bucket.read(f"{STEM}.manifest.json"))
    return stands


def files(about: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every Parquet file that a manifest names, by its key."""
    lake = about["lake"]
    tables = [table for month in lake["months"].values() for table in month["tables"].values()]
    return {file["key"]: file for table in [*tables, lake["customers"]["files"]] for file in table}


def everything(bucket: Bucket) -> dict[str, bytes]:
    every = bucket.keys()
    return {key: bucket.read(key) for key in every}


def require_whole(bucket: Bucket) -> None:
    """See that what the manifest names stands there, and would not expire."""
    s3 = boto3.client("s3")
    for key, file in files(manifest(bucket)).items():
        head = s3.head_object(Bucket=bucket.name, Key=key)
        assert (head["ETag"], head.get("VersionId")) == (file["etag"], file["version_id"]), key
        assert sha256(bucket.read(key)) == file["sha256"], key
        assert s3.get_object_tagging(Bucket=bucket.name, Key=key)["TagSet"] == [], key
    assert bucket.open_uploads() == []


@pytest.mark.parametrize("formats", ["parquet", ["csv", "parquet"]], ids=["Parquet", "both"])
def test_the_state_machine_makes_a_lake(
    aws: EmbeddedAws, bucket: Bucket, slices: Counter[tuple[str, int]], formats: Any
) -> None:
    outcome = aws.execute({**TWO_MONTHS, "format": formats}, run="first")
    assert outcome.succeeded, outcome
    assert slices == {("GenerateParquetFunction", index): 1 for index in range(3)}
    require_whole(bucket)
    about = manifest(bucket)
    assert sorted(files(about)) == bucket.keys(f"{STEM}/")
    assert len(files(about)) == 3 * (3 * 2 + 1)
    text = library_text(TWO_MONTHS, Table.write_csv)
    rows = text.count(b"\n") - 1
    of_months = [month["tables"]["transactions"] for month in about["lake"]["months"].values()]
    assert sum(file["rows"] for month in of_months for file in month) == rows
    assert outcome.output["rows"] == about["rows"] == rows
    if formats == "parquet":
        assert outcome.output["key"] == f"{STEM}.manifest.json"
        assert bucket.keys("data/") == sorted(
            [*files(about), f"{STEM}.html", f"{STEM}.manifest.json"]
        )
    else:
        assert outcome.output["key"] == OUTPUT_KEY
        assert bucket.read(OUTPUT_KEY) == text


def test_a_later_execution_adds_a_month(aws: EmbeddedAws, bucket: Bucket) -> None:
    assert aws.execute(TWO_MONTHS, run="first").succeeded
    before = manifest(bucket)["lake"]["months"]
    assert aws.execute(MARCH, run="second").succeeded
    added = manifest(bucket)["lake"]["months"]
    assert {**before, "2024-03": added["2024-03"]} == added
    require_whole(bucket)

    stood = everything(bucket)
    other = aws.execute({**MARCH, "seed": 8}, run="fourth")
    assert (other.status, other.error) == ("FAILED", "OutputExistsError")
    assert "a lake of other people: seed 7, not 8" in other.cause
    assert everything(bucket) == stood


def test_a_resumed_run_makes_only_what_is_missing(
    aws: EmbeddedAws,
    bucket: Bucket,
    slices: Counter[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:

        def broken(_task: dict[str, Any], _context: Any) -> Any:
            raise ValueError("broken")

        patch.setitem(aws.functions.handlers, "GenerateParquetFunction", broken)
        failed = aws.execute(TWO_MONTHS, run="night")
    assert (failed.status, failed.error) == ("FAILED", "IncompleteRunError")
    stored = storage.Bucket(bucket.name)
    plan = RunPlan.load(stored, "night")
    for part in plan.slices[:2]:
        make_slice(SliceTask(run="night", **part.model_dump()), plan, stored)
    bucket.delete(f"{STEM}/outcomes/run=night/month=2024-02/part-00000.parquet")

    hint = failed.cause.rpartition("start an execution with the input ")[2]
    resumed = aws.execute(json.loads(hint), run="morning")
    assert resumed.succeeded, resumed
    assert slices == {("GenerateParquetFunction", index): 1 for index in (0, 2)}
    assert {month["run"] for month in manifest(bucket)["lake"]["months"].values()} == {"night"}
    require_whole(bucket)

    slices.clear()
    assert aws.execute(json.loads(hint), run="noon").output == resumed.output
    assert slices == {}
