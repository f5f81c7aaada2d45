"""A part that changes after it was proven is noticed where it is read, and named."""

from collections.abc import Callable

import pytest

from accidental_transfers.errors import DamagedPartError
from accidental_transfers.spec.files import CSV_FILES
from tests.campaign.faults import Call, Wire
from tests.campaign.scenarios import RUN, Scenario
from tests.campaign.world import World

pytestmark = pytest.mark.slow
PARTS = [f"runs/{RUN}/{file}/00000.csv" for file in CSV_FILES]
COPIED = f"runs/{RUN}/dataset/00001.csv", f"runs/{RUN}/dataset/00002.csv"


def changing(world: World, key: str, when: Callable[[Call], bool]) -> Callable[[Call], None]:
    """Overwrite a part once, by as many other bytes, just before a request."""
    left = [key]

    def meet(call: Call) -> None:
        if left and when(call):
            body = world.objects()[left.pop()].body
            world.put(key, bytes(byte ^ 1 for byte in body))

    return meet


@pytest.mark.parametrize("key", PARTS)
def test_a_part_that_changed_before_it_is_downloaded(
    world: World, scenarios: dict[str, Scenario], key: str
) -> None:
    join = scenarios["ConcatenateParts"]
    world.restore(join.before)
    meet = changing(world, key, lambda call: (call.operation, call.target) == ("GetObject", key))
    check_refusal(world, join, key, meet)


@pytest.mark.parametrize("key", COPIED, ids=["in a joint", "by itself"])
def test_a_part_that_changed_before_it_is_copied(
    world: World, scenarios: dict[str, Scenario], key: str
) -> None:
    join = scenarios["ConcatenateParts"]
    world.restore(join.before)
    meet = changing(world, key, lambda call: call.operation == "CreateMultipartUpload")
    check_refusal(world, join, key, meet)


def check_refusal(world: World, join: Scenario, key: str, meet: Callable[[Call], None]) -> None:
    outputs = {key: found.etag for key, found in world.objects("data/").items()}
    with Wire(meet=meet).installed():
        outcome = join.invoke()
    assert isinstance(outcome.error, DamagedPartError)
    assert f"{key} changed while it was joined" in str(outcome.error)
    assert {key: found.etag for key, found in world.objects("data/").items()} == outputs
    assert world.open_uploads() == []
