"""Schedules of runs at one lake: who goes on when, what dies where, what expires, from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from accidental_transfers.errors import AccidentalTransfersError
from tests.protocol.invariants import register
from tests.protocol.lake_invariants import LakeWatch
from tests.protocol.lake_runs import (
    LAKE_OUTCOMES,
    SLICES,
    LakeRun,
    Publisher,
    make_lake_run,
    quick_lake,
)
from tests.protocol.lake_s3 import LakeS3, LakeS3Model, lake_moto_s3
from tests.protocol.runs import Dead, Process, a_fault, bucket_of
from tests.protocol.schedules import Figures
from tests.protocol.turns import Turns

MOST_LAKE_REQUESTS = 75
"""Of one attempt."""
MOST_FROM_CLAIM = 25
"""From a claim to where the run has settled."""
MONTHS = (
    ("2024-01",),
    ("2024-01",),
    ("2024-02",),
    ("2024-02",),
    ("2024-01", "2024-02"),
    ("2024-02", "2024-03"),
)
STRANGER = "stranger"


def run_lake_schedules(count: int, seed: int = 0) -> Figures:
    """Run so many schedules over the model of S3."""
    figures = Figures()
    with quick_lake():
        for number in range(count):
            s3 = LakeS3Model(keeps_versions=number % 3 > 0)
            LakeSchedule(s3, f"{seed}:{number}", figures).run()
    return figures


def run_lake_schedules_over_moto(count: int, seed: int = 0) -> Figures:
    """Run so many schedules over moto's S3."""
    figures = Figures()
    with quick_lake():
        for number in range(count):
            with lake_moto_s3(keeps_versions=number % 3 > 0) as s3:
                LakeSchedule(s3, f"{seed}:{number}", figures).run()
    return figures


class LakeSchedule:
    """One schedule: some days, each with runs at once, and a run that comes after them all."""

    def __init__(self, s3: LakeS3, seed: str, figures: Figures) -> None:
        self._s3, self._seed, self._figures = s3, seed, figures
        self._chance = random.Random(f"lake {seed}")
        self._watch = LakeWatch(s3)
        s3.on_write = self._check_write
        self._late: list[Callable[[], Any]] = []
        self._has_faults = self._chance.random() < 0.7
        self._turns = Turns(self._chance, stays=self._chance.choice([0.5, 0.8, 0.9, 0.96]))
        self._runs: list[LakeRun] = []

    def run(self) -> None:
        """Run it, and note what did not hold."""
        for _ in range(self._chance.choice([1, 2, 2, 3])):
            self._race()
            self._s3.today += self._chance.choice([0, 2, 2])
            self._expire(0.5)
        self._end()
        self._figures.counts["schedules"] += 1
        self._figures.counts["requests"] += self._s3.requests

    def _race(self) -> None:
        """Let two to four go on at once: new runs, old ones anew or redriven, and late slices."""
        tasks: dict[str, Callable[[], None]] = {}
        for number in range(self._chance.choice([2, 2, 3, 4])):
            kind = self._chance.choice(["new", "new", "again", "redriven", "late slice"])
            if kind == "new" or not self._runs:
                run = self._new_run()
            else:
                before = self._chance.choice(self._runs)
                run = before.redriven() if kind == "redriven" else before.again()
            self._figures.counts[f"played: {kind}"] += 1
            task = self._write_slice if kind == "late slice" else self._live
            name = f"{number} {run.name}"
            tasks[name] = partial(task, name, run)
        self._turns.run(tasks)

    def _new_run(self) -> LakeRun:
        number = len(self._runs)
        if self._watch.commits and self._chance.random() < 0.15:
            return make_lake_run(f"{STRANGER}-{number}", ("2024-01",), seed="of other people")
        if_exists = "fail" if self._chance.random() < 0.1 else "replace"
        months = self._chance.choice(MONTHS)
        self._runs.append(make_lake_run(f"run-{number}", months, if_exists=if_exists))
        return self._runs[-1]

    def _live(self, name: str, run: LakeRun) -> None:
        """Make attempts at a run, until one is the last."""
        while True:
            over = run.attempt(self._process(name))
            if run.outcome == "dead" and self._chance.random() < 0.5:
                run.is_planned = False
                continue
            if over:
                return self._check_end(run)

    def _write_slice(self, name: str, run: LakeRun) -> None:
        """Write the files of a slice, whatever has become of the run."""
        bucket = bucket_of(self._process(name))
        try:
            run.make_slice(self._chance.choice(SLICES), bucket)
        except (Dead, ClientError, AccidentalTransfersError):
            self._figures.counts["late slices that failed"] += 1

    def _process(self, name: str) -> Process:
        common = (self._s3, partial(self._step, name), self._late)
        if not self._has_faults or self._chance.random() < 0.4:
            return Process(*common)
        if self._chance.random() < 0.5:
            return Process(*common, a_fault(self._chance, MOST_LAKE_REQUESTS))
        return Publisher(*common, from_claim=a_fault(self._chance, MOST_FROM_CLAIM))

    def _step(self, name: str) -> None:
        self._turns.pause(name)
        if self._late and self._chance.random() < 0.05:
            self._land()
        self._expire(0.01)

    def _land(self) -> None:
        """Have S3 carry out a request of a dead process."""
        carry_out = self._late.pop(self._chance.randrange(len(self._late)))
        try:
            carry_out()
        except ClientError:
            self._figures.counts["late requests refused"] += 1
        else:
            self._figures.counts["late requests done"] += 1

    def _expire(self, probability: float) -> None:
        if self._chance.random() < probability:
            self._figures.counts["files that expired"] += self._s3.expire()

    def _check_end(self, run: LakeRun) -> None:
        """Hold what a run says against what it did."""
        self._figures.counts[f"ended with {run.outcome}"] += 1
        if run.outcome not in LAKE_OUTCOMES:
            self._violated(f"{run.name} ended with {run.outcome}")
        if run.name.startswith(STRANGER):
            self._check_stranger(run)
        elif run.outcome == "success":
            self._check_success(run)
        elif run.outcome == "dead" and not self._has_faults:
            self._violated(f"{run.name} died of nothing")

    def _check_stranger(self, run: LakeRun) -> None:
        if run.outcome not in ("OutputExistsError", "dead"):
            self._violated(f"{run.name}, of other people, ended with {run.outcome}")
        if {run.name} & {*self._watch.commits, *self._watch.manifests}:
            self._violated(f"{run.name}, of other people, changed the lake")

    def _check_success(self, run: LakeRun) -> None:
        commits = self._watch.commits
        if run.name not in commits:
            self._violated(f"{run.name} said success and never committed")
            return
        last = len(commits) - 1 - commits[::-1].index(run.name)
        # Who put a manifest and died owns its months as well, since the next manifest keeps them.
        later = {*commits[last + 1 :], *self._watch.manifests_after(run.name)}
        for month in run.months:
            owner = self._watch.owner(month)
            if owner != run.name and owner not in later:
                self._violated(f"{run.name} said success, and {month} is of {owner}")

    def _end(self) -> None:
        """See that the next run repairs whatever was left, and that all the rest is swept."""
        while self._late:
            self._land()
        self._s3.today += 2
        self._figures.counts["ended torn"] += register(self._s3)["publishing"] is not None
        run = make_lake_run("the-last", self._chance.choice(MONTHS))
        over = False
        while not over:
            over = run.attempt(Process(self._s3))
        if run.outcome != "success":
            self._violated(f"the last run ended with {run.outcome}")
        self._check_success(run)
        unnamed = self._watch.unnamed()
        self._figures.counts["files that expired"] += self._s3.expire()
        left = unnamed & set(self._s3.files())
        if left:
            self._violated(f"{sorted(left)} are named by nobody, and stay")

    def _check_write(self) -> None:
        self._figures.counts["writes checked"] += 1
        for found in self._watch.look():
            self._figures.counts["lakes harmed"] += 1
            self._violated(found)

    def _violated(self, what: str) -> None:
        self._figures.violations.append(f"lake schedule {self._seed}: {what}")
