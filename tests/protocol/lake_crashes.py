"""Runs of a lake that die at every request of theirs, and the runs that come after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from botocore.exceptions import ClientError

from tests.protocol.crashes import DEATHS
from tests.protocol.lake_invariants import LakeWatch
from tests.protocol.lake_runs import LakeRun, make_lake_run
from tests.protocol.lake_s3 import LakeS3Model
from tests.protocol.runs import Process

DEAD_MONTHS = ("2024-01", "2024-02")
NEXT_MONTHS = ("2024-02",)


@dataclass(frozen=True)
class LakeCrash:
    """Where a run dies, over what, and who comes next.

    Attributes
    ----------
    is_over_a_lake : bool
        Whether another run's January stood there.
    following : str
        ``resumed`` for the same run with what it made, ``repeated`` for all of it anew, or
        ``another`` run.
    days : int
        That pass until then; what is tagged expires meanwhile.
    """

    request: int
    death: str
    is_over_a_lake: bool
    following: str
    days: int

    @property
    def next_run(self) -> str:
        """The name of the run that comes next."""
        return "next" if self.following == "another" else "dead"


@dataclass(frozen=True)
class LakeAftermath:
    """How the next run ended, and what a crash led to.

    Attributes
    ----------
    had_committed : bool
        Whether the dead run had.
    owners : dict of str to str or None
        The run of each month, when the next one was done.
    wrong : list of str
        What did not hold, at any moment.
    """

    had_committed: bool
    outcome: str
    owners: dict[str, str | None]
    wrong: list[str]


def every_lake_crash(requests: int) -> Iterator[LakeCrash]:
    """All crashes of a run that makes so many requests."""
    following = ("resumed", "repeated", "another")
    for values in product(range(1, requests + 1), DEATHS, (False, True), following, (0, 2)):
        yield LakeCrash(*values)


def requests_of_a_lake_run() -> int:
    """How many requests an undisturbed run makes, over a lake."""
    s3 = LakeS3Model(keeps_versions=True)
    _to_the_end(make_lake_run("before", ("2024-01",)), s3)
    process = Process(s3)
    make_lake_run("counted", DEAD_MONTHS).attempt(process)
    return process.sent


def carry_out_lake(crash: LakeCrash) -> LakeAftermath:
    """Let a run die, and the next one publish."""
    s3, wrong, late = LakeS3Model(keeps_versions=crash.request % 2 == 0), list[str](), _Late()
    watch = LakeWatch(s3)
    s3.on_write = lambda: wrong.extend(watch.look())
    if crash.is_over_a_lake:
        _to_the_end(make_lake_run("before", ("2024-01",)), s3)
    dead = make_lake_run("dead", DEAD_MONTHS)
    dead.attempt(Process(s3, late=late, fault=(crash.request, crash.death)))
    had_committed = "dead" in watch.commits
    s3.today += crash.days
    s3.expire()
    following = _following(dead, crash.following)
    _to_the_end(following, s3)
    owners = {month: watch.owner(month) for month in DEAD_MONTHS}
    late.land()
    s3.today += 2
    s3.expire()
    return LakeAftermath(had_committed, following.outcome, owners, wrong)


def _following(dead: LakeRun, kind: str) -> LakeRun:
    if kind == "another":
        return make_lake_run("next", NEXT_MONTHS)
    return LakeRun(dead.plan, dead.months, made=dead.made if kind == "resumed" else {})


def _to_the_end(run: LakeRun, s3: LakeS3Model) -> None:
    while not run.attempt(Process(s3)):
        pass


class _Late(list[Callable[[], Any]]):
    """Requests of the dead that S3 has not carried out yet."""

    def land(self) -> None:
        """Have it carry them out."""
        for request in self:
            try:
                request()
            except ClientError:
                continue
