"""What can go wrong between the pipeline and S3, put into S3's answers one request at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from urllib3.exceptions import ProtocolError

_JOINT = re.compile(r"/joints/[0-9a-f-]{36}")
"""A joint has another key in every attempt."""

Answer = Callable[[AWSPreparedRequest, AWSResponse | None], AWSResponse]
"""What comes back in place of the truth, which is None where nothing was done."""


class Moment(StrEnum):
    """When a request fails."""

    BEFORE = "before the work was done"
    AFTER = "after the work was done"


@dataclass(frozen=True)
class Kind:
    """A way to fail.

    Attributes
    ----------
    reads : bool
        Whether it spoils the body of an object that is read, and nothing else.
    """

    name: str
    answer: Answer
    reads: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, order=True)
class Call:
    """The `nth` request of an operation about one key, and of one part if it has a number."""

    operation: str
    target: str
    nth: int

    @property
    def writes(self) -> bool:
        """Whether it can change what S3 holds."""
        return self.operation not in ("GetObject", "HeadObject", "ListObjectsV2")

    def __str__(self) -> str:
        return f"{self.operation} {self.target} #{self.nth}"


@dataclass(frozen=True)
class Fault:
    """A kind of fault at a call: at one attempt, or at every one from there on."""

    call: Call
    kind: Kind
    moment: Moment
    sticky: bool

    def strikes(self, call: Call) -> bool:
        """Tell whether it strikes a request."""
        same = (call.operation, call.target) == (self.call.operation, self.call.target)
        return same and (call.nth >= self.call.nth if self.sticky else call.nth == self.call.nth)

    def __str__(self) -> str:
        lasting = "sticky" if self.sticky else "once"
        return f"{self.kind} {lasting} {self.moment}: {self.call}"


def without_chance(key: str) -> str:
    """Give a key the name that it has in every attempt."""
    return _JOINT.sub("/joints/joint", key)


def rare_calls(calls: Sequence[Call]) -> list[Call]:
    """What a handler asks only after something else went wrong: aborts, and looks at objects."""
    opened = [call.target for call in calls if call.operation == "CreateMultipartUpload"]
    written = [call.target for call in calls if call.operation == "PutObject"]
    return [
        *(Call("AbortMultipartUpload", target, 1) for target in opened),
        *(Call("HeadObject", target, 2) for target in (*opened, *written)),
        *(Call("GetObject", target, 2) for target in written),
    ]


def possible_faults(calls: Sequence[Call]) -> Iterator[Fault]:
    """Every kind of fault at every call, before and after its work was done, once and sticky."""
    for call in calls:
        for kind in KINDS:
            if kind.reads and call.operation != "GetObject":
                continue
            for moment in Moment:
                if kind.reads and moment is Moment.BEFORE:
                    continue
                yield Fault(call, kind, moment, sticky=False)
                yield Fault(call, kind, moment, sticky=True)


@dataclass
class Wire:
    """Sees every request between the client and the embedded S3, and puts faults into answers.

    Attributes
    ----------
    meet : callable
        Is called before each request, which it may hold up.
    calls, struck : list
        The requests that came; the faults that struck, in order.
    """

    faults: Sequence[Fault] = ()
    meet: Callable[[Call], None] = lambda _call: None
    calls: list[Call] = field(default_factory=list)
    struck: list[Fault] = field(default_factory=list)
    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    @contextmanager
    def installed(self) -> Iterator[Wire]:
        """Watch, within the context."""
        truth = BotocoreStubber.__call__

        def wired(
            stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest, **kwargs: Any
        ) -> AWSResponse | None:
            call = self._named(event_name, request)
            self.meet(call)
            fault = next((fault for fault in self.faults if fault.strikes(call)), None)
            if fault is None:
                return truth(stubber, event_name, request, **kwargs)
            self.struck.append(fault)
            done = None
            if fault.moment is Moment.AFTER:
                done = truth(stubber, event_name, request, **kwargs)
            return fault.kind.answer(request, done)

        with patch.object(BotocoreStubber, "__call__", wired):
            yield self

    def _named(self, event_name: str, request: AWSPreparedRequest) -> Call:
        operation = event_name.rpartition(".")[-1]
        url = urlsplit(request.url)
        query = parse_qs(url.query)
        target = without_chance(unquote(query.get("prefix", [url.path[1:]])[0]))
        target += "".join(f" part {number}" for number in query.get("partNumber", []))
        self._seen[operation, target] += 1
        call = Call(operation, target, self._seen[operation, target])
        self.calls.append(call)
        return call


def refused(status: int, code: str) -> Kind:
    """An error as S3 words it; a HEAD has a status only."""

    def answer(request: AWSPreparedRequest, _done: AWSResponse | None) -> AWSResponse:
        text = f"<Error><Code>{code}</Code><Message>injected</Message></Error>"
        return _response(request, status, b"" if request.method == "HEAD" else text.encode())

    return Kind(f"{status} {code}", answer)


def garbled(name: str, status: int, body: bytes) -> Kind:
    """An answer that S3 never gives, but something in between might."""
    return Kind(name, lambda request, _done: _response(request, status, body))


def broken(error: type[BotoCoreError]) -> Kind:
    """An error of the connection."""

    def answer(request: AWSPreparedRequest, _done: AWSResponse | None) -> AWSResponse:
        raise error(endpoint_url=request.url, proxy_url=request.url, error="injected")

    return Kind(error.__name__, answer)


def _response(request: AWSPreparedRequest, status: int, body: bytes) -> AWSResponse:
    return AWSResponse(request.url, status, {}, MockRawResponse(body))  # type: ignore[arg-type]


class _BreaksOff(MockRawResponse):
    """A body whose connection is lost while it is read."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise ProtocolError("injected: the connection was lost")


def _spoilt(name: str, spoil: Callable[[bytes], MockRawResponse]) -> Kind:
    def answer(_request: AWSPreparedRequest, done: AWSResponse | None) -> AWSResponse:
        assert done is not None
        if done.status_code == 200:
            done.raw = spoil(done.raw.read())
        return done

    return Kind(name, answer, reads=True)


def _other_bytes(body: bytes) -> MockRawResponse:
    return MockRawResponse(bytes(byte ^ 1 for byte in body))


KINDS = (
    refused(500, "InternalError"),
    refused(503, "SlowDown"),
    refused(503, "ServiceUnavailable"),
    refused(403, "AccessDenied"),
    refused(403, "RequestTimeTooSkewed"),
    refused(400, "ExpiredToken"),
    refused(400, "RequestTimeout"),
    refused(400, "BadDigest"),
    refused(404, "NoSuchKey"),
    refused(404, "NoSuchUpload"),
    refused(404, "NoSuchBucket"),
    refused(409, "ConditionalRequestConflict"),
    refused(409, "OperationAborted"),
    refused(412, "PreconditionFailed"),
    refused(429, "TooManyRequests"),
    refused(301, "PermanentRedirect"),
    refused(501, "NotImplemented"),
    garbled("500 without a body", 500, b""),
    garbled("502 of a proxy", 502, b"<html>bad gateway</html>"),
    garbled("200 that is an error", 200, b"<Error><Code>InternalError</Code></Error>"),
    garbled("200 that is no XML", 200, b"<html"),
    broken(ReadTimeoutError),
    broken(ConnectTimeoutError),
    broken(ConnectionClosedError),
    broken(EndpointConnectionError),
    broken(ProxyConnectionError),
    broken(SSLError),
    broken(HTTPClientError),
    _spoilt("body that ends early", lambda body: MockRawResponse(body[: len(body) // 2])),
    _spoilt("body that breaks off", _BreaksOff),
    _spoilt("body of other bytes", _other_bytes),
)
