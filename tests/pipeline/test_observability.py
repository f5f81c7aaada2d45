"""What the functions tell: the run in every line of log, and the metrics of the dashboard."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest

from accidental_transfers.errors import EventError, SpecError
from accidental_transfers.local.deployment import expand
from accidental_transfers.pipeline.observability import logger, metrics
from accidental_transfers.pipeline.storage import Bucket
from tests.pipeline.support import SMALL, concatenated, made, planned

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What POWERTOOLS_SERVICE_NAME does where it is set before the start."""
    monkeypatch.setattr(metrics.provider, "service", "stack")


def test_every_line_of_log_names_its_run(bucket: Bucket, log: io.StringIO) -> None:
    made(bucket, "first", SMALL)
    concatenated("first")
    planned("second", SMALL)
    told = lines(log)
    runs = Counter(line["run"] for line in told)
    assert runs["second"] == 1
    assert runs.keys() == {"first", "second"}
    assert {"planned", "made", "joining", "published"} <= {line["message"] for line in told}


def test_a_failure_is_logged_with_its_run_and_its_name(log: io.StringIO) -> None:
    with pytest.raises(SpecError):
        planned("bad", {"customers": 0})
    with pytest.raises(EventError):
        planned("no name", {})
    first, second = lines(log)
    assert (first["run"], first["message"]) == ("bad", "failed")
    assert first["exception_name"] == "SpecError"
    assert "customers: got 0" in first["exception"]
    assert (second["run"], second["exception_name"]) == ("no name", "EventError")


def emitted(text: str) -> dict[str, float]:
    """The metrics that stand in the log for CloudWatch to find, and their sums."""
    sums: Counter[str] = Counter()
    for line in text.splitlines():
        if '"_aws"' in line:
            told = json.loads(line)
            (directive,) = told["_aws"]["CloudWatchMetrics"]
            assert directive["Namespace"] == "AccidentalTransfers"
            assert directive["Dimensions"] == [["service"]]
            for metric in directive["Metrics"]:
                sums[metric["Name"]] += sum(told[metric["Name"]])
    return dict(sums)


def test_the_dashboard_shows_the_metrics_that_the_functions_emit(
    bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    made(bucket, "r", SMALL)
    rows = concatenated("r")["rows"]
    sums = emitted(capsys.readouterr().out)
    assert sums["RowsGenerated"] == sums["RowsPublished"] == rows
    assert sums["SlicesStarted"] == 3
    assert sums["EstimatedDollars"] > 0

    body = expand()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert '"service", "${AWS::StackName}"' in body
    assert {name for name in sums if f'"{name}"' in body} == sums.keys()


def test_a_dry_run_costs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    planned("r", {**SMALL, "dry_run": True})
    assert "EstimatedDollars" not in emitted(capsys.readouterr().out)
