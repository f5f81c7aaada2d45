"""What every campaign asks of a handler, and of what it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accidental_transfers.pipeline.keys import OutputKeys, RunKeys
from tests.campaign.world import Outcome
from tests.pipeline.support import OUTPUT

NAMED = "a failure has a name of ours"
BOUNDED = "a message keeps to 2,000 characters"
RIGHT = "a success has the right bytes"
WHOLE = "after a failure the old set stands, or the new one, whole"
TIDY = "no upload stays open"
ELSEWHERE = "nothing is touched but the run's and the output's keys"
CONVERGES = "a repeat without faults succeeds, with the right bytes"
FREE = "what a failed run left does not block the next run"

MOST_CHARACTERS = 2_000

Found = tuple[str, str]
"""An invariant that does not hold, and what was found instead."""


def judge_outcome(outcome: Outcome) -> Iterator[Found]:
    """Look at how a handler ended."""
    if not outcome.succeeded and not outcome.is_named:
        yield NAMED, str(outcome)[:200]
    if len(str(outcome.error)) > MOST_CHARACTERS:
        yield BOUNDED, f"{len(str(outcome.error)):,} characters of {type(outcome.error).__name__}"


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The keys at which something else stands, or nothing any more."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def is_own(key: str, run: str) -> bool:
    """Tell whether a run may write a key: in its folder, or of the output."""
    output = OutputKeys(OUTPUT)
    return key.startswith(RunKeys(run).prefix) or key in {*output.objects, output.register}
