"""A first deploy that fails, at whichever resource, is in nobody's way: it can be repeated."""

from __future__ import annotations

import json
import re
import tomllib
from graphlib import TopologicalSorter
from typing import Any

import pytest

from accidental_transfers.local.deployment import ROOT, expand

RESOURCES: dict[str, Any] = expand()["Resources"]
NAMES = (
    "BucketName", "LogGroupName", "StateMachineName", "DashboardName", "FunctionName", "RoleName",
    "QueueName", "AlarmName", "PolicyName", "Name",
)  # fmt: skip
"""Properties by which a resource gets a name that exists once."""
KEPT_BY_A_FAILED_CREATION = {"Retain", "Snapshot"}
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
says that ``RetainExceptOnCreate`` deletes what a rolled-back creation has made."""


def used_by(name: str) -> set[str]:
    """The resources that one needs to be there."""
    text = json.dumps(RESOURCES[name])
    named = re.findall(r'"(?:Ref|Fn::GetAtt|DependsOn)": \[?"(\w+)', text)
    named += re.findall(r"\$\{(\w+)[.}]", text)
    return ({*named} & RESOURCES.keys()) - {name}


# Sorted, so that the order is the same in every process.
ORDER = list(TopologicalSorter({name: sorted(used_by(name)) for name in RESOURCES}).static_order())


class Account:
    """An account, to which CloudFormation deploys one resource after another."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def deploy(self, failing: str | None) -> bool:
        """Create the stack, unless a resource fails; then take back what was created."""
        created: list[str] = []
        for name in ORDER:
            named = fixed_name(name)
            if name == failing or named in self._taken:
                self._take_back(created)
                return False
            if named:
                self._taken.add(named)
            created.append(name)
        return True

    def _take_back(self, created: list[str]) -> None:
        for name in reversed(created):
            if RESOURCES[name].get("DeletionPolicy") not in KEPT_BY_A_FAILED_CREATION:
                self._taken.discard(fixed_name(name))


def fixed_name(resource: str) -> str:
    """The name that a resource takes, with its type; empty where CloudFormation invents one."""
    entry = RESOURCES[resource]
    names = [entry.get("Properties", {}).get(each) for each in NAMES]
    found = next((name for name in names if name), None)
    return f"{entry['Type']} {found}" if found else ""


def test_the_resources_with_names_are_those_that_could_be_in_the_way() -> None:
    named = {name for name in ORDER if fixed_name(name)}
    assert {"Bucket", "PlanLogGroup", "DatasetStateMachine", "Dashboard"} <= named


@pytest.mark.parametrize("failing", ORDER)
def test_a_deploy_that_failed_there_is_repeated(failing: str) -> None:
    account = Account()
    assert not account.deploy(failing)
    assert account.deploy(None)


def test_a_bucket_that_a_failed_creation_kept_would_be_in_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(RESOURCES["Bucket"], "DeletionPolicy", "Retain")
    account = Account()
    assert not account.deploy(ORDER[-1])
    assert not account.deploy(None)


def test_a_stack_that_was_never_created_is_not_left_behind() -> None:
    """Its name would be taken, in a state that can only be deleted."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    for environment in ("default", "production"):
        assert config[environment]["deploy"]["parameters"]["on_failure"] == "DELETE"
