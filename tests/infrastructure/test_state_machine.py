"""The state machine's definition: valid as a file, patient only with what passes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from statelint.linter import Linter

from accidental_transfers import errors
from accidental_transfers.local.deployment import ROOT, STATE_MACHINE
from accidental_transfers.pipeline.failures import NOT_RESUMED, OF_PLATFORM, OWN, Retry
from accidental_transfers.pipeline.lake_slicing import MOST_SECONDS
from accidental_transfers.spec.files import FORMATS

# These are AWS's additions to the language, and the linter knows the language alone.
# https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
UNKNOWN_TO_THE_LINTER = {
    'Field "InputType" not allowed in State Machine.States.GenerateSlices.ItemReader.ReaderConfig'
}
DEFINITION: dict[str, Any] = json.loads(STATE_MACHINE.read_text())


def states(machine: dict[str, Any] = DEFINITION) -> Iterator[tuple[str, dict[str, Any]]]:
    """All states by their names, those of the Map's children as well."""
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


def functions_of(task: dict[str, Any]) -> list[str]:
    """What a task may invoke; those that make slices are chosen by the plan."""
    given = task["Parameters"]
    return [given["FunctionName"]] if "FunctionName" in given else chosen("function")


def timeouts_of(task: dict[str, Any]) -> list[int]:
    """Seconds after which a task is given up, in the order of its functions."""
    if "TimeoutSeconds" in task:
        return [task["TimeoutSeconds"]]
    return [int(seconds) for seconds in chosen("timeout")]


def chosen(name: str) -> list[str]:
    """Between which values the plan chooses for the Map's children: for CSV alone, for Parquet."""
    text = DEFINITION["States"]["GenerateSlices"]["ItemSelector"][f"{name}.$"]
    found = re.fullmatch(r"States.ArrayGetItem\(States.Array\((.*)\), \$.plan.function\)", text)
    assert found
    return [value.strip("'") for value in found[1].split(", ")]


TASKS = {name: state for name, state in states() if state["Type"] == "Task"}


def test_the_file_is_a_valid_state_machine_before_substitution() -> None:
    assert {problem.strip() for problem in Linter.validate(DEFINITION)} == UNKNOWN_TO_THE_LINTER


def test_every_substitution_is_given_by_the_template(resources: dict[str, Any]) -> None:
    text = STATE_MACHINE.read_text()
    given = resources["DatasetStateMachine"]["Properties"]["DefinitionSubstitutions"]
    used = {part.partition("}")[0] for part in text.split("${")[1:]}
    assert used == set(given)


def test_states_functions_files_and_events_carry_the_same_words() -> None:
    assert set(TASKS) == {"Plan", "GenerateSlice", "ConcatenateParts"}
    for name, task in TASKS.items():
        assert f"${{{name}Function}}" in functions_of(task)
        words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
        assert (ROOT / "events" / f"{words[1:]}.json").exists()
        file = f"{words[1:].replace('-', '_')}.py"
        assert (ROOT / "src" / "accidental_transfers" / "pipeline" / file).exists()


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_retried_with_full_jitter_and_never_waits_for_ever(
    name: str, resources: dict[str, Any]
) -> None:
    task = TASKS[name]
    for retry in task["Retry"]:
        assert retry["JitterStrategy"] == "FULL"
        assert 1 <= retry["MaxAttempts"] <= 10
        assert retry["MaxDelaySeconds"] <= 60
    # The function ends by itself before the state gives it up.
    for function, timeout in zip(functions_of(task), timeouts_of(task), strict=True):
        assert timeout > resources[function.strip("${}")]["Properties"]["Timeout"]


def test_two_attempts_of_a_slice_fit_an_express_child() -> None:
    of_csv, _ = timeouts_of(TASKS["GenerateSlice"])
    assert 2 * of_csv <= 300
    # One of Parquet is planned to take so long, at most, and has longer if it needs it.
    assert 2 * MOST_SECONDS["EXPRESS"] <= 300
    assert 2 * MOST_SECONDS["STANDARD"] <= 900


def test_the_plan_chooses_the_function_that_writes_its_formats() -> None:
    functions = ["${GenerateSliceFunction}", "${GenerateParquetFunction}"]
    assert functions_of(TASKS["GenerateSlice"]) == functions
    assert FORMATS == ("csv", "parquet")


@pytest.mark.parametrize("name", TASKS)
def test_the_retriers_of_a_task_are_the_table_of_failures(name: str) -> None:
    table = OF_PLATFORM | OWN
    retried = [set(retry["ErrorEquals"]) for retry in TASKS[name]["Retry"]]
    assert retried == [
        {error for error, how in table.items() if how is wanted}
        for wanted in (Retry.SOON, Retry.THROTTLED, Retry.ONCE)
    ]
    assert {error for error, how in OWN.items() if how is not Retry.NEVER} == {
        errors.StorageUnavailableError.__name__
    }


def longest_wait(retry: dict[str, Any]) -> float:
    """Seconds that a retrier waits at most, all its attempts together."""
    rate: float = retry.get("BackoffRate", 2.0)
    waits = (retry["IntervalSeconds"] * rate**n for n in range(retry["MaxAttempts"]))
    return float(sum(min(wait, retry["MaxDelaySeconds"]) for wait in waits))


@pytest.mark.parametrize("name", TASKS)
def test_throttling_is_tried_longer_and_more_slowly_and_a_killed_process_once(name: str) -> None:
    soon, throttled, once = TASKS[name]["Retry"]
    assert throttled["IntervalSeconds"] >= 2 * soon["IntervalSeconds"]
    assert longest_wait(throttled) > 2 * longest_wait(soon)
    assert once["MaxAttempts"] == 1


def test_a_throttled_slice_has_time_left_in_an_express_child() -> None:
    _, throttled, _ = TASKS["GenerateSlice"]["Retry"]
    assert longest_wait(throttled) <= 200


def test_every_failure_of_a_state_ends_in_the_named_one() -> None:
    for name, state in DEFINITION["States"].items():
        if state["Type"] in {"Task", "Map"}:
            *_, last = state["Catch"]
            assert last["ErrorEquals"] == ["States.ALL"], name
            assert last["Next"] == ("IsCauseJson" if name == "Plan" else "RememberRun"), name
    failures = [name for name, state in states() if state["Type"] == "Fail"]
    assert failures == ["DatasetFailed"]


def test_what_would_fail_again_in_the_same_way_is_not_told_how_to_resume() -> None:
    (rule,) = DEFINITION["States"]["CanBeResumed"]["Choices"]
    unplanned, *others = rule["Or"]
    assert unplanned == {"Variable": "$.resume", "IsPresent": False}
    named = {other["StringEquals"] for other in others}
    assert named == {error.__name__ for error in NOT_RESUMED}


def test_one_failed_slice_fails_the_map_and_the_join_names_it() -> None:
    distributed = DEFINITION["States"]["GenerateSlices"]
    assert distributed["ToleratedFailureCount"] == 0
    assert distributed["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    first, _ = distributed["Catch"]
    assert first["ErrorEquals"] == ["States.ExceedToleratedFailureThreshold"]
    assert first["Next"] == "ConcatenateParts"
