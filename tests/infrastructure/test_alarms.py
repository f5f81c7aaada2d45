"""Every alarm goes off when it must, by metrics that are really there; so are the dashboard's."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

import pytest

EMITTED_BY_AWS = {
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    "AWS/States": (
        "StateMachineArn",
        {
            "ExecutionsSucceeded",
            "ExecutionsFailed",
            "ExecutionsTimedOut",
            "ExecutionsAborted",
            "ExecutionThrottled",
            "ExecutionTime",
        },
    ),
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    "AWS/Lambda": ("FunctionName", {"Errors", "Throttles", "Duration", "Invocations"}),
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    "AWS/SQS": ("QueueName", {"ApproximateNumberOfMessagesVisible"}),
}
"""The dimension and the metrics of each namespace that the template uses."""

WATCHED: dict[str, tuple[str, dict[str, Any], int]] = {
    "FailedExecutionsAlarm": ("ExecutionsFailed", {"Ref": "DatasetStateMachine"}, 1),
    "TimedOutExecutionsAlarm": ("ExecutionsTimedOut", {"Ref": "DatasetStateMachine"}, 1),
    "AbortedExecutionsAlarm": ("ExecutionsAborted", {"Ref": "DatasetStateMachine"}, 1),
    "ThrottledExecutionsAlarm": ("ExecutionThrottled", {"Ref": "DatasetStateMachine"}, 1),
    "PlanErrorsAlarm": ("Errors", {"Ref": "PlanFunction"}, 5),
    "GenerateSliceErrorsAlarm": ("Errors", {"Ref": "GenerateSliceFunction"}, 5),
    "GenerateParquetErrorsAlarm": ("Errors", {"Ref": "GenerateParquetFunction"}, 5),
    "ConcatenatePartsErrorsAlarm": ("Errors", {"Ref": "ConcatenatePartsFunction"}, 5),
    "ScheduleDeadLetterAlarm": (
        "ApproximateNumberOfMessagesVisible",
        {"Fn::GetAtt": ["ScheduleDeadLetterQueue", "QueueName"]},
        1,
    ),
}
"""What each alarm watches, of what, and how many of it set it off."""


@pytest.fixture
def alarms(resources: dict[str, Any]) -> dict[str, Any]:
    return {
        name: entry["Properties"]
        for name, entry in resources.items()
        if entry["Type"] == "AWS::CloudWatch::Alarm"
    }


def is_off(alarm: dict[str, Any], values: list[float]) -> bool:
    """Whether the data points of one period set an alarm off, as CloudWatch evaluates it."""
    assert alarm["EvaluationPeriods"] == 1
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    if not values:
        return bool(alarm["TreatMissingData"] == "breaching")
    statistic = sum(values) if alarm["Statistic"] == "Sum" else max(values)
    return bool(statistic >= alarm["Threshold"])


def test_every_alarm_is_known_here(alarms: dict[str, Any]) -> None:
    assert alarms.keys() == WATCHED.keys()


@pytest.mark.parametrize("name", WATCHED)
def test_an_alarm_goes_off_by_a_metric_that_aws_emits(name: str, alarms: dict[str, Any]) -> None:
    alarm, (metric, of, threshold) = alarms[name], WATCHED[name]
    dimension, emitted = EMITTED_BY_AWS[alarm["Namespace"]]
    assert alarm["MetricName"] == metric
    assert metric in emitted
    assert alarm["Dimensions"] == [{"Name": dimension, "Value": of}]
    assert is_off(alarm, [0, threshold])
    assert not is_off(alarm, [threshold - 1])
    assert not is_off(alarm, [])
    assert alarm["Statistic"] in ("Sum", "Maximum")


def test_every_way_in_which_an_execution_ends_badly_has_an_alarm() -> None:
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
    badly = {"FAILED": "Failed", "TIMED_OUT": "TimedOut", "ABORTED": "Aborted"}
    watched = {metric for metric, _, _ in WATCHED.values()}
    assert {f"Executions{word}" for word in badly.values()} <= watched


def test_every_alarm_tells_the_topic_if_there_is_one(alarms: dict[str, Any]) -> None:
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == {
            "Fn::If": ["AlarmHasTopic", [{"Ref": "AlarmTopicArn"}], []]
        }
        assert alarm["AlarmDescription"].endswith(".")


def shown(resources: dict[str, Any]) -> list[list[str]]:
    """The dashboard's metrics as CloudWatch reads them: a dot repeats what stands above."""
    body = json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    metrics = []
    for widget in body["widgets"]:
        above: list[str] = []
        for row in widget["properties"]["metrics"]:
            above = [above[i] if value == "." else value for i, value in enumerate(row)]
            metrics.append(above)
    return metrics


def test_the_dashboard_shows_metrics_that_are_emitted(resources: dict[str, Any]) -> None:
    for namespace, metric, dimension, _ in shown(resources):
        if namespace in EMITTED_BY_AWS:
            expected, emitted = EMITTED_BY_AWS[namespace]
            assert dimension == expected
            assert metric in emitted


def test_the_dashboard_shows_what_every_alarm_watches(resources: dict[str, Any]) -> None:
    metrics = {(metric, of) for _, metric, _, of in shown(resources)}
    watched = {(metric, name_of(of)) for metric, of, _ in WATCHED.values()}
    assert watched <= metrics


def name_of(reference: dict[str, Any]) -> str:
    """How Sub writes a reference."""
    (value,) = reference.values()
    return f"${{{value if isinstance(value, str) else '.'.join(value)}}}"


def test_widgets_do_not_lie_upon_each_other(resources: dict[str, Any]) -> None:
    body = json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    places = [(widget["x"], widget["y"]) for widget in body["widgets"]]
    assert len(set(places)) == len(places)
    sizes = {(widget["width"], widget["height"]) for widget in body["widgets"]}
    assert sizes == {(12, 6)}
    assert set(chain(*places)) <= {0, 6, 12, 18}
