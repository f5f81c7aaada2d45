"""All campaigns by name."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from tests.campaign.fault_cases import exhaustive, random_plans, strike
from tests.campaign.figures import Figures
from tests.campaign.hostile import INPUTS, bombard
from tests.campaign.scenarios import Scenario
from tests.campaign.schedules import SCHEDULES, interleave
from tests.campaign.tampered import tamper
from tests.campaign.tampered_lakes import lake_tamperings, spoil_lakes
from tests.campaign.tampering import tamperings
from tests.campaign.world import HANDLERS, World

Case = TypeVar("Case")

SCENARIOS = (
    "Plan",
    "Plan, only new",
    "Plan, resuming",
    "GenerateSlice",
    "ConcatenateParts",
    "ConcatenateParts, only new",
)
JOINS = SCENARIOS[4:]
PLANS = 1_000


class Choice(Protocol):
    """Chooses some of a campaign's cases."""

    def __call__(self, cases: Sequence[Case], /) -> Sequence[Case]:
        """Choose."""


Scenarios = Mapping[str, Scenario]
Campaign = Callable[[World, Scenarios, Choice], Figures]


def share(number: int, of: int) -> Choice:
    """Choose every so many."""
    return lambda cases: cases[number::of]


def sample(count: int) -> Choice:
    """Choose at random, the same in every run."""
    return lambda cases: random.Random(count).sample(cases, min(count, len(cases)))


def _one_fault(name: str) -> Campaign:
    return lambda world, scenarios, choose: strike(
        world, scenarios[name], choose(exhaustive(scenarios[name]))
    )


def _several_faults(world: World, scenarios: Scenarios, choose: Choice) -> Figures:
    figures = Figures()
    for scenario in scenarios.values():
        plans = random_plans(scenario, -(-PLANS // len(SCENARIOS)))
        figures += strike(world, scenario, choose(plans))
    return figures


def _tampered(name: str) -> Campaign:
    return lambda world, scenarios, choose: tamper(world, scenarios[name], choose(tamperings()))


def _hostile(state: str) -> Campaign:
    return lambda world, scenarios, choose: bombard(
        world, scenarios["GenerateSlice"].before, state, choose(range(INPUTS))
    )


def _schedules(name: str) -> Campaign:
    numbers = range(SCHEDULES // len(JOINS))
    return lambda world, scenarios, choose: interleave(world, scenarios[name], choose(numbers))


CAMPAIGNS: Mapping[str, Campaign] = {
    **{f"one fault: {name}": _one_fault(name) for name in SCENARIOS},
    "several faults": _several_faults,
    **{f"tampered: {name}": _tampered(name) for name in JOINS},
    "tampered: a lake": lambda world, _, choose: spoil_lakes(world, choose(lake_tamperings())),
    **{f"hostile: {state}": _hostile(state) for state in HANDLERS},
    **{f"schedules: {name}": _schedules(name) for name in JOINS},
}
