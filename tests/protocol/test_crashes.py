"""A run may die at any of its requests: the next one completes or replaces what it left."""

from collections.abc import Iterator

import pytest

from tests.protocol.crashes import (
    CLAIM,
    Aftermath,
    Crash,
    carry_out,
    carry_out_two,
    every_crash,
    every_two_crashes,
    requests_of_a_run,
)
from tests.protocol.runs import quick

pytestmark = pytest.mark.slow

REQUESTS = 27
"""Of an undisturbed run: a look (7), four files (4 each), claim, card, manifest and commit."""
TORN = 200


@pytest.fixture(scope="module")
def carried_out() -> Iterator[list[tuple[Crash, Aftermath]]]:
    with quick():
        yield [(crash, carry_out(crash)) for crash in every_crash(requests_of_a_run())]


def test_the_crashes_are_at_every_request() -> None:
    with quick():
        assert requests_of_a_run() == REQUESTS


def test_no_crash_leaves_a_mixture_once_the_next_run_is_done(
    carried_out: list[tuple[Crash, Aftermath]],
) -> None:
    assert [(crash, after) for crash, after in carried_out if after.wrong] == []


def test_every_torn_set_is_repaired(carried_out: list[tuple[Crash, Aftermath]]) -> None:
    torn = [(crash, after) for crash, after in carried_out if after.was_torn]
    with_fail = [
        crash for crash, _ in torn if crash.following == "fail" and crash.over != "nothing"
    ]
    assert len(torn) >= TORN
    assert len(with_fail) >= TORN / 4
    for crash, after in torn:
        expected = "dead" if crash.following == "itself" else "next"
        assert (after.outcome, after.published_by) == ("success", expected), crash


def test_a_set_that_a_dead_run_had_not_touched_still_stands(
    carried_out: list[tuple[Crash, Aftermath]],
) -> None:
    untouched = [
        after
        for crash, after in carried_out
        if crash.over != "nothing" and crash.following == "fail" and not after.had_begun
    ]
    assert len(untouched) > 100
    assert {after.outcome for after in untouched} == {"OutputExistsError"}


def test_what_a_dead_run_had_sent_does_not_mix_with_what_came_after_it() -> None:
    with quick():
        ends = [(two, carry_out_two(two)) for two in every_two_crashes(CLAIM, REQUESTS)]
    assert len(ends) == 768
    assert [(two, after) for two, after in ends if after.wrong] == []
    # A run that had committed before it died, as far as the register tells, has nothing to do.
    assert {after.outcome for _, after in ends} == {"success"}
