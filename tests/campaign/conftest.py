"""A world for the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.campaign.scenarios import Scenario, scenarios_of
from tests.campaign.world import World, embedded_world


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with embedded_world() as made:
        yield made


@pytest.fixture(scope="module")
def scenarios(world: World) -> dict[str, Scenario]:
    return scenarios_of(world)
