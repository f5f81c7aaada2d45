"""The deployed stack: where its state machine is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from accidental_transfers.errors import AwsError, UnknownStackError

_STATE_MACHINE = "StateMachineArn"
"""The stack's output."""


@contextmanager
def naming_aws_errors() -> Iterator[None]:
    """Give what boto3 raises a name of this package.

    Raises
    ------
    AwsError
        With AWS's own words.
    """
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise AwsError(f"{type(error).__name__}: {error}") from error


def state_machine_of(stack: str) -> str:
    """Give the ARN of a stack's state machine.

    Raises
    ------
    UnknownStackError
        If there is no such stack in the region, or it has no such output.
    """
    client = boto3.client("cloudformation")
    region = client.meta.region_name
    try:
        (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        # CloudFormation's word for a stack that is not there.
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise UnknownStackError(
            f"--stack: got {stack}; there is no such stack in {region}; allowed is the name of a "
            "deployed one, and its region in AWS_DEFAULT_REGION"
        ) from error
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    if _STATE_MACHINE not in outputs:
        raise UnknownStackError(
            f"--stack: got {stack}; it is {described['StackStatus']} and has no output "
            f"{_STATE_MACHINE}; allowed is a stack of this project's template"
        )
    return outputs[_STATE_MACHINE]
