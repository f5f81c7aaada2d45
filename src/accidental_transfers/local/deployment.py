"""Deploy the real template to the embedded AWS, as `sam deploy` does it to the real one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parents[3]
"""The checkout: template.yaml and statemachine/ stand there."""
STACK = "local"
UNKNOWN_TO_MOTO = {"AWS::S3::BucketPolicy", "AWS::CloudWatch::Alarm", "AWS::Scheduler::Schedule"}
"""What moto's CloudFormation skips with a warning; a TLS-only policy would stop it altogether."""


@dataclass(frozen=True)
class Deployment:
    """What a deployed stack is made of.

    Attributes
    ----------
    bucket : str
        Name of the bucket.
    functions : Mapping[str, str]
        Name of each function by its logical id.
    state_machine_arn : str
    schedules : tuple of str
        Names of the schedules.
    """

    bucket: str
    functions: Mapping[str, str]
    state_machine_arn: str
    schedules: tuple[str, ...]


def expand(template: Path = ROOT / "template.yaml") -> dict[str, Any]:
    """Expand the SAM template to plain CloudFormation.

    The functions' code stays behind: who runs them takes it from the checkout.
    """
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    source = yaml_parse(template.read_text())
    source["Globals"]["Function"].pop("CodeUri")
    for resource in source["Resources"].values():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::Serverless::Function":
            properties["InlineCode"] = "# in the checkout"
        if "DefinitionUri" in properties:
            definition = template.parent / properties.pop("DefinitionUri")
            properties["Definition"] = json.loads(definition.read_text())
    expanded: dict[str, Any] = transform(source, {}, _NoManagedPolicies())
    return expanded


class _NoManagedPolicies:
    """The template names no managed policy, so that there is no need to ask IAM for their list."""

    def load(self) -> dict[str, str]:
        return {}


def deploy(expanded: Mapping[str, Any], parameters: Mapping[str, str]) -> Deployment:
    """Create the stack, and by their own API what moto's CloudFormation leaves out.

    It ignores schedules, and the machine that it makes is not the one that is executed.
    """
    machines = _of_type(expanded, "AWS::StepFunctions::StateMachine")
    schedules = _of_type(expanded, "AWS::Scheduler::Schedule")
    functions = {name: {"Ref": name} for name in _of_type(expanded, "AWS::Lambda::Function")}
    references = _References()
    wanted = references.collect([{"Ref": "BucketName"}, functions, machines, schedules])

    known = {
        name: entry
        for name, entry in expanded["Resources"].items()
        if entry["Type"] not in UNKNOWN_TO_MOTO
    }
    template = {**expanded, "Resources": known, "Outputs": references.outputs}
    outputs = _create_stack(template, parameters)
    bucket, functions, machines, schedules = _References.fill(wanted, outputs)
    (machine,) = machines.values()
    return Deployment(
        bucket=bucket,
        functions=functions,
        state_machine_arn=_create_state_machine(machine),
        schedules=tuple(_create_schedule(*schedule) for schedule in schedules.items()),
    )


def _of_type(expanded: Mapping[str, Any], kind: str) -> dict[str, Any]:
    resources = expanded["Resources"].items()
    return {name: entry.get("Properties") for name, entry in resources if entry["Type"] == kind}


@dataclass
class _References:
    """What only CloudFormation can resolve, handed to it as outputs of the stack.

    Attributes
    ----------
    outputs : dict
        Outputs to add to a template: one for each reference that was collected.
    """

    outputs: dict[str, Any] = field(default_factory=dict)

    def collect(self, value: Any) -> Any:
        """Replace every reference in a JSON value by the name of its output."""
        if isinstance(value, list):
            return [self.collect(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and re.match(r"Ref$|Fn::(GetAtt|Sub)$", next(iter(value))):
            name = f"Reference{len(self.outputs)}"
            self.outputs[name] = {"Value": value}
            return _Reference(name)
        return {key: self.collect(entry) for key, entry in value.items()}

    @staticmethod
    def fill(value: Any, outputs: Mapping[str, str]) -> Any:
        """Put the outputs' values where `collect` left their names."""
        if isinstance(value, list):
            return [_References.fill(entry, outputs) for entry in value]
        if isinstance(value, dict):
            return {key: _References.fill(entry, outputs) for key, entry in value.items()}
        return outputs[value] if isinstance(value, _Reference) else value


class _Reference(str):
    """Name of the output that a reference became."""

    __slots__ = ()


def _create_stack(template: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, str]:
    client = boto3.client("cloudformation")
    client.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = client.describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _create_state_machine(properties: Mapping[str, Any]) -> str:
    separator, lines = properties["DefinitionString"]["Fn::Join"]
    definition = re.sub(
        r"\$\{(\w+)\}",
        lambda name: properties["DefinitionSubstitutions"][name[1]],
        separator.join(lines),
    )
    created = boto3.client("stepfunctions").create_state_machine(
        name=properties["StateMachineName"],
        definition=definition,
        roleArn=properties["RoleArn"],
    )
    return created["stateMachineArn"]


def _create_schedule(name: str, properties: Mapping[str, Any]) -> str:
    boto3.client("scheduler").create_schedule(Name=name, **properties)
    return name
