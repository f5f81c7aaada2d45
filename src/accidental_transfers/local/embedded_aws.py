"""AWS inside this process: the real template, state machine and handlers, without an account."""

import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
import moto
from moto import mock_aws
from moto.core.config import DefaultConfig

from accidental_transfers.local.deployment import Deployment, deploy
from accidental_transfers.local.in_process_lambda import InProcessLambda, Observer, environment
from accidental_transfers.local.remote.execution import Outcome, outcome_of, start

REGION = "us-east-1"
UNREACHABLE = "http://127.0.0.1:9"
"""Nothing answers at the discard port: what moto does not intercept fails there, at once."""

ISOLATED_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "HTTP_PROXY": UNREACHABLE,
    "HTTPS_PROXY": UNREACHABLE,
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_METRICS_DISABLED": "true",
}

LOCAL_PARAMETERS = {
    # moto runs no Express children.
    "MapExecutionType": "STANDARD",
    # Slices share this process; more of them at once would only take more memory.
    "MapConcurrency": str(os.cpu_count() or 1),
    "LogLevel": "ERROR",
}
"""Where a deployment in this process differs from the template's defaults."""

MOTO: DefaultConfig = {
    "core": {"mock_credentials": False},
    "stepfunctions": {"execute_state_machine": True},
}
INTERPRETER_CLIENTS = (
    "moto.stepfunctions.parser.asl.component.state.exec.state_task.lambda_eval_utils"
    ".boto_client_for"
)
"""Where moto's interpreter takes its Lambda client from."""


@dataclass(frozen=True)
class EmbeddedAws:
    """The deployed stack, running.

    Attributes
    ----------
    deployment : Deployment
        What the stack is made of.
    functions : InProcessLambda
        Its functions.
    """

    deployment: Deployment
    functions: InProcessLambda

    @property
    def state_machine_arn(self) -> str:
        """The machine to start executions of."""
        (machine,) = boto3.client("stepfunctions").list_state_machines()["stateMachines"]
        return machine["stateMachineArn"]

    def start(self, given: Any, run: str | None = None) -> str:
        """Start an execution with a JSON input and return its ARN."""
        return start(self.state_machine_arn, given, run)

    def wait(self, execution_arn: str, every: float = 0.05) -> Outcome:
        """Wait for the end of an execution, looking `every` so many seconds."""
        while (outcome := outcome_of(execution_arn)) is None:
            time.sleep(every)
        return outcome

    def execute(self, given: Any, run: str | None = None) -> Outcome:
        """Start an execution and wait for its end."""
        return self.wait(self.start(given, run))


@contextmanager
def embedded_aws(
    parameters: Mapping[str, str] | None = None,
    observe: Observer | None = None,
    cache: Path | None = None,
) -> Iterator[EmbeddedAws]:
    """Run an AWS with the stack deployed, until the context ends.

    Neither the user's credentials nor a real endpoint are used within it.

    Parameters
    ----------
    parameters : Mapping[str, str], optional
        Of the template, over `LOCAL_PARAMETERS`.
    observe : callable, optional
        Called with a function's logical id and its answer after every invocation, in its thread.
    cache : Path, optional
        Folder of former deployments, for a quick start; see `deploy`.
    """
    # moto warns of what it leaves out, such as how many children of a Map may fail.
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    _leave_out_batch()
    with patch.dict(os.environ, _isolated(os.environ), clear=True), mock_aws(config=MOTO):
        deployment = deploy({**LOCAL_PARAMETERS, **(parameters or {})}, cache)
        # Before the handlers are imported: a logger looks at the environment then.
        os.environ.update(environment(deployment.functions))
        functions = InProcessLambda(deployment.functions, observe)
        with patch(INTERPRETER_CLIENTS, lambda **_: functions):
            yield EmbeddedAws(deployment, functions)


def _leave_out_batch() -> None:
    """Spare moto's interpreter the package of AWS Batch, of which it needs one enumeration.

    The package would load all of EC2: more than half a second of every start. An empty one in its
    place still finds its modules.
    """
    package = ModuleType("moto.batch")
    package.__path__ = [str(Path(moto.__file__).parent / "batch")]
    sys.modules.setdefault("moto.batch", package)


def _isolated(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without anything that would lead to a real AWS."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }
    return {**kept, **ISOLATED_ENVIRONMENT}
