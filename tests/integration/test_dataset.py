"""What an execution publishes: the library's bytes, however it was sliced."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from accidental_transfers.dataset.table import Table
from accidental_transfers.local.embedded_aws import EmbeddedAws, embedded_aws
from tests.integration.conftest import Deploy
from tests.integration.support import (
    OUTPUT_KEY,
    THREE_SLICES,
    TWELVE_SLICES,
    Bucket,
    library_text,
    sha256,
)


@pytest.mark.slow
def test_an_execution_publishes_what_the_library_writes(aws: EmbeddedAws, bucket: Bucket) -> None:
    outcome = aws.execute(TWELVE_SLICES, run="first-run")
    assert outcome.status == "SUCCEEDED", outcome
    published = bucket.read(OUTPUT_KEY)
    assert published == library_text(TWELVE_SLICES, Table.write_csv)
    companions = outcome.output["companions"]
    for name, write in {
        "accidents": Table.write_accidents_csv,
        "customers": Table.write_customers_csv,
        "outcomes": Table.write_outcomes_csv,
    }.items():
        assert bucket.read(companions[name]) == library_text(TWELVE_SLICES, write)

    rows = published.count(b"\n") - 1
    expected = {"run": "first-run", "key": OUTPUT_KEY, "rows": rows, "bytes": len(published)}
    assert outcome.output | expected == outcome.output
    manifest = json.loads(bucket.read(companions["manifest"]))
    assert manifest["rows"] == rows
    assert manifest["run"] == "first-run"
    assert bucket.open_uploads() == []


@pytest.mark.slow
def test_the_result_of_every_slice_is_kept(aws: EmbeddedAws, bucket: Bucket) -> None:
    aws.execute(THREE_SLICES, run="kept")
    assert len(bucket.keys("runs/kept/receipts/")) == 3
    assert bucket.keys("runs/kept/map/")


@pytest.mark.slow
@pytest.mark.parametrize("concurrency", [1, 8, 40])
def test_the_bytes_do_not_depend_on_concurrency_or_slices(
    deployed: Deploy, concurrency: int
) -> None:
    expected = sha256(library_text(TWELVE_SLICES, Table.write_csv))
    with deployed({"MapConcurrency": str(concurrency)}) as aws:
        bucket = Bucket(aws.deployment.bucket)
        for customers_per_slice in (7, 50, 900):
            given = {**TWELVE_SLICES, "customers_per_slice": customers_per_slice}
            outcome = aws.execute(given)
            assert outcome.succeeded, outcome
            assert sha256(bucket.read(OUTPUT_KEY)) == expected


@pytest.mark.slow
def test_the_map_runs_as_many_slices_at_once_as_the_deployment_allows(
    deployed: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, most = 0, 0
    lock = threading.Lock()
    full = threading.Barrier(3, timeout=10)

    with deployed({"MapConcurrency": "3"}) as aws:
        real = aws.functions.handlers["GenerateSliceFunction"]

        def counted(event: Any, context: Any) -> Any:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            full.wait()
            answer = real(event, context)
            with lock:
                at_once -= 1
            return answer

        monkeypatch.setitem(aws.functions.handlers, "GenerateSliceFunction", counted)
        assert aws.execute(TWELVE_SLICES).succeeded
    assert most == 3


def test_a_dry_run_answers_with_the_plan_and_writes_nothing(
    aws: EmbeddedAws, bucket: Bucket
) -> None:
    outcome = aws.execute({"dry_run": True})
    assert outcome.succeeded, outcome
    assert outcome.output["dry_run"] is True
    assert 930_000 <= outcome.output["expected_rows"] <= 1_100_000
    assert outcome.output["slices"] > 10
    assert 0 < outcome.output["estimated_cost_usd"] < 1
    assert bucket.keys() == []


@pytest.mark.slow
def test_a_deployment_from_the_cache_is_the_same(tmp_path: Path) -> None:
    with embedded_aws(cache=tmp_path) as fresh:
        first = fresh.deployment
    (file,) = tmp_path.iterdir()
    resolved = file.stat().st_mtime_ns
    with embedded_aws(cache=tmp_path) as again:
        assert again.deployment == first
        assert again.execute(THREE_SLICES).succeeded
    assert file.stat().st_mtime_ns == resolved
