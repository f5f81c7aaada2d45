"""Following an execution: a bar of its slices on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from accidental_transfers.local.remote.execution import Outcome, outcome_of

SECONDS_BETWEEN_LOOKS = 2.0
_FIRST_EVENTS = 100
"""Of an execution's history: Plan ends within them, with all its retries."""


@dataclass(frozen=True)
class Standing:
    """How far an execution is.

    Attributes
    ----------
    plan : dict or None
        What the state Plan answered; None before.
    made : int
        Slices that are there.
    """

    plan: dict[str, Any] | None = None
    made: int = 0

    @property
    def slices(self) -> int:
        """Slices that are to be made."""
        return self.plan["slices"] if self.plan else 0

    def __str__(self) -> str:
        if self.plan is None:
            return "planning"
        if self.plan["dry_run"]:
            return "planned"
        if self.made < self.slices:
            rows = self.plan["expected_rows"]
            return f"slices {self.made:,} of {self.slices:,}, about {rows:,} rows"
        return f"slices {self.made:,} of {self.slices:,}, joining the parts"


def follow(execution_arn: str, console: Console, every: float = SECONDS_BETWEEN_LOOKS) -> Outcome:
    """Show how far an execution is, looking `every` so many seconds, until it ends."""
    standing = Standing()
    with _Display(console) as display:
        while (outcome := outcome_of(execution_arn)) is None:
            standing = look(execution_arn, standing)
            display.show(standing)
            time.sleep(every)
        # What happened since the last look; the bar ends full.
        display.show(look(execution_arn, standing))
    return outcome


def look(execution_arn: str, before: Standing) -> Standing:
    """Look how far an execution is now; what is known from before is not asked again."""
    plan = before.plan or _planned(execution_arn)
    return Standing(plan, _made(execution_arn) if plan else 0)


def _planned(execution_arn: str) -> dict[str, Any] | None:
    """Read what Plan answered from the execution's history."""
    history = boto3.client("stepfunctions").get_execution_history(
        executionArn=execution_arn, maxResults=_FIRST_EVENTS
    )
    for event in history["events"]:
        details = event.get("stateExitedEventDetails", {})
        if details.get("name") == "Plan":
            plan: dict[str, Any] | None = json.loads(details["output"]).get("plan")
            return plan
    return None


def _made(execution_arn: str) -> int:
    """Count the slices that the Map has made."""
    client = boto3.client("stepfunctions")
    runs = client.list_map_runs(executionArn=execution_arn)["mapRuns"]
    described = (client.describe_map_run(mapRunArn=each["mapRunArn"]) for each in runs)
    return sum(each["itemCounts"]["succeeded"] for each in described)


class _Display:
    """Shows a standing, as a bar or in lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""
        self._bar = Progress(
            BarColumn(bar_width=32),
            TextColumn("{task.description}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)
        self._show: Callable[[Standing], None] = (
            self._move_bar if console.is_terminal else self._print_line
        )

    def __enter__(self) -> _Display:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, standing: Standing) -> None:
        """Show how far it is."""
        self._show(standing)

    def _move_bar(self, standing: Standing) -> None:
        self._bar.update(
            self._task,
            description=str(standing),
            total=standing.slices or None,
            completed=standing.made,
        )

    def _print_line(self, standing: Standing) -> None:
        if str(standing) != self._shown:
            self._console.print(str(standing))
            self._shown = str(standing)
