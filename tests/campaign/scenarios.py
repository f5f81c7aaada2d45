"""The moments at which faults strike: a handler, its event, what stood there, what must come."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from accidental_transfers.spec import JobSpec
from tests.campaign.faults import Call, Wire
from tests.campaign.readers import TornSetError, texts_of, whose
from tests.campaign.telling import told
from tests.campaign.world import TINY, Outcome, State, World, invoke, succeed
from tests.pipeline.support import OUTPUT, library_texts

RUN, OLD, NEXT = "r", "old", "next"
"""The run that faults strike, the one whose set stood there before, the one that comes after it."""
SPEC = {**TINY, "if_exists": "replace"}
NEW_ONLY = {**TINY, "if_exists": "fail"}
OLD_SPEC = {**TINY, "seed": 290}
ELSEWHERE = {**OLD_SPEC, "output_key": "data/elsewhere.csv"}

_OUTPUT = OutputKeys(OUTPUT)


@dataclass(frozen=True)
class Scenario:
    """A handler at work.

    Attributes
    ----------
    before : bytes
        All that S3 holds when it begins.
    standing : str or None
        The run whose set stands at the output.
    calls : tuple of Call
        The requests that it makes where nothing fails.
    wrote, published : mapping of str to bytes
        What it leaves in the run's folder and at the output where nothing fails.
    """

    name: str
    state: str
    event: Mapping[str, Any]
    spec: Mapping[str, Any]
    before: State
    standing: str | None
    calls: tuple[Call, ...]
    wrote: Mapping[str, bytes]
    published: Mapping[str, bytes]

    def invoke(self) -> Outcome:
        """Run the handler."""
        return invoke(self.state, dict(self.event))

    @property
    def publishes(self) -> bool:
        """Whether the output is written."""
        return self.state == "ConcatenateParts"

    def wrong_after_success(self, world: World) -> Iterator[str]:
        """Name what is not as it must be after a success."""
        found = world.objects(RunKeys(RUN).prefix)
        for key, body in self.wrote.items():
            if key not in found or found[key].body != body:
                yield f"{key} is not what it is without faults"
        if self.publishes:
            yield from self.wrong_at_the_output(world)

    def wrong_at_the_output(self, world: World) -> Iterator[str]:
        """Name what is not as it must be after the run was published."""
        yield from wrong_set(world, RUN, self.spec)
        for key in (_OUTPUT.card, _OUTPUT.manifest):
            found = world.find(key)
            if found is None or told(key, found.body) != told(key, self.published[key]):
                yield f"{key} is not what it is without faults"


def wrong_set(world: World, run: str, spec: Mapping[str, Any]) -> Iterator[str]:
    """Name what is not as it must be after a run was published."""
    try:
        found = whose(world, OUTPUT)
    except TornSetError as error:
        yield f"the set is torn: {error}"
        return
    if found != run:
        yield f"the set is that of {found}"
    elif texts_of(world, OUTPUT) != oracle(spec):
        yield "the files are not what the library writes"
    elif not card_is_the_set_s(world):
        yield "the card is another set's"


def card_is_the_set_s(world: World) -> bool:
    """Tell whether the card shows the checksum of the manifest's dataset."""
    manifest, card = world.find(_OUTPUT.manifest), world.find(_OUTPUT.card)
    if manifest is None or card is None:
        return False
    return json.loads(manifest.body)["crc32"].encode() in card.body


def oracle(spec: Mapping[str, Any]) -> dict[str, bytes]:
    """What the library writes of a specification."""
    return _library_texts(json.dumps(spec, sort_keys=True))


@cache
def _library_texts(spec: str) -> dict[str, bytes]:
    resolved = JobSpec.parse(json.loads(spec))
    return dict(library_texts(resolved, 1, resolved.customers, header=True))


def scenarios_of(world: World) -> dict[str, Scenario]:
    """Every handler by name, over an old set and where nothing may stand yet."""
    return {each.name: each for each in (*_over_an_old_set(world), *_where_nothing_stands(world))}


def _over_an_old_set(world: World) -> Iterator[Scenario]:
    empty = world.save()
    world.published("other", ELSEWHERE)
    world.published(OLD, OLD_SPEC)
    world.made(NEXT, {**SPEC, "seed": "next"})
    yield _scenario(world, "Plan", "Plan", {"run": RUN, "spec": SPEC}, OLD)
    succeed("Plan", {"run": RUN, "spec": SPEC})
    first = world.slice_tasks(RUN)[0]
    yield _scenario(world, "GenerateSlice", "GenerateSlice", first, OLD)
    for task in world.slice_tasks(RUN):
        succeed("GenerateSlice", task)
    yield _scenario(world, "ConcatenateParts", "ConcatenateParts", world.join_of(RUN), OLD)
    world.bucket.delete(RunKeys(RUN).receipt(1))
    resume = {"run": "resuming", "spec": {"resume": RUN}}
    yield _scenario(world, "Plan, resuming", "Plan", resume, OLD)
    world.restore(empty)


def _where_nothing_stands(world: World) -> Iterator[Scenario]:
    empty = world.save()
    world.published("other", ELSEWHERE)
    world.made(NEXT, {**NEW_ONLY, "seed": "next"})
    event = {"run": RUN, "spec": NEW_ONLY}
    yield _scenario(world, "Plan, only new", "Plan", event, None)
    world.made(RUN, NEW_ONLY)
    name = "ConcatenateParts, only new"
    yield _scenario(world, name, "ConcatenateParts", world.join_of(RUN), None)
    world.restore(empty)


def _scenario(
    world: World, name: str, state: str, event: dict[str, Any], standing: str | None
) -> Scenario:
    """Run a handler once without faults, to know what it asks and writes."""
    before = world.save()
    had = world.objects(RunKeys(RUN).prefix)
    with Wire().installed() as wire:
        succeed(state, event)
    has = world.objects(RunKeys(RUN).prefix)
    wrote = {key: found.body for key, found in has.items() if found != had.get(key)}
    published = {key: found.body for key, found in world.objects("data/").items()}
    world.restore(before)
    spec = SPEC if standing else NEW_ONLY
    calls = tuple(wire.calls)
    return Scenario(name, state, event, spec, before, standing, calls, wrote, published)
