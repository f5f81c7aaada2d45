"""What somebody spoilt is refused by name before anything is published, or does no harm."""

import pytest

from tests.campaign.scenarios import Scenario
from tests.campaign.tampered import tamper
from tests.campaign.tampering import Tampering, tamperings
from tests.campaign.world import World


def test_there_are_as_many_as_were_asked_for() -> None:
    names = [str(way) for way in tamperings()]
    assert len(names) == len(set(names)) >= 120


@pytest.mark.slow
@pytest.mark.parametrize("way", tamperings(), ids=str)
def test_a_spoilt_state_is_refused_or_harmless(
    world: World, scenarios: dict[str, Scenario], way: Tampering
) -> None:
    figures = tamper(world, scenarios["ConcatenateParts, only new"], [way])
    assert not figures.violations
