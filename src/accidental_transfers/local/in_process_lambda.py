"""Lambda inside this process: an invocation calls the real handler, as its function names it."""

import importlib
import json
import os
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from unittest.mock import patch

import boto3
from moto.awslambda_simple.models import LambdaSimpleBackend

from accidental_transfers.local.deployment import Deployment

Handler = Callable[[Any, Any], Any]
Observer = Callable[[str, Any], None]
"""Told the logical id of a function and what it answered."""


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler about its invocation."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    aws_request_id: str
    function_version: str = "$LATEST"


@dataclass(frozen=True)
class Function:
    """A deployed function.

    Attributes
    ----------
    logical_id : str
        Its name in the template.
    configuration : Mapping[str, Any]
        As Lambda answers it.
    """

    logical_id: str
    configuration: Mapping[str, Any]

    @classmethod
    def find(cls, logical_id: str, name: str) -> Self:
        """Look a function up by its name."""
        client = boto3.client("lambda")
        return cls(logical_id, client.get_function_configuration(FunctionName=name))

    @property
    def name(self) -> str:
        """Its name in Lambda."""
        return str(self.configuration["FunctionName"])

    @property
    def environment(self) -> dict[str, str]:
        """Its environment variables."""
        variables = self.configuration["Environment"]["Variables"]
        return {name: str(value) for name, value in variables.items()}

    def load(self) -> Handler:
        """Import the handler that it names."""
        module, _, attribute = self.configuration["Handler"].rpartition(".")
        handler: Handler = getattr(importlib.import_module(module), attribute)
        return handler

    def context(self, request_id: str) -> Context:
        """What its handler is told about an invocation."""
        return Context(
            function_name=self.name,
            memory_limit_in_mb=self.configuration["MemorySize"],
            invoked_function_arn=self.configuration["FunctionArn"],
            aws_request_id=request_id,
        )


@contextmanager
def handlers_in_this_process(
    deployment: Deployment, observe: Observer | None = None
) -> Iterator[None]:
    """Answer invocations of the deployed functions by their handlers, within the context.

    A process has one environment, so the functions share theirs, as the template has them do.
    """
    functions = [Function.find(*pair) for pair in deployment.functions.items()]
    environment = {name: value for f in functions for name, value in f.environment.items()}
    with patch.dict(os.environ, environment):
        # Only now: a logger looks at the environment when its module is imported.
        invoke = _invocation({function.name: (function, function.load()) for function in functions}, observe)
        with patch.object(LambdaSimpleBackend, "invoke", invoke):
            yield


def _invocation(
    functions: Mapping[str, tuple[Function, Handler]], observe: Observer | None
) -> Callable[..., bytes]:
    """What takes the place of moto's invocation, which would start a container."""

    def invoke(
        _backend: LambdaSimpleBackend,
        name_or_arn: str,
        _qualifier: str | None,
        body: str | bytes,
        _headers: Any,
        response_headers: dict[str, str],
    ) -> bytes:
        function, handler = functions[name_or_arn.rpartition(":")[2]]
        request_id = response_headers["x-amzn-RequestId"] = str(uuid.uuid4())
        try:
            answer = handler(json.loads(body), function.context(request_id))
        except Exception as error:  # noqa: BLE001 - whatever it is, Lambda answers with it
            response_headers["X-Amz-Function-Error"] = "Unhandled"
            return json.dumps(_described(error, request_id)).encode()
        if observe is not None:
            observe(function.logical_id, answer)
        return json.dumps(answer).encode()

    return invoke


def _described(error: Exception, request_id: str) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
