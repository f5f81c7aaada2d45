"""The campaign of hostile inputs: an answer, or a named error of bounded length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accidental_transfers.pipeline.keys import RunKeys
from tests.campaign.faults import Wire
from tests.campaign.figures import Figures, Violation
from tests.campaign.hostile_inputs import hostile_event
from tests.campaign.judging import BOUNDED, ELSEWHERE, NAMED, changed, judge_outcome
from tests.campaign.world import State, World, invoke

INPUTS = 30_000
"""For each handler."""
PROMISES = (NAMED, BOUNDED, ELSEWHERE)


def bombard(world: World, before: State, state: str, numbers: Sequence[int]) -> Figures:
    """Send a handler the events of these numbers, where a run is planned but not made."""
    figures = Figures()
    world.restore(before)
    for number in numbers:
        with Wire().installed() as wire:
            found = [
                Violation(*each, f"hostile_event({state!r}, {number})")
                for each in _violations(world, state, number)
            ]
        figures.add(calls=len(wire.calls), violations=found)
        if any(call.writes for call in wire.calls):
            world.restore(before)
    return figures


def _violations(world: World, state: str, number: int) -> Iterator[tuple[str, str]]:
    before = world.versions()
    event = hostile_event(state, number)
    outcome = invoke(state, event)
    yield from judge_outcome(outcome)
    for key in changed(before, world.versions()):
        run = (outcome.answer or {}).get("run") or event["run"]
        if not (outcome.succeeded and key.startswith(RunKeys(run).prefix)):
            yield ELSEWHERE, key
