"""The campaigns of `tests/protocol`: publishing alone, raced and killed at each of its requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.campaign.campaigns import Choice
from tests.campaign.figures import Figures, Violation
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
from tests.protocol.lake_crashes import (
    LakeAftermath,
    LakeCrash,
    carry_out_lake,
    every_lake_crash,
    requests_of_a_lake_run,
)
from tests.protocol.lake_runs import quick_lake
from tests.protocol.lake_schedules import run_lake_schedules, run_lake_schedules_over_moto
from tests.protocol.runs import quick
from tests.protocol.schedules import Figures as ScheduleFigures
from tests.protocol.schedules import run_schedules, run_schedules_over_moto

OVER_THE_MODEL = 10_000
OVER_MOTO = 300
LAKES_OVER_THE_MODEL = 1_000
LAKES_OVER_MOTO = 60

UNMIXED = "no schedule and no crash leaves a mixture, or a success that was not"
REPAIRED = "a torn set is repaired by the next run"
UNHARMED = "whoever follows a lake's manifest sees one whole set, and no success was none"


def _schedules(
    run: Callable[[int, int], ScheduleFigures], choose: Choice, count: int, promise: str = UNMIXED
) -> Figures:
    numbers = choose(range(count))
    found = run(len(numbers), numbers[0])
    return Figures(
        cases=found.counts["schedules"],
        calls=found.counts["requests"],
        violations=[Violation(promise, each, f"seed {numbers[0]}") for each in found.violations],
        notes=found.counts,
    )


def _crashes(choose: Choice) -> Figures:
    figures = Figures()
    with quick():
        for crash in choose(list(every_crash(requests_of_a_run()))):
            after = carry_out(crash)
            figures.notes["torn sets that crashes left"] += after.was_torn
            found = [Violation(*each, str(crash)) for each in _wrong(crash, after)]
            figures.add(calls=0, faults=1, violations=found)
    return figures


def _wrong(crash: Crash, after: Aftermath) -> Iterator[tuple[str, str]]:
    yield from ((UNMIXED, each) for each in after.wrong)
    publisher = "dead" if crash.following == "itself" else "next"
    if after.was_torn and (after.outcome, after.published_by) != ("success", publisher):
        yield REPAIRED, f"{after.outcome}, published by {after.published_by}"


def _two_crashes(choose: Choice) -> Figures:
    figures = Figures()
    with quick():
        requests = requests_of_a_run()
        for crashes in choose(list(every_two_crashes(CLAIM, requests))):
            after = carry_out_two(crashes)
            found = [Violation(UNMIXED, each, str(crashes)) for each in after.wrong]
            if after.outcome != "success":
                found.append(Violation(REPAIRED, after.outcome, str(crashes)))
            figures.add(calls=0, faults=2, violations=found)
    return figures


def _lake_crashes(choose: Choice) -> Figures:
    figures = Figures()
    with quick_lake():
        for crash in choose(list(every_lake_crash(requests_of_a_lake_run()))):
            found = [
                Violation(*each, str(crash)) for each in _wrong_lake(crash, carry_out_lake(crash))
            ]
            figures.add(calls=0, faults=1, violations=found)
    return figures


def _wrong_lake(crash: LakeCrash, after: LakeAftermath) -> Iterator[tuple[str, str]]:
    yield from ((UNHARMED, each) for each in after.wrong)
    if (after.outcome, after.owners["2024-02"]) != ("success", crash.next_run):
        yield REPAIRED, f"{after.outcome}, published by {after.owners}"


PROTOCOL: Mapping[str, Callable[[Choice], Figures]] = {
    "protocol: crashes": _crashes,
    "protocol: two crashes": _two_crashes,
    "protocol: schedules over the model": lambda choose: _schedules(
        run_schedules, choose, OVER_THE_MODEL
    ),
    "protocol: schedules over moto": lambda choose: _schedules(
        run_schedules_over_moto, choose, OVER_MOTO
    ),
    "protocol: lake crashes": _lake_crashes,
    "protocol: lake schedules over the model": lambda choose: _schedules(
        run_lake_schedules, choose, LAKES_OVER_THE_MODEL, UNHARMED
    ),
    "protocol: lake schedules over moto": lambda choose: _schedules(
        run_lake_schedules_over_moto, choose, LAKES_OVER_MOTO, UNHARMED
    ),
}
