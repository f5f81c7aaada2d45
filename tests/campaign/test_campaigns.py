"""A sample of every campaign breaks no promise; `make campaign` tries every case."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.campaign import fault_cases, hostile, judging, schedules, tampered
from tests.campaign.campaigns import CAMPAIGNS, JOINS, sample
from tests.campaign.fault_cases import strike
from tests.campaign.faults import KINDS, Fault, Moment
from tests.campaign.figures import Figures, summary
from tests.campaign.scenarios import Scenario
from tests.campaign.world import World

SAMPLES = {"one fault": 6, "several faults": 1, "tampered": 3, "hostile": 60, "schedules": 2}
"""Cases of each campaign of a kind, and of several faults for each scenario."""
PROMISES = {
    "one fault": fault_cases.PROMISES,
    "several faults": fault_cases.PROMISES,
    "tampered": tampered.PROMISES,
    "hostile": hostile.PROMISES,
    "schedules": schedules.PROMISES,
}


def kind_of(name: str) -> str:
    return name.partition(":")[0]


@pytest.fixture(scope="module")
def figures(world: World, scenarios: dict[str, Scenario]) -> Callable[[str], Figures]:
    """The figures of a campaign's sample, which is run when it is first asked for."""

    @cache
    def of(name: str) -> Figures:
        return CAMPAIGNS[name](world, scenarios, sample(SAMPLES[kind_of(name)]))

    return of


def promised() -> list[Any]:
    """Every promise of every campaign."""
    return [
        pytest.param(name, promise, id=f"{name}: {promise}")
        for name in CAMPAIGNS
        for promise in PROMISES[kind_of(name)]
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "promise"), promised())
def test_a_sample_keeps_the_promise(
    figures: Callable[[str], Figures], name: str, promise: str
) -> None:
    broken = [each for each in figures(name).violations if each.invariant == promise]
    assert not broken, summary(broken)


PUBLISHING = [
    ("CompleteMultipartUpload", ".accidents.csv"),
    ("CompleteMultipartUpload", ".customers.csv"),
    ("CompleteMultipartUpload", ".outcomes.csv"),
    ("PutObject", ".html"),
    ("PutObject", ".manifest.json"),
]
"""The requests that publish, after the first one."""


@pytest.mark.slow
@pytest.mark.parametrize(("operation", "ending"), PUBLISHING)
@pytest.mark.parametrize("name", JOINS)
def test_a_refusal_while_a_set_is_published_leaves_no_mixture_and_nothing_in_the_way(
    world: World, scenarios: dict[str, Scenario], name: str, operation: str, ending: str
) -> None:
    refused = next(kind for kind in KINDS if str(kind) == "403 AccessDenied")
    (call,) = (
        each
        for each in scenarios[name].calls
        if each.operation == operation and each.target.endswith(f"labeled{ending}")
    )
    plan = (Fault(call, refused, Moment.BEFORE, sticky=False),)
    found = strike(world, scenarios[name], [plan]).violations
    assert not [each for each in found if each.invariant in (judging.WHOLE, judging.FREE)]
