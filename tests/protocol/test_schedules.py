"""Whoever races at an output key: what is there is one run's, and who says success is that run."""

import pytest

from tests.protocol.s3_model import CONDITIONS
from tests.protocol.schedules import run_schedules, run_schedules_over_moto

pytestmark = pytest.mark.slow

SAMPLE = 500
"""Schedules here; the campaign runs 10,000."""
SAMPLE_OVER_MOTO = 12
"""The campaign runs 300."""
CHUNK = 50
ENOUGH_TO_NOTICE = 1_500
"""Schedules in which each condition that is left out shows; the rarest may take hundreds."""


def test_no_schedule_ends_in_a_mixture_or_a_false_success() -> None:
    figures = run_schedules(SAMPLE)
    assert figures.violations == []
    assert figures.counts["mixtures"] == 0
    # It was a race, with deaths, losers and winners, and every write was looked at.
    assert figures.counts["schedules"] == SAMPLE
    assert figures.counts["writes checked"] > 20 * SAMPLE
    for name in ("OutputContestedError", "OutputExistsError", "success", "dead"):
        assert figures.counts[f"ended with {name}"] > SAMPLE / 20, name
    assert figures.counts["schedules with fail alone"] > SAMPLE / 4


def test_no_schedule_over_the_emulator_does_either() -> None:
    figures = run_schedules_over_moto(SAMPLE_OVER_MOTO)
    assert figures.violations == []
    assert figures.counts["ended with success"] >= SAMPLE_OVER_MOTO / 2


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_that_is_left_out_is_noticed(condition: str) -> None:
    without = frozenset({condition})
    chunks = (run_schedules(CHUNK, seed, without) for seed in range(ENOUGH_TO_NOTICE // CHUNK))
    assert any(figures.counts["mixtures"] > 0 for figures in chunks)


def test_a_schedule_can_be_run_again() -> None:
    first, second = (run_schedules(20, seed=5) for _ in range(2))
    assert first.counts == second.counts
