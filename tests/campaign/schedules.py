"""The campaign of schedules: executions, repeated joins and zombies of two runs, interleaved."""

from __future__ import annotations

import random
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.campaign.figures import Figures, Violation
from tests.campaign.judging import (
    BOUNDED,
    ELSEWHERE,
    NAMED,
    TIDY,
    Found,
    changed,
    is_own,
    judge_outcome,
)
from tests.campaign.readers import TornSetError, register_of, texts_of, whose
from tests.campaign.scenarios import NEXT, RUN, Scenario, oracle
from tests.campaign.stage import perform
from tests.campaign.world import Outcome, World, invoke_as_often
from tests.pipeline.support import OUTPUT

SCHEDULES = 1_000

ONE_SET = "what stands is the set of one run, whole"
WINNER = "what stands is the set of a run that succeeded"
OWN = "who is told success asked for what was published"
ONE_WINNER = "where nothing may be replaced, one run succeeds"

PROMISES = (NAMED, BOUNDED, ONE_SET, WINNER, OWN, ONE_WINNER, TIDY, ELSEWHERE)

Spec = Mapping[str, Any]


@dataclass
class Play:
    """An execution from some state on, or a late handler of one, and how its steps ended.

    Attributes
    ----------
    spec : mapping
        What the run was asked for.
    plans, joins : bool
        Whether it begins with Plan, and ends with ConcatenateParts.
    tasks : sequence
        The slices that it makes, where it does not plan.
    """

    world: World
    run: str
    spec: Spec
    plans: bool = False
    tasks: Sequence[dict[str, Any]] = ()
    joins: bool = True
    outcomes: list[Outcome] = field(default_factory=list)
    published: dict[str, Any] | None = None
    was_killed: bool = False

    def __post_init__(self) -> None:
        self._join = self.world.join_of(self.run)

    def __call__(self) -> None:
        """Play: a failure of Plan ends it, that of a slice leads to the join."""
        if self.plans and not self._plan():
            return
        for task in self.world.slice_tasks(self.run) if self.plans else self.tasks:
            if not self._do("GenerateSlice", task):
                break
        if self.joins and self._do("ConcatenateParts", self._join):
            self.published = self.outcomes[-1].answer

    def _plan(self) -> bool:
        succeeded = self._do("Plan", {"run": self.run, "spec": self.spec})
        answer = self.outcomes[-1].answer
        self._join = {"run": self.run, "plan": answer and answer["digest"]}
        return succeeded

    def _do(self, state: str, event: Mapping[str, Any]) -> bool:
        self.outcomes.extend(invoke_as_often(state, dict(event)))
        return self.outcomes[-1].succeeded


def interleave(world: World, join: Scenario, numbers: Sequence[int]) -> Figures:
    """Play the schedules of these numbers, from the moment at which a run is to be joined."""
    figures = Figures()
    for number in numbers:
        world.restore(join.before)
        stood = world.versions()
        draw = random.Random(f"{join.name}, schedule {number}")
        plays = _cast(world, join.spec, draw)
        calls, killed = perform(plays, draw)
        if killed:
            plays[killed].was_killed = True
        case = f"{join.name}, schedule {number}: {', '.join(plays)}; killed: {killed}"
        found = [Violation(*each, case) for each in _violations(world, join, stood, plays)]
        figures.add(calls=len(calls), violations=found)
    return figures


def _cast(world: World, spec: Spec, draw: random.Random) -> dict[str, Play]:
    """Draw two to four who play at the same time."""
    nexts = {**spec, "seed": "next"}
    zombie = draw.choice(world.slice_tasks(RUN))
    everybody = {
        "a join": Play(world, RUN, spec),
        "the same join again": Play(world, RUN, spec),
        "another run's join": Play(world, NEXT, nexts),
        "another run's execution": Play(world, NEXT, nexts, plans=True),
        "an execution of the same name": Play(world, RUN, {**spec, "seed": 290}, plans=True),
        "the same execution again": Play(world, RUN, spec, plans=True),
        "a zombie slice": Play(world, RUN, spec, tasks=[zombie], joins=False),
    }
    names = draw.sample(sorted(everybody), draw.randint(2, 4))
    return {name: everybody[name] for name in names}


def _violations(
    world: World, join: Scenario, stood: Mapping[str, str], plays: Mapping[str, Play]
) -> Iterator[Found]:
    for play in plays.values():
        for outcome in play.outcomes:
            yield from judge_outcome(outcome)
    succeeded = {play.run: play for play in plays.values() if play.published}
    if join.standing is None and len(succeeded) > 1:
        yield ONE_WINNER, f"{' and '.join(succeeded)} did"
    yield from _wrong_set(world, join, plays.values())
    yield from ((OWN, name) for name, play in plays.items() if not _is_its_own(play))
    if not any(play.was_killed for play in plays.values()):
        yield from ((TIDY, f"of {key}") for key in world.open_uploads())
    for key in changed(stood, world.versions()):
        if not (is_own(key, RUN) or is_own(key, NEXT)):
            yield ELSEWHERE, key


def _wrong_set(world: World, join: Scenario, plays: Collection[Play]) -> Iterator[Found]:
    try:
        found = whose(world, OUTPUT)
    except TornSetError as error:
        yield ONE_SET, str(error)
        return
    succeeded = {play.run for play in plays if play.published}
    killed = {play.run for play in plays if play.was_killed}
    allowed: set[str | None] = {*killed, *(succeeded or [join.standing])}
    if killed and register_of(world, OUTPUT)["publishing"] in killed:
        # It died after it took over from one that had put its manifest: torn, as the register says.
        allowed |= {play.run for play in plays}
    if found not in allowed:
        yield WINNER, f"it is that of {found}; {' and '.join(succeeded) or 'nobody'} succeeded"
        return
    asked = [oracle(play.spec) for play in plays if play.run == found]
    if found != join.standing and texts_of(world, OUTPUT) not in asked:
        yield ONE_SET, "its files are not what the library writes"


def _is_its_own(play: Play) -> bool:
    """Tell whether a success is of what was asked for."""
    if play.published is None:
        return True
    dataset = oracle(play.spec)["dataset"]
    told = (play.published["key"], play.published["crc32"])
    return told == (OUTPUT, f"{zlib.crc32(dataset):08x}")
