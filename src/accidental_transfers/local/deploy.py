"""Build and deploy with the SAM CLI: `python -m accidental_transfers.local.deploy`.

It asks for the bucket's name and for nothing that can be known.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from accidental_transfers.errors import AccidentalTransfersError, DeploymentError
from accidental_transfers.local.bucket_settings import missing_settings
from accidental_transfers.local.deployment import ROOT
from accidental_transfers.local.remote.stack import naming_aws_errors

EXIT_REFUSED = 2
_PLAIN = re.compile(r"[\w./:@-]*")
"""What SAM reads without quotes. It would cut other text at its first space, and say nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build and deploy.

    Returns
    -------
    The exit status: that of the SAM CLI, or 2 if the stack cannot be deployed as asked.
    """
    options = _parser().parse_args(arguments)
    try:
        config = _config(options.config_env)
        stack = config["deploy"]["parameters"]["stack_name"]
        given = _parameters(config, options.bucket, options.parameters)
        with naming_aws_errors():
            given |= bucket_parameters(stack, given["BucketName"])
    except AccidentalTransfersError as error:
        sys.stderr.write(f"make deploy: {type(error).__name__}: {error}\n")
        return EXIT_REFUSED
    for command in commands(options.config_env, given):
        # The project's own tool, with arguments that no shell reads.
        done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603
        if done.returncode:
            return done.returncode
    sys.stdout.write(f"\naccidental-transfers remote start --stack {stack}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make deploy", description="Build and deploy the stack with the SAM CLI."
    )
    parser.add_argument("--bucket", required=True, help="the bucket's name")
    parser.add_argument("--config-env", default="default", help="a table of samconfig.toml")
    parser.add_argument(
        "parameters", nargs="*", metavar="NAME=VALUE", help="other parameters of the template"
    )
    return parser


def _config(environment: str) -> dict[str, Any]:
    """Read an environment of ``samconfig.toml``."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    known = [name for name, value in config.items() if isinstance(value, dict)]
    if environment not in known:
        raise DeploymentError(f"CONFIG_ENV: got {environment}; allowed are {', '.join(known)}")
    found: dict[str, Any] = config[environment]
    return found


def _parameters(config: Mapping[str, Any], bucket: str, more: Sequence[str]) -> dict[str, str]:
    """Put together the template's parameters: those of the file, and over them those given."""
    if not bucket:
        raise DeploymentError(
            "BUCKET: got nothing; allowed is a name of your own, such as make deploy "
            "BUCKET=yourcompany-transactions: in all the world it can exist only once"
        )
    of_file = config["deploy"]["parameters"].get("parameter_overrides", [])
    wrong = [each for each in more if "=" not in each]
    if wrong:
        raise DeploymentError(f"PARAMETERS: got {wrong[0]}; allowed is NAME=VALUE")
    pairs = (each.partition("=") for each in (*of_file, *more))
    return {name: value for name, _, value in pairs} | {"BucketName": bucket}


def bucket_parameters(stack: str, bucket: str) -> dict[str, str]:
    """Say whether a new stack is to create its bucket; one that exists has its answer already.

    Raises
    ------
    DeploymentError
        If the bucket is somebody else's.
    """
    if _exists(stack):
        return {}
    try:
        boto3.client("s3").head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "404":
            return {"CreateBucket": "true"}
        raise DeploymentError(
            f"BUCKET: got {bucket}; it is somebody else's, or closed to you ({error}); allowed is "
            "a name that nobody has, or a bucket of yours"
        ) from error
    sys.stdout.write(f"{bucket} exists and stays as it is.\n")
    for sentence in missing_settings(bucket):
        sys.stdout.write(f"  To be set by you: {sentence}.\n")
    return {"CreateBucket": "false"}


def _exists(stack: str) -> bool:
    try:
        (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        # CloudFormation's word for a stack that is not there.
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return False
    # A change set of a deploy that never began.
    return described["StackStatus"] != "REVIEW_IN_PROGRESS"


def commands(environment: str, parameters: Mapping[str, str]) -> list[list[str]]:
    """The SAM CLI's commands: both get the parameters, because the build needs the architecture."""
    sam = str(Path(sys.executable).with_name("sam"))
    shared = ["--config-env", environment, "--parameter-overrides"]
    shared += [f"{name}={_quoted(value)}" for name, value in parameters.items()]
    return [[sam, "build", *shared], [sam, "deploy", *shared]]


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else f"'{value}'"


if __name__ == "__main__":
    raise SystemExit(main())
