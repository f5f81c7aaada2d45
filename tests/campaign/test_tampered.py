"""What somebody spoilt is refused by name before anything is published, or does no harm."""

from typing import Any

import pytest

from accidental_transfers.spec.files import CSV_FILES
from tests.campaign.scenarios import Scenario
from tests.campaign.tampered import tamper
from tests.campaign.tampering import Tampering, tamperings
from tests.campaign.world import World

TRUSTED = "a plan is believed whatever run it names, and a receipt whatever it counts"
PIECEMEAL = "the files are published one after the other, and the first are new by then"
OUTPUTS = [f"data/synthetic_transactions_labeled.{ending}" for ending in (
    "accidents.csv", "customers.csv", "outcomes.csv", "html", "manifest.json",
)]  # fmt: skip
NOT_YET = {
    **dict.fromkeys([
        "plan: another run's", "plan: another seed", "plan: another last day",
        "plan: more customers", "plan: a slice twice",
        "receipt: another slice's statistics", "receipt: statistics of nothing",
        *(f"receipt: {way} of {file}" for file in CSV_FILES
          for way in ("a row more", "a row less", "10^30 rows")),
    ], TRUSTED),
    **dict.fromkeys([
        *(f"output: a stranger's {key}" for key in OUTPUTS),
        *(f"output: {key} in the run's name" for key in OUTPUTS),
    ], PIECEMEAL),
}  # fmt: skip
"""What is published all the same, and why."""


def expected(way: Tampering) -> Any:
    why = NOT_YET.get(str(way))
    marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
    return pytest.param(way, marks=marks, id=str(way))


def test_there_are_as_many_as_were_asked_for() -> None:
    names = [str(way) for way in tamperings()]
    assert len(names) == len(set(names)) >= 120


@pytest.mark.slow
@pytest.mark.parametrize("way", [expected(way) for way in tamperings()])
def test_a_spoilt_state_is_refused_or_harmless(
    world: World, scenarios: dict[str, Scenario], way: Tampering
) -> None:
    figures = tamper(world, scenarios["ConcatenateParts, only new"], [way])
    assert not figures.violations
