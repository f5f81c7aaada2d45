"""Schedules of runs at one output key: who goes on when, what dies where, drawn from a seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from tests.protocol.invariants import KEYS, mixtures, register
from tests.protocol.moto_s3 import moto_s3
from tests.protocol.runs import OUTCOMES, Process, Run, a_fault, make_run, quick
from tests.protocol.s3_model import S3, S3Model
from tests.protocol.turns import Turns

MOST_REQUESTS = 32
"""Of one attempt."""


@dataclass
class Figures:
    """What schedules came to.

    Attributes
    ----------
    counts : Counter
        Schedules, requests, writes that were checked, runs by how they ended, and so on.
    violations : list of str
        What did not hold, with the seed of its schedule.
    """

    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{name:<28}{count:>10,}" for name, count in sorted(self.counts.items())]
        return "\n".join([*lines, f"{'violations':<28}{len(self.violations):>10,}"])


def run_schedules(count: int, seed: int = 0, without: frozenset[str] = frozenset()) -> Figures:
    """Run so many schedules over the model of S3.

    Parameters
    ----------
    without : frozenset of str
        Conditions that the model ignores: `tests.protocol.s3_model.CONDITIONS`.
    """
    figures = Figures()
    with quick():
        for number in range(count):
            s3 = S3Model(without, keeps_versions=number % 3 > 0)
            Schedule(s3, f"{seed}:{number}", figures).run()
    return figures


def run_schedules_over_moto(count: int, seed: int = 0) -> Figures:
    """Run so many schedules over moto's S3."""
    figures = Figures()
    with quick():
        for number in range(count):
            with moto_s3(keeps_versions=number % 3 > 0) as s3:
                Schedule(s3, f"{seed}:{number}", figures).run()
    return figures


class Schedule:
    """One schedule: what stood there, some runs at once, and one that comes after them."""

    def __init__(self, s3: S3, seed: str, figures: Figures) -> None:
        self._s3, self._seed, self._figures = s3, seed, figures
        self._chance = random.Random(seed)
        self._commits: dict[str, str] = {}
        s3.on_write = self._check_write
        self._late: list[Callable[[], Any]] = []
        self._has_faults = self._chance.random() < 0.6
        self._turns = Turns(self._chance, stays=self._chance.choice([0.5, 0.8, 0.9, 0.96]))
        self._texts = ["one", "one"] if self._chance.random() < 0.3 else ["one", "two", "three"]

    def run(self) -> None:
        """Run it, and note what did not hold."""
        self._prepare()
        before = set(self._commits)
        runs = self._race()
        self._check_ends(runs, {self._commits[nonce] for nonce in self._commits.keys() - before})
        self._repair()
        while self._late:
            self._land()
        self._figures.counts["schedules"] += 1
        self._figures.counts["requests"] += self._s3.requests

    def _prepare(self) -> None:
        """Put what stands there when the race begins, and say whether it counts."""
        kind = self._chance.choice(["nothing", "nothing", "a set", "a torn set", "no register"])
        self._figures.counts[f"began with {kind}"] += 1
        self._stood = kind in ("a set", "no register")
        if kind == "nothing":
            return
        before = make_run(self._s3, "before", "replace", self._texts[-1])
        before.attempt(self._process(None))
        if kind == "no register":
            self._s3.forget(KEYS.register)
        if kind == "a torn set":
            self._tear()

    def _tear(self) -> None:
        """Have a run die at some request; one that had completed nothing yet tears nothing."""
        torn = make_run(self._s3, "torn", "replace", "torn")
        where = self._chance.randint(9, MOST_REQUESTS)
        torn.attempt(self._process((where, "dies after")))
        dataset = self._s3.stands(KEYS.dataset)
        self._stood = dataset is None or dataset.metadata["run"] == "before"
        self._stood |= register(self._s3)["committed"] == "torn"

    def _race(self) -> list[Run]:
        """Let two or three attempts go on at once, some of them at the same run."""
        kinds = self._chance.choice([["fail"], ["replace"], ["fail", "replace"]])
        tasks: dict[str, Callable[[], None]] = {}
        runs: list[Run] = []
        for name in ("a", "b", "c")[: self._chance.choice([2, 2, 3])]:
            text = self._chance.choice(self._texts)
            runs.append(make_run(self._s3, name, self._chance.choice(kinds), text))
            tasks[name] = partial(self._live, name, runs[-1])
        if self._chance.random() < 0.3:
            twin = Run(runs[0].plan, runs[0].ledger)
            runs.append(twin)
            tasks["twin"] = partial(self._live, "twin", twin)
        self._turns.run(tasks)
        return runs

    def _live(self, name: str, run: Run) -> None:
        """Make attempts at a run, until one is the last."""
        while True:
            process = self._process(self._fault(), partial(self._step, name))
            over = run.attempt(process)
            if over and not (run.outcome == "dead" and self._chance.random() < 0.5):
                return

    def _process(
        self, fault: tuple[int, str] | None, pause: Callable[[], None] = lambda: None
    ) -> Process:
        return Process(self._s3, pause, self._late, fault)

    def _fault(self) -> tuple[int, str] | None:
        if self._has_faults and self._chance.random() < 0.5:
            return a_fault(self._chance, MOST_REQUESTS)
        return None

    def _step(self, name: str) -> None:
        self._turns.pause(name)
        if self._late and self._chance.random() < 0.1:
            self._land()

    def _land(self) -> None:
        """Have S3 carry out a request of a dead process."""
        carry_out = self._late.pop(self._chance.randrange(len(self._late)))
        try:
            carry_out()
        except ClientError:
            self._figures.counts["late requests refused"] += 1
        else:
            self._figures.counts["late requests done"] += 1

    def _check_ends(self, runs: list[Run], winners: set[str]) -> None:
        for run in runs:
            self._figures.counts[f"ended with {run.outcome}"] += 1
            if run.outcome not in OUTCOMES:
                self._violated(f"run {run.plan.run} ended with {run.outcome}")
            if run.outcome == "success" and run.plan.run not in winners:
                self._violated(f"run {run.plan.run} said success and never committed")
        if all(run.plan.spec.if_exists == "fail" for run in runs):
            self._check_winner(winners)
        elif not self._has_faults and not winners:
            self._violated("nobody died, and nobody won")

    def _check_winner(self, winners: set[str]) -> None:
        """With `fail` one run wins, and none where a set stood."""
        self._figures.counts["schedules with fail alone"] += 1
        if len(winners) > (0 if self._stood else 1):
            self._violated(f"with fail, {winners} all won")
        if not self._has_faults and not self._stood and not winners:
            self._violated("with fail, nobody died and nobody won")

    def _repair(self) -> None:
        """Whatever was left, the next run completes or replaces it, unless a set stands."""
        torn = register(self._s3)["publishing"] is not None
        if_exists = self._chance.choice(["fail", "replace"])
        following = make_run(self._s3, "next", if_exists, "next")
        following.attempt(self._process(None))
        self._figures.counts[f"next ended with {following.outcome}"] += 1
        if following.outcome == "success":
            self._figures.counts["torn sets repaired"] += torn
            if "next" not in self._commits.values():
                self._violated("the next run said success and never committed")
        elif if_exists == "replace" or following.outcome != "OutputExistsError":
            self._violated(f"the next run ended with {following.outcome}")

    def _check_write(self) -> None:
        self._figures.counts["writes checked"] += 1
        said = register(self._s3)
        if said["committed"] and said["publishing"] is None:
            self._commits[str(said["nonce"])] = said["committed"]
        for found in mixtures(self._s3):
            self._figures.counts["mixtures"] += 1
            self._violated(f"mixture: {found}")

    def _violated(self, what: str) -> None:
        self._figures.violations.append(f"schedule {self._seed}: {what}")
