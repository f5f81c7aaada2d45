"""The campaigns of faults: strike a handler, then judge how it ended and what it left."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.campaign.faults import Fault, Moment, Wire, possible_faults, rare_calls
from tests.campaign.figures import Figures, Violation
from tests.campaign.judging import (
    BOUNDED,
    CONVERGES,
    ELSEWHERE,
    FREE,
    NAMED,
    RIGHT,
    TIDY,
    WHOLE,
    Found,
    changed,
    is_own,
    judge_outcome,
)
from tests.campaign.readers import TornSetError, whose
from tests.campaign.scenarios import NEXT, RUN, Scenario, wrong_set
from tests.campaign.telling import Fingerprint, fingerprint
from tests.campaign.world import Outcome, World, invoke
from tests.pipeline.support import OUTPUT

Judged = dict[tuple[Fingerprint, bool, str | None], list[Found]]
"""By what stands there, whether the handler succeeded, and whose set a reader finds."""


def exhaustive(scenario: Scenario) -> list[tuple[Fault, ...]]:
    """Every fault alone."""
    return [(fault,) for fault in possible_faults(scenario.calls)]


def random_plans(scenario: Scenario, count: int) -> list[tuple[Fault, ...]]:
    """Plans of two to five faults, also at what is only asked after something failed."""
    draw = random.Random(scenario.name)
    faults = list(possible_faults([*scenario.calls, *rare_calls(scenario.calls)]))
    return [tuple(draw.sample(faults, draw.randint(2, 5))) for _ in range(count)]


def strike(world: World, scenario: Scenario, plans: Sequence[tuple[Fault, ...]]) -> Figures:
    """Run a handler under each plan of faults, and judge."""
    figures = Figures()
    judged: Judged = {}
    for faults in plans:
        case = Case(world, scenario, faults, judged)
        found = [Violation(*each, str(case)) for each in case.violations()]
        figures.add(calls=case.calls, faults=case.faults_struck, violations=found)
    return figures


PROMISES = (NAMED, BOUNDED, RIGHT, WHOLE, TIDY, ELSEWHERE, CONVERGES, FREE)


@dataclass
class Case:
    """A handler and the faults that are to strike it.

    Attributes
    ----------
    judged : dict
        What came after the states that other cases left: the same comes after the same state.
    """

    world: World
    scenario: Scenario
    faults: tuple[Fault, ...]
    judged: Judged
    calls: int = 0
    faults_struck: int = 0

    def __str__(self) -> str:
        return f"{self.scenario.name}: {'; '.join(map(str, self.faults))}"

    def violations(self) -> Iterator[Found]:
        """Run it; give each invariant that does not hold, and what was found instead."""
        world, scenario = self.world, self.scenario
        world.restore(scenario.before)
        before = world.versions()
        with Wire(self.faults).installed() as wire:
            outcome = scenario.invoke()
        self.calls, self.faults_struck = len(wire.calls), len(wire.struck)

        yield from judge_outcome(outcome)
        yield from self._judge_bucket(outcome, before)
        yield from ((TIDY, key) for key in _left_open(world, wire.struck))
        state = fingerprint(world), outcome.succeeded, _whose(world)
        if state not in self.judged:
            self.judged[state] = list(self._judge_what_follows(outcome))
        yield from self.judged[state]

    def _judge_bucket(self, outcome: Outcome, before: dict[str, str]) -> Iterator[Found]:
        touched = sorted(changed(before, self.world.versions()))
        yield from ((ELSEWHERE, key) for key in touched if not is_own(key, RUN))
        if outcome.succeeded:
            yield from ((RIGHT, wrong) for wrong in self.scenario.wrong_after_success(self.world))
            return
        try:
            found = whose(self.world, OUTPUT)
        except TornSetError as error:
            yield WHOLE, str(error)
            return
        if found not in (self.scenario.standing, RUN):
            yield WHOLE, f"the set is that of {found}"

    def _judge_what_follows(self, outcome: Outcome) -> Iterator[Found]:
        after = self.world.save()
        yield from self._judge_repeat()
        if not outcome.succeeded and self.scenario.publishes:
            self.world.restore(after)
            yield from self._judge_next_run()

    def _judge_repeat(self) -> Iterator[Found]:
        before = self.world.open_uploads()
        again = self.scenario.invoke()
        if not again.succeeded:
            yield CONVERGES, str(again)
            return
        yield from ((CONVERGES, wrong) for wrong in self.scenario.wrong_after_success(self.world))
        if Counter(self.world.open_uploads()) - Counter(before):
            yield TIDY, "the repeat left another upload open"

    def _judge_next_run(self) -> Iterator[Found]:
        """Publish another run, which only a whole set may keep away, where it must not replace."""
        spec = {**self.scenario.spec, "seed": "next"}
        was_published = not list(wrong_set(self.world, RUN, self.scenario.spec))
        if was_published and spec["if_exists"] == "fail":
            return
        join = self.world.join_of(NEXT)
        steps = [("Plan", {"run": NEXT, "spec": spec}), ("ConcatenateParts", join)]
        for state, event in steps:
            outcome = invoke(state, event)
            if not outcome.succeeded:
                yield FREE, f"{state} of the next run: {outcome}"
                return
        yield from ((FREE, wrong) for wrong in wrong_set(self.world, NEXT, spec))


def _whose(world: World) -> str | None:
    try:
        return whose(world, OUTPUT)
    except TornSetError as error:
        return f"torn: {error}"


def _left_open(world: World, struck: Sequence[Fault]) -> Iterator[str]:
    """Name the uploads that nobody could not have aborted.

    An upload whose opening was answered by an error has no id, and of one whose abort failed only
    the bucket's lifecycle can rid it.
    """
    excused = {
        fault.call.target
        for fault in struck
        if fault.call.operation == "AbortMultipartUpload"
        or (fault.call.operation == "CreateMultipartUpload" and fault.moment is Moment.AFTER)
    }
    for key in world.open_uploads():
        if not any(key.startswith(target.removesuffix("joint")) for target in excused):
            yield f"of {key}"
