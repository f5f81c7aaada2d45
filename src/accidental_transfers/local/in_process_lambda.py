"""Lambda inside this process: an invocation calls the handler that its function names."""

import importlib
import io
import json
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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


class InProcessLambda:
    """The invocation of Lambda's client, over handlers in this process.

    Parameters
    ----------
    functions : Mapping[str, Mapping[str, Any]]
        ARN and properties of each function by its logical id.
    observe : callable, optional
        Called after every invocation that succeeded, in its thread.

    Attributes
    ----------
    handlers : dict
        Handler of each function by its logical id.
    """

    def __init__(
        self, functions: Mapping[str, Mapping[str, Any]], observe: Observer | None = None
    ) -> None:
        self._functions = functions
        self._logical_ids = {entry["Arn"]: name for name, entry in functions.items()}
        self._observe = observe
        self.handlers = {name: _load(entry["Handler"]) for name, entry in functions.items()}

    def call(self, logical_id: str, event: Any) -> Any:
        """Call a function's handler."""
        return self.handlers[logical_id](event, self._context(logical_id))

    def invoke(self, *, FunctionName: str, Payload: bytes, **_: Any) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        """Answer as Lambda's client does: an exception comes back as its description."""
        logical_id = self._logical_ids[FunctionName]
        try:
            answer = self.call(logical_id, json.loads(Payload))
        except Exception as error:  # noqa: BLE001 - whatever it is, Lambda answers with it
            return _response(_description(error), FunctionError="Unhandled")
        if self._observe is not None:
            self._observe(logical_id, answer)
        return _response(answer)

    def _context(self, logical_id: str) -> Context:
        function = self._functions[logical_id]
        return Context(
            function_name=logical_id,
            memory_limit_in_mb=int(function["MemorySize"]),
            invoked_function_arn=function["Arn"],
            aws_request_id=str(uuid.uuid4()),
        )


def environment(functions: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The environment variables of all functions: a process has but one environment."""
    return {
        name: value
        for function in functions.values()
        for name, value in function["Environment"]["Variables"].items()
    }


def _load(handler: str) -> Handler:
    module, _, attribute = handler.rpartition(".")
    loaded: Handler = getattr(importlib.import_module(module), attribute)
    return loaded


def _response(payload: Any, **fields: str) -> dict[str, Any]:
    body = json.dumps(payload).encode()
    return {"StatusCode": 200, "Payload": io.BytesIO(body), **fields}


def _description(error: Exception) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
