"""Deploy the real template to the embedded AWS, as `sam deploy` does it to the real one."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parents[3]
"""The checkout."""
TEMPLATE = ROOT / "template.yaml"
STATE_MACHINE = ROOT / "statemachine" / "dataset.asl.json"
CATALOGUE = ("AWS::Glue::Database", "AWS::Glue::Table", "AWS::Athena::WorkGroup")
UNKNOWN_TO_MOTO = {
    "AWS::S3::BucketPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::Scheduler::Schedule",
    *CATALOGUE,
}
"""What moto's CloudFormation would skip with a warning."""


@dataclass(frozen=True)
class Deployment:
    """What a deployed stack is made of, as CloudFormation resolved it.

    Attributes
    ----------
    bucket : str
        Name of the bucket.
    functions : dict
        ARN and properties of each function by its logical id.
    state_machine : dict
        Properties of the state machine.
    schedules : dict
        Properties of each schedule by its logical id.
    catalogue : dict
        Properties of each resource of the catalogue by its logical id, by its type; nothing
        where there is none.
    """

    bucket: str
    functions: dict[str, Any]
    state_machine: dict[str, Any]
    schedules: dict[str, Any]
    catalogue: dict[str, dict[str, Any]]


def deploy(parameters: Mapping[str, str], cache: Path | None = None) -> Deployment:
    """Deploy the template, with what moto's stacks leave out of it.

    Parameters
    ----------
    parameters : Mapping[str, str]
        Of the template.
    cache : Path, optional
        Folder of former deployments. One of the same template and parameters is taken from
        there: loading CloudFormation and the SAM translator takes longer than a small run.
    """
    if cache is None:
        deployment = create_stack(expand(), parameters)
    else:
        deployment = _from_cache(cache / f"{_fingerprint(parameters)}.json", parameters)
    _create_state_machine(deployment.state_machine)
    for name, properties in deployment.schedules.items():
        boto3.client("scheduler").create_schedule(Name=name, **properties)
    _create_catalogue(deployment.catalogue)
    return deployment


def _fingerprint(parameters: Mapping[str, str]) -> str:
    tools = [version("moto"), version("aws-sam-translator")]
    content = [path.read_text("utf-8") for path in (TEMPLATE, STATE_MACHINE, Path(__file__))]
    return hashlib.sha256(json.dumps([parameters, tools, content]).encode()).hexdigest()


def _from_cache(file: Path, parameters: Mapping[str, str]) -> Deployment:
    if file.exists():
        deployment = Deployment(**json.loads(file.read_text("utf-8")))
        boto3.client("s3").create_bucket(Bucket=deployment.bucket)
        return deployment
    deployment = create_stack(expand(), parameters)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(deployment), indent=1), "utf-8", newline="\n")
    return deployment


def expand() -> dict[str, Any]:
    """Expand the SAM template to plain CloudFormation.

    The functions' code stays behind: who runs them takes it from the checkout.
    """
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    source = yaml_parse(TEMPLATE.read_text("utf-8"))
    source["Globals"]["Function"].pop("CodeUri")
    for resource in source["Resources"].values():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::Serverless::Function":
            properties["InlineCode"] = "# in the checkout"
        if "DefinitionUri" in properties:
            definition = TEMPLATE.parent / properties.pop("DefinitionUri")
            properties["Definition"] = json.loads(definition.read_text("utf-8"))
    expanded: dict[str, Any] = transform(source, {}, _NoManagedPolicies())
    return expanded


class _NoManagedPolicies:
    """The template names no managed policy, so that there is no need to ask IAM for their list."""

    def load(self) -> dict[str, str]:
        return {}


def create_stack(expanded: Mapping[str, Any], parameters: Mapping[str, str]) -> Deployment:
    """Have CloudFormation create the stack and resolve what the deployment is made of."""
    functions = {
        name: {**properties, "Arn": {"Fn::GetAtt": [name, "Arn"]}}
        for name, properties in _of_type(expanded, "AWS::Lambda::Function").items()
    }
    (machine,) = _of_type(expanded, "AWS::StepFunctions::StateMachine").values()
    wanted = {
        "bucket": {"Ref": "BucketName"},
        "functions": functions,
        "state_machine": machine,
        "schedules": _of_type(expanded, "AWS::Scheduler::Schedule"),
        "catalogue": {},
    }
    if parameters.get("CatalogueDatabase"):
        wanted["catalogue"] = {type_: _of_type(expanded, type_) for type_ in CATALOGUE}
    references = _References()
    collected = references.collect(wanted)

    known = {
        name: resource
        for name, resource in expanded["Resources"].items()
        if resource["Type"] not in UNKNOWN_TO_MOTO
    }
    template = {
        **expanded,
        "Resources": known,
        "Outputs": {**expanded["Outputs"], **references.outputs},
    }
    client = boto3.client("cloudformation")
    client.create_stack(
        StackName="local",
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = client.describe_stacks(StackName="local")["Stacks"]
    values = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    return Deployment(**references.fill(collected, values))


def _of_type(expanded: Mapping[str, Any], type_: str) -> dict[str, Any]:
    resources = expanded["Resources"].items()
    return {name: entry["Properties"] for name, entry in resources if entry["Type"] == type_}


class _Reference(str):
    """Name of the output that a reference became."""

    __slots__ = ()


@dataclass
class _References:
    """What only CloudFormation can resolve, handed to it as outputs of the stack.

    Attributes
    ----------
    outputs : dict
        One for each reference that was collected.
    """

    outputs: dict[str, Any] = field(default_factory=dict)

    def collect(self, value: Any) -> Any:
        """Replace every reference in a JSON value by the name of its output."""
        if isinstance(value, list):
            return [self.collect(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and next(iter(value)) in {"Ref", "Fn::GetAtt", "Fn::Sub"}:
            name = _Reference(f"Reference{len(self.outputs)}")
            self.outputs[name] = {"Value": value}
            return name
        return {key: self.collect(entry) for key, entry in value.items()}

    def fill(self, value: Any, outputs: Mapping[str, Any]) -> Any:
        """Put the outputs' values where `collect` left their names."""
        if isinstance(value, list):
            return [self.fill(entry, outputs) for entry in value]
        if isinstance(value, dict):
            return {key: self.fill(entry, outputs) for key, entry in value.items()}
        return str(outputs[value]) if isinstance(value, _Reference) else value


def _create_state_machine(properties: Mapping[str, Any]) -> None:
    separator, lines = properties["DefinitionString"]["Fn::Join"]
    substitutions = properties["DefinitionSubstitutions"]
    definition = re.sub(
        r"\$\{(\w+)\}", lambda name: str(substitutions[name[1]]), separator.join(lines)
    )
    boto3.client("stepfunctions").create_state_machine(
        name=properties["StateMachineName"],
        definition=definition,
        roleArn=properties["RoleArn"],
    )


def _create_catalogue(resources: Mapping[str, Mapping[str, Any]]) -> None:
    databases, tables, groups = (resources.get(type_, {}).values() for type_ in CATALOGUE)
    for properties in databases:
        boto3.client("glue").create_database(**properties)
    for properties in tables:
        boto3.client("glue").create_table(**properties)
    for properties in groups:
        boto3.client("athena").create_work_group(
            Name=properties["Name"],
            Description=properties["Description"],
            Configuration=properties["WorkGroupConfiguration"],
        )
