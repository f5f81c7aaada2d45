"""Whoever races at a lake, dies or expires: who follows the manifest sees one whole set."""

from collections.abc import Callable
from typing import Any

import pytest

from accidental_transfers.pipeline import concatenate_parts, settle, standing
from accidental_transfers.pipeline.lake import Lake
from accidental_transfers.pipeline.register import Register
from accidental_transfers.pipeline.streamed import StreamedObject
from tests.protocol.lake_schedules import run_lake_schedules, run_lake_schedules_over_moto

pytestmark = pytest.mark.slow

SAMPLE = 150
"""Schedules here; the campaign runs 1,000."""
SAMPLE_OVER_MOTO = 2
"""The campaign runs 60."""
CHUNK = 10
ENOUGH_TO_NOTICE = 300
"""Schedules in which each mutation shows."""


def test_no_schedule_harms_a_lake_or_ends_in_a_false_success() -> None:
    figures = run_lake_schedules(SAMPLE)
    assert figures.violations == []
    assert figures.counts["lakes harmed"] == 0
    # There were races, deaths and losers, files expired, and every write was looked at.
    assert figures.counts["schedules"] == SAMPLE
    assert figures.counts["writes checked"] > 50 * SAMPLE
    assert figures.counts["files that expired"] > 5 * SAMPLE
    assert figures.counts["late requests done"] > SAMPLE / 10
    for name in ("OutputExistsError", "success", "dead"):
        assert figures.counts[f"ended with {name}"] > SAMPLE / 20, name
    # Runs whose files expire, and that would go on.
    assert figures.counts["ended with UnknownRunError"] > 3


def test_no_schedule_over_the_emulator_does_either() -> None:
    figures = run_lake_schedules_over_moto(SAMPLE_OVER_MOTO)
    assert figures.violations == []
    assert figures.counts["ended with success"] >= SAMPLE_OVER_MOTO


def over(self: StreamedObject) -> Any:
    """Write over whatever stands there."""
    return self._appear({})


MUTATIONS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "the manifest forgets the months before": (Lake, "over", lambda lake, _: lake),
    "a slice that comes late writes over its file": (StreamedObject, "_written", over),
    "files are named that may expire": (
        concatenate_parts,
        "keep",
        lambda _plan, files, _bucket: list(files),
    ),
    "files are tagged whose run may still commit": (settle, "retire", lambda *_: True),
    "a run publishes whose files expire": (Register, "require_in_use", lambda *_: None),
    "other people's months are taken": (standing, "_require_same_people", lambda *_: None),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mutation_is_noticed(mutation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*MUTATIONS[mutation])
    chunks = (run_lake_schedules(CHUNK, seed) for seed in range(ENOUGH_TO_NOTICE // CHUNK))
    assert any(figures.violations for figures in chunks)


def test_a_lake_schedule_can_be_run_again() -> None:
    first, second = (run_lake_schedules(5, seed=5) for _ in range(2))
    assert first.counts == second.counts
