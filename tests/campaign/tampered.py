"""The campaign of tampered states: refused by name before anything is published, or harmless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.campaign.faults import Wire
from tests.campaign.figures import Figures, Violation
from tests.campaign.judging import BOUNDED, NAMED, Found, judge_outcome
from tests.campaign.scenarios import RUN, Scenario
from tests.campaign.tampering import Tampering
from tests.campaign.world import World, invoke

REFUSED = "what is spoilt is refused by name before anything is published, or is harmless"
PROMISES = (NAMED, BOUNDED, REFUSED)


def tamper(world: World, join: Scenario, ways: Sequence[Tampering]) -> Figures:
    """Spoil a run that is made in each way, and go on with it."""
    figures = Figures()
    for way in ways:
        world.restore(join.before)
        way.spoil(world)
        with Wire().installed() as wire:
            found = [
                Violation(*each, f"{join.name}, {way}") for each in _violations(world, join, way)
            ]
        figures.add(calls=len(wire.calls), violations=found)
    return figures


def _violations(world: World, join: Scenario, way: Tampering) -> Iterator[Found]:
    if way.target in ("plan", "items"):
        yield from _make_again(world)
    before = world.versions()
    outcome = join.invoke()
    yield from judge_outcome(outcome)
    if outcome.succeeded:
        yield from ((REFUSED, wrong) for wrong in join.wrong_at_the_output(world))
        return
    published = {key for key in join.published if before.get(key) != world.versions().get(key)}
    yield from ((REFUSED, f"{key} was published") for key in sorted(published))


def _make_again(world: World) -> Iterator[Found]:
    """Do what the Map does: send each item to GenerateSlice, up to the first that fails."""
    for task in world.slice_tasks(RUN):
        outcome = invoke("GenerateSlice", task)
        yield from judge_outcome(outcome)
        if not outcome.succeeded:
            return
