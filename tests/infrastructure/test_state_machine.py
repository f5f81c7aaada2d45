"""The state machine's definition: valid as a file, patient only with what passes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from statelint.linter import Linter

from accidental_transfers import errors
from accidental_transfers.local.deployment import ROOT, STATE_MACHINE

# These are AWS's additions to the language, and the linter knows the language alone.
# https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
UNKNOWN_TO_THE_LINTER = {
    'Field "InputType" not allowed in State Machine.States.GenerateSlices.ItemReader.ReaderConfig'
}
DEFINITION: dict[str, Any] = json.loads(STATE_MACHINE.read_text())
PLATFORM_PREFIXES = ("Lambda.", "States.", "Sandbox.")


def states(machine: dict[str, Any] = DEFINITION) -> Iterator[tuple[str, dict[str, Any]]]:
    """All states by their names, those of the Map's children as well."""
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


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
        assert task["Parameters"]["FunctionName"] == f"${{{name}Function}}"
        words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
        assert (ROOT / "events" / f"{words[1:]}.json").exists()
        file = f"{words[1:].replace('-', '_')}.py"
        assert (ROOT / "src" / "accidental_transfers" / "pipeline" / file).exists()


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_retried_with_full_jitter_and_never_waits_for_ever(
    name: str, resources: dict[str, Any]
) -> None:
    task = TASKS[name]
    (retry,) = task["Retry"]
    assert retry["JitterStrategy"] == "FULL"
    assert 1 <= retry["MaxAttempts"] <= 10
    assert retry["MaxDelaySeconds"] <= 60
    # The function ends by itself before the state gives it up.
    assert task["TimeoutSeconds"] > resources[f"{name}Function"]["Properties"]["Timeout"]


def test_two_attempts_of_a_slice_fit_an_express_child() -> None:
    assert 2 * TASKS["GenerateSlice"]["TimeoutSeconds"] <= 300


@pytest.mark.parametrize("name", TASKS)
def test_only_what_is_transient_is_retried(name: str) -> None:
    (retry,) = TASKS[name]["Retry"]
    own = {error for error in retry["ErrorEquals"] if not error.startswith(PLATFORM_PREFIXES)}
    assert own == {errors.StorageUnavailableError.__name__}
    final = {errors.SpecError.__name__, "States.ALL", "States.TaskFailed"}
    assert final.isdisjoint(retry["ErrorEquals"])


def test_every_failure_of_a_state_ends_in_the_named_one() -> None:
    for name, state in DEFINITION["States"].items():
        if state["Type"] in {"Task", "Map"}:
            *_, last = state["Catch"]
            assert last["ErrorEquals"] == ["States.ALL"], name
            assert last["Next"] == "IsCauseJson", name
    failures = [name for name, state in states() if state["Type"] == "Fail"]
    assert failures == ["DatasetFailed"]


def test_one_failed_slice_fails_the_map_and_the_join_names_it() -> None:
    distributed = DEFINITION["States"]["GenerateSlices"]
    assert distributed["ToleratedFailureCount"] == 0
    assert distributed["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    first, _ = distributed["Catch"]
    assert first["ErrorEquals"] == ["States.ExceedToleratedFailureThreshold"]
    assert first["Next"] == "ConcatenateParts"
