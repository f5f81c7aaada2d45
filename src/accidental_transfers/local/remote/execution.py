"""Executions of the state machine: started, found, and how they ended."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3

from accidental_transfers.errors import UnknownExecutionError

RUNNING = "RUNNING"


@dataclass(frozen=True)
class Outcome:
    """How an execution ended.

    Attributes
    ----------
    status : str
        ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``.
    output : dict
        What a successful execution answered; empty otherwise.
    error, cause : str
        Name and message of the exception that ended it; empty after a success.
    """

    status: str
    output: dict[str, Any]
    error: str
    cause: str

    @property
    def succeeded(self) -> bool:
        """Whether there is a dataset."""
        return self.status == "SUCCEEDED"


def start(state_machine_arn: str, given: Any, run: str | None = None) -> str:
    """Start an execution with a JSON input and return its ARN."""
    started = boto3.client("stepfunctions").start_execution(
        stateMachineArn=state_machine_arn, name=run or new_run(), input=json.dumps(given)
    )
    return started["executionArn"]


def outcome_of(execution_arn: str) -> Outcome | None:
    """Tell how an execution ended, or None while it runs.

    Raises
    ------
    UnknownExecutionError
        If there is no such execution.
    """
    client = boto3.client("stepfunctions")
    try:
        state = client.describe_execution(executionArn=execution_arn)
    except client.exceptions.ExecutionDoesNotExist as error:
        raise UnknownExecutionError(
            f"RUN: got {name_of(execution_arn)}; the state machine has no such execution: AWS "
            "keeps them for 90 days"
        ) from error
    if state["status"] == RUNNING:
        return None
    return Outcome(
        status=state["status"],
        output=json.loads(state.get("output", "{}")),
        error=state.get("error", ""),
        cause=state.get("cause", ""),
    )


def execution_arn(state_machine_arn: str, run: str) -> str:
    """Give the ARN of an execution by its name."""
    return f"{state_machine_arn.replace(':stateMachine:', ':execution:', 1)}:{run}"


def name_of(arn: str) -> str:
    """Give the name of an execution by its ARN."""
    return arn.rpartition(":")[2]


def newest(state_machine_arn: str) -> str:
    """Give the ARN of the newest execution.

    Raises
    ------
    UnknownExecutionError
        If there is none.
    """
    for arn in _executions(state_machine_arn):
        return arn
    raise UnknownExecutionError("the state machine has no executions; allowed after a start")


def newest_with_dataset(state_machine_arn: str) -> str:
    """Give the ARN of the newest execution that has a dataset.

    Raises
    ------
    UnknownExecutionError
        If there is none.
    """
    for arn in _executions(state_machine_arn, statusFilter="SUCCEEDED"):
        outcome = outcome_of(arn)
        # A dry run succeeds as well.
        if outcome is not None and "companions" in outcome.output:
            return arn
    raise UnknownExecutionError("no execution has made a dataset yet; start one")


def new_run() -> str:
    """A name for an execution: when it was started, and something unique."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"


def _executions(state_machine_arn: str, **only: Any) -> Iterator[str]:
    """List the ARNs of executions, the newest first."""
    pages = boto3.client("stepfunctions").get_paginator("list_executions")
    for page in pages.paginate(stateMachineArn=state_machine_arn, **only):
        for execution in page["executions"]:
            yield execution["executionArn"]
