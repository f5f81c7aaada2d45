"""LocalStack with functions that run on this machine: `python host.py`, by its own interpreter.

LocalStack runs a function in a container. Here, the emulator of Lambda's runtime that the SAM CLI
brings along runs it, with the deployed artefact and nothing else.
"""

# mypy: disable-error-code="misc, import-not-found, no-untyped-call"
from __future__ import annotations

import json
import os
import site
import socket
import subprocess
import sys
import time
import urllib.request
from types import SimpleNamespace
from typing import Any

from localstack.runtime.main import main
from localstack.services.lambda_.invocation import runtime_executor
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.stepfunctions.resource_providers import (
    aws_stepfunctions_statemachine as state_machines,
)

STARTS_WITHIN = 20
"""Seconds."""
LONGEST_INVOCATION = 900
"""Seconds."""


class Emulated(runtime_executor.RuntimeExecutor):
    """A function's execution environment: the emulator, which runs the function."""

    def start(self, env_vars: dict[str, str]) -> None:
        code = self.function_version.config.code.get_unzipped_code_location()
        self.port, api = free_port(), free_port()
        environment = {
            **{name: str(value) for name, value in env_vars.items()},
            "PATH": os.environ["PATH"],
            # Lambda's runtime client stands behind the artefact.
            "PYTHONPATH": os.pathsep.join([str(code), *site.getsitepackages()]),
            "POWERTOOLS_TRACE_DISABLED": "true",
            "TZ": "UTC",
        }
        self.process = subprocess.Popen(
            [
                os.environ["EMULATOR"],
                *("--runtime-interface-emulator-address", f"127.0.0.1:{self.port}"),
                *("--runtime-api-address", f"127.0.0.1:{api}"),
                *(sys.executable, "-S", "-m", "awslambdaric", self.function_version.config.handler),
            ],
            cwd=code,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the emulator of Lambda's runtime did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/2015-03-31/functions/function/invocations",
            data=payload["payload"].encode(),
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=LONGEST_INVOCATION) as response:
            body = response.read()
        return InvocationResult(payload["invoke-id"], body, is_error=is_error(body), logs="")

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return "http://127.0.0.1"

    def get_logs(self) -> str:
        return ""

    @classmethod
    def prepare_version(cls, function_version: Any) -> None:
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: Any) -> None:
        pass


def is_error(body: bytes) -> bool:
    """Whether an answer is that of a function which raised an exception."""
    try:
        answer = json.loads(body)
    except ValueError:
        return True
    return isinstance(answer, dict) and "errorType" in answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def give_texts_to_the_state_machine() -> None:
    """CloudFormation gives a number to a definition as text; LocalStack fails on it."""
    substitute = state_machines._apply_substitutions

    def as_text(definition: str, given: dict[str, Any]) -> Any:
        return substitute(definition, {name: str(value) for name, value in given.items()})

    state_machines._apply_substitutions = as_text


if __name__ == "__main__":
    plugin = SimpleNamespace(load=lambda: Emulated)
    runtime_executor.EXECUTOR_PLUGIN_MANAGER = SimpleNamespace(
        exists=lambda _: True, load=lambda _: plugin
    )
    give_texts_to_the_state_machine()
    main()
