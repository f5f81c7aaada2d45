"""What ``accidental-transfers remote`` does: start, plan, follow, download, resume."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from accidental_transfers.errors import MissingDependencyError, UnknownExecutionError
from accidental_transfers.local.optional import naming_missing_packages
from accidental_transfers.local.remote import DEFAULT_FOLDER
from accidental_transfers.local.remote.execution import (
    Outcome,
    execution_arn,
    name_of,
    new_run,
    newest,
    newest_with_dataset,
    outcome_of,
    start,
)
from accidental_transfers.local.remote.fetching import fetch_set
from accidental_transfers.local.remote.following import SECONDS_BETWEEN_LOOKS, follow
from accidental_transfers.local.remote.stack import naming_aws_errors, state_machine_of
from accidental_transfers.local.remote.summary import print_answer, print_error, print_set
from accidental_transfers.local.spec_options import given_fields
from accidental_transfers.spec import JobSpec

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130
LOOKS_WHEN_LOCAL = 0.1
"""Seconds between two looks at an execution in this process."""


def run(options: argparse.Namespace) -> int:
    """Do what the options ask for and return the exit status; see the subcommand's ``run``."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    action = _Action(options, console, errors)
    # What is not acceptable is refused before anything is asked of AWS.
    given = action.given()
    try:
        with naming_aws_errors(), _aws(options) as state_machine_arn:
            return action.do(state_machine_arn, given)
    except KeyboardInterrupt:
        errors.print("Interrupted. An execution that was started goes on.")
        return EXIT_INTERRUPTED


@contextmanager
def _aws(options: argparse.Namespace) -> Iterator[str]:
    """Give the ARN of the state machine, which is in this process if the options say so."""
    if not options.local:
        yield options.state_machine or state_machine_of(options.stack)
        return
    with naming_missing_packages():
        # Loading it takes a while.
        from accidental_transfers.local.deployment import ROOT, TEMPLATE
        from accidental_transfers.local.embedded_aws import embedded_aws
    if not TEMPLATE.exists():
        raise MissingDependencyError(f"--local: there is no {TEMPLATE}; it works in a checkout")
    # What functions print goes to their log on AWS. Their logger takes the output that it finds.
    with (
        redirect_stdout(io.StringIO()),
        embedded_aws(cache=ROOT / ".aws-sam" / "local") as aws,
    ):
        yield aws.state_machine_arn


class _Action:
    """One of the actions, with its options and where it writes."""

    def __init__(self, options: argparse.Namespace, console: Console, errors: Console) -> None:
        self._options = options
        self._console = console
        self._errors = errors

    def given(self) -> dict[str, Any] | None:
        """Give the input of the execution to start, None where none is to be started.

        A period stays as it is: the day on which the execution starts decides.
        """
        if self._options.action == "resume":
            return {"resume": self._options.run_id}
        if self._options.action not in ("start", "plan"):
            return None
        given = given_fields(self._options)
        if self._options.action == "plan":
            given["dry_run"] = True
        JobSpec.parse(given, datetime.now(UTC).date(), self._options.name or new_run())
        return given

    def do(self, state_machine_arn: str, given: dict[str, Any] | None) -> int:
        """Do it, and return the exit status."""
        if given is not None:
            return self._start(state_machine_arn, given)
        run = self._options.run_id
        known = None if run is None else execution_arn(state_machine_arn, run)
        if self._options.action == "download":
            return self._download(known or newest_with_dataset(state_machine_arn))
        return self._follow(known or newest(state_machine_arn))

    def _start(self, state_machine_arn: str, given: dict[str, Any]) -> int:
        arn = start(state_machine_arn, given, self._options.name)
        self._console.print(f"run {name_of(arn)}")
        if self._options.detach:
            return os.EX_OK
        return self._follow(arn)

    def _follow(self, arn: str) -> int:
        local = self._options.local
        every = LOOKS_WHEN_LOCAL if local else SECONDS_BETWEEN_LOOKS
        outcome = follow(arn, self._console, every)
        if not outcome.succeeded:
            return self._tell_failure(outcome)
        folder = self._options.output or (DEFAULT_FOLDER if local else None)
        if folder is None or outcome.output.get("dry_run"):
            print_answer(self._console, outcome.output)
        else:
            self._fetch(outcome, folder)
        return os.EX_OK

    def _download(self, arn: str) -> int:
        outcome = outcome_of(arn)
        if outcome is None:
            raise UnknownExecutionError(
                f"RUN: got {name_of(arn)}, which is still running; follow it until its end"
            )
        if not outcome.succeeded:
            return self._tell_failure(outcome)
        if "companions" not in outcome.output:
            raise UnknownExecutionError(
                f"RUN: got {name_of(arn)}, a dry run; allowed is an execution with a dataset"
            )
        self._fetch(outcome, self._options.output)
        return os.EX_OK

    def _fetch(self, outcome: Outcome, folder: Path) -> None:
        print_set(self._console, fetch_set(outcome.output, folder, self._console))

    def _tell_failure(self, outcome: Outcome) -> int:
        print_error(self._errors, outcome.error or outcome.status, outcome.cause)
        return EXIT_FAILED
